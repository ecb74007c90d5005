"""What becomes of a delivery after an attempt: pure, so that every case can be seen and tested on its own."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import timedelta

from service.domain.delivery import Reason, State
from service.errors import DeliveryProblem, NeedsHuman, NothingSent
from service.ports import Claim, Receipt, Settlement

RETRY_BASE = 5
RETRY_CAP = 15 * 60
ABSENCES_NEEDED = 2


@dataclass(frozen=True)
class Pace:
    """How patient an authority's profile asks us to be, in seconds."""

    quiet: int
    poll: int
    answer_within: int


def after_receipt(receipt: Receipt) -> Settlement:
    """Delivered means there is proof."""
    return Settlement(
        state=State.DELIVERED,
        reason=Reason.WAITING,
        may_have_arrived=True,
        record_number=receipt.record_number,
        document_number=receipt.document_number,
        evidence=receipt.evidence,
    )


def after_withdrawal(receipt: Receipt, *, document_elsewhere: bool) -> Settlement:
    """The record is off the file. A document in a system of its own is not, and nobody but a person takes it out."""
    done = after_receipt(receipt)
    if not document_elsewhere:
        return done
    return replace(done, state=State.NEEDS_HUMAN, reason=Reason.DOCUMENT_LEFT)


def after_awaiting(claim: Claim, pace: Pace) -> Settlement:
    """Handed over. Asks soon, then more rarely; past the profile's limit an officer owns it, and we still ask."""
    waited = claim.since_first_sent.total_seconds() if claim.since_first_sent else 0
    overdue = waited > pace.answer_within
    return Settlement(
        state=State.UNKNOWN,
        reason=Reason.RECEIPT_OVERDUE if overdue else Reason.AWAITING_RECEIPT,
        due_in=timedelta(seconds=min(2**claim.lookups, pace.poll)),
        may_have_arrived=True,
        lookups=min(claim.lookups + 1, 16),
    )


def after_absence(claim: Claim, pace: Pace) -> Settlement:
    """Not there is proof only when asked twice, a quiet period apart. Then it may go again, same reference."""
    absences = claim.absences + 1
    if absences >= ABSENCES_NEEDED:
        return Settlement(state=State.READY, reason=Reason.WAITING, lapses=claim.lapses)
    return Settlement(
        state=State.UNKNOWN,
        reason=Reason.NO_CLEAR_ANSWER,
        due_in=timedelta(seconds=pace.quiet),
        may_have_arrived=True,
        lapses=claim.lapses,
        lookups=claim.lookups,
        absences=absences,
    )


def after_problem(problem: DeliveryProblem, claim: Claim, pace: Pace, *, arrived: bool) -> Settlement:
    """`arrived` is whether bytes may be there from this or an earlier attempt."""
    if isinstance(problem, NeedsHuman):
        return Settlement(state=State.NEEDS_HUMAN, reason=problem.reason, note=problem.note, may_have_arrived=arrived)
    if isinstance(problem, NothingSent):
        return _later(problem, claim)
    return Settlement(
        state=State.UNKNOWN,
        reason=problem.reason,
        note=problem.note,
        due_in=timedelta(seconds=pace.quiet),
        may_have_arrived=True,
        lapses=claim.lapses,
    )


def _later(problem: NothingSent, claim: Claim) -> Settlement:
    """The call had no effect. What this attempt began, or an earlier one may have left, is still to be looked up."""
    failures, arrived = claim.failures + 1, claim.may_have_arrived or problem.begun
    return Settlement(
        state=State.UNKNOWN if arrived else State.RETRY,
        reason=problem.reason,
        note=problem.note,
        due_in=_wait(problem, failures),
        may_have_arrived=arrived,
        failures=failures,
        lapses=claim.lapses,
        lookups=claim.lookups,
        absences=claim.absences,
    )


def _wait(problem: NothingSent, failures: int) -> timedelta:
    """Full jitter, so that a returning case system is not met by everybody at once."""
    ceiling = min(RETRY_CAP, RETRY_BASE * 2 ** min(failures - 1, 8))
    asked = problem.retry_after or 0
    return timedelta(seconds=max(asked, random.uniform(ceiling / 2, ceiling)))  # noqa: S311 - spreading, not secrecy
