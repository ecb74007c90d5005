"""An officer lets a held delivery go on: at once where nothing can have arrived, else looked up first.

It goes with whatever profile and mapping hold then, so a fix is: a new version live, and a replay.
"""

from __future__ import annotations

from service.domain.orders import Action
from service.ports.orders import Grounds, Item, Officer
from service.usecases.orders.desk import OrderDesk, order, order_one


def replay(
    desk: OrderDesk, authority: str, reference: str, officer: Officer, grounds: Grounds, *, not_there: bool = False
) -> Item:
    """`not_there`: the officer has looked in a case system that cannot be asked by our reference, and it is not there.

    Raises `NotThere` or `NotPossible`.
    """
    asked = order(Action.REPLAY, officer, grounds, **({"not_there": True} if not_there else {}))
    return order_one(desk, authority, reference, asked, looked=not_there)
