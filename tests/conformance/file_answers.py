"""Bad days of an exchange of files that no call meets at once: they are in the answer, long after the handing over."""

from __future__ import annotations

import time
from collections.abc import Callable

from service.domain.delivery import Reason
from service.errors import NeedsHuman
from service.ports import Awaiting, Receipt
from tests.conformance.world import World, assert_silent, file, reason_given


class FileAnswers:
    """The record is filed there, and what is to say so does not come, or is no answer."""

    def test_an_answer_that_never_comes_is_waited_for(self, world: World) -> None:
        world.set_fault("no_answer", "answer")
        assert file(world.system, world.filing()) == Awaiting()
        assert _soon(lambda: world.records("WB-0001") == 1)
        for _ in range(3):
            assert file(world.system, world.filing()) == world.system.look_up("WB-0001") == Awaiting()
        assert world.records("WB-0001") == 1

    def test_what_is_no_answer_is_for_a_person(self, world: World, answer_fault: str) -> None:
        world.set_fault(answer_fault, "answer")
        assert file(world.system, world.filing()) == Awaiting()
        assert _soon(lambda: _found(world) is Reason.UNEXPECTED_ANSWER)
        world.clear_faults()
        for _ in range(3):
            assert reason_given(lambda: file(world.system, world.filing())) is Reason.UNEXPECTED_ANSWER
        assert world.records("WB-0001") == 1

    def test_half_an_answer_is_no_receipt_and_the_whole_one_is(self, world: World) -> None:
        world.set_fault("partial_answer", "answer")
        assert file(world.system, world.filing()) == Awaiting()
        assert _soon(lambda: isinstance(_found(world), Receipt))
        assert world.filed(world.filing()) == world.system.look_up("WB-0001")
        assert world.records("WB-0001") == 1


def _found(world: World) -> Receipt | Reason | None:
    """The receipt, why there is none, or None while it is waited for."""
    try:
        found = world.system.look_up("WB-0001")
    except NeedsHuman as problem:
        assert_silent(problem)
        if problem.reason is not Reason.UNEXPECTED_ANSWER:
            raise
        return problem.reason
    return found if isinstance(found, Receipt) else None


def _soon(ready: Callable[[], bool], seconds: float = 10.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if ready():
            return True
        time.sleep(0.02)
    return False
