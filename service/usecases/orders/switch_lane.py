"""An officer pauses a lane, stops it at once, or lets it go on.

Paused: nothing new is sent; what may have arrived is still looked up. Stopped, the kill switch: nothing is claimed, and
a worker that is between two steps stops there. Both are read with every claim and before every step.
"""

from __future__ import annotations

from service.domain.delivery.breaker import Hold
from service.domain.orders import OF_A_LANE, Action
from service.domain.people import actor_of
from service.ports import AuditEntry, LaneView
from service.ports.orders import Grounds, NewOrder, Officer, OrderTransaction
from service.usecases.orders.desk import OrderDesk, order

_DONE = {Hold.PAUSED: "paused", Hold.STOPPED: "stopped", Hold.NONE: "open"}


def switch_lane(desk: OrderDesk, authority: str, action: Action, officer: Officer, grounds: Grounds) -> LaneView:
    """The lane as it stands then. Where it stood like that already, nothing changes and no order is kept."""
    asked, wanted = order(action, officer, grounds), OF_A_LANE[action]
    with desk.store.transaction(authority) as tx:
        if tx.lane.hold(wanted, by=officer.by, reason=grounds.because.value):
            _keep(tx, asked, authority, _DONE[wanted])
        view = tx.lane.view()
    if wanted is Hold.NONE:
        desk.wakeup.look_now(authority)
    return view


def _keep(tx: OrderTransaction, asked: NewOrder, authority: str, outcome: str) -> None:
    tx.orders.add(asked)
    tx.orders.done([asked.id], outcome)
    said = {"by": asked.officer.by, "because": asked.grounds.because.value, "order": str(asked.id)}
    detail = {**said, "ticket": asked.grounds.ticket}
    tx.audit.add(AuditEntry(actor_of(asked.officer.client), f"lane_{outcome}", "lane", authority, detail))
