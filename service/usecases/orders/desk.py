"""What every order goes through: the delivery locked, the table asked, the order kept, the move made, the trail."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from service.domain.delivery import Move, Reason, State
from service.domain.delivery.machine import Refusal
from service.domain.orders import Action, Circumstances, judge
from service.domain.people import actor_of
from service.errors import NotPossible, NotThere
from service.ports import AuditEntry, Wakeup
from service.ports.orders import Grounds, Item, NewOrder, Officer, OrderStore, OrderTransaction
from service.usecases.incoming import HELD_DELIVERY

NO_DELIVERY = "There is no such delivery."
_UNASKABLE = frozenset({Reason.NOT_SUPPORTED})
_MOVED = {
    Action.HOLD: "delivery_held",
    Action.REPLAY: "delivery_replayed",
    Action.SUPERSEDE: "delivery_superseded",
    Action.CANCEL: "delivery_cancelled",
    Action.EVIDENCE: "delivery_evidenced",
    Action.REOPEN: "delivery_reopened",
}
_REASONS = {
    State.NEEDS_HUMAN: Reason.HELD_BY_OFFICER,
    State.UNKNOWN: Reason.ASKED_AGAIN,
}


@dataclass(frozen=True)
class Doing:
    """One delivery, the order about it, and where that leads."""

    item: Item
    asked: NewOrder
    after: State


Act = Callable[[OrderTransaction, Doing], None]


@dataclass(frozen=True)
class OrderDesk:
    """Where officers order, for one authority at a time."""

    store: OrderStore
    wakeup: Wakeup


def order_one(
    desk: OrderDesk,
    authority: str,
    reference: str,
    asked: NewOrder,
    *,
    looked: bool = False,
    act: Act | None = None,
) -> Item:
    """The delivery as it stands after the order. Asked again, nothing changes.

    Raises `NotThere`, also for what is another authority's, and `NotPossible` with the reason in a sentence.
    """
    with desk.store.transaction(authority) as tx:
        item = found(tx, reference, lock=True)
        if not repeated(tx, item, asked):
            move = possible(tx, item, asked.action, looked=looked)
            (act or carry_out)(tx, Doing(item, about(asked, item), move.after))
        after = found(tx, reference)
    desk.wakeup.look_now(authority)
    return after


def order(action: Action, officer: Officer, grounds: Grounds, **detail: str | int | bool | None) -> NewOrder:
    """A new order, not about anything yet. `detail` holds codes and numbers only."""
    return NewOrder(uuid4(), action, officer, grounds, detail=detail)


def about(asked: NewOrder, item: Item) -> NewOrder:
    """With the delivery it is about, and where that stood."""
    before = {"before": item.state.value, "reason_before": item.reason.value, "number_before": item.record_number}
    return replace(asked, delivery_id=item.id, detail={**asked.detail, **before})


def found(tx: OrderTransaction, reference: str, *, lock: bool = False) -> Item:
    """Raises `NotThere`: the same for what is missing and what is another authority's."""
    item = tx.items.get(reference, lock=lock)
    if item is None:
        raise NotThere(NO_DELIVERY)
    return item


def possible(tx: OrderTransaction, item: Item, action: Action, *, looked: bool = False) -> Move:
    """The table's move. Raises `NotPossible` with the table's sentence."""
    judged = judge(action, circumstances(tx, item, looked=looked))
    if isinstance(judged, Refusal):
        raise NotPossible(judged.why)
    return judged


def circumstances(tx: OrderTransaction, item: Item, *, looked: bool = False) -> Circumstances:
    """What the judgement needs to know of it."""
    return Circumstances(
        state=item.state,
        kind=item.kind,
        may_have_arrived=item.may_have_arrived,
        corrected=item.corrected,
        withdrawn=item.withdrawn,
        held_by_rule=item.reason in HELD_DELIVERY.values() and _hold_is_open(tx, item.submission_id),
        unaskable=item.reason in _UNASKABLE,
        looked=looked,
        shredded=item.shredded,
    )


def repeated(tx: OrderTransaction, item: Item, asked: NewOrder) -> bool:
    """Whether the same was ordered by the same officer before, and it still stands as that left it."""
    earlier = tx.orders.of_delivery(item.id)
    if not earlier or earlier[-1].outcome != item.state.value:
        return False
    last = earlier[-1]
    same = (last.action, last.officer, last.grounds) == (asked.action, asked.officer, asked.grounds)
    return same and all(last.detail.get(name) == value for name, value in asked.detail.items())


def carry_out(tx: OrderTransaction, *doing: Doing) -> None:
    """The orders, the moves, their outcomes and the trail, together."""
    tx.orders.add(*(each.asked for each in doing))
    move_on(tx, *doing)


def move_on(tx: OrderTransaction, *doing: Doing) -> None:
    """For orders that are kept already."""
    for after in _reached(doing):
        items = [each.item for each in doing if each.after is after]
        arrived = False if after is State.READY else None
        tx.items.move(items, after, _REASONS.get(after, Reason.WAITING), arrived=arrived)
    close(tx, *doing)


def close(tx: OrderTransaction, *doing: Doing) -> None:
    """What came of it, and who did it."""
    for after in _reached(doing):
        tx.orders.done([each.asked.id for each in doing if each.after is after], after.value)
    tx.audit.add_all([entry(each.item, each.asked, _MOVED[each.asked.action], after=each.after) for each in doing])


def entry(item: Item, asked: NewOrder, action: str, **more: str | None) -> AuditEntry:
    """One line of the trail: codes, numbers and references of staff."""
    said = {"reference": item.reference, "by": asked.officer.by, "because": asked.grounds.because.value}
    detail = {**said, "ticket": asked.grounds.ticket, "order": str(asked.id), "before": item.state.value, **more}
    return AuditEntry(actor_of(asked.officer.client), action, "delivery", str(item.id), detail)


def _reached(doing: Sequence[Doing]) -> list[State]:
    return list(dict.fromkeys(each.after for each in doing))


def _hold_is_open(tx: OrderTransaction, submission_id: UUID) -> bool:
    return any(
        each.released_at is None and each.rule in HELD_DELIVERY for each in tx.holds.of_submission(submission_id)
    )
