"""When an alarm is told through a channel, and in which words.

Once when it is raised, again after an hour, then every day while it is open, and once when it is over. An alarm that
was over before a channel could be reached is told there all the same, as over: nothing goes unseen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from service.domain.alarm_kinds import GUIDANCE, Kind
from service.domain.delivery import KEEPING, Owner, Reason, State, words_for

AGAIN_AFTER = timedelta(hours=1)
DAILY = timedelta(days=1)
FIRST_RETRY = timedelta(seconds=15)
LONGEST_RETRY = timedelta(minutes=15)


class Word(StrEnum):
    """What is said of an alarm."""

    RAISED = "raised"
    STILL = "still"
    CLEARED = "cleared"


@dataclass(frozen=True)
class Alarm:
    """One alarm as it is kept. `authority` None: the bridge as a whole. It names nobody, and nothing of a record."""

    id: UUID
    authority: str | None
    kind: Kind
    subject: str
    owner: Owner
    since: datetime
    count: int
    raised_at: datetime
    last_seen_at: datetime
    cleared_at: datetime | None


@dataclass(frozen=True)
class Told:
    """What one channel was last told of an alarm, how often, and when."""

    word: Word | None = None
    at: datetime | None = None
    times: int = 0


@dataclass(frozen=True)
class Notice:
    """One thing to say. `id` is the same however often it has to be tried."""

    alarm: Alarm
    word: Word
    number: int

    @property
    def id(self) -> str:
        """For whoever receives it twice."""
        return f"alarm_{self.alarm.id.hex}_{self.number}"


def next_notice(alarm: Alarm, told: Told, now: datetime) -> Notice | None:
    """What is to be said now, or None."""
    word = _next_word(alarm, told, now)
    return Notice(alarm, word, told.times + 1) if word else None


def _next_word(alarm: Alarm, told: Told, now: datetime) -> Word | None:
    if told.word is Word.CLEARED:
        return None
    if alarm.cleared_at is not None:
        return Word.CLEARED
    if told.word is None or told.at is None:
        return Word.RAISED
    rest = AGAIN_AFTER if told.word is Word.RAISED else DAILY
    return Word.STILL if now - told.at >= rest else None


def retry_after(tries: int) -> timedelta:
    """How long a channel that failed so many times in a row is left alone."""
    doublings: int = min(tries, 10)
    return min(LONGEST_RETRY, FIRST_RETRY * (1 << doublings))


def sentence(alarm: Alarm) -> str:
    """What is so, in words that name nobody."""
    match alarm.kind:
        case Kind.WAITS_TOO_LONG:
            said = KEEPING[State(alarm.subject.partition(":")[0])].alarm
            return said if alarm.count == 1 else f"{said} There are {alarm.count}."
        case Kind.CONNECTION_REFUSED:
            return words_for(Reason(alarm.subject))
        case Kind.LANE_HELD:
            return f"The authority's lane has been {alarm.subject} by a person for more than a day."
        case Kind.CHANNEL_FAILING:
            return f"{GUIDANCE[alarm.kind].sentence} It is: {alarm.subject}."
        case _:
            return GUIDANCE[alarm.kind].sentence


def to_do(alarm: Alarm) -> str:
    """What its owner does."""
    return GUIDANCE[alarm.kind].to_do
