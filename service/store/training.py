"""The training register's rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Connection, Row, and_, select, true, tuple_, update
from sqlalchemy.dialects.postgresql import insert as upsert

from service.domain.training.record import KEY, TRAINING_RECORD, TrainingRecord
from service.domain.training.standing import Trained
from service.ports.training import TrainingView
from service.store.tables.training import training_record as table

_FIELDS = tuple(TRAINING_RECORD.fields)
_VIEW = (table.c.id, table.c.registered_at, table.c.registered_by, *(table.c[name] for name in _FIELDS))
_TRAINED = (table.c.course, table.c.attended_on, table.c.valid_until, table.c.revoked_on)


class TrainingRows:
    """`service.ports.training.TrainingRegister` for one authority.

    With None, for all of them: the database lets only the Hub's trainers.
    """

    def __init__(self, connection: Connection, authority: str | None) -> None:
        self._connection, self._authority = connection, authority

    @property
    def _mine(self) -> ColumnElement[bool]:
        return true() if self._authority is None else table.c.authority == self._authority

    def of(self, professional_ref: str) -> tuple[Trained, ...]:
        """Every attendance of one worker."""
        rows = self._connection.execute(
            select(*_TRAINED).where(self._mine, table.c.professional_ref == professional_ref)
        )
        return tuple(Trained(*row) for row in rows)

    def add(self, new: TrainingRecord, *, by: str) -> UUID | None:
        """Registers it; None, and nothing registered, when the attendance is known: the unique key decides."""
        values = {name: getattr(new, name) for name in _FIELDS} | {
            "id": uuid4(),
            "topics": list(new.topics),
            "registered_by": by,
        }
        kept = upsert(table).values(values).on_conflict_do_nothing(constraint="uq_record_attendance")
        new_id: UUID | None = self._connection.scalar(kept.returning(table.c.id))
        return new_id

    def held(self, like: TrainingRecord) -> TrainingView:
        """The same attendance as it is registered, locked until the transaction ends."""
        same = and_(*(table.c[name] == getattr(like, name) for name in KEY))
        return _view(self._connection.execute(select(*_VIEW).where(self._mine, same).with_for_update()).one())

    def update(self, record_id: UUID, values: dict[str, Any]) -> None:
        """Changes what may change of one attendance."""
        self._connection.execute(update(table).where(self._mine, table.c.id == record_id).values(values))

    def page(
        self, *, professional_ref: str | None, course: str | None, after: tuple[datetime, UUID] | None, limit: int
    ) -> list[TrainingView]:
        """In order of registration, from a cursor on."""
        query = select(*_VIEW).where(self._mine)
        if professional_ref is not None:
            query = query.where(table.c.professional_ref == professional_ref)
        if course is not None:
            query = query.where(table.c.course == course)
        if after is not None:
            query = query.where(tuple_(table.c.registered_at, table.c.id) > after)
        rows = self._connection.execute(query.order_by(table.c.registered_at, table.c.id).limit(limit))
        return [_view(row) for row in rows]


def _view(row: Row[Any]) -> TrainingView:
    fields = {name: row._mapping[name] for name in _FIELDS} | {"topics": tuple(row.topics)}
    return TrainingView(row.id, TrainingRecord(**fields), row.registered_at, row.registered_by)
