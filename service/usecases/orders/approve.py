"""A second officer says yes or no to what the first asked for: one order, or all that were given at once."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from service.domain.delivery import Move, State
from service.domain.orders import Action, judge
from service.errors import NotPossible, NotThere
from service.ports.orders import Item, NewOrder, Officer, Order, OrderTransaction, Wanted
from service.usecases.orders.desk import Doing, OrderDesk, circumstances, entry, move_on
from service.usecases.orders.reopen import APPROVED_WITHIN

NO_ORDER = "There is no such order."
DECLINED, REFUSED = "declined", "refused"


def decide(
    desk: OrderDesk, authority: str, order_or_batch: UUID, officer: Officer, *, approve: bool
) -> Sequence[Order]:
    """The orders as they stand then. Said again, nothing changes. Any officer may say no, also who asked.

    Raises `NotThere`, or `NotPossible` when the same person or the same client asked, or it was asked too long ago.
    """
    with desk.store.transaction(authority) as tx:
        waiting = tx.orders.open_of(order_or_batch)
        if approve:
            for each in waiting:
                _require_second(each, officer)
            _carry_out(tx, waiting, officer)
        else:
            _end(tx, waiting, officer, DECLINED)
        stands = tx.orders.find(order_or_batch)
    if not stands:
        raise NotThere(NO_ORDER)
    if waiting and approve:
        desk.wakeup.look_now(authority)
    return stands


def _require_second(order: Order, officer: Officer) -> None:
    if order.officer.by.casefold() == officer.by.casefold() or order.officer.client == officer.client:
        raise NotPossible("Who asked for it cannot approve it. Another person does, through a client of their own.")
    if order.age > APPROVED_WITHIN:
        raise NotPossible(f"It was asked for more than {APPROVED_WITHIN.days} days ago. Ask again, and approve that.")


def _carry_out(tx: OrderTransaction, orders: Sequence[Order], officer: Officer) -> None:
    """What has moved on meanwhile is left as it is, and its order says so."""
    items = _items(tx, orders)
    tx.orders.approve([each.id for each in orders], officer)
    judged = {each.id: judge(Action.REOPEN, circumstances(tx, items[each.id])) for each in orders}
    doing = [
        Doing(items[each.id], _as_new(each), move.after) for each in orders if isinstance(move := judged[each.id], Move)
    ]
    if doing:
        move_on(tx, *doing)
    _end(tx, [each for each in orders if not isinstance(judged[each.id], Move)], officer, REFUSED)


def _end(tx: OrderTransaction, orders: Sequence[Order], officer: Officer, outcome: str) -> None:
    items, action = _items(tx, orders), f"delivery_reopening_{outcome}"
    tx.orders.done([each.id for each in orders], outcome)
    tx.audit.add_all([entry(items[each.id], _as_new(each), action, decided_by=officer.by) for each in orders])


def _items(tx: OrderTransaction, orders: Sequence[Order]) -> dict[UUID, Item]:
    """By order, locked."""
    references = [each.reference for each in orders if each.reference]
    if not references:
        return {}
    found = {each.id: each for each in tx.items.lock_all(Wanted(tuple(State), (), references), len(references))}
    return {each.id: found[each.delivery_id] for each in orders if each.delivery_id}


def _as_new(order: Order) -> NewOrder:
    return NewOrder(order.id, order.action, order.officer, order.grounds, order.delivery_id, order.batch, order.detail)
