"""A delivery's states and moves, why it is where it is, what a failure means for it and for its lane."""

from service.domain.delivery.machine import MOVES, TABLE, Event, Move, can_move, next_state
from service.domain.delivery.reasons import WORDS, Owner, Reason, owner_of, words_for
from service.domain.delivery.states import CLAIMABLE, KEEPING, TERMINAL, Keeping, Phase, State

__all__ = [
    "CLAIMABLE",
    "KEEPING",
    "MOVES",
    "TABLE",
    "TERMINAL",
    "WORDS",
    "Event",
    "Keeping",
    "Move",
    "Owner",
    "Phase",
    "Reason",
    "State",
    "can_move",
    "next_state",
    "owner_of",
    "words_for",
]
