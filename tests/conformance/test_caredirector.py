"""CareDirector against the whole suite."""

from __future__ import annotations

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
from tests.conformance.http_world import HttpWorld
from tests.conformance.promises import Conformance
from tests.conformance.world import MARKER

CLIENT = {"client_id": "wise-bridge", "client_secret": "fictional-secret-for-tests"}
TEAM, REVIEW = "7ea00000-0000-4000-8000-000000000001", "7ea00000-0000-4000-8000-000000000002"
ASSESSMENT, WISE = "d0c00000-0000-4000-8000-000000000001", "d0c00000-0000-4000-8000-000000000011"
TEST_FORM = "f0400000-0000-4000-8000-000000000009"
APART, WITHDRAWN = "de500000-0000-4000-8000-000000000001", "40e00000-0000-4000-8000-000000000001"
TARGET = {"team": TEAM, "form_template": TEST_FORM, "document_type": ASSESSMENT, "document_sub_type": WISE}
OTHERS = {"restricted": date(2011, 11, 23), "ambiguous": date(2009, 3, 14), "no_episode": date(2012, 2, 29)}
PEOPLE = {"unknown": "49999", "merged": "40212", "estimated": "40213", "restricted": "40214", "hidden": "40215"}
PEOPLE |= {"right": "40211", "ambiguous": "40216", "no_episode": "40217"}
LONG = Answer("test_long", None, MARKER)


class CareDirectorWorld(HttpWorld):
    """One authority's CareDirector."""

    people: ClassVar[Mapping[str, str]] = PEOPLE
    base_path: ClassVar[str] = "/services/api"
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
        return super().person(kind)

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

    def stored_restriction(self, reference: str) -> bool:
        return self.form(reference).restriction_id == APART

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
