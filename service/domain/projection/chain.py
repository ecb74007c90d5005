"""A young person's records as one line, so that they are counted once and each is compared with the one before it.

Pure. Whatever order the records came in, and whatever was corrected or withdrawn since, the facts are as if those that
stand had come in the order in which they were completed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from service.domain.fact import FIRST, NOT_A_REVIEW, NOT_ASKED, NOT_RECORDED, NOT_YET, Fact

SHORTLY = timedelta(days=14)


@dataclass(frozen=True)
class Clock:
    """The review that a record planned: when it is due, and how many days around that day are on time."""

    due_on: date
    window_days: int


@dataclass(frozen=True)
class Link:
    """One standing record; `received_at` and `sent_as_review` are its first version's. No `clock`: it planned none."""

    id: UUID
    completed_on: date
    received_at: datetime
    fact: Fact
    sent_as_review: bool = False
    clock: Clock | None = None


@dataclass
class _Before:
    """What stands when the next record comes: the last that made statements, and the clocks that run."""

    any_record: bool = False
    statement: Fact | None = None
    clocks: dict[str, Clock] = field(default_factory=dict)


def chained(links: Sequence[Link]) -> Mapping[UUID, Fact]:
    """The fact each should have. By completion, then by arrival; two that came at one moment, by their ids."""
    line = sorted(links, key=lambda each: (each.completed_on, each.received_at, each.id))
    before, found = _Before(), {}
    following = [*(each.fact.quarter for each in line[1:]), NOT_YET]
    for link, succeeded_in in zip(line, following, strict=False):  # an empty line is followed by nothing
        found[link.id] = _fact(link, before, succeeded_in=succeeded_in)
        _go_on(before, link)
    return found


def timeliness(completed_on: date, clock: Clock | None) -> str:
    """On time is within the window, on either side of the day: reviews are "about" three months apart.

    Lateness is counted from the end of the window.
    """
    if clock is None:
        return NOT_RECORDED
    window, off = timedelta(days=clock.window_days), completed_on - clock.due_on
    if off < -window:
        return "early"
    late = off - window
    return "on_time" if late <= timedelta() else "late_up_to_14_days" if late <= SHORTLY else "late_over_14_days"


def _fact(link: Link, before: _Before, *, succeeded_in: str) -> Fact:
    fact, first = link.fact, _is_first(link, before)
    asked = fact.record_type != "nwg_assessment"
    trigger = fact.review_trigger if fact.review_trigger != "initial" else NOT_RECORDED
    clock = before.clocks.get(fact.record_type)
    return replace(
        fact,
        first_or_review=FIRST if first else "review",
        review_trigger="initial" if first else trigger,
        review_timeliness=NOT_A_REVIEW if first else timeliness(link.completed_on, clock),
        exploitation_before=_earlier(before, "exploitation", first=first) if asked else NOT_ASKED,
        education_before=_earlier(before, "education", first=first) if asked else NOT_ASKED,
        succeeded_in=succeeded_in,
    )


def _is_first(link: Link, before: _Before) -> bool:
    """A WISE says so itself. The others do not: they are the first unless another is here or they were sent so."""
    if link.fact.record_type == "wise_assessment":
        return link.fact.first_or_review == FIRST
    return not (link.sent_as_review or before.any_record)


def _earlier(before: _Before, name: str, *, first: bool) -> str:
    if first:
        return FIRST
    return NOT_RECORDED if before.statement is None else str(getattr(before.statement, name))


def _go_on(before: _Before, link: Link) -> None:
    """A record that plans no review ends the involvement, and with it every clock of the young person."""
    before.any_record = True
    if link.fact.record_type != "nwg_assessment":
        before.statement = link.fact
    if link.clock is None:
        before.clocks.clear()
    else:
        before.clocks[link.fact.record_type] = link.clock
