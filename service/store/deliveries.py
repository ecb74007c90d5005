"""Deliveries: what is due, and what a sender may see. Claims and outcomes are in `claims`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, tuple_

from service.domain.delivery import Reason, State
from service.ports import DeliveryView, NewDelivery
from service.store.claims import ClaimRows
from service.store.conditions import BEHIND_EARLIER, CLAIMABLE
from service.store.tables import delivery

_VIEW = (
    delivery.c.id,
    delivery.c.kind,
    delivery.c.submission_id,
    delivery.c.reference,
    delivery.c.state,
    delivery.c.reason,
    delivery.c.attempts,
    BEHIND_EARLIER.label("behind_earlier"),
    delivery.c.record_number,
    delivery.c.document_number,
    delivery.c.created_at,
    delivery.c.changed_at,
    delivery.c.delivered_at,
)


class DeliveryRows(ClaimRows):
    """`service.ports.casework.Deliveries` for one authority."""

    def add(self, new: NewDelivery) -> None:
        """A delivery in state `ready`, due now."""
        self._connection.execute(
            insert(delivery).values(
                id=new.id,
                authority=self._authority,
                kind=new.kind,
                submission_id=new.submission_id,
                review_id=new.review_id,
                reference=new.reference,
                child_key=new.child_key,
                state=State.READY.value,
                reason=Reason.WAITING.value,
            )
        )

    def due(self, limit: int) -> list[UUID]:
        """Ids that could be claimed now, oldest due first."""
        return list(
            self._connection.scalars(
                select(delivery.c.id)
                .where(delivery.c.authority == self._authority, CLAIMABLE, ~BEHIND_EARLIER)
                .order_by(delivery.c.due_at)
                .limit(limit)
            )
        )

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
