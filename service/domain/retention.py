"""How long what is kept of a record stays: its body, its receipt and digests, and the trail. Pure rules.

A body goes when its delivery is proven, the authority's window is over, and nothing needs it any more. What is unknown,
open, held or asked for by a court is never shredded, however old it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from service.domain.delivery import TERMINAL, State
from service.domain.london import LONDON, add_months, in_words, london_date

BODY_DAYS = 30
BODY_DAYS_MAX = 90
"""Days from the proof of delivery until the body is shredded; an authority may say 0 to 90."""
TOMBSTONE_MONTHS = 12
"""After the body: the receipt, digests and times by which the same record, sent again, is known again."""
TRAIL_YEARS = 6
"""Who did what to which id."""


class Keep(StrEnum):
    """Why a body stays."""

    OPEN = "open"
    UNPROVEN = "unproven"
    HELD = "held"
    REOPENING = "reopening"
    REVIEW_TO_COME = "review_to_come"
    SIBLING_OPEN = "sibling_open"
    LEGAL_HOLD = "legal_hold"


MEANING = {
    Keep.OPEN: "something of it is not delivered yet",
    Keep.UNPROVEN: "delivered without a receipt that proves it",
    Keep.HELD: "a part of it waits for a person",
    Keep.REOPENING: "somebody has asked for it to be sent again",
    Keep.REVIEW_TO_COME: "its review is still to be raised, and from before reviews held the young person's reference",
    Keep.SIBLING_OPEN: "another record of the same young person is not delivered yet",
    Keep.LEGAL_HOLD: "a legal hold is in force",
}


@dataclass(frozen=True)
class Stand:
    """One delivery of a record: since when it is in its state, and whether a receipt proves it."""

    state: State
    since: datetime
    proven: bool


@dataclass(frozen=True)
class Situation:
    """All that is asked of a record whose body is still here. Moments have a time zone."""

    received_at: datetime
    deliveries: Sequence[Stand]
    held: bool = False
    reopening: bool = False
    review_to_come: bool = False
    sibling_open: bool = False
    legal_hold: bool = False


@dataclass(frozen=True)
class Verdict:
    """`after`: from which moment on the body may be shredded. None as long as there is a reason to keep it."""

    keeps: tuple[Keep, ...]
    after: datetime | None

    def may_shred(self, now: datetime) -> bool:
        """Nothing needs it, and its window is over."""
        return self.after is not None and now >= self.after


def judge(found: Situation, body_days: int) -> Verdict:
    """The window begins with the last end of any of its deliveries; where there was none, with the receipt."""
    if not 0 <= body_days <= BODY_DAYS_MAX:
        raise ValueError("a window of 0 to 90 days")
    keeps = tuple(reason for reason, holds in _reasons(found) if holds)
    if keeps:
        return Verdict(keeps, None)
    ended = max((each.since for each in found.deliveries), default=found.received_at)
    return Verdict((), max(ended, found.received_at) + timedelta(days=body_days))


def _reasons(found: Situation) -> list[tuple[Keep, bool]]:
    delivered = [each for each in found.deliveries if each.state is State.DELIVERED]
    return [
        (Keep.OPEN, any(each.state not in TERMINAL for each in found.deliveries)),
        (Keep.UNPROVEN, any(not each.proven for each in delivered)),
        (Keep.HELD, found.held),
        (Keep.REOPENING, found.reopening),
        (Keep.REVIEW_TO_COME, found.review_to_come),
        (Keep.SIBLING_OPEN, found.sibling_open),
        (Keep.LEGAL_HOLD, found.legal_hold),
    ]


class Stays(StrEnum):
    """Why what is left of a record stays, though its 12 months are over. A record is all its versions."""

    HAS_BODY = "has_body"
    OPEN = "open"
    HELD = "held"
    ORDERED = "ordered"
    REVIEW_OPEN = "review_open"
    COUNTED = "counted"
    LEGAL_HOLD = "legal_hold"


STAYS_MEANING = {
    Stays.HAS_BODY: "a version of it has its body, or went less than 12 months ago",
    Stays.OPEN: "something of it is not delivered",
    Stays.HELD: "a part of it waits for a person",
    Stays.ORDERED: "an officer's order about it is not done",
    Stays.REVIEW_OPEN: "its review is still to be held: send the next record, or one that ends the involvement",
    Stays.COUNTED: "a release may still count it, or the record that came after it",
    Stays.LEGAL_HOLD: "a legal hold is in force",
}


@dataclass(frozen=True)
class Remains:
    """A record without a body: its newest version, how many there are, and when the last of them lost its body."""

    newest: UUID
    versions: int
    shredded_at: datetime
    reasons: frozenset[Stays] = frozenset()

    def stays(self, today: date) -> tuple[Stays, ...]:
        """The reasons, in their order; empty when it may go on this London day."""
        younger = {Stays.HAS_BODY} if today <= tombstone_until(self.shredded_at) else set()
        return tuple(reason for reason in Stays if reason in self.reasons | younger)


def shredded_on(at: datetime) -> str:
    """What whoever asks for a body is told."""
    return (
        f"The body of this record was shredded on {in_words(london_date(at))}: its delivery was proven, and the time "
        "that its authority keeps it here was over. Its receipt and deliveries stay; the case system has the record."
    )


def tombstone_until(shredded_at: datetime) -> date:
    """The London day until which receipt, digests and times stay."""
    return add_months(london_date(shredded_at), TOMBSTONE_MONTHS)


def trail_until(at: datetime) -> date:
    """The London day until which an entry of the trail stays."""
    return add_months(at.astimezone(LONDON).date(), 12 * TRAIL_YEARS)
