"""What an officer may order about a delivery or a lane, why, and what the state table says to it.

The words of a reason are a closed list: an order is kept for years, and a free sentence would sooner or later name
somebody. What needs saying besides stands where `ticket` leads to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from service.domain.delivery import Event, Move, State, next_state
from service.domain.delivery.breaker import Hold
from service.domain.delivery.machine import Refusal


class Action(StrEnum):
    """What can be ordered."""

    HOLD = "hold"
    REPLAY = "replay"
    SUPERSEDE = "supersede"
    CANCEL = "cancel"
    EVIDENCE = "evidence"
    REOPEN = "reopen"
    PAUSE = "pause"
    STOP = "stop"
    GO_ON = "go_on"


OF_A_DELIVERY = (Action.HOLD, Action.REPLAY, Action.SUPERSEDE, Action.CANCEL, Action.EVIDENCE, Action.REOPEN)
OF_A_LANE: Mapping[Action, Hold] = {Action.PAUSE: Hold.PAUSED, Action.STOP: Hold.STOPPED, Action.GO_ON: Hold.NONE}
BY_TWO = (Action.REOPEN,)
"""Asked by one officer and approved by another, through another client."""


class Because(StrEnum):
    """Why. Closed, so that nothing about a young person is ever kept with an order."""

    ASKED_FOR = "asked_for"
    LOOKS_WRONG = "looks_wrong"
    PUT_RIGHT = "put_right"
    MAPPING_FIXED = "mapping_fixed"
    NOT_FOUND_THERE = "not_found_there"
    SEEN_THERE = "seen_there"
    DONE_BY_HAND = "done_by_hand"
    NOT_NEEDED = "not_needed"
    CORRECTED = "corrected"
    RESTORED_THERE = "restored_there"
    MAINTENANCE = "maintenance"
    DANGER = "danger"
    SETTLED = "settled"


MEANING: Mapping[Because, str] = {
    Because.ASKED_FOR: "The team that looks after the young person asked for it.",
    Because.LOOKS_WRONG: "Something about it looks wrong and is being looked into.",
    Because.PUT_RIGHT: "What stood in its way was put right in the case system or its profile.",
    Because.MAPPING_FIXED: "A new version of the profile or mapping is live.",
    Because.NOT_FOUND_THERE: "It was looked for in the case system and is not there.",
    Because.SEEN_THERE: "It was seen in the case system.",
    Because.DONE_BY_HAND: "It was done in the case system by hand.",
    Because.NOT_NEEDED: "The authority does not want it in its case system.",
    Because.CORRECTED: "A correction takes its place.",
    Because.RESTORED_THERE: "The case system itself was restored from a backup.",
    Because.MAINTENANCE: "Work on the case system or the way to it.",
    Because.DANGER: "Records may be going where they must not.",
    Because.SETTLED: "The matter is settled.",
}

GROUNDS: Mapping[Action, tuple[Because, ...]] = {
    Action.HOLD: (Because.ASKED_FOR, Because.LOOKS_WRONG, Because.MAINTENANCE, Because.DANGER),
    Action.REPLAY: (
        Because.PUT_RIGHT,
        Because.MAPPING_FIXED,
        Because.NOT_FOUND_THERE,
        Because.ASKED_FOR,
        Because.SETTLED,
    ),
    Action.SUPERSEDE: (Because.CORRECTED,),
    Action.CANCEL: (Because.NOT_NEEDED, Because.DONE_BY_HAND, Because.ASKED_FOR),
    Action.EVIDENCE: (Because.SEEN_THERE, Because.DONE_BY_HAND),
    Action.REOPEN: (Because.NOT_FOUND_THERE, Because.RESTORED_THERE, Because.LOOKS_WRONG),
    Action.PAUSE: (Because.MAINTENANCE, Because.LOOKS_WRONG, Because.ASKED_FOR),
    Action.STOP: (Because.DANGER, Because.LOOKS_WRONG, Because.MAINTENANCE, Because.ASKED_FOR),
    Action.GO_ON: (Because.SETTLED, Because.PUT_RIGHT, Because.MAPPING_FIXED),
}


@dataclass(frozen=True)
class Circumstances:
    """All that is asked of a delivery before an order about it.

    `held_by_rule`: a hold of the training register is open. `unaskable`: the last attempt found that the case system
    cannot be asked by our reference. `looked`: the officer has looked there by hand, and it is not there.
    `shredded`: the body of its record is gone.
    """

    state: State
    kind: str
    may_have_arrived: bool
    corrected: bool = False
    withdrawn: bool = False
    held_by_rule: bool = False
    unaskable: bool = False
    looked: bool = False
    shredded: bool = False


_LOOK_FIRST = (
    "Something of it may be in the case system. Look there first, and say that it is not there; "
    "if it is, give its number as evidence."
)
_ASKABLE = "The case system can be asked for it by our reference. Replay it without saying that somebody looked."


def judge(action: Action, seen: Circumstances) -> Move | Refusal:
    """What the state table says to an order, and after that what else must hold."""
    found = next_state(seen.state, event_of(action, seen))
    if isinstance(found, Refusal):
        return found
    why = _GUARDS[action](seen)
    return Refusal(why) if why else found


def event_of(action: Action, seen: Circumstances) -> Event:
    """A replay is a release where nothing can have arrived; else it is looked up first."""
    if action is Action.REPLAY:
        return Event.REPLAYED if seen.may_have_arrived and not seen.looked else Event.RELEASED
    return _EVENTS[action]


_EVENTS = {
    Action.HOLD: Event.HELD,
    Action.SUPERSEDE: Event.SUPERSEDED,
    Action.CANCEL: Event.CANCELLED,
    Action.EVIDENCE: Event.EVIDENCED,
    Action.REOPEN: Event.REOPENED,
}


def _of_replay(seen: Circumstances) -> str:
    if seen.held_by_rule:
        return "A hold on the record is open. Release the hold, and it goes on by itself."
    if seen.looked and seen.may_have_arrived and not seen.unaskable:
        return _ASKABLE
    if seen.withdrawn and (seen.looked or not seen.may_have_arrived):
        return "The record was withdrawn. It is not sent any more."
    return ""


def _of_superseding(seen: Circumstances) -> str:
    if seen.kind != "record" or seen.withdrawn or not seen.corrected:
        return "No correction names this record. Its sender sends one, as a record of its own."
    return _of_ending(seen)


def _of_ending(seen: Circumstances) -> str:
    return _LOOK_FIRST if seen.may_have_arrived and not seen.looked else ""


def _of_reopening(seen: Circumstances) -> str:
    if seen.shredded:
        return "The body of its record was shredded, so that it cannot be sent again from here."
    if seen.withdrawn:
        return "The record was withdrawn. It must not be sent again."
    return "A correction took its place. Reopen that one." if seen.corrected else ""


_GUARDS = {
    Action.HOLD: lambda _seen: "",
    Action.REPLAY: _of_replay,
    Action.SUPERSEDE: _of_superseding,
    Action.CANCEL: _of_ending,
    Action.EVIDENCE: lambda _seen: "",
    Action.REOPEN: _of_reopening,
}
