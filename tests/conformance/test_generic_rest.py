"""Records over REST against the whole suite: OData with OAuth 2, and plain JSON with an API key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

import pytest

from service.adapters.generic_rest.system import RestCaseSystem
from service.adapters.shared.link import Link
from service.ports import Answer, CaseSystem
from simulators.restful import Record, RestfulSimulator
from tests.conformance.faults import Faults
from tests.conformance.http_world import HttpWorld, nowhere
from tests.conformance.promises import Conformance
from tests.conformance.world import MARKER

SECRET = "fictional-secret-for-tests"
TARGET = {"form_type": "TEST", "document_type": "ASSESS", "document_sub_type": "WISE"}
TASK = {"task_type": "REVIEW", "team": "CSAFE"}
PEOPLE = {"unknown": "P0000999", "merged": "P0000102", "estimated": "P0000103", "restricted": "P0000104"}
PEOPLE |= {"right": "P0000101", "hidden": "P0000105", "ambiguous": "P0000106", "no_episode": "P0000107"}
LONG = Answer("LONG", None, MARKER)


class GenericRestWorld(HttpWorld):
    """One authority's system over REST, in OData."""

    people: ClassVar[Mapping[str, str]] = PEOPLE
    base_path: ClassVar[str] = "/api"
    cannot_happen: ClassVar[Mapping[str, str]] = {}
    renews_sign_in: ClassVar[bool] = True

    def __init__(self, simulator: RestfulSimulator) -> None:
        self.simulator = simulator
        self.system: CaseSystem = self.connected()

    def sign_in(self) -> dict[str, str]:
        client = {"client_id": "bridge", "client_secret": SECRET, "token_url": self.simulator.token_url}
        return {"dialect": "odata", "sign_in": "oauth2", **client}

    def connected(
        self,
        seconds: float = 20.0,
        *,
        target: Mapping[str, str] | None = None,
        documents_here: bool = True,
        **changes: str,
    ) -> RestCaseSystem:
        connection = {"base_url": self.simulator.api, **self.sign_in(), **changes}
        targets = {"wise_assessment": {**TARGET, **(target or {})}}
        return RestCaseSystem(Link(connection, targets, TASK, documents_here=documents_here), seconds=seconds)

    def answers(self) -> tuple[Answer, ...]:
        rows = (Answer("ROWS", 1, "one"), Answer("ROWS", 2, "two"))
        return (Answer("SHORT", None, "x"), Answer("DATE", None, "2026-09-14"), *rows, LONG)

    def unreachable(self) -> CaseSystem:
        address = nowhere()
        elsewhere = {"token_url": f"{address}/oauth/token"} if "token_url" in self.sign_in() else {}
        return self.connected(base_url=address + self.base_path, **elsewhere)

    def end_sign_in(self) -> None:
        self.simulator.expire_tokens()

    @contextmanager
    def locked(self) -> Iterator[None]:
        self.simulator.lock("P0000101", "Duty desk (fictional)")
        yield
        self.simulator.unlock("P0000101")

    def unfit_answer(self) -> Answer:
        return Answer("NUMBER", None, MARKER)

    def too_large(self) -> bytes:
        return b"x" * (5 * 1024 * 1024)

    def stored_words(self, reference: str) -> list[str]:
        return [answer["value"] for answer in self.record(reference).answers]

    def stored_restriction(self, reference: str) -> bool:
        return self.record(reference).restricted

    def record(self, reference: str = "WB-0001") -> Record:
        (record,) = self.simulator.records(reference)
        assert isinstance(record, Record)
        return record


class PlainWorld(GenericRestWorld):
    """One authority's system over REST, in plain JSON."""

    cannot_happen: ClassVar[Mapping[str, str]] = {
        "sign-in ends": "A key, a password or a certificate does not end by itself; only OAuth 2 has tokens that do."
    }
    renews_sign_in: ClassVar[bool] = False

    def sign_in(self) -> dict[str, str]:
        return {"dialect": "plain", "sign_in": "api_key", "api_key": SECRET}


class Both:
    """Either dialect, by the class's world."""

    World: ClassVar[Any]
    simulated: ClassVar[Mapping[str, str]]

    @pytest.fixture
    def world(self, tmp_path: Path) -> Iterator[GenericRestWorld]:
        with RestfulSimulator(tmp_path / "rest", secret=SECRET, **self.simulated) as simulator:
            yield self.World(simulator)


class TestGenericRest(Both, Conformance, Faults):
    World = GenericRestWorld
    simulated: ClassVar[Mapping[str, str]] = {"dialect": "odata", "sign_in": "oauth2"}


class TestGenericRestPlain(Both, Conformance, Faults):
    World = PlainWorld
    simulated: ClassVar[Mapping[str, str]] = {"dialect": "plain", "sign_in": "api_key"}
