"""Webhooks, for the worker that tells: turns by lease and fence, messages written down with the place in the feed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, Update, func, insert, select, text, tuple_, update

from service.domain.delivery import State
from service.domain.webhooks import (
    GIVE_UP_AFTER,
    REFUSALS_MAX,
    RESTORED,
    TYPES,
    PausedFor,
    body_of,
    delivery_data,
    wait_after,
)
from service.ports.changes import Place
from service.ports.webhooks import Due, Message, Refusal, Turn
from service.store.changes import ChangeRows, Horizon, view_of
from service.store.refused import WEBHOOK, refused
from service.store.tables import bridge, delivery, webhook, webhook_message

ROOM = 200
"""Untold messages of one address at most. What changes beyond waits in the feed, where it takes no room and a delivery
that changes again is still told once."""
BRIDGE = "bridge"
_MESSAGE = webhook_message.c
UNTOLD = _MESSAGE.told_at.is_(None) & _MESSAGE.given_up_at.is_(None)
_FORGET = text("SELECT casework.forget_told_webhooks()")


class TellingRows:
    """`service.ports.webhooks.Telling` for one authority."""

    def __init__(self, connection: Connection, authority: str) -> None:
        self._connection, self._authority = connection, authority
        self._feed = ChangeRows(connection, authority)

    def claim(self, lease: timedelta) -> Sequence[Turn]:
        """One conditional UPDATE on the database's clock. After a restore nothing is told before it is begun anew."""
        horizon = self._feed.horizon()
        usual = select(bridge.c.one).where(bridge.c.mode != "reconcile_first").exists()
        free = (
            (func.coalesce(webhook.c.lease_until, func.now()) <= func.now())
            & (func.coalesce(webhook.c.quiet_until, func.now()) <= func.now())
            & webhook.c.paused_for.is_(None)
        )
        taken = (
            update(webhook)
            .where(webhook.c.authority == self._authority, free, usual, _has_something(horizon))
            .values(fence=webhook.c.fence + 1, lease_until=func.now() + lease)
            .returning(
                webhook.c.id,
                webhook.c.authority,
                webhook.c.number,
                webhook.c.fence,
                webhook.c.sealed,
                webhook.c.networks,
                func.coalesce(webhook.c.former_until > func.now(), False).label("former_valid"),
            )
        )
        return [Turn(**row._mapping) for row in self._connection.execute(taken)]

    def due(self, turn: Turn, limit: int) -> Due:
        """The place in the feed moves on in the transaction that writes the messages down, or neither does."""
        found = self._connection.execute(select(webhook).where(self._goes_on(turn)).with_for_update()).first()
        if found is None:
            return Due((), more=False)
        room = ROOM - self._untold(turn)
        read = self._note_changes(turn, found, room) if room > 0 else 0
        query = (
            select(_MESSAGE.id, _MESSAGE.body, _MESSAGE.attempts, (func.now() - _MESSAGE.first_tried_at).label("age"))
            .where(*self._its_untold(turn), _MESSAGE.due_at <= func.now())
            .order_by(_MESSAGE.seq)
            .limit(limit)
        )
        messages = [Message(*row) for row in self._connection.execute(query)]
        return Due(messages, more=len(messages) == limit or 0 < room == read)

    def told(self, turn: Turn, message: Message, answer: str, lease: timedelta) -> bool:
        """That it was told is noted also when the turn was lost meanwhile: it is true."""
        self._tried(message, answer, told_at=func.now())
        well = {"failures": 0, "failing_since": None, "quiet_until": None}
        return self._change(self._goes_on(turn), lease_until=func.now() + lease, **well)

    def refused(self, turn: Turn, message: Message, answer: str, *, wait: timedelta, lease: timedelta) -> Refusal:
        """The address answers, so the others need not wait."""
        self._tried(message, answer, due_at=func.now() + wait, refusals=_MESSAGE.refusals + 1)
        if not self._change(self._goes_on(turn), lease_until=func.now() + lease):
            return Refusal.TURN_OVER
        if self._is_about_this_one(turn, message):
            often = self._changed(message).where(_MESSAGE.refusals >= REFUSALS_MAX).values(given_up_at=func.now())
            return Refusal.GIVEN_UP if self._connection.execute(often).rowcount else Refusal.WAITS
        if self._is_too_long(message) and self.pause(turn, PausedFor.NOT_ANSWERING):
            return Refusal.PAUSED
        return Refusal.WAITS

    def failed(self, turn: Turn, message: Message, answer: str, *, spread: float, asked: int | None) -> bool:
        """Counted at the address: one that is away is tried with one message, not with each."""
        self._tried(message, answer)
        mine = select(webhook.c.failures, (func.now() - webhook.c.failing_since).label("failing")).where(
            self._held(turn)
        )
        found = self._connection.execute(mine.with_for_update()).first()
        if found is None:
            return False
        if found.failing is not None and found.failing >= GIVE_UP_AFTER:
            return self.pause(turn, PausedFor.NOT_ANSWERING)
        self._change(
            self._held(turn),
            failures=found.failures + 1,
            failing_since=func.coalesce(webhook.c.failing_since, func.now()),
            quiet_until=func.now() + wait_after(found.failures + 1, spread, asked),
            lease_until=None,
        )
        return False

    def address_refused(self, turn: Turn, reason: str) -> None:
        """By the number its authority knows it by."""
        self._connection.execute(select(refused(WEBHOOK, str(turn.number), reason)))

    def pause(self, turn: Turn, why: PausedFor) -> bool:
        """Until a person lets it go on."""
        values = {"paused_for": why.value, "paused_by": BRIDGE, "paused_note": None, "paused_at": func.now()}
        return self._change(self._goes_on(turn), **values, lease_until=None)

    def done(self, turn: Turn) -> None:
        """Lets go, unless somebody else holds it."""
        self._change(self._held(turn), lease_until=None)

    def forget(self) -> int:
        """What was told or given up more than two weeks ago; the database does it, for a process may delete nothing."""
        return int(self._connection.scalar(_FORGET) or 0)

    def _note_changes(self, turn: Turn, kept: Any, room: int) -> int:
        """Up to `room` changes of the feed, as messages where they are worth one; how many changes were read."""
        horizon = self._feed.horizon()
        place = Place(kept.history, kept.changed_in, kept.changed_id)
        if kept.history != horizon.history:
            place = self._after_restore(turn, place, horizon)
        found = self._feed.between(place, horizon.ended_below, room)
        self._write_down(turn, found)
        place = horizon.place() if len(found) < room else Place(horizon.history, found[-1].changed_in, found[-1].id)
        self._change(self._held(turn), history=place.history, changed_in=place.changed_in, changed_id=place.last)
        return len(found)

    def _after_restore(self, turn: Turn, place: Place, horizon: Horizon) -> Place:
        """Goes on from its place, if this database has come that far, and says that there may be more to look at."""
        body = body_of(RESTORED, self._now(), {})
        own = {"id": uuid4(), "authority": self._authority, "webhook_id": turn.id, "type": RESTORED, "body": body}
        self._connection.execute(insert(webhook_message).values(own))
        return place if place.changed_in <= horizon.ended_below else horizon.place()

    def _write_down(self, turn: Turn, found: Sequence[Any]) -> None:
        worth = [row for row in found if State(row.state) in TYPES]
        last = self._last_told(turn, [row.id for row in worth if row.state == State.UNKNOWN])
        rows = [self._row(turn, row) for row in worth if last.get(row.id) != (TYPES[State(row.state)], row.reason)]
        if rows:
            self._connection.execute(insert(webhook_message), rows)

    def _last_told(self, turn: Turn, deliveries: Sequence[Any]) -> dict[Any, tuple[str, str | None]]:
        """Of those that are looked up again and again, what was said last: the same is not said again."""
        query = (
            select(_MESSAGE.delivery_id, _MESSAGE.type, _MESSAGE.reason)
            .where(_MESSAGE.authority == self._authority, _MESSAGE.webhook_id == turn.id)
            .where(_MESSAGE.delivery_id.in_(deliveries))
            .order_by(_MESSAGE.changed_in)
        )
        return {row.delivery_id: (row.type, row.reason) for row in self._connection.execute(query)}

    def _row(self, turn: Turn, row: Any) -> dict[str, Any]:
        view = view_of(row)
        data = delivery_data(view.submission_id, view.reference, view.kind, view.state, view.reason)
        return {
            "id": uuid4(),
            "authority": self._authority,
            "webhook_id": turn.id,
            "delivery_id": view.id,
            "changed_in": row.changed_in,
            "type": TYPES[view.state],
            "reason": view.reason.value,
            "body": body_of(TYPES[view.state], view.changed_at, data),
        }

    def _tried(self, message: Message, answer: str, **values: Any) -> None:
        first = func.coalesce(_MESSAGE.first_tried_at, func.now())
        counted = {"attempts": _MESSAGE.attempts + 1, "first_tried_at": first, "answer": answer}
        self._connection.execute(self._changed(message).values(counted | values))

    def _changed(self, message: Message) -> Update:
        mine = (_MESSAGE.authority == self._authority) & (_MESSAGE.id == message.id)
        return update(webhook_message).where(mine)

    def _is_about_this_one(self, turn: Turn, message: Message) -> bool:
        """And not about whatever is sent there: another was taken since its first try, or no other is refused."""
        its_first = select(_MESSAGE.first_tried_at).where(_MESSAGE.id == message.id).scalar_subquery()
        others = (_MESSAGE.authority == self._authority, _MESSAGE.webhook_id == turn.id, _MESSAGE.id != message.id)
        taken = select(_MESSAGE.id).where(*others, _MESSAGE.told_at > its_first)
        refused = select(_MESSAGE.id).where(*others, _MESSAGE.told_at.is_(None), _MESSAGE.refusals > 0)
        return bool(self._connection.scalar(select(taken.exists() | ~refused.exists())))

    def _is_too_long(self, message: Message) -> bool:
        return message.tried_for is not None and message.tried_for >= GIVE_UP_AFTER

    def _untold(self, turn: Turn) -> int:
        return int(self._connection.scalar(select(func.count()).where(*self._its_untold(turn))) or 0)

    def _its_untold(self, turn: Turn) -> tuple[ColumnElement[bool], ...]:
        return (_MESSAGE.authority == self._authority, _MESSAGE.webhook_id == turn.id, UNTOLD)

    def _held(self, turn: Turn) -> ColumnElement[bool]:
        mine = (webhook.c.authority == self._authority) & (webhook.c.id == turn.id)
        return mine & (webhook.c.fence == turn.fence)

    def _goes_on(self, turn: Turn) -> ColumnElement[bool]:
        return self._held(turn) & webhook.c.paused_for.is_(None)

    def _change(self, condition: ColumnElement[bool], **values: Any) -> bool:
        return self._connection.execute(update(webhook).where(condition).values(values)).rowcount == 1

    def _now(self) -> Any:
        return self._connection.scalar(select(func.now()))


def _has_something(horizon: Horizon) -> ColumnElement[bool]:
    """A message that is due, a change not read yet, or a database that was restored."""
    waits = select(_MESSAGE.id).where(
        _MESSAGE.authority == webhook.c.authority,
        _MESSAGE.webhook_id == webhook.c.id,
        UNTOLD,
        _MESSAGE.due_at <= func.now(),
    )
    changed = select(delivery.c.id).where(
        delivery.c.authority == webhook.c.authority,
        tuple_(delivery.c.changed_in, delivery.c.id) > tuple_(webhook.c.changed_in, webhook.c.changed_id),
        delivery.c.changed_in < horizon.ended_below,
    )
    return waits.exists() | changed.exists() | (webhook.c.history != horizon.history)
