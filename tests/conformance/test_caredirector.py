"""CareDirector against the whole suite."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import ClassVar

import pytest

from service.adapters.caredirector.system import CareDirectorCaseSystem
from service.adapters.shared.link import Link
from service.ports import Answer, CaseSystem, PersonReference
from simulators.caredirector import CareDirectorSimulator, CaseForm, Lock
from tests.conformance.faults import Faults
from tests.conformance.promises import Conformance
from tests.conformance.world import MARKER, World

CLIENT = {"client_id": "wise-bridge", "client_secret": "fictional-secret-for-tests"}
TEAM, REVIEW = "7ea00000-0000-4000-8000-000000000001", "7ea00000-0000-4000-8000-000000000002"
ASSESSMENT, WISE = "d0c00000-0000-4000-8000-000000000001", "d0c00000-0000-4000-8000-000000000011"
TEST_FORM = "f0400000-0000-4000-8000-000000000009"
APART, WITHDRAWN = "de500000-0000-4000-8000-000000000001", "40e00000-0000-4000-8000-000000000001"
TARGET = {"team": TEAM, "form_template": TEST_FORM, "document_type": ASSESSMENT, "document_sub_type": WISE}
OTHERS = {"restricted": date(2011, 11, 23), "ambiguous": date(2009, 3, 14), "no_episode": date(2012, 2, 29)}
PEOPLE = {"unknown": "49999", "merged": "40212", "estimated": "40213", "restricted": "40214", "hidden": "40215"}
PEOPLE |= {"ambiguous": "40216", "no_episode": "40217"}
LONG = Answer("test_long", None, MARKER)


class CareDirectorWorld(World):
    """One authority's CareDirector."""

    cannot_happen: ClassVar[Mapping[str, str]] = {}
    renews_sign_in: ClassVar[bool] = True

    def __init__(self, simulator: CareDirectorSimulator) -> None:
        self.simulator = simulator
        self.system: CaseSystem = self.connected()

    def connected(
        self,
        seconds: float = 20.0,
        *,
        target: Mapping[str, str] | None = None,
        documents_here: bool = True,
        **changes: str,
    ) -> CareDirectorCaseSystem:
        connection = {"base_url": self.simulator.api, **CLIENT, "restriction": APART}
        connection |= {"withdrawal_note_type": WITHDRAWN, **changes}
        targets = {"wise_assessment": {**TARGET, **(target or {})}}
        link = Link(connection, targets, {"team": REVIEW}, documents_here=documents_here)
        return CareDirectorCaseSystem(link, seconds=seconds)

    def answers(self) -> tuple[Answer, ...]:
        rows = (Answer("test_rows", 1, "one"), Answer("test_rows", 2, "two"))
        return (Answer("test_short", None, "x"), Answer("test_date", None, "2026-09-14"), *rows, LONG)

    def person(self, kind: str = "right") -> PersonReference:
        if kind in OTHERS:
            return PersonReference(PEOPLE[kind], OTHERS[kind], None, date(2026, 9, 14))
        born = {"other_birth": date(2010, 5, 3), "neither": None}.get(kind, date(2010, 5, 2))
        age = {"other_age": 17, "neither": None}.get(kind, 16)
        return PersonReference(PEOPLE.get(kind, "40211"), born, age, date(2026, 9, 14))

    def records(self, reference: str) -> int:
        return len(self.simulator.records(reference))

    def unreachable(self) -> CaseSystem:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
        return self.connected(base_url=f"http://127.0.0.1:{port}/services/api")

    @contextmanager
    def losing_the_reply(self) -> Iterator[None]:
        self.simulator.faults.set("reset_after_commit", times=1, on="write")
        yield
        self.simulator.faults.clear()

    def impatient(self) -> CaseSystem:
        return self.connected(seconds=1.0)

    def set_fault(self, fault: str, on: str) -> None:
        self.simulator.faults.set(fault, times=None, on=on)

    def clear_faults(self) -> None:
        self.simulator.faults.clear()

    def followed(self) -> int:
        return self.simulator.faults.followed

    def end_sign_in(self) -> None:
        self.simulator.expire_tokens()

    @contextmanager
    def locked(self) -> Iterator[None]:
        self.simulator.change_person("40211", lock=Lock("Duty desk"))
        yield
        self.simulator.change_person("40211", lock=None)

    def unfit_answer(self) -> Answer:
        return Answer("test_number", None, MARKER)

    def too_large(self) -> bytes:
        return b"x" * (5 * 1024 * 1024)

    def stored_words(self, reference: str) -> list[str]:
        return [answer["value"] for answer in self.form(reference).answers]

    def form(self, reference: str = "WB-0001") -> CaseForm:
        (form,) = self.simulator.records(reference)
        assert isinstance(form, CaseForm)
        return form


@pytest.fixture
def world(tmp_path: Path) -> Iterator[CareDirectorWorld]:
    with CareDirectorSimulator(tmp_path / "caredirector") as simulator:
        yield CareDirectorWorld(simulator)


class TestCareDirector(Conformance, Faults):
    World = CareDirectorWorld
