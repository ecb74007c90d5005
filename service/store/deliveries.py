"""Deliveries: what is due, and what a sender may see. Claims and outcomes are in `claims`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, insert, select, tuple_, update

from service.domain.delivery import Reason, State
from service.ports import DeliveryView, NewDelivery
from service.store.claims import ClaimRows
from service.store.conditions import BEHIND_EARLIER
from service.store.tables import delivery
from service.store.tables.delivery import WORKED_ON

_VIEW = (
    delivery.c.id,
    delivery.c.kind,
    delivery.c.submission_id,
    delivery.c.reference,
    delivery.c.state,
    delivery.c.reason,
    delivery.c.attempts,
    BEHIND_EARLIER.label("behind_earlier"),
    delivery.c.may_have_arrived,
    delivery.c.record_number,
    delivery.c.document_number,
    delivery.c.created_at,
    delivery.c.changed_at,
    delivery.c.delivered_at,
)


class DeliveryRows(ClaimRows):
    """`service.ports.casework.Deliveries` for one authority."""

    def add(self, new: NewDelivery) -> None:
        """A delivery in state `ready`, due now; or held from the start."""
        self._connection.execute(
            insert(delivery).values(
                id=new.id,
                authority=self._authority,
                kind=new.kind,
                submission_id=new.submission_id,
                review_id=new.review_id,
                retracts=new.retracts,
                reference=new.reference,
                child_key=new.child_key,
                state=(State.NEEDS_HUMAN if new.held else State.READY).value,
                reason=(new.held or Reason.WAITING).value,
            )
        )

    def set_aside(self, delivery_id: UUID, state: State) -> bool:
        """Only from states in which nobody works on it, and only if nothing was ever sent."""
        return self._moved(delivery_id, (State.READY, State.RETRY, State.NEEDS_HUMAN), state)

    def release(self, delivery_id: UUID) -> bool:
        """Back into the lane. What was held when a backup was made may have gone out since: it is looked up first."""
        return self._moved(delivery_id, (State.NEEDS_HUMAN,), State.READY) or self._doubted(delivery_id)

    def held_for(self, reasons: Collection[Reason], limit: int) -> list[tuple[UUID, UUID]]:
        """Oldest first, and never anything of which something may have arrived."""
        held = (
            select(delivery.c.id, delivery.c.submission_id)
            .where(
                delivery.c.authority == self._authority,
                delivery.c.state == State.NEEDS_HUMAN.value,
                delivery.c.reason.in_(sorted(reasons)),
                ~delivery.c.may_have_arrived,
            )
            .order_by(delivery.c.seq)
            .limit(limit)
        )
        return [(row[0], row[1]) for row in self._connection.execute(held)]

    def get(self, delivery_id: UUID) -> DeliveryView | None:
        """One delivery."""
        mine = (delivery.c.authority == self._authority) & (delivery.c.id == delivery_id)
        row = self._connection.execute(select(*_VIEW).where(mine)).first()
        return _view(dict(row._mapping)) if row else None

    def filed_as(self, submissions: Collection[UUID]) -> str | None:
        """The newest number; a version that was never delivered has none."""
        return self._connection.scalar(
            select(delivery.c.record_number)
            .where(
                delivery.c.authority == self._authority,
                delivery.c.submission_id.in_(submissions),
                delivery.c.kind == "record",
                delivery.c.state == State.DELIVERED.value,
            )
            .order_by(delivery.c.seq.desc())
            .limit(1)
        )

    def _moved(self, delivery_id: UUID, before: Collection[State], after: State) -> bool:
        moved = (
            update(delivery)
            .where(delivery.c.authority == self._authority, delivery.c.id == delivery_id)
            .where(delivery.c.state.in_([state.value for state in before]), ~delivery.c.may_have_arrived)
            .values(state=after.value, reason=Reason.WAITING.value, changed_at=func.now())
        )
        return self._connection.execute(moved).rowcount == 1

    def _doubted(self, delivery_id: UUID) -> bool:
        held = (Reason.TRAINING_NOT_FOUND.value, Reason.TRAINING_ENDED.value)
        moved = (
            update(delivery)
            .where(delivery.c.authority == self._authority, delivery.c.id == delivery_id)
            .where(
                delivery.c.state == State.NEEDS_HUMAN.value, delivery.c.may_have_arrived, delivery.c.reason.in_(held)
            )
            .values(state=State.UNKNOWN.value, reason=Reason.RESTORED.value, changed_at=func.now(), due_at=func.now())
        )
        return self._connection.execute(moved).rowcount == 1

    def next_due(self) -> timedelta | None:
        """Of what is not behind an earlier one; a lease counts as due when it ends."""
        moment = case((delivery.c.state == State.IN_FLIGHT.value, delivery.c.lease_until), else_=delivery.c.due_at)
        left = func.min(moment) - func.now()  # `greatest` would take "nothing" for 0
        query = select(case((left > timedelta(0), left), (left.is_not(None), timedelta(0)))).where(
            delivery.c.authority == self._authority, delivery.c.state.in_(WORKED_ON), ~BEHIND_EARLIER
        )
        return self._connection.scalar(query)

    def of_submission(self, submission_id: UUID) -> list[DeliveryView]:
        """Everything that is or was to be delivered for a record."""
        rows = self._connection.execute(
            select(*_VIEW)
            .where(delivery.c.authority == self._authority, delivery.c.submission_id == submission_id)
            .order_by(delivery.c.seq)
        )
        return [_view(dict(row._mapping)) for row in rows]

    def page(self, states: Collection[State], *, after: tuple[datetime, UUID] | None, limit: int) -> list[DeliveryView]:
        """Deliveries in any of these states, oldest first, from a cursor on."""
        query = select(*_VIEW).where(delivery.c.authority == self._authority, delivery.c.state.in_(sorted(states)))
        if after is not None:
            query = query.where(tuple_(delivery.c.created_at, delivery.c.id) > after)
        rows = self._connection.execute(query.order_by(delivery.c.created_at, delivery.c.id).limit(limit))
        return [_view(dict(row._mapping)) for row in rows]


def _view(row: dict[str, Any]) -> DeliveryView:
    return DeliveryView(**row | {"state": State(row["state"]), "reason": Reason(row["reason"])})
