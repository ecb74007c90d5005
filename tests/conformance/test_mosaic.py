"""Mosaic against the whole suite, over each of its two bindings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

import pytest

from service.adapters.mosaic.system import MosaicCaseSystem
from service.adapters.shared.link import Link
from service.ports import Answer, CaseSystem
from simulators.mosaic import MosaicSimulator, Step
from tests.conformance.faults import Faults
from tests.conformance.http_world import HttpWorld, nowhere
from tests.conformance.promises import Conformance
from tests.conformance.world import MARKER

KEY = "key-of-the-bridge-0123456789"
USER, PASSWORD = "wise-bridge", "fictional pässword of the bridge"
TARGET = {"step_type": 9001, "team": "CSAFE", "next_action": 61, "next_team": "DUTY"}
TARGET |= {"document_category": "ASSESS", "document_sub_category": "WISE"}
TASK = {"step_type": 9002, "team": "CSAFE"}
UNKNOWN_CODES = [{"step_type": 1}, {"team": "X"}, {"next_action": 99}, {"next_team": "X"}, {"document_category": "X"}]
PEOPLE = {"right": "40211", "unknown": "99999999", "merged": "40212", "estimated": "40213", "hidden": "40214"}


class MosaicWorld(HttpWorld):
    """One authority's Mosaic, over REST."""

    people: ClassVar[Mapping[str, str]] = PEOPLE
    base_path: ClassVar[str] = "/api/v1"
    cannot_happen: ClassVar[Mapping[str, str]] = {
        "sign-in ends": "A key does not end by itself; a refused one is a fault of its own.",
        "ambiguous": "Mosaic's person number is its own key: there is one person or none.",
        "restricted": "A restricted file is hidden from our role: it looks like one that is not there.",
        "no_episode": "A step needs no open referral.",
        "too large": "No general size limit is published for Mosaic's documents.",
    }

    def __init__(self, simulator: MosaicSimulator) -> None:
        self.simulator = simulator
        self.system: CaseSystem = self.connected()

    def connection(self) -> dict[str, str]:
        return {"base_url": self.simulator.api, "api_key": KEY}

    def connected(
        self, seconds: float = 20.0, target: dict[str, Any] | None = None, **changes: str
    ) -> MosaicCaseSystem:
        targets = {"wise_assessment": {**TARGET, **(target or {})}}
        return MosaicCaseSystem(Link({**self.connection(), **changes}, targets, TASK), seconds=seconds)

    def answers(self) -> tuple[Answer, ...]:
        rows = (Answer("TEST_ROWS", 1, "one"), Answer("TEST_ROWS", 2, "two"))
        return (Answer("TEST_SHORT", None, "x"), Answer("TEST_DATE", None, "2026-09-14"), *rows, LONG)

    def records(self, reference: str) -> int:
        return len(self.simulator.steps(reference)) + len(self.simulator.notes(reference))

    @contextmanager
    def locked(self) -> Iterator[None]:
        self.simulator.set_knobs(lock_all_until="2099-01-01T00:00:00Z")
        yield
        self.simulator.set_knobs(lock_all_until=None)

    def unfit_answer(self) -> Answer:
        return Answer("TEST_NUMBER", None, MARKER)

    def stored_words(self, reference: str) -> list[str]:
        return [answer["value"] for answer in self.step(reference).answers]

    def stored_restriction(self, reference: str) -> bool:
        return self.step(reference).restricted

    def step(self, reference: str = "WB-0001") -> Step:
        (step,) = self.simulator.steps(reference)
        return step


class MosaicSoapWorld(MosaicWorld):
    """The same Mosaic, over SOAP."""

    cannot_happen: ClassVar[Mapping[str, str]] = {
        **MosaicWorld.cannot_happen,
        "sign-in ends": "A password does not end by itself, and every request has a token of its own.",
    }

    def connection(self) -> dict[str, str]:
        return {"binding": "soap", "soap_url": self.simulator.soap, "user": USER, "password": PASSWORD}

    def unreachable(self) -> CaseSystem:
        return self.connected(soap_url=nowhere() + "/soap/v1")


LONG = Answer("TEST_LONG", None, MARKER)


@pytest.fixture
def simulator(tmp_path: Path) -> Iterator[MosaicSimulator]:
    folder = tmp_path / "mosaic"
    with MosaicSimulator(folder, KEY, soap_user=USER, soap_password=PASSWORD) as running:
        yield running


@pytest.fixture
def world(simulator: MosaicSimulator) -> MosaicWorld:
    return MosaicWorld(simulator)


@pytest.fixture
def soap_world(simulator: MosaicSimulator) -> MosaicSoapWorld:
    return MosaicSoapWorld(simulator)


class TestMosaic(Conformance, Faults):
    World = MosaicWorld


class TestMosaicSoap(Conformance, Faults):
    World = MosaicSoapWorld

    @pytest.fixture
    def world(self, soap_world: MosaicSoapWorld) -> MosaicSoapWorld:
        return soap_world
