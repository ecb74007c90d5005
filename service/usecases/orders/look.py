"""Looking at deliveries, lanes and orders. No body is opened, nothing changes, and nothing of a record is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from service.domain.delivery import Move
from service.domain.delivery.machine import Refusal
from service.domain.orders import OF_A_DELIVERY, Action, judge
from service.ports import LaneView
from service.ports.orders import Item, Order, Tried, Wanted
from service.usecases.orders.desk import OrderDesk, circumstances, found


@dataclass(frozen=True)
class Inspected:
    """Everything about one delivery but its words. `can` says of each action where it leads, or why not."""

    item: Item
    tries: Sequence[Tried]
    orders: Sequence[Order]
    lane: LaneView
    can: Mapping[Action, Move | Refusal]


def page(
    desk: OrderDesk, authority: str, wanted: Wanted, *, after: tuple[int, UUID] | None, limit: int
) -> Sequence[Item]:
    """What changed longest ago comes first."""
    with desk.store.transaction(authority) as tx:
        return tx.items.page(wanted, after=after, limit=limit)


def inspect(desk: OrderDesk, authority: str, reference: str) -> Inspected:
    """Raises `NotThere`."""
    with desk.store.transaction(authority) as tx:
        item = found(tx, reference)
        seen = circumstances(tx, item)
        can = {action: judge(action, seen) for action in OF_A_DELIVERY}
        return Inspected(item, tx.items.attempts(item.id), tx.orders.of_delivery(item.id), tx.lane.view(), can)


def lane(desk: OrderDesk, authority: str) -> LaneView:
    """As it stands."""
    with desk.store.transaction(authority) as tx:
        return tx.lane.view()


def orders(
    desk: OrderDesk, authority: str, *, only_open: bool, after: tuple[datetime, UUID] | None, limit: int
) -> Sequence[Order]:
    """Oldest first."""
    with desk.store.transaction(authority) as tx:
        return tx.orders.page(only_open=only_open, after=after, limit=limit)
