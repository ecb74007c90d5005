"""The fake keeps the promises of the real connectors, and breaks them only as it is told."""

from __future__ import annotations

import inspect
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, get_args, get_type_hints

import pytest

from service.adapters.lcs.system import LcsCaseSystem
from service.adapters.mosaic.system import MosaicCaseSystem
from service.domain.delivery import Reason
from service.errors import DeliveryProblem, NeedsHuman, NothingSent, OutcomeUnknown
from service.ports import Ability, Absent, Answer, Awaiting, CaseSystem, DocumentSink, Partial, PersonReference, Receipt
from tests.conformance.promises import Conformance
from tests.conformance.world import MARKER, World, file, reason_given
from tests.support.fake_case_system import FakeCaseSystem, Person, Place, Told, WorkerDied

BORN = date(2011, 3, 2)
PEOPLE = {"C1": Person(BORN), "C2": Person(BORN, merged=True), "C3": Person(BORN, estimated=True)}
CHILD = {"unknown": "C9", "merged": "C2", "estimated": "C3"}


class FakeWorld(World):
    """A place in memory."""

    def __init__(self, kind: str, *, answers_later: bool, reachable: bool = True) -> None:
        codes, takes = frozenset({"DAY", "WORDS"}), frozenset({"wise_assessment"})
        self.place = Place(
            kind=kind,
            looks_first=True,
            answers_later=answers_later,
            reachable=reachable,
            people=PEOPLE,
            codes=codes,
            takes=takes,
        )
        self.system: CaseSystem = self.place.connect()

    def answers(self) -> tuple[Answer, ...]:
        return Answer("DAY", None, "14"), Answer("WORDS", None, MARKER)

    def person(self, kind: str = "right") -> PersonReference:
        born = {"other_birth": date(2011, 3, 3), "neither": None}.get(kind, BORN)
        age = {"other_age": 14, "neither": None}.get(kind, 15)
        return PersonReference(CHILD.get(kind, "C1"), born, age, date(2026, 9, 14))

    def records(self, reference: str) -> int:
        return self.place.records(reference)

    def unreachable(self) -> CaseSystem:
        return FakeWorld("mosaic", answers_later=False, reachable=False).system

    def impatient(self) -> CaseSystem:
        return self.system

    def set_fault(self, fault: str, on: str) -> None:
        raise NotImplementedError

    def clear_faults(self) -> None:
        self.place.heal()

    def unfit_answer(self) -> Answer:
        return Answer("WORDS", None, "\ud800")

    def stored_words(self, reference: str) -> list[str]:
        (entry,) = self.place.filed[reference]
        return [answer.value for answer in entry.what.answers]

    def stored_restriction(self, reference: str) -> bool:
        (entry,) = self.place.filed[reference]
        return entry.what.restricted

    @contextmanager
    def losing_the_reply(self, after: int = 0) -> Iterator[None]:
        for call in ("submit", "retract"):
            self.place.tell(call, Told.LOST_REPLY)
        yield
        self.place.heal()


@pytest.fixture(params=["lcs, answering later", "mosaic, answering at once"])
def world(request: pytest.FixtureRequest) -> FakeWorld:
    kind, how = request.param.split(", ")
    return FakeWorld(kind, answers_later=how == "answering later")


class TestConformance(Conformance):
    @pytest.fixture
    def world(self, world: FakeWorld) -> World:
        return world


def public(kind: type) -> dict[str, Callable[..., Any]]:
    return {name: each for name, each in vars(kind).items() if callable(each) and not name.startswith("_")}


def parameters(method: Callable[..., Any]) -> list[tuple[str, Any, Any, Any]]:
    hints = get_type_hints(method)
    each = inspect.signature(method).parameters.values()
    return [(one.name, one.kind, one.default, hints.get(one.name)) for one in each]


def answers_of(method: Callable[..., Any]) -> set[Any]:
    hint = get_type_hints(method)["return"]
    return set(get_args(hint)) or {hint}


@pytest.mark.parametrize("connector", [FakeCaseSystem, LcsCaseSystem, MosaicCaseSystem])
def test_every_connector_has_the_methods_of_the_port(connector: type) -> None:
    ours, promised = public(connector), public(DocumentSink) | public(CaseSystem)
    assert ours.keys() == promised.keys()
    for name, method in promised.items():
        assert parameters(ours[name]) == parameters(method), name
        assert answers_of(ours[name]) <= answers_of(method), name


def test_the_fake_may_answer_all_that_the_port_allows() -> None:
    assert {name: answers_of(each) for name, each in public(FakeCaseSystem).items()} == {
        name: answers_of(each) for name, each in (public(DocumentSink) | public(CaseSystem)).items()
    }


@pytest.fixture
def plain() -> FakeWorld:
    """Answers at once, and does not look for what is there already."""
    world = FakeWorld("mosaic", answers_later=False)
    world.place.looks_first = False
    return world


@pytest.mark.parametrize(
    ("told", "problem", "records", "seen"),
    [
        (Told.UNREACHABLE, NothingSent, 0, [Absent()]),
        (Told.THROTTLED, NothingSent, 0, [Absent()]),
        (Told.REFUSED, NeedsHuman, 0, [Absent()]),
        (Told.LOST_REQUEST, OutcomeUnknown, 0, [Absent(), Absent()]),
        (Told.LOST_REPLY, OutcomeUnknown, 1, [Receipt]),
        (Told.SHOWN_LATE, OutcomeUnknown, 1, [Absent(), Receipt]),
        (Told.HALF_DONE, OutcomeUnknown, 1, [Partial(), Partial()]),
        (Told.DIES_BEFORE, WorkerDied, 0, [Absent()]),
        (Told.DIES_AFTER, WorkerDied, 1, [Receipt]),
    ],
)
def test_it_fails_as_it_is_told(
    plain: FakeWorld, told: Told, problem: type[BaseException], records: int, seen: list[Any]
) -> None:
    plain.place.tell("submit", told)
    with pytest.raises(problem):
        file(plain.system, plain.filing())
    assert plain.records("WB-0001") == records
    for expected in seen:
        found = plain.system.look_up("WB-0001")
        assert isinstance(found, expected) if isinstance(expected, type) else found == expected


@pytest.mark.parametrize(
    ("told", "problem", "there"),
    [
        (Told.REFUSED, NeedsHuman, False),
        (Told.LOST_REQUEST, OutcomeUnknown, False),
        (Told.LOST_REPLY, OutcomeUnknown, True),
        (Told.DIES_AFTER, WorkerDied, True),
    ],
)
def test_a_withdrawal_fails_as_it_is_told(
    plain: FakeWorld, told: Told, problem: type[BaseException], there: bool
) -> None:
    number = plain.filed(plain.filing()).record_number
    plain.place.tell("retract", told)
    with pytest.raises(problem):
        plain.system.retract(plain.retraction(number))
    assert plain.place.withdrawn() == (frozenset({number}) if there else frozenset())
    assert isinstance(plain.system.look_up("WB-W001"), Receipt if there else Absent)


def test_a_withdrawal_refused_later_withdraws_nothing(plain: FakeWorld) -> None:
    number = plain.filed(plain.filing()).record_number
    plain.place.tell("retract", Told.REFUSED_LATER)
    assert plain.system.retract(plain.retraction(number)) == Awaiting()
    assert plain.place.withdrawn() == frozenset()
    assert plain.system.retract(plain.retraction(number, "WB-W002"))
    assert plain.place.withdrawn() == {number}


def test_a_blind_second_withdrawal_is_refused_and_shows(plain: FakeWorld) -> None:
    number = plain.filed(plain.filing()).record_number
    plain.system.retract(plain.retraction(number))
    assert reason_given(lambda: plain.system.retract(plain.retraction(number))) is Reason.ALREADY_WITHDRAWN


def test_a_correction_is_a_version_in_one_kind_and_a_record_beside_it_in_the_other() -> None:
    lcs, mosaic = (FakeWorld(kind, answers_later=False) for kind in ("lcs", "mosaic"))
    numbers = []
    for each in (lcs, mosaic):
        first = each.filed(each.filing())
        second = each.filed(each.filing("WB-0002", replaces=first.record_number))
        assert second.evidence.items() >= {"corrects": first.record_number, "version": "2"}.items()
        numbers.append((first.record_number, second.record_number))
    assert numbers == [("R1", "R1"), ("R1", "R2")]
    again = "WB-0003"
    assert lcs.filed(lcs.filing(again, replaces="R1")).evidence["version"] == "3"
    assert reason_given(lambda: mosaic.filed(mosaic.filing(again, replaces="R1"))) is Reason.RECORD_NOT_THERE


def test_a_place_may_have_no_mark_for_restricted_records() -> None:
    able = frozenset(Ability) - {Ability.RESTRICTS}
    assert Place(abilities=able).connect().abilities == able


def test_what_is_taken_in_is_answered_after_its_rounds(plain: FakeWorld) -> None:
    plain.place.tell("submit", Told.TAKEN_IN)
    assert file(plain.system, plain.filing()) == Awaiting()
    assert [type(plain.system.look_up("WB-0001")) for _ in range(3)] == [Awaiting, Awaiting, Receipt]


def test_a_later_refusal_comes_with_the_look_up(plain: FakeWorld) -> None:
    plain.place.refusal = Reason.NO_OPEN_EPISODE
    plain.place.tell("submit", Told.REFUSED_LATER)
    assert file(plain.system, plain.filing()) == Awaiting()
    with pytest.raises(NeedsHuman) as caught:
        plain.system.look_up("WB-0001")
    assert caught.value.reason is Reason.NO_OPEN_EPISODE


def test_what_was_begun_is_finished_by_filing_again(plain: FakeWorld) -> None:
    plain.place.tell("submit", Told.HALF_DONE)
    with pytest.raises(DeliveryProblem):
        file(plain.system, plain.filing())
    assert isinstance(file(plain.system, plain.filing()), Receipt)
    assert plain.records("WB-0001") == 1


def test_a_blind_resend_makes_a_second_record_and_shows(plain: FakeWorld) -> None:
    for _ in range(2):
        file(plain.system, plain.filing())
    assert plain.records("WB-0001") == 2


def test_a_slow_call_has_its_effect_before_its_answer(plain: FakeWorld) -> None:
    plain.place.tell("submit", Told.SLOW)
    answers: list[Receipt | Awaiting] = []
    worker = threading.Thread(target=lambda: answers.append(file(plain.system, plain.filing())))
    worker.start()
    assert plain.place.done.wait(5)
    assert plain.records("WB-0001") == 1
    assert answers == []
    plain.place.go_on.set()
    worker.join(5)
    assert len(answers) == 1


def test_after_what_it_was_told_it_does_as_usual(plain: FakeWorld) -> None:
    plain.place.tell("look_up", Told.UNREACHABLE)
    with pytest.raises(NothingSent):
        plain.system.look_up("WB-0001")
    assert plain.system.look_up("WB-0001") == Absent()
    assert plain.place.calls == [("look_up", "WB-0001")] * 2
