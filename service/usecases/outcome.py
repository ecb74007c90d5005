"""What becomes of a delivery after an attempt: pure, so that every case can be seen and tested on its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from service.domain.delivery import Reason, State
from service.domain.delivery.failures import FAILURES, Course, Weight
from service.errors import DeliveryProblem, NeedsHuman, NothingSent
from service.ports import Claim, Receipt, Settlement

RETRY_BASE = 5
RETRY_CAP = 15 * 60
ABSENCES_NEEDED = 2
AGED_AFTER = timedelta(hours=24)
AGED_FAILURES = 8
"""Attempts of a delivery's own. What only showed that the case system was away is not among them."""
ASKED_TO_WAIT_MAX = 3600
"""Seconds. What another system asks for is taken with care: a day's silence is not its to order."""
KEYS_WAIT = timedelta(minutes=1)
"""Before a record whose key could not be had is tried again."""
WAITING_FOR_A_RECEIPT = frozenset({Reason.AWAITING_RECEIPT, Reason.RECEIPT_OVERDUE})
DEATHS_MAX = 2
LAPSES_MAX = 5
"""Claims that ended without an outcome, with their worker gone or not, before the record is kept apart from others.

A look-up in between does not clear it: only that the case system took the record in, or a person.
"""

Spread = Callable[[], float]
"""A number from 0 to 1, another each time."""


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
        weight=Weight.ANSWERED,
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
        weight=Weight.ANSWERED,
    )


def after_looking(claim: Claim, settlement: Settlement) -> Settlement:
    """Waiting for the same receipt for the same reason is no news: it is asked for again and again."""
    still = settlement.state is State.UNKNOWN and settlement.reason in WAITING_FOR_A_RECEIPT
    return replace(settlement, is_news=False) if still and settlement.reason.value == claim.reason else settlement


def after_absence(claim: Claim, pace: Pace) -> Settlement:
    """Not there is proof only when asked twice, a quiet period apart. Then it may go again, same reference."""
    absences = claim.absences + 1
    if absences >= ABSENCES_NEEDED:
        return replace(put_back(claim), weight=Weight.ANSWERED)
    doubted = _doubted(claim, pace, Reason.NO_CLEAR_ANSWER)
    return replace(doubted, failures=0, lookups=claim.lookups, absences=absences, weight=Weight.ANSWERED)


def _doubted(claim: Claim, pace: Pace, reason: Reason) -> Settlement:
    """Something may be there: it is looked up after a quiet period."""
    return Settlement(
        state=State.UNKNOWN,
        reason=reason,
        due_in=timedelta(seconds=pace.quiet),
        may_have_arrived=True,
        failures=claim.failures,
        lapses=claim.lapses,
        deaths=claim.deaths,
    )


def put_back(claim: Claim) -> Settlement:
    """Nothing of it is there. It goes again when its lane lets it; nothing was spent."""
    return Settlement(state=State.READY, reason=Reason.WAITING, lapses=claim.lapses, deaths=claim.deaths)


def taken_back(claim: Claim, reason: Reason) -> Settlement:
    """Nothing of it is there, and nothing is to be sent any more."""
    return Settlement(state=State.CANCELLED, reason=reason, deaths=claim.deaths, lapses=claim.lapses)


def interrupted(claim: Claim, pace: Pace, *, arrived: bool) -> Settlement:
    """The lane was closed between two steps. What has begun is looked up when it opens again."""
    if not arrived:
        return replace(put_back(claim), failures=claim.failures)
    return _doubted(claim, pace, Reason.NO_CLEAR_ANSWER)


def without_keys(claim: Claim, pace: Pace, *, arrived: bool) -> Settlement:
    """It cannot be opened just now. Nothing was spent: a lapsed lease would count against the record (ADR 32)."""
    return replace(interrupted(claim, pace, arrived=arrived), due_in=KEYS_WAIT)


def stops_workers(claim: Claim) -> bool:
    """Whether it looks as if the record itself were what stops workers."""
    return claim.deaths >= DEATHS_MAX or claim.lapses >= LAPSES_MAX


def after_problem(
    problem: DeliveryProblem, claim: Claim, pace: Pace, *, arrived: bool, spread: Spread, looked: bool = False
) -> Settlement:
    """`arrived` is whether bytes may be there from this or an earlier attempt; `looked`, whether this one was told."""
    weight, asked = FAILURES[problem.reason].weight, _asked(problem)
    settled = _course(problem, claim, pace, arrived=arrived, spread=spread)
    waits = asked if weight in (Weight.SLOW_DOWN, Weight.COUNTS, Weight.CLOSES) else 0
    if weight is Weight.COUNTS and looked:
        weight = Weight.FALTERS
    if weight is Weight.SLOW_DOWN and not waits:  # it did not say how long; the next one would be refused too
        waits = RETRY_BASE
    return replace(settled, note=problem.note, weight=weight, lane_waits=timedelta(seconds=waits))


def _course(problem: DeliveryProblem, claim: Claim, pace: Pace, *, arrived: bool, spread: Spread) -> Settlement:
    if isinstance(problem, NothingSent):
        return _later(problem, claim, arrived=claim.may_have_arrived or problem.begun, spread=spread)
    if isinstance(problem, NeedsHuman) and FAILURES[problem.reason].course is Course.RETRY:
        return _later(problem, claim, arrived=arrived, spread=spread)
    if isinstance(problem, NeedsHuman):
        return Settlement(state=State.NEEDS_HUMAN, reason=problem.reason, may_have_arrived=arrived)
    return _doubted(claim, pace, problem.reason)


def _later(problem: DeliveryProblem, claim: Claim, *, arrived: bool, spread: Spread) -> Settlement:
    """The call had no effect. What this attempt began, or an earlier one may have left, is still to be looked up."""
    failures = claim.failures + (0 if claim.probing else 1)
    if failures >= AGED_FAILURES and claim.put_off_for and claim.put_off_for >= AGED_AFTER:
        return Settlement(state=State.NEEDS_HUMAN, reason=Reason.TOO_MANY_ATTEMPTS, may_have_arrived=arrived)
    return Settlement(
        state=State.UNKNOWN if arrived else State.RETRY,
        reason=problem.reason,
        due_in=_wait(problem, max(failures, 1), spread),
        may_have_arrived=arrived,
        failures=failures,
        lapses=claim.lapses,
        deaths=claim.deaths,
        lookups=claim.lookups,
        absences=claim.absences,
    )


def _wait(problem: DeliveryProblem, failures: int, spread: Spread) -> timedelta:
    """Full jitter, so that a returning case system is not met by everybody at once."""
    ceiling = min(RETRY_CAP, RETRY_BASE * 2 ** min(failures - 1, 8))
    return timedelta(seconds=max(_asked(problem), spread() * ceiling))


def _asked(problem: DeliveryProblem) -> int:
    return min((problem.retry_after if isinstance(problem, NothingSent) else 0) or 0, ASKED_TO_WAIT_MAX)
