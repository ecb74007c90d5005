"""Orders against the domain's table, and the page that shows it."""

from __future__ import annotations

from itertools import product

import pytest

from service.domain.delivery import TERMINAL, Move, State
from service.domain.delivery.drawn import page
from service.domain.delivery.machine import TABLE, Event, Refusal
from service.domain.orders import GROUNDS, MEANING, OF_A_DELIVERY, Action, Because, Circumstances, event_of, judge
from tests.architecture.project import ROOT

FLAGS = ("may_have_arrived", "corrected", "withdrawn", "held_by_rule", "unaskable", "looked")


def circumstances() -> list[Circumstances]:
    """Every one there is; waiting states imply that nothing can have arrived."""
    every = (
        Circumstances(state, kind, **dict(zip(FLAGS, flags, strict=True)))
        for state, kind, flags in product(
            State, ("record", "review_task", "retraction"), product((False, True), repeat=6)
        )
    )
    return [each for each in every if not (each.may_have_arrived and each.state in (State.READY, State.RETRY))]


def test_no_order_goes_beyond_the_table() -> None:
    for action, seen in product(OF_A_DELIVERY, circumstances()):
        judged, table = judge(action, seen), TABLE[seen.state][event_of(action, seen)]
        if isinstance(table, Refusal):
            assert judged == table
        else:
            assert judged == table or isinstance(judged, Refusal)


def test_every_refusal_is_a_sentence() -> None:
    for action, seen in product(OF_A_DELIVERY, circumstances()):
        judged = judge(action, seen)
        if isinstance(judged, Refusal):
            assert judged.why[0].isupper()
            assert judged.why.endswith(".")


def test_what_may_have_arrived_never_goes_to_ready_unless_a_person_looked_where_nobody_can_be_asked() -> None:
    for seen in circumstances():
        judged = judge(Action.REPLAY, seen)
        if isinstance(judged, Move) and judged.after is State.READY and seen.may_have_arrived:
            assert seen.looked
            assert seen.unaskable
            assert not seen.withdrawn


def test_what_may_have_arrived_is_never_set_aside_unseen() -> None:
    for action, seen in product((Action.CANCEL, Action.SUPERSEDE), circumstances()):
        if isinstance(judge(action, seen), Move):
            assert not seen.may_have_arrived or seen.looked


def test_ends_are_ends_but_for_two_people() -> None:
    for action, seen in product(OF_A_DELIVERY, circumstances()):
        if seen.state in TERMINAL and isinstance(judge(action, seen), Move):
            assert (action, seen.state) == (Action.REOPEN, State.DELIVERED)


def test_every_action_has_its_reasons_and_every_reason_its_words_and_use() -> None:
    assert set(GROUNDS) == set(Action)
    assert set(MEANING) == set(Because)
    assert {each for reasons in GROUNDS.values() for each in reasons} == set(Because)


def test_the_page_is_what_the_code_says() -> None:
    """`wise-bridge deliveries states --write docs/delivery-states.md` makes it anew."""
    assert (ROOT / "docs" / "delivery-states.md").read_text() == page()


@pytest.mark.parametrize("state", State)
def test_the_page_has_every_cell(state: State) -> None:
    lines = page().splitlines()
    table = lines[lines.index("## Every state, every event") :]
    column = (
        next(line for line in table if line.startswith("| event"))
        .split(" | ")
        .index(f"`{state}`" + " |" * (state is State.CANCELLED))
    )
    for event in Event:
        cell = next(line for line in table if line.startswith(f"| `{event}`")).split(" | ")[column]
        what = TABLE[state][event]
        assert cell.startswith(f"→ **{what.after}**" if isinstance(what, Move) else "no (")
