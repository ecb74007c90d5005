"""An officer ends a delivery with a reason. The record itself stays, and is not withdrawn by it."""

from __future__ import annotations

from service.domain.orders import Action
from service.ports.orders import Grounds, Item, Officer
from service.usecases.orders.desk import OrderDesk, order, order_one


def cancel(
    desk: OrderDesk, authority: str, reference: str, officer: Officer, grounds: Grounds, *, not_there: bool = False
) -> Item:
    """`not_there` as for superseding. Raises `NotThere` or `NotPossible`."""
    asked = order(Action.CANCEL, officer, grounds, **({"not_there": True} if not_there else {}))
    return order_one(desk, authority, reference, asked, looked=not_there)
