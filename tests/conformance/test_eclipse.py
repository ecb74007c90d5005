"""Eclipse against the whole suite."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

import pytest

from service.adapters.eclipse.system import EclipseCaseSystem
from service.adapters.shared.link import Link
from service.domain.delivery import Reason
from service.errors import NeedsHuman
from service.ports import Answer, CaseSystem
from simulators.eclipse import EclipseSimulator
from tests.conformance.faults import Faults
from tests.conformance.http_world import HttpWorld
from tests.conformance.promises import Conformance
from tests.conformance.world import MARKER, assert_silent

SECRET = "fictional-secret-for-tests"  # pragma: allowlist secret
OAUTH = {"client_id": EclipseSimulator.CLIENT, "client_secret": SECRET}
SESSION = {"user_name": EclipseSimulator.USER, "password": SECRET}
DESIGNS = "00000000-0000-4000-8000-00000000"
TARGET = {"design_guid": f"{DESIGNS}9001", "team": "CSAFE", "attachment_type": "ASSESSMENT"}
TARGET |= {"attachment_sub_type": "WISE"}
TASK = {"team": "REVIEW"}
PEOPLE = {"unknown": "99999", "merged": "40212", "estimated": "40213", "hidden": "40214", "restricted": "40215"}
PEOPLE |= {"right": "40211", "ambiguous": "40216", "no_episode": "40217"}
LONG = Answer("Test_Long", None, MARKER)


class EclipseWorld(HttpWorld):
    """One authority's Eclipse, signed in to with OAuth2."""

    people: ClassVar[Mapping[str, str]] = PEOPLE
    base_path: ClassVar[str] = "/eclipse/rest"
    cannot_happen: ClassVar[Mapping[str, str]] = {}
    renews_sign_in: ClassVar[bool] = True
    credentials: ClassVar[Mapping[str, str]] = OAUTH

    def __init__(self, simulator: EclipseSimulator) -> None:
        self.simulator = simulator
        self.system: CaseSystem = self.connected()

    def connected(
        self,
        seconds: float = 20.0,
        *,
        target: Mapping[str, str] | None = None,
        documents_here: bool = True,
        **changes: str,
    ) -> EclipseCaseSystem:
        connection = {"base_url": self.simulator.api, **self.credentials, **changes}
        targets = {"wise_assessment": {**TARGET, **(target or {})}}
        return EclipseCaseSystem(Link(connection, targets, TASK, documents_here=documents_here), seconds=seconds)

    def answers(self) -> tuple[Answer, ...]:
        rows = (Answer("Test_Rows", 1, "one"), Answer("Test_Rows", 2, "two"))
        return (Answer("Test_Short", None, "x"), Answer("Test_Date", None, "2026-09-14"), *rows, LONG)

    def end_sign_in(self) -> None:
        self.simulator.sign_everybody_out()

    @contextmanager
    def locked(self) -> Iterator[None]:
        self.simulator.change_person(40211, locked_by="SIM.WORKER")
        yield
        self.simulator.change_person(40211, locked_by=None)

    def unfit_answer(self) -> Answer:
        return Answer("Test_Number", None, MARKER)

    def too_large(self) -> bytes:
        return b"x" * (5 * 1024 * 1024)

    def stored_words(self, reference: str) -> list[str]:
        return [answer["value"] for answer in self.form(reference).answers]

    def stored_restriction(self, reference: str) -> bool:
        return self.form(reference).restricted

    def form(self, reference: str = "WB-0001") -> Any:
        (form,) = self.simulator.records(reference)
        return form


class SessionWorld(EclipseWorld):
    """The same, signed in to with a session."""

    credentials: ClassVar[Mapping[str, str]] = SESSION


@pytest.fixture
def world(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[EclipseWorld]:
    with EclipseSimulator(tmp_path / "eclipse", SECRET) as simulator:
        yield request.cls.World(simulator)


class TestEclipse(Conformance, Faults):
    World = EclipseWorld


class TestEclipseWithASession:
    """What depends on the way to sign in; all else is the same."""

    World = SessionWorld

    def test_a_record_is_filed_in_one_session(self, world: EclipseWorld) -> None:
        world.simulator.faults.set("denied", times=None, on="/authenticate", after=1)
        receipt = world.filed(world.filing())
        assert world.system.look_up("WB-0001") == receipt

    def test_a_session_that_ended_is_renewed_and_nothing_filed_twice(self, world: EclipseWorld) -> None:
        world.filed(world.filing())
        world.end_sign_in()
        assert world.filed(world.filing("WB-0002")).record_number
        assert (world.records("WB-0001"), world.records("WB-0002")) == (1, 1)

    def test_threads_share_one_session(self, world: EclipseWorld) -> None:
        world.simulator.faults.set("denied", times=None, on="/authenticate", after=1)
        with ThreadPoolExecutor(6) as pool:
            receipts = list(pool.map(lambda each: world.filed(world.filing(f"WB-{each}")), range(6)))
        assert len({each.record_number for each in receipts}) == 6

    def test_a_wrong_password_is_for_a_person(self, world: EclipseWorld) -> None:
        with pytest.raises(NeedsHuman) as caught:
            world.connected(password=MARKER).look_up("WB-0001")
        assert caught.value.reason is Reason.SIGN_IN_REFUSED
        assert_silent(caught.value)
