"""What is told of one review, and from which day on: soon due, due, overdue, and at last once more."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from service.domain.reviews.sending_time import Calendar


class Stage(StrEnum):
    """In the order in which they come. Each is told once of a review in a channel, and none after a later one."""

    DUE_SOON = "due_soon"
    DUE = "due"
    OVERDUE = "overdue"
    ESCALATED = "escalated"


class Channel(StrEnum):
    """How somebody is told."""

    TRAY = "tray"
    """A task in the work tray of the case system."""


SOON_DAYS, ESCALATE_DAYS = 14, 14
EARLIEST_DAYS = 31
"""So many days before it is due, at the most, an authority may be told that a review is coming."""
TOLD_IN_TRAY = (Stage.DUE, Stage.ESCALATED)
"""A task when the review is due, and one more where that was not enough."""
_ORDER = tuple(Stage)


@dataclass(frozen=True)
class Reminders:
    """How one authority is reminded. `soon_days` before the due date, `escalate_days` after the end of the window.

    `channels` has the stages that are told in each.
    """

    soon_days: int = SOON_DAYS
    escalate_days: int = ESCALATE_DAYS
    channels: Mapping[Channel, tuple[Stage, ...]] = field(default_factory=lambda: {Channel.TRAY: TOLD_IN_TRAY})


@dataclass(frozen=True)
class Planned:
    """A review that is to come. `known_on`: the London day on which the bridge learned of this due date."""

    due_on: date
    known_on: date
    window_days: int


def days_of(planned: Planned, reminders: Reminders, calendar: Calendar) -> Mapping[Stage, date]:
    """The working day on which each stage is reached.

    What is coming is told no later than its day, so it moves to an earlier working day; that something is late is
    told on a later one, for before it would not be true. The window of a record that was typed in long after its
    review was due begins on the day it came in: nobody could have been told before (rule R2).
    """
    begins = max(planned.due_on, planned.known_on)
    over = begins + timedelta(days=planned.window_days + 1)
    return {
        Stage.DUE_SOON: calendar.working_day_by(planned.due_on - timedelta(days=reminders.soon_days)),
        Stage.DUE: calendar.working_day_by(begins),
        Stage.OVERDUE: calendar.working_day_from(over),
        Stage.ESCALATED: calendar.working_day_from(over + timedelta(days=reminders.escalate_days)),
    }


def stage_to_tell(
    days: Mapping[Stage, date], stages: Collection[Stage], *, told: Collection[Stage], today: date
) -> Stage | None:
    """The latest of these stages that is reached, unless it or a later one was told.

    One that a later has overtaken is not told any more: after an outage one reminder says it all.
    """
    reached = max((each for each in stages if days[each] <= today), key=_ORDER.index, default=None)
    if reached is None or any(_ORDER.index(each) >= _ORDER.index(reached) for each in told):
        return None
    return reached
