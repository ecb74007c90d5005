"""What a connector's check found, from the problems its questions ended in."""

from __future__ import annotations

from collections.abc import Callable

from service.domain.delivery import words_for
from service.errors import DeliveryProblem
from service.ports import Finding, Standing


def asked(what: str, question: Callable[[], object]) -> Finding:
    """Ask, and say how it stands. A problem becomes its own plain words, never the other side's."""
    try:
        question()
    except DeliveryProblem as problem:
        return Finding(what, Standing.WRONG, f"{words_for(problem.reason)} ({problem.note or problem.reason.value})")
    return Finding(what, Standing.GOOD)


def not_asked(what: str, why: str) -> Finding:
    """This kind of system has no way to be asked for it."""
    return Finding(what, Standing.NOT_ASKED, why)
