"""The states of a delivery, the moves between them, and the words a person reads."""

from __future__ import annotations

import re

import pytest

from service.domain.delivery import (
    CLAIMABLE,
    MOVES,
    TABLE,
    TERMINAL,
    WORDS,
    Event,
    Move,
    Owner,
    Reason,
    State,
    can_move,
    next_state,
    owner_of,
    words_for,
)


def reachable(start: State) -> set[State]:
    found, fresh = {start}, {start}
    while fresh:
        fresh = {after for before in fresh for after in MOVES[before]} - found
        found |= fresh
    return found


def test_every_state_has_its_moves_and_an_end_has_none_but_to_be_looked_up_again() -> None:
    assert set(MOVES) == set(State)
    assert {state: moves for state, moves in MOVES.items() if state in TERMINAL} == {
        State.DELIVERED: {State.UNKNOWN},  # when two officers ask
        State.SUPERSEDED: frozenset(),
        State.CANCELLED: frozenset(),
    }
    assert all(moves for state, moves in MOVES.items() if state not in TERMINAL)


def test_every_state_can_be_reached_and_every_one_leads_to_delivered() -> None:
    assert reachable(State.READY) == set(State)
    assert all(State.DELIVERED in reachable(state) for state in set(State) - TERMINAL)


def test_what_may_be_claimed_goes_into_flight_and_nothing_else_does() -> None:
    into_flight = {state for state in State if can_move(state, State.IN_FLIGHT)}
    assert into_flight == CLAIMABLE | {State.IN_FLIGHT}  # a lapsed lease is claimed from another worker
    assert not CLAIMABLE & TERMINAL


@pytest.mark.parametrize("before", [State.READY, State.RETRY, State.UNKNOWN])
def test_nothing_is_delivered_without_having_been_in_flight(before: State) -> None:
    assert not can_move(before, State.DELIVERED)


def test_what_may_have_arrived_is_never_sent_again_nor_dropped_without_looking() -> None:
    assert MOVES[State.UNKNOWN] == {State.IN_FLIGHT, State.NEEDS_HUMAN, State.UNKNOWN}
    assert State.SUPERSEDED not in MOVES[State.IN_FLIGHT]
    assert next_state(State.IN_FLIGHT, Event.WITHDRAWN) == Move(State.CANCELLED, "nothing of it can have arrived")


def test_only_a_person_takes_an_item_out_of_needs_human() -> None:
    person = {State.READY, State.UNKNOWN, State.DELIVERED, State.SUPERSEDED, State.CANCELLED}
    assert MOVES[State.NEEDS_HUMAN] == person
    assert all(
        "officer" in move.guard or event is Event.RELEASED
        for event, move in TABLE[State.NEEDS_HUMAN].items()
        if isinstance(move, Move)
    )


def test_every_reason_has_an_owner_and_words_and_every_owner_has_a_reason() -> None:
    assert set(WORDS) == set(Reason)
    assert {owner_of(reason) for reason in Reason} == set(Owner)


@pytest.mark.parametrize("reason", Reason)
def test_the_words_are_sentences_that_differ(reason: Reason) -> None:
    assert re.fullmatch(r"[A-Z].*[a-z]\.", words_for(reason))
    assert [words_for(other) for other in Reason].count(words_for(reason)) == 1


@pytest.mark.parametrize("reason", Reason)
def test_a_young_person_is_never_a_case_nor_is_anybody_blamed(reason: Reason) -> None:
    never = r"\bcases?\b(?! system)|\b(subject|victim|offender|client|abort|kill|die|fatal|invalid|illegal)\b"
    assert not re.search(never, words_for(reason), re.I)


@pytest.mark.parametrize("reason", [Reason.PERSON_NOT_FOUND, Reason.DOB_MISMATCH, Reason.NO_OPEN_EPISODE])
def test_who_the_young_person_is_is_for_social_work_to_say(reason: Reason) -> None:
    assert owner_of(reason) is Owner.SOCIAL_WORK_TEAM


def test_codes_of_states_and_reasons_are_safe_to_store_and_show() -> None:
    assert all(re.fullmatch(r"[a-z_]+", value) for value in (*State, *Reason))
