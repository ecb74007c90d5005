"""An officer asks for what was delivered to be looked up again. A second one approves; until then nothing changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from service.domain.orders import Action
from service.errors import NotPossible
from service.ports.orders import Grounds, Item, NewOrder, Officer, Order, OrderTransaction
from service.usecases.orders.desk import OrderDesk, about, entry, found, order, possible

APPROVED_WITHIN = timedelta(days=7)
"""What was asked longer ago is asked again: things have moved on since."""
LAPSED = "lapsed"
ASKED_ALREADY = "Another officer has asked for this already. It waits for approval."


def ask_to_reopen(desk: OrderDesk, authority: str, reference: str, officer: Officer, grounds: Grounds) -> Order:
    """The open order. Asked again by the same officer, it is the same one. Raises `NotThere` or `NotPossible`."""
    with desk.store.transaction(authority) as tx:
        item = found(tx, reference, lock=True)
        possible(tx, item, Action.REOPEN)
        standing = tx.orders.reopening([item.id]).get(item.id)
        if standing and _stands(standing, officer):
            return standing
        if standing:
            tx.orders.done([standing.id], LAPSED)
        new = about(order(Action.REOPEN, officer, grounds), item)
        ask(tx, [(item, new)])
        (asked,) = tx.orders.find(new.id)
    return asked


def ask(tx: OrderTransaction, asked: Sequence[tuple[Item, NewOrder]]) -> None:
    """Keeps the orders open."""
    tx.orders.add(*(new for _, new in asked))
    tx.audit.add_all([entry(item, new, "delivery_reopening_asked") for item, new in asked])


def _stands(standing: Order, officer: Officer) -> bool:
    """Whether it is this officer's own, asked before. Raises `NotPossible` for somebody else's."""
    if standing.age > APPROVED_WITHIN:
        return False
    if standing.officer != officer:
        raise NotPossible(ASKED_ALREADY)
    return True
