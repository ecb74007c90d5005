"""`service.ports.retention.LegalHolds` for the role wise_purge. A hold is its events, and these are only added to."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, Engine, insert, select, text

from service.domain.legal_holds import Because, Event, Scope
from service.errors import NotThere
from service.ports import AuditEntry
from service.ports.retention import HoldAsked, HoldEvent, HoldStep, LegalHold
from service.store.audit_trail import AuditTrail
from service.store.errors import database_errors
from service.store.tables import legal_hold, submission
from service.store.tenant import act_for

HOLDS_STAND = text("SELECT pg_advisory_xact_lock_shared(hashtextextended('legal hold ' || :authority, 0))")
"""Whoever shreds has this until the transaction ends; whoever asks for a hold waits, and no shredding begins unseen."""
_CHANGE = text("SELECT pg_advisory_xact_lock(hashtextextended('legal hold ' || :authority, 0))")
_ORDER = {event: number for number, event in enumerate(Event)}


class LegalHoldRows:
    """Each call is a transaction, with its entry in the trail."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def ask(self, authority: str, asked: HoldAsked) -> UUID:
        """Raises `NotThere` for a receipt that is not this authority's."""
        hold = uuid4()
        with database_errors(), self._engine.begin() as connection:
            act_for(connection, authority)
            connection.execute(_CHANGE, {"authority": authority})
            about = _about(connection, authority, asked)
            said = {"scope": asked.scope.value, "reason": asked.because.value, "ticket": asked.ticket, "by": asked.by}
            _keep(connection, authority, hold, Event.ASKED, said | about)
        return hold

    def add(self, authority: str, hold: UUID, event: HoldStep) -> None:
        """The database refuses what does not follow, and the same person twice."""
        said: dict[str, Any] = {"by": event.by}
        if event.because:
            said |= {"reason": event.because.value, "ticket": event.ticket}
        with database_errors(), self._engine.begin() as connection:
            act_for(connection, authority)
            connection.execute(_CHANGE, {"authority": authority})
            _keep(connection, authority, hold, event.event, said)

    def every(self, authority: str) -> Sequence[LegalHold]:
        """In the order in which they were asked for."""
        query = select(legal_hold).where(legal_hold.c.authority == authority).order_by(legal_hold.c.hold)
        with database_errors(), self._engine.begin() as connection:
            act_for(connection, authority)
            rows = connection.execute(query).all()
        found = [_hold(list(of_one)) for _, of_one in groupby(rows, key=lambda row: row.hold)]
        return sorted(found, key=lambda each: (each.events[0].at, each.id))


def _about(connection: Connection, authority: str, asked: HoldAsked) -> dict[str, Any]:
    if asked.scope is Scope.AUTHORITY:
        return {}
    mine = (submission.c.authority == authority) & (submission.c.id == asked.receipt_id)
    child_key = connection.scalar(select(submission.c.child_key).where(mine))
    if child_key is None:
        raise NotThere("There is no such receipt of this authority.")
    return {"submission_id": asked.receipt_id} if asked.scope is Scope.SUBMISSION else {"child_key": child_key}


def _keep(connection: Connection, authority: str, hold: UUID, event: Event, said: dict[str, Any]) -> None:
    connection.execute(insert(legal_hold).values(hold=hold, event=event.value, authority=authority, **said))
    detail = {name: said[name] for name in ("scope", "reason", "ticket", "by") if said.get(name)}
    if "submission_id" in said:
        detail["receipt_id"] = str(said["submission_id"])
    trail = AuditTrail(connection, authority)
    trail.add(AuditEntry(f"officer:{said['by']}", f"legal_hold_{event.value}", "legal_hold", str(hold), detail))


def _hold(rows: list[Any]) -> LegalHold:
    rows.sort(key=lambda row: _ORDER[Event(row.event)])
    asked = rows[0]
    return LegalHold(
        asked.hold, asked.authority, Scope(asked.scope), asked.submission_id, [_event(row) for row in rows]
    )


def _event(row: Any) -> HoldEvent:
    because = Because(row.reason) if row.reason else None
    return HoldEvent(Event(row.event), row.by, row.at, because, row.ticket)
