"""Keeping the training register: many records in one transaction, each change with its audit entry."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Engine, insert

from service.domain.training.record import KEY, TrainingRecord, changes, contradictions
from service.ports import AuditEntry
from service.ports.casework import Audit
from service.ports.training import Outcome, Registration, TrainingView
from service.store.casework import database_errors
from service.store.tables.training import training_audit
from service.store.tenant import act_for
from service.store.training import TrainingRows


class TrainingTrail:
    """`service.ports.casework.Audit` of the Hub's trainers, about a record of one authority."""

    def __init__(self, connection: Connection, authority: str) -> None:
        self._connection, self._authority = connection, authority

    def add(self, entry: AuditEntry) -> None:
        """Appends one entry; inline, because who writes here may not read back what number it got."""
        self._connection.execute(
            insert(training_audit)
            .inline()
            .values(
                authority=self._authority,
                actor=entry.actor,
                action=entry.action,
                subject_type=entry.subject_type,
                subject_id=entry.subject_id,
                detail=dict(entry.detail),
            )
        )


class TrainingStore:
    """`service.ports.training.TrainingDesk` on PostgreSQL. `trail` is where this process's role may write its audit."""

    def __init__(self, engine: Engine, trail: Callable[[Connection, str], Audit]) -> None:
        self._engine, self._trail = engine, trail

    def register(self, records: Sequence[TrainingRecord], *, tenant: str | None, by: str) -> list[Registration]:
        """One after the other by key, so that two lists at once never wait for each other in a ring."""
        in_turn = sorted(range(len(records)), key=lambda index: [str(getattr(records[index], name)) for name in KEY])
        with self._begin(tenant) as connection:
            rows = TrainingRows(connection, tenant)
            taken = {index: self._register_one(connection, rows, records[index], by) for index in in_turn}
        return [taken[index] for index in range(len(records))]

    def page(
        self,
        *,
        tenant: str | None,
        professional_ref: str | None,
        course: str | None,
        after: tuple[datetime, UUID] | None,
        limit: int,
    ) -> list[TrainingView]:
        """In order of registration, from a cursor on."""
        with self._begin(tenant) as connection:
            rows = TrainingRows(connection, tenant)
            return rows.page(professional_ref=professional_ref, course=course, after=after, limit=limit)

    def _register_one(self, connection: Connection, rows: TrainingRows, sent: TrainingRecord, by: str) -> Registration:
        new_id = rows.add(sent, by=by)
        taken = Registration(new_id, Outcome.REGISTERED) if new_id else _again(rows, rows.held(sent), sent)
        if taken.outcome in (Outcome.REGISTERED, Outcome.UPDATED):
            detail = {"course": sent.course, "changed": " ".join(taken.fields)}
            entry = AuditEntry(by, f"training_{taken.outcome}", "training_record", str(taken.id), detail)
            self._trail(connection, sent.authority).add(entry)
        return taken

    @contextmanager
    def _begin(self, tenant: str | None) -> Iterator[Connection]:
        with database_errors(), self._engine.begin() as connection:
            act_for(connection, tenant or "")
            yield connection


def _again(rows: TrainingRows, held: TrainingView, sent: TrainingRecord) -> Registration:
    """The attendance is known: take what is new about it, unless the two cannot both be right."""
    if fields := contradictions(held.record, sent):
        return Registration(held.id, Outcome.CONTRADICTS, fields)
    values = changes(held.record, sent)
    if not values:
        return Registration(held.id, Outcome.REPLAYED)
    rows.update(held.id, values)
    return Registration(held.id, Outcome.UPDATED, tuple(values))
