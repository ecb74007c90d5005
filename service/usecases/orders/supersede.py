"""An officer sets aside what a correction has taken the place of, where the bridge could not by itself."""

from __future__ import annotations

from service.domain.orders import Action
from service.ports.orders import Grounds, Item, Officer
from service.usecases.orders.desk import OrderDesk, order, order_one


def supersede(
    desk: OrderDesk, authority: str, reference: str, officer: Officer, grounds: Grounds, *, not_there: bool = False
) -> Item:
    """The correction is the one that names this record. Raises `NotThere`, or `NotPossible` when none does.

    `not_there`: the officer has looked in the case system, which must be said when something may have arrived.
    """
    asked = order(Action.SUPERSEDE, officer, grounds, **({"not_there": True} if not_there else {}))
    return order_one(desk, authority, reference, asked, looked=not_there)
