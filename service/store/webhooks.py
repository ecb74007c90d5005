"""`service.ports.webhooks` on PostgreSQL, for who looks after the addresses; telling is in `telling`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Engine, delete, func, insert, select, text, update

from service.domain.webhooks import ENDPOINTS_MAX, TEST, PausedFor
from service.ports.webhooks import EndpointView, NewEndpoint, Sent, WebhookTransaction
from service.store.audit_trail import AuditTrail
from service.store.changes import ChangeRows
from service.store.manual import tenant
from service.store.tables import webhook, webhook_message
from service.store.telling import UNTOLD, TellingRows

_TAKE_TURNS = text("SELECT pg_advisory_xact_lock(hashtext('webhook ' || :authority))")
_SHOWN = (
    webhook.c.id,
    webhook.c.number,
    webhook.c.name,
    webhook.c.host,
    webhook.c.former_until,
    webhook.c.made_by,
    webhook.c.made_at,
    webhook.c.rotated_at,
    webhook.c.paused_for,
    webhook.c.paused_by,
    webhook.c.paused_note,
    webhook.c.paused_at,
    webhook.c.failures,
    webhook.c.failing_since,
)
"""The web process may read these columns and no others."""
_WELL = {"failures": 0, "failing_since": None, "quiet_until": None}


class EndpointRows:
    """`service.ports.webhooks.Endpoints` for one authority."""

    def __init__(self, connection: Connection, authority: str) -> None:
        self._connection, self._authority = connection, authority

    def every(self) -> Sequence[EndpointView]:
        """Each with what waits for it."""
        its = (webhook_message.c.authority == self._authority) & (webhook_message.c.webhook_id == webhook.c.id)
        given_up, given_up_at = webhook_message.c.given_up_at.is_not(None), webhook_message.c.given_up_at
        last = select(webhook_message.c.answer).where(its, given_up).order_by(given_up_at.desc()).limit(1)
        query = select(
            *_SHOWN,
            select(func.count()).where(its, UNTOLD).scalar_subquery().label("waiting"),
            select(func.min(webhook_message.c.made_at)).where(its, UNTOLD).scalar_subquery().label("oldest_waiting_at"),
            select(func.count()).where(its, given_up).scalar_subquery().label("given_up"),
            select(func.max(given_up_at)).where(its).scalar_subquery().label("given_up_at"),
            last.scalar_subquery().label("given_up_answer"),
        )
        mine = query.where(webhook.c.authority == self._authority).order_by(webhook.c.number)
        return [_view(dict(row._mapping)) for row in self._connection.execute(mine)]

    def add(self, new: NewEndpoint) -> int | None:
        """Under the smallest number that is free. It is told of changes from now on."""
        self._connection.execute(_TAKE_TURNS, {"authority": self._authority})
        taken = set(self._connection.scalars(select(webhook.c.number).where(webhook.c.authority == self._authority)))
        free = [number for number in range(1, ENDPOINTS_MAX + 1) if number not in taken]
        if not free:
            return None
        place = ChangeRows(self._connection, self._authority).horizon().place()
        beginning = {"history": place.history, "changed_in": place.changed_in, "changed_id": place.last}
        kept = vars(new) | beginning | {"authority": self._authority, "number": free[0]}
        self._connection.execute(insert(webhook).values(kept))
        return free[0]

    def sealed(self, number: int) -> tuple[UUID, bytes] | None:
        """Locked, so that two rotations follow each other."""
        query = select(webhook.c.id, webhook.c.sealed).where(self._mine(number)).with_for_update()
        row = self._connection.execute(query).first()
        return (row.id, bytes(row.sealed)) if row else None

    def reseal(self, number: int, sealed: bytes, former_for: timedelta) -> None:
        """On the database's clock."""
        self._change(number, sealed=sealed, rotated_at=func.now(), former_until=func.now() + former_for)

    def pause(self, number: int, *, by: str, note: str) -> bool:
        """Whoever is telling there now finds out with the next message."""
        values = {"paused_for": PausedFor.BY_PERSON.value, "paused_by": by, "paused_note": note}
        return self._change(number, webhook.c.paused_for.is_(None), **values, paused_at=func.now())

    def resume(self, number: int) -> bool:
        """As if nothing had been tried."""
        nothing = dict.fromkeys(("paused_for", "paused_by", "paused_note", "paused_at"))
        its = (webhook_message.c.authority == self._authority) & (webhook_message.c.webhook_id == webhook.c.id)
        given_up = select(webhook_message.c.id).where(its, webhook_message.c.given_up_at.is_not(None)).exists()
        if not self._change(number, webhook.c.paused_for.is_not(None) | given_up, **nothing, **_WELL):
            return False
        anew = {"attempts": 0, "first_tried_at": None, "due_at": func.now(), "refusals": 0, "given_up_at": None}
        untold = webhook_message.c.told_at.is_(None) & (webhook_message.c.webhook_id == self._id(number))
        self._connection.execute(
            update(webhook_message).where(webhook_message.c.authority == self._authority, untold).values(anew)
        )
        return True

    def remove(self, number: int) -> bool:
        """Its messages go with it."""
        return self._connection.execute(delete(webhook).where(self._mine(number))).rowcount == 1

    def add_test(self, number: int, message_id: UUID, body: str) -> bool:
        """What it waits for is over: somebody wants to see it now."""
        if not self._change(number, webhook.c.paused_for.is_(None), quiet_until=None):
            return False
        own = {"id": message_id, "authority": self._authority, "webhook_id": self._id(number)}
        self._connection.execute(insert(webhook_message).values(own | {"type": TEST, "body": body}))
        return True

    def sent(self, message_id: UUID) -> Sent | None:
        """As far as it is known."""
        mine = (webhook_message.c.authority == self._authority) & (webhook_message.c.id == message_id)
        found = select(webhook_message.c.answer, webhook_message.c.told_at).where(mine)
        row = self._connection.execute(found).first()
        return Sent(row.answer, row.told_at is not None) if row else None

    def _id(self, number: int) -> Any:
        return select(webhook.c.id).where(self._mine(number)).scalar_subquery()

    def _mine(self, number: int) -> ColumnElement[bool]:
        return (webhook.c.authority == self._authority) & (webhook.c.number == number)

    def _change(self, number: int, *conditions: ColumnElement[bool], **values: Any) -> bool:
        changed = update(webhook).where(self._mine(number), *conditions).values(values)
        return self._connection.execute(changed).rowcount == 1


class _Transaction:
    """The repositories of one transaction."""

    def __init__(self, connection: Connection, authority: str) -> None:
        self.endpoints = EndpointRows(connection, authority)
        self.telling = TellingRows(connection, authority)
        self.audit = AuditTrail(connection, authority)


class WebhookRows:
    """`service.ports.webhooks.WebhookStore`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @contextmanager
    def transaction(self, authority: str) -> Iterator[WebhookTransaction]:
        """Begins for one authority; commits on leaving."""
        with tenant(self._engine, authority) as connection:
            yield _Transaction(connection, authority)


def _view(row: dict[str, Any]) -> EndpointView:
    return EndpointView(**row | {"paused_for": PausedFor(row["paused_for"]) if row["paused_for"] else None})
