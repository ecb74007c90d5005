"""LCS over HTTP against the whole suite, signed in by OAuth2; and the other ways to sign in, briefly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

import pytest

from service.adapters.lcs_rest.system import LcsRestCaseSystem
from service.adapters.shared.link import Link
from service.domain.delivery import Reason
from service.errors import NeedsHuman
from service.ports import Absent, Answer, CaseSystem, PersonReference
from simulators.lcs_rest import Credentials, Form, LcsRestSimulator, Lock
from tests.conformance.faults import Faults
from tests.conformance.http_world import HttpWorld
from tests.conformance.promises import Conformance
from tests.conformance.world import MARKER, assert_silent

SIGN_IN = Credentials("wise-bridge", "secret-of-the-bridge", "key-of-the-bridge")
OAUTH2 = {"client_id": "wise-bridge", "client_secret": "secret-of-the-bridge"}
KEY = {"sign_in": "api_key", "api_key": "key-of-the-bridge"}
TARGETS = {"wise_assessment": {"form": "9001", "document_type": "WISEASM"}}
TASK = {"type": "REVIEW", "department": "REVIEW"}
LARGEST = 4096
PEOPLE = {"unknown": "49999", "merged": "40212", "estimated": "40213", "restricted": "40214", "hidden": "40215"}
PEOPLE |= {"right": "40211", "ambiguous": "40216", "no_episode": "40219"}


class LcsRestWorld(HttpWorld):
    """One authority's LCS that quotes LCS's own numbers."""

    people: ClassVar[Mapping[str, str]] = PEOPLE
    base_path: ClassVar[str] = "/lcs/api"
    cannot_happen: ClassVar[Mapping[str, str]] = {
        "ambiguous": "The person number is LCS's own key; a text id may mean several people and has tests of its own.",
    }
    renews_sign_in: ClassVar[bool] = True

    def __init__(self, simulator: LcsRestSimulator, **settings: str) -> None:
        self.simulator = simulator
        self.settings: dict[str, str] = {"base_url": simulator.api, **(settings or OAUTH2)}
        self.system: CaseSystem = self.connected()

    def connected(
        self, seconds: float = 20.0, target: Mapping[str, Any] | None = None, task: Any = None, **changes: str
    ) -> LcsRestCaseSystem:
        targets = {"wise_assessment": {**TARGETS["wise_assessment"], **(target or {})}}
        return LcsRestCaseSystem(Link({**self.settings, **changes}, targets, task or TASK), seconds=seconds)

    def answers(self) -> tuple[Answer, ...]:
        rows = (Answer("selfRows", 1, "one"), Answer("selfRows", 2, "two"))
        day = (Answer("selfDay", None, "14"), Answer("selfMonth", None, "September"), Answer("selfYear", None, "2026"))
        return (*day, Answer("selfDate", None, "2026-09-14"), *rows, Answer("selfText", None, MARKER))

    def person(self, kind: str = "right") -> PersonReference:
        usual = super().person(kind)
        return replace(usual, date_of_birth=date(2010, 5, 23)) if kind == "no_episode" else usual

    def end_sign_in(self) -> None:
        self.simulator.expire_tokens()

    @contextmanager
    def locked(self) -> Iterator[None]:
        person = self.simulator.person(40211)
        self.simulator.set_person(replace(person, locked=Lock(20199)))
        yield
        self.simulator.set_person(person)

    def unfit_answer(self) -> Answer:
        return Answer("selfNumber", None, MARKER)

    def too_large(self) -> bytes:
        return b"x" * LARGEST

    def stored_words(self, reference: str) -> list[str]:
        return [str(answer["answer"]) for answer in self.form(reference).answers]

    def stored_restriction(self, reference: str) -> bool:
        return self.form(reference).restricted

    def form(self, reference: str = "WB-0001") -> Form:
        """The one form under a reference."""
        (held,) = self.simulator.records(reference)
        assert isinstance(held, Form)
        return held


@pytest.fixture
def world(tmp_path: Path) -> Iterator[LcsRestWorld]:
    with LcsRestSimulator(tmp_path / "lcs", SIGN_IN, largest_document=LARGEST) as simulator:
        yield LcsRestWorld(simulator)


class TestLcsRest(Conformance, Faults):
    World = LcsRestWorld


class TestOtherWaysToSignIn:
    """What a sign-in changes: that it is let in, and what a refused one means."""

    @pytest.mark.parametrize("way", [KEY, {**OAUTH2, "client_in": "body", "scope": "forms"}])
    def test_a_record_is_filed_once(self, world: LcsRestWorld, way: dict[str, str]) -> None:
        keyed = LcsRestWorld(world.simulator, **way)
        assert keyed.system.look_up("WB-0001") == Absent()
        receipt = keyed.attempt(keyed.filing())
        assert receipt == keyed.filed(keyed.filing()) == world.system.look_up("WB-0001")
        assert world.records("WB-0001") == 1

    @pytest.mark.parametrize(
        "changed",
        [{**KEY, "api_key": MARKER}, {**KEY, "key_header": "X-Other"}, {**OAUTH2, "client_secret": MARKER}],
    )
    def test_a_refused_one_is_for_a_person(self, world: LcsRestWorld, changed: dict[str, str]) -> None:
        with pytest.raises(NeedsHuman) as caught:
            LcsRestWorld(world.simulator, **changed).system.look_up("WB-0001")
        assert caught.value.reason is Reason.SIGN_IN_REFUSED
        assert_silent(caught.value)

    def test_a_key_goes_into_the_header_of_the_profile(self, tmp_path: Path) -> None:
        renamed = replace(SIGN_IN, key_header="Ocp-Apim-Subscription-Key")
        with LcsRestSimulator(tmp_path / "lcs", renamed) as simulator:
            system = LcsRestWorld(simulator, **KEY, key_header="Ocp-Apim-Subscription-Key").system
            assert system.look_up("WB-0001") == Absent()
