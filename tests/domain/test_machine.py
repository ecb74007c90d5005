"""The table of states and events: total, its refusals sentences, and every path through it safe."""

from __future__ import annotations

import re

import pytest

from service.domain.delivery import CLAIMABLE, KEEPING, MOVES, TABLE, TERMINAL, Event, Move, State, next_state
from service.domain.delivery.machine import MEANING, Refusal

BY_A_WORKER = {
    Event.CONFIRMED,
    Event.PUT_OFF,
    Event.DOUBTED,
    Event.FOUND_ABSENT,
    Event.PUT_BACK,
    Event.REFUSED,
    Event.AGED,
    Event.WITHDRAWN,
}
BY_A_PERSON = {
    Event.HELD,
    Event.RELEASED,
    Event.REPLAYED,
    Event.EVIDENCED,
    Event.SUPERSEDED,
    Event.CANCELLED,
    Event.REOPENED,
}
BORN = (State.READY, State.NEEDS_HUMAN)
"""Ready, or held from the start."""
WHAT_IS_DEFINED = {
    "ready": {"claimed": "in_flight", "held": "needs_human", "superseded": "superseded", "cancelled": "cancelled",
              "restored": "unknown"},
    "retry": {"claimed": "in_flight", "held": "needs_human", "superseded": "superseded", "cancelled": "cancelled",
              "restored": "unknown"},
    "unknown": {"claimed": "in_flight", "held": "needs_human", "restored": "unknown"},
    "in_flight": {"claimed": "in_flight", "confirmed": "delivered", "put_off": "retry", "doubted": "unknown",
                  "found_absent": "ready", "put_back": "ready", "refused": "needs_human", "aged": "needs_human",
                  "withdrawn": "cancelled", "restored": "unknown"},
    "needs_human": {"released": "ready", "replayed": "unknown", "evidenced": "delivered", "superseded": "superseded",
                    "cancelled": "cancelled"},
    "delivered": {"reopened": "unknown"},
    "superseded": {},
    "cancelled": {},
}  # fmt: skip
PAIRS = [(state, event) for state in State for event in Event]


def test_the_table_has_every_state_and_every_event() -> None:
    assert set(TABLE) == set(State)
    assert all(set(row) == set(Event) for row in TABLE.values())
    assert set(MEANING) == set(Event)


@pytest.mark.parametrize(("state", "event"), PAIRS)
def test_each_is_a_move_that_is_listed_here_or_a_refusal(state: State, event: Event) -> None:
    said = next_state(state, event)
    wanted = WHAT_IS_DEFINED[state.value].get(event.value)
    assert (said.after.value if isinstance(said, Move) else None) == wanted
    assert isinstance(said, Move | Refusal)


@pytest.mark.parametrize(("state", "event"), [pair for pair in PAIRS if isinstance(next_state(*pair), Refusal)])
def test_a_refusal_is_one_or_two_sentences_for_a_person(state: State, event: Event) -> None:
    said = next_state(state, event)
    assert isinstance(said, Refusal)
    assert re.fullmatch(r"([A-Z][^.]*[a-z]\. ?){1,2}", said.why), said.why
    assert not re.search(r"_|error|invalid|illegal|\bcases?\b(?! system)", said.why, re.I)


def test_a_refusal_says_what_is_so_and_not_something_of_another_state() -> None:
    said = {state: {row.why for row in TABLE[state].values() if isinstance(row, Refusal)} for state in State}
    shared = {"Only the worker that holds it can say so, and none does.",
              "It is not delivered yet, so there is nothing to reopen."}  # fmt: skip
    for state, sentences in said.items():
        others = set().union(*(said[other] for other in State if other is not state))
        assert (sentences & others) <= shared
    assert not said[State.IN_FLIGHT] & shared - {"It is not delivered yet, so there is nothing to reopen."}


def test_moves_are_what_the_table_says() -> None:
    found = {state: {said.after for said in row.values() if isinstance(said, Move)} for state, row in TABLE.items()}
    assert found == {state: set(moves) for state, moves in MOVES.items()}


@pytest.mark.parametrize(("state", "event"), [(state, event) for state, event in PAIRS if event in BY_A_WORKER])
def test_only_what_is_in_flight_has_an_outcome(state: State, event: Event) -> None:
    assert isinstance(next_state(state, event), Move) == (state is State.IN_FLIGHT)


def test_each_event_is_a_claim_a_workers_a_persons_or_a_restores() -> None:
    assert BY_A_WORKER | BY_A_PERSON | {Event.CLAIMED, Event.RESTORED} == set(Event)


def paths() -> list[tuple[tuple[Event, ...], tuple[State, ...]]]:
    """Every way from a beginning that does not pass a state twice, with the states it passes."""
    found, growing = [], [((), (state,)) for state in BORN]
    while growing:
        events, states = growing.pop()
        found.append((events, states))
        for event, said in TABLE[states[-1]].items():
            if isinstance(said, Move) and said.after not in states:
                growing.append(((*events, event), (*states, said.after)))
    return found


PATHS = paths()


def test_every_state_is_on_a_path_from_a_beginning() -> None:
    assert {states[-1] for _, states in PATHS} == set(State)


def test_every_open_state_leads_to_every_end() -> None:
    def ends(state: State, seen: frozenset[State] = frozenset()) -> set[State]:
        after = MOVES[state] - seen
        return ({state} & TERMINAL) | set().union(*(ends(each, seen | {state}) for each in after))

    assert all(ends(state) == TERMINAL for state in State if state not in TERMINAL)


def test_nothing_is_delivered_but_by_a_worker_with_a_receipt_or_a_person_who_saw_it() -> None:
    last = {events[-1] for events, states in PATHS if states[-1] is State.DELIVERED}
    assert last == {Event.CONFIRMED, Event.EVIDENCED}


def test_what_may_have_arrived_is_never_set_aside_without_a_person() -> None:
    for events, states in PATHS:
        if State.UNKNOWN in states and states[-1] in (State.SUPERSEDED, State.CANCELLED):
            after = events[states.index(State.UNKNOWN) :]
            decided = states[states.index(State.UNKNOWN) :]
            went_back = {Event.FOUND_ABSENT, Event.PUT_BACK, Event.PUT_OFF, Event.WITHDRAWN} & {*after}
            assert State.NEEDS_HUMAN in decided or went_back  # each only when nothing can have arrived


def test_only_a_due_item_is_claimed() -> None:
    assert {state for state in State if isinstance(next_state(state, Event.CLAIMED), Move)} == CLAIMABLE | {
        State.IN_FLIGHT
    }


@pytest.mark.parametrize("event", sorted(BY_A_PERSON - {Event.RELEASED, Event.SUPERSEDED}))
def test_what_a_person_does_says_so(event: Event) -> None:
    moves = [said for row in TABLE.values() if isinstance(said := row[event], Move)]
    assert moves
    assert all("officer" in move.guard for move in moves)


def test_every_open_state_has_an_owner_an_age_and_an_alarm_and_an_end_has_none() -> None:
    assert set(KEEPING) == set(State) - TERMINAL
    for keeping in KEEPING.values():
        assert keeping.max_age.total_seconds() > 0
        assert keeping.owner
        for words in (keeping.alarm, keeping.meaning):
            assert re.fullmatch(r"([A-Z][^.]*\. ?){1,2}", words), words
    assert len({keeping.alarm for keeping in KEEPING.values()}) == len(KEEPING)
