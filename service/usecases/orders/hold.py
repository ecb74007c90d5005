"""An officer asks for one delivery to wait."""

from __future__ import annotations

from service.domain.orders import Action
from service.ports.orders import Grounds, Item, Officer
from service.usecases.orders.desk import OrderDesk, order, order_one


def hold(desk: OrderDesk, authority: str, reference: str, officer: Officer, grounds: Grounds) -> Item:
    """It waits for a person until it is replayed. Raises `NotThere` or `NotPossible`."""
    return order_one(desk, authority, reference, order(Action.HOLD, officer, grounds))
