"""Every bad day of the normalised taxonomy, done to a connector by its simulator, and what must come of it.

Whatever happens: one of our own problems, no word of the record or of the other side in it, and after the bad day the
same filing ends in one record and one receipt.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from service.domain.delivery import Reason
from service.errors import DeliveryProblem, NeedsHuman, NothingSent, OutcomeUnknown
from service.ports import Absent, CaseSystem, Filing
from tests.conformance.expected import BY_TRANSPORT, FAULTS, FILE_FAULTS, Allowed, Expected, may
from tests.conformance.world import MORE_REFUSALS, PDF, World, assert_silent, file

__all__ = ["FAULTS", "FILE_FAULTS", "Faults"]

MOST_CHANGES = 40
"""More than any kind of case system needs for the few answers of a world."""


def _problem(call: Callable[[], object], allowed: tuple[Allowed, ...]) -> DeliveryProblem:
    with pytest.raises(DeliveryProblem) as caught:
        call()
    problem = caught.value
    assert_silent(problem)
    reasons = frozenset[Reason]().union(*(each for kind, each in allowed if type(problem) is kind))
    assert problem.reason in reasons, problem
    return problem


def _expected(world: World, fault: str) -> Expected:
    return BY_TRANSPORT[world.transport][fault]


def _system(world: World, fault: str) -> CaseSystem:
    """Asked for when the fault is there: a world may have to connect anew for it."""
    return world.impatient() if _expected(world, fault).slow else world.system


def _breaks_off(world: World, filing: Filing, after: int) -> bool:
    """Whether there was a change, after so many, whose reply could be lost."""
    lost: OutcomeUnknown | None = None
    with world.losing_the_reply(after):
        try:
            file(world.system, filing)
        except OutcomeUnknown as problem:
            lost = problem
    if lost is None:
        return False
    assert_silent(lost)
    assert lost.reason is Reason.NO_CLEAR_ANSWER
    return True


class Faults:
    """A bad day while the case system is asked, and while something is put there."""

    def test_a_bad_day_while_asking(self, world: World, reading_fault: str) -> None:
        world.filed(world.filing("WB-0000"))
        world.set_fault(reading_fault, "read")
        system = _system(world, reading_fault)
        problem = _problem(lambda: system.look_up("WB-0000"), _expected(world, reading_fault).reading)
        if reading_fault == "throttled":
            assert isinstance(problem, NothingSent)
            assert problem.retry_after == 7
        world.clear_faults()
        assert world.followed() == 0
        assert world.system.look_up("WB-0000") == world.settled("WB-0000")

    def test_a_bad_day_while_writing_ends_in_one_record(self, world: World, writing_fault: str) -> None:
        world.set_fault(writing_fault, "write")
        system = _system(world, writing_fault)
        problem = _problem(lambda: file(system, world.filing()), _expected(world, writing_fault).writing)
        if not isinstance(problem, OutcomeUnknown):
            assert world.records("WB-0001") == 0
        world.clear_faults()
        assert world.followed() == 0
        receipt = world.filed(world.filing())
        assert world.system.look_up("WB-0001") == receipt
        assert world.records("WB-0001") == 1

    def test_a_record_broken_off_at_any_change_is_continued(self, world: World) -> None:
        """The reply to its first change is lost, then to its second, and so on until there are no more."""
        world.filed(world.filing("WB-WHOLE"))
        whole = sorted(world.stored_words("WB-WHOLE"))
        for after in range(MOST_CHANGES):
            filing = world.filing(f"WB-{after:04}")
            if not _breaks_off(world, filing, after):
                assert after > 0
                return
            assert world.system.look_up(filing.reference) != Absent()
            assert world.filed(filing) == world.system.look_up(filing.reference)
            assert world.records(filing.reference) == 1
            assert sorted(world.stored_words(filing.reference)) == whole
        raise AssertionError("every attempt made more changes than the one before")

    def test_a_bad_day_while_raising_a_task_ends_in_one_task(self, world: World, writing_fault: str) -> None:
        world.set_fault(writing_fault, "write")
        system, expected = _system(world, writing_fault), _expected(world, writing_fault).writing
        _problem(lambda: system.raise_task(world.task()), expected)
        world.clear_faults()
        world.system.raise_task(world.task())
        assert world.settled("WB-T001").record_number
        assert world.records("WB-T001") == 1

    def test_a_bad_day_while_withdrawing_ends_in_one_withdrawal(self, world: World, writing_fault: str) -> None:
        retraction = world.retraction(world.filed(world.filing()).record_number)
        world.set_fault(writing_fault, "write")
        system, expected = _system(world, writing_fault), _expected(world, writing_fault).writing
        _problem(lambda: system.retract(retraction), expected)
        world.clear_faults()
        assert world.retracted(retraction).record_number == retraction.record_number
        assert world.records("WB-W001") == 1

    def test_a_sign_in_that_ended_is_renewed(self, world: World) -> None:
        """Where sign-ins end by themselves; elsewhere the faults above say what a refused one means."""
        world.filed(world.filing("WB-0000"))
        if not world.renews_sign_in:
            assert "sign-in ends" in world.cannot_happen
            return
        world.end_sign_in()
        assert world.filed(world.filing()).record_number
        assert world.records("WB-0001") == 1

    def test_other_people_the_record_must_not_go_to(self, world: World, other_person: str) -> None:
        filing = world.filing(kind=other_person)
        with pytest.raises(NeedsHuman) as caught:
            world.attempt(filing)
        assert caught.value.reason in MORE_REFUSALS[other_person]
        assert_silent(caught.value)
        assert world.records("WB-0001") == 0

    def test_an_answer_its_question_does_not_take(self, world: World) -> None:
        if "unfit answer" in world.cannot_happen:
            assert world.cannot_happen["unfit answer"]
            return
        filing = world.filing()
        with pytest.raises(NeedsHuman) as caught:
            world.filed(replace(filing, answers=(*filing.answers, world.unfit_answer())))
        assert caught.value.reason is Reason.CONTENT_REFUSED
        assert_silent(caught.value)

    def test_a_document_above_the_limit(self, world: World) -> None:
        if "too large" in world.cannot_happen:
            assert world.cannot_happen["too large"]
            return
        filing = world.filing()
        large = replace(filing, document=replace(filing.document, content=PDF + world.too_large()))
        with pytest.raises(NeedsHuman) as caught:
            world.filed(large)
        assert caught.value.reason in (Reason.DOCUMENT_TOO_LARGE, Reason.DOCUMENT_REFUSED)
        assert_silent(caught.value)

    def test_somebody_has_the_record_open(self, world: World) -> None:
        if "locked" in world.cannot_happen:
            assert world.cannot_happen["locked"]
            return
        with world.locked():
            _problem(lambda: world.filed(world.filing()), (may(NothingSent, Reason.LOCKED),))
        assert world.filed(world.filing()).record_number
        assert world.records("WB-0001") == 1
