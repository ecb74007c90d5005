"""Packs for people: for the connector, one pack by its reference; for who types, the inbox and their answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Engine, Row, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert as upsert

from service.domain.delivery import Reason, State
from service.ports.manual import Confirmation, Handed, NewPack, Pack, PackState, PackTransaction
from service.store.audit_trail import AuditTrail
from service.store.casework import database_errors
from service.store.tables import delivery, manual_pack, review, submission
from service.store.tenant import act_for

_PACK = manual_pack.c
_OPEN = _PACK.confirmed_at.is_(None) & _PACK.refused_at.is_(None)
_IN_STATE = {
    PackState.OPEN: _OPEN,
    PackState.CONFIRMED: _PACK.confirmed_at.is_not(None),
    PackState.REFUSED: _PACK.refused_at.is_not(None),
}
_VIEW = (
    select(
        manual_pack,
        delivery.c.id.label("delivery_id"),
        delivery.c.submission_id,
        delivery.c.review_id,
        delivery.c.retracts,
        submission.c.record_type,
        submission.c.withdrawn_by.is_not(None).label("withdrawn"),
        review.c.due_on,
    )
    .join(delivery, (delivery.c.authority == _PACK.authority) & (delivery.c.reference == _PACK.reference))
    .join(submission, submission.c.id == delivery.c.submission_id)
    .outerjoin(review, review.c.id == delivery.c.review_id)
)


class PackRows:
    """`service.ports.manual.Packs` for one authority."""

    def __init__(self, connection: Connection, authority: str) -> None:
        self._connection, self._authority = connection, authority

    def get(self, reference: str, *, lock: bool = False) -> Pack | None:
        """One pack with its delivery."""
        query = _VIEW.where(self._mine(_PACK.reference == reference))
        row = self._connection.execute(query.with_for_update(of=manual_pack) if lock else query).first()
        return _pack(row) if row else None

    def page(
        self, state: PackState, *, inbox: str | None, after: tuple[datetime, UUID] | None, limit: int
    ) -> Sequence[Pack]:
        """In the order in which they were handed over."""
        order = (_PACK.put_at, delivery.c.id)
        query = _VIEW.where(self._mine(_IN_STATE[state]))
        if inbox is not None:
            query = query.where(_PACK.inbox == inbox)
        if after is not None:
            query = query.where(tuple_(*order) > after)
        return [_pack(row) for row in self._connection.execute(query.order_by(*order).limit(limit))]

    def take(self, reference: str, by: str) -> None:
        """Notes who works on it."""
        self._change(reference, taken_by=by, taken_at=func.now())

    def confirm(self, reference: str, record_number: str, document_number: str | None, by: str) -> None:
        """Keeps the case system's numbers."""
        given = {"record_number": record_number, "document_number": document_number}
        self._change(reference, **given, confirmed_by=by, confirmed_at=func.now())
        self._have_looked_at(reference)

    def refuse(self, reference: str, reason: Reason, by: str) -> None:
        """Keeps why not."""
        self._change(reference, refused_reason=reason.value, refused_by=by, refused_at=func.now())
        self._have_looked_at(reference)

    def has_number(self, record_number: str) -> bool:
        """Whether a record was confirmed under this number before."""
        same = (_PACK.kind == "record") & (_PACK.record_number == record_number)
        query = select(_PACK.reference).where(self._mine(same)).limit(1)
        return self._connection.execute(query).first() is not None

    def _change(self, reference: str, **values: Any) -> None:
        changed = update(manual_pack).where(self._mine(_PACK.reference == reference), _OPEN).values(values)
        if self._connection.execute(changed).rowcount != 1:
            raise LookupError("a pack that was locked while open is open no longer")

    def _have_looked_at(self, reference: str) -> None:
        """Due now. One that is just being looked at is asked for again at its own pace."""
        mine = (delivery.c.authority == self._authority) & (delivery.c.reference == reference)
        waiting = mine & (delivery.c.state == State.UNKNOWN.value)
        self._connection.execute(update(delivery).where(waiting).values(due_at=func.now()))

    def _mine(self, condition: ColumnElement[bool]) -> ColumnElement[bool]:
        return (_PACK.authority == self._authority) & condition


class _Transaction:
    """The packs and the trail of one transaction."""

    def __init__(self, connection: Connection, authority: str) -> None:
        self.packs = PackRows(connection, authority)
        self.audit = AuditTrail(connection, authority)


class ManualPackStore:
    """`service.ports.manual.PackStore` on PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @contextmanager
    def transaction(self, authority: str) -> Iterator[PackTransaction]:
        """Begins for one authority; commits on leaving."""
        with tenant(self._engine, authority) as connection:
            yield _Transaction(connection, authority)


class ConfirmationRows:
    """`service.ports.manual.Confirmations` of one authority, each call a transaction of its own."""

    def __init__(self, engine: Engine, authority: str) -> None:
        self._engine, self._authority = engine, authority

    def given(self, reference: str) -> Handed | None:
        """The pack of a reference, and what came of it."""
        query = select(manual_pack).where(_PACK.authority == self._authority, _PACK.reference == reference)
        with tenant(self._engine, self._authority) as connection:
            row = connection.execute(query).first()
        return _handed(row) if row else None

    def put(self, new: NewPack) -> None:
        """Once: the primary key decides, also between two workers."""
        values = {**vars(new), "authority": self._authority}
        with tenant(self._engine, self._authority) as connection:
            connection.execute(upsert(manual_pack).values(values).on_conflict_do_nothing())


@contextmanager
def tenant(engine: Engine, authority: str) -> Iterator[Connection]:
    """One transaction that sees one authority's rows."""
    with database_errors(), engine.begin() as connection:
        act_for(connection, authority)
        yield connection


def _handed(row: Row[Any]) -> Handed:
    pack = NewPack(row.reference, row.inbox, row.kind, row.form, row.about_number, row.handed_sha256)
    confirmation = None
    if row.confirmed_at is not None:
        confirmation = Confirmation(row.record_number, row.document_number, row.confirmed_by, row.confirmed_at)
    return Handed(pack, confirmation, Reason(row.refused_reason) if row.refused_reason else None)


def _pack(row: Row[Any]) -> Pack:
    return Pack(
        handed=_handed(row),
        delivery_id=row.delivery_id,
        submission_id=row.submission_id,
        review_id=row.review_id,
        retracts=row.retracts,
        record_type=row.record_type,
        due_on=row.due_on,
        withdrawn=row.withdrawn,
        put_at=row.put_at,
        taken_by=row.taken_by,
        taken_at=row.taken_at,
        refused_by=row.refused_by,
        refused_at=row.refused_at,
    )
