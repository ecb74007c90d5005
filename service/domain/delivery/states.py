"""Where a delivery can stand, and who keeps an eye on it there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from service.domain.delivery.reasons import Owner


class State(StrEnum):
    """Where a delivery stands."""

    READY = "ready"
    IN_FLIGHT = "in_flight"
    RETRY = "retry"
    UNKNOWN = "unknown"
    NEEDS_HUMAN = "needs_human"
    DELIVERED = "delivered"
    SUPERSEDED = "superseded"
    CANCELLED = "cancelled"


TERMINAL = frozenset({State.DELIVERED, State.SUPERSEDED, State.CANCELLED})
CLAIMABLE = frozenset({State.READY, State.RETRY, State.UNKNOWN})


class Phase(StrEnum):
    """How far an attempt came. `SENDING` is committed before the first byte that could change the case system."""

    CLAIMED = "claimed"
    SENDING = "sending"
    LOOKING_UP = "looking_up"
    ENDED = "ended"


@dataclass(frozen=True)
class Keeping:
    """Who looks after an open item in this state, how long it may be there, and what is said when it is longer.

    Where the item's reason names another owner, that one comes first. `max_age` is the time since the state was
    entered, waiting behind an earlier record included: the alarm is meant to be heard long before anything is lost.
    """

    owner: Owner
    max_age: timedelta
    alarm: str
    meaning: str


KEEPING: Mapping[State, Keeping] = {
    State.READY: Keeping(
        Owner.BRIDGE,
        timedelta(minutes=15),
        "A record waits to be sent for longer than 15 minutes.",
        "Nothing of it can be in the case system. It goes when its lane is open and no earlier record is in its way.",
    ),
    State.IN_FLIGHT: Keeping(
        Owner.BRIDGE,
        timedelta(minutes=15),
        "A record is under way for longer than 15 minutes.",
        "One worker holds it, until its lease ends.",
    ),
    State.RETRY: Keeping(
        Owner.BRIDGE,
        timedelta(hours=4),
        "A record was put off for longer than 4 hours.",
        "Proven not to be in the case system. It goes again when it is due.",
    ),
    State.UNKNOWN: Keeping(
        Owner.BRIDGE,
        timedelta(hours=4),
        "Whether a record arrived is not known for longer than 4 hours.",
        "Something may be in the case system. It is looked up by our reference before anything is sent again.",
    ),
    State.NEEDS_HUMAN: Keeping(
        Owner.AUTHORITY_OFFICER,
        timedelta(hours=24),
        "A record waits for a person for longer than a day.",
        "Only a person can say how it goes on.",
    ),
}
"""Every state that is not an end."""
