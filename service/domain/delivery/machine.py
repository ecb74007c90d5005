"""Every state and every event: where it leads, or why it is refused. The database refuses what is not in here too.

    ready ──claimed──▶ in_flight ──▶ delivered
      ▲                  │ ├──────▶ retry ──due, claimed──▶ in_flight
      │                  │ ├──────▶ unknown ──due, claimed──▶ in_flight (look-up) ──▶ …
      └─absent, put back─┘ └──────▶ needs_human ──a person──▶ ready | unknown | delivered | superseded | cancelled

Anything after the first byte without a clear answer is `unknown`; it is looked up by our reference, never resent
blindly. `wise-bridge deliveries states` draws this table into `docs/delivery-states.md`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from service.domain.delivery.states import TERMINAL, State


class Event(StrEnum):
    """What can happen to a delivery."""

    CLAIMED = "claimed"
    CONFIRMED = "confirmed"
    PUT_OFF = "put_off"
    DOUBTED = "doubted"
    FOUND_ABSENT = "found_absent"
    PUT_BACK = "put_back"
    REFUSED = "refused"
    AGED = "aged"
    HELD = "held"
    RELEASED = "released"
    REPLAYED = "replayed"
    EVIDENCED = "evidenced"
    SUPERSEDED = "superseded"
    CANCELLED = "cancelled"
    REOPENED = "reopened"
    RESTORED = "restored"
    WITHDRAWN = "withdrawn"


MEANING: Mapping[Event, str] = {
    Event.CLAIMED: "A worker takes it: due, first of its young person, lane open, lease free.",
    Event.CONFIRMED: "The case system's receipt is there.",
    Event.PUT_OFF: "Proven not processed; it goes again later.",
    Event.DOUBTED: "Something may have arrived, or a receipt is still awaited.",
    Event.FOUND_ABSENT: "Looked up twice, a quiet period apart, and not there.",
    Event.PUT_BACK: "The lane closed before anything of it left; nothing was tried.",
    Event.REFUSED: "The case system, or our own check, says no in a way that trying again will not change.",
    Event.AGED: "Tried for a day and many times, while the case system answered others.",
    Event.HELD: "An officer asks for it to wait.",
    Event.RELEASED: "What held it is settled, and nothing of it was ever sent.",
    Event.REPLAYED: "An officer lets it go on; what may have arrived is looked up first.",
    Event.EVIDENCED: "An officer has seen it in the case system and gives its number there.",
    Event.SUPERSEDED: "A correction takes its place, and nothing of it can be there.",
    Event.CANCELLED: "An officer, or a withdrawal, ends it with a reason.",
    Event.REOPENED: "Two officers want what was delivered looked up again; if it is not there, it is sent again.",
    Event.WITHDRAWN: "Its sender has withdrawn it, and nothing of it was sent.",
    Event.RESTORED: "The database came back from a backup: whatever was open may have been sent since.",
}


@dataclass(frozen=True)
class Move:
    """Where an event leads from a state, and what must hold for it."""

    after: State
    guard: str = ""


@dataclass(frozen=True)
class Refusal:
    """Why an event is refused in a state; a sentence for the person who asked."""

    why: str


_NOTHING_SENT = "nothing of it can have arrived"
_OFFICER = "by an officer, with a reason"

_IN_FLIGHT = {
    Event.CLAIMED: Move(State.IN_FLIGHT, "its worker's lease has ended"),
    Event.CONFIRMED: Move(State.DELIVERED, "with the case system's number as evidence"),
    Event.PUT_OFF: Move(State.RETRY, _NOTHING_SENT),
    Event.DOUBTED: Move(State.UNKNOWN),
    Event.FOUND_ABSENT: Move(State.READY, "looked up twice, a quiet period apart"),
    Event.PUT_BACK: Move(State.READY, _NOTHING_SENT),
    Event.REFUSED: Move(State.NEEDS_HUMAN),
    Event.AGED: Move(State.NEEDS_HUMAN),
    Event.WITHDRAWN: Move(State.CANCELLED, _NOTHING_SENT),
    Event.RESTORED: Move(State.UNKNOWN),
}
_WAITING = {
    Event.CLAIMED: Move(State.IN_FLIGHT, "due, first of its young person, lane open"),
    Event.HELD: Move(State.NEEDS_HUMAN, _OFFICER),
    Event.SUPERSEDED: Move(State.SUPERSEDED, _NOTHING_SENT),
    Event.CANCELLED: Move(State.CANCELLED, f"{_NOTHING_SENT}; {_OFFICER}"),
    Event.RESTORED: Move(State.UNKNOWN),
}
_DEFINED: Mapping[State, Mapping[Event, Move]] = {
    State.READY: _WAITING,
    State.RETRY: _WAITING,
    State.IN_FLIGHT: _IN_FLIGHT,
    State.UNKNOWN: {
        Event.CLAIMED: Move(State.IN_FLIGHT, "due; to be looked up first"),
        Event.HELD: Move(State.NEEDS_HUMAN, _OFFICER),
        Event.RESTORED: Move(State.UNKNOWN),
    },
    State.NEEDS_HUMAN: {
        Event.RELEASED: Move(State.READY, _NOTHING_SENT),
        Event.REPLAYED: Move(State.UNKNOWN, f"{_OFFICER}; looked up before it is sent"),
        Event.EVIDENCED: Move(State.DELIVERED, f"{_OFFICER}, with the case system's number"),
        Event.SUPERSEDED: Move(State.SUPERSEDED, _OFFICER),
        Event.CANCELLED: Move(State.CANCELLED, _OFFICER),
    },
    State.DELIVERED: {Event.REOPENED: Move(State.UNKNOWN, "asked by one officer and approved by another")},
    State.SUPERSEDED: {},
    State.CANCELLED: {},
}
_BY_THE_WORKER = frozenset(_IN_FLIGHT) - {Event.CLAIMED, Event.RESTORED}
_ENDED = {
    State.DELIVERED: "It was delivered.",
    State.SUPERSEDED: "A newer version took its place.",
    State.CANCELLED: "It was cancelled.",
}

_NOT_NOW = {
    State.IN_FLIGHT: "A worker is at it. Ask again when its attempt has ended.",
    State.NEEDS_HUMAN: "It waits for a person already.",
    State.UNKNOWN: "It may have arrived. It is looked up first; hold it to decide yourself.",
    State.READY: "It waits its turn and needs no help. Hold it first, to decide yourself.",
    State.RETRY: "It goes again by itself. Hold it first, to decide yourself.",
}


def _refusal(state: State, event: Event) -> Refusal:
    if state in TERMINAL:
        return Refusal(f"{_ENDED[state]} That is an end.")
    if event in _BY_THE_WORKER:
        return Refusal("Only the worker that holds it can say so, and none does.")
    if event is Event.REOPENED:
        return Refusal("It is not delivered yet, so there is nothing to reopen.")
    return Refusal(_NOT_NOW[state])


TABLE: Mapping[State, Mapping[Event, Move | Refusal]] = {
    state: {event: _DEFINED[state].get(event) or _refusal(state, event) for event in Event} for state in State
}
"""Total: every state × every event."""

MOVES: Mapping[State, frozenset[State]] = {
    state: frozenset(move.after for move in moves.values()) for state, moves in _DEFINED.items()
}
"""Which states can follow which."""


def can_move(before: State, after: State) -> bool:
    """Whether some event leads from the one to the other."""
    return after in MOVES[before]


def next_state(state: State, event: Event) -> Move | Refusal:
    """What the table says."""
    return TABLE[state][event]
