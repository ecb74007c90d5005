"""The pulse of the lanes: a few bounded queries over what is open, never over what is done."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, case, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError

from service.domain.alarms import BEHIND_MAX, SILENT, WAKEUPS_MAX, BridgePulse, LanePulse, Refusals, RefusedAt, Waiting
from service.domain.delivery import CLAIMABLE, TERMINAL, Reason, State
from service.domain.delivery.breaker import Hold
from service.domain.legal_holds import Event
from service.domain.synthetic import Synthetic
from service.domain.webhooks import ALARMING
from service.errors import Unavailable
from service.store.casework import database_errors
from service.store.conditions import BEHIND_EARLIER
from service.store.conservation import ConservationRows
from service.store.synthetic import synthetic_due
from service.store.tables import delivery, lane, legal_hold, submission, webhook, webhook_message, worker
from service.store.tables.alarm import alarm_channel, alarm_watch, wakeup_failure
from service.store.tenant import act_for

BOOKS_EVERY = 60.0
"""Seconds between two looks at an authority's books: they read days, not only what is open."""
CONFIGURED_AWAY = timedelta(hours=1)
"""Not tried for so long, a channel that failed is no channel of this bridge any more."""
FAILURES_REMEMBERED = timedelta(minutes=15)
_IN_FLIGHT, _SENT = delivery.c.state == State.IN_FLIGHT.value, delivery.c.may_have_arrived
_PUT_OFF = delivery.c.put_off_since.is_not(None)
_FIRST = case((_SENT, delivery.c.first_sent_at), else_=delivery.c.put_off_since)
_OPEN = delivery.c.state.not_in([state.value for state in TERMINAL])
_HERE = (worker.c.ended_at.is_(None), worker.c.seen_at > func.now() - SILENT)
_WORKERS = select(func.count()).where(*_HERE).scalar_subquery()
_FAILING_SINCE = (
    select(func.min(wakeup_failure.c.first_at))
    .where(wakeup_failure.c.last_at > func.now() - FAILURES_REMEMBERED)
    .where(wakeup_failure.c.last_at - wakeup_failure.c.first_at > WAKEUPS_MAX)
    .scalar_subquery()
)
"""Of processes whose wake-ups have failed again and again, lately."""
_LATE = select(func.casework.sendings_late().table_valued("late", "since"))
"""Of what is sent to the central team this side sees a number."""
_REFUSALS = select(func.casework.sign_in_failures().table_valued("reason", "total", "now", "before"))
"""Of both sides."""
_ADDRESSES = select(func.casework.refused_addresses().table_valued("what", "total"))

_lifting = legal_hold.alias("lifting")
_STALE = select(func.casework.stale_keys().table_valued("process", "since"))
_PURGE = select(func.casework.purge_behind().table_valued("what", "since"))
_BEHIND = select(func.casework.trail_behind().table_valued("what", "since"))
"""Of the trail this side sees how far behind it is, and no entry."""


class PulseRows:
    """`service.ports.alarms.Pulse`. `synthetics` are the synthetic records that are wanted, by authority."""

    def __init__(
        self, engine: Engine, *, synthetics: Mapping[str, Synthetic] | None = None, books_every: float = BOOKS_EVERY
    ) -> None:
        self._engine, self._books_every = engine, books_every
        self._synthetics = {} if synthetics is None else synthetics  # one that is empty now may not stay so
        self._books: dict[str, tuple[float, int | None]] = {}

    def of_lane(self, authority: str, *, in_use: bool) -> LanePulse:
        """One short transaction for what is open; the books have one of their own, so that they can fail alone."""
        difference = self._difference(authority)
        with database_errors(), self._engine.begin() as connection:
            act_for(connection, authority)
            lane_pulse = _lane(connection, authority, in_use=in_use, difference=difference)
            due = synthetic_due(connection, authority, self._synthetics.get(authority))
            uncounted, since = _uncounted(connection, authority)
            behind = {row.what: row.since for row in connection.execute(_BEHIND)}
            purge = {row.what: row.since for row in connection.execute(_PURGE)}
            stale = {row.process: row.since for row in connection.execute(_STALE)}
            return replace(
                lane_pulse,
                synthetic_due=due,
                uncounted=uncounted,
                uncounted_since=since,
                legal_holds=_legal_holds(connection, authority),
                trail_behind=behind,
                purge_behind=purge,
                stale_keys=stale,
            )

    def of_bridge(self) -> BridgePulse:
        """Without an authority: none of these tables is any authority's."""
        with database_errors(), self._engine.begin() as connection:
            return _bridge(connection)

    def _difference(self, authority: str) -> int | None:
        """None when the books could not be read."""
        at, known = self._books.get(authority, (float("-inf"), None))
        if time.monotonic() - at >= self._books_every:
            known = self._read_books(authority)
            self._books[authority] = (time.monotonic(), known)
        return known

    def _read_books(self, authority: str) -> int | None:
        try:
            with database_errors(), self._engine.begin() as connection:
                act_for(connection, authority)
                return sum(difference for _, _, difference in ConservationRows(connection).broken())
        except (
            DBAPIError,
            Unavailable,
        ):  # said as "could not be judged", never as "all is well"
            return None


def _lane(connection: Connection, authority: str, *, in_use: bool, difference: int | None) -> LanePulse:
    row = _row(connection, authority)
    return LanePulse(
        authority=authority,
        now=row.now,
        in_use=in_use,
        waiting=_waiting(connection, authority),
        behind_since=_behind_since(connection, authority),
        hold=Hold(row.hold),
        hold_at=row.hold_at,
        opened_at=row.opened_at,
        open_reason=Reason(row.open_reason) if row.open_reason else None,
        swept_at=row.swept_at or row.made_at,
        in_flight=row.in_flight,
        difference=difference,
        given_up=_given_up(connection, authority),
        refused=_refused(connection, authority),
    )


def _row(connection: Connection, authority: str) -> Any:
    """The lane, made when it is not there: from then on it can be said for how long nobody has swept it."""
    in_flight = (
        select(func.count())
        .where(delivery.c.authority == authority, delivery.c.state == State.IN_FLIGHT.value)
        .scalar_subquery()
    )
    query = select(lane, func.now().label("now"), in_flight.label("in_flight")).where(lane.c.authority == authority)
    found = connection.execute(query).first()
    if found is None:
        connection.execute(insert(lane).values(authority=authority).on_conflict_do_nothing())
        found = connection.execute(query).one()
    return found


def _waiting(connection: Connection, authority: str) -> list[Waiting]:
    """By state and reason, over the index of what is open.

    What is asked for again and again is in flight now and then, and counts as what it is in between: since it was first
    sent, or first put off. Else nothing that is looked at in rhythm would ever grow old.
    """
    state = case(
        (_IN_FLIGHT & _SENT, State.UNKNOWN.value), (_IN_FLIGHT & _PUT_OFF, State.RETRY.value), else_=delivery.c.state
    )
    waits = state.in_([State.UNKNOWN.value, State.RETRY.value])
    since = case((waits, func.coalesce(_FIRST, delivery.c.state_since)), else_=delivery.c.state_since)
    grouped = (
        select(state, delivery.c.reason, func.count(), func.min(since))
        .where(delivery.c.authority == authority, _OPEN)
        .group_by(state, delivery.c.reason)
    )
    return [Waiting(State(row[0]), Reason(row[1]), row[2], row[3]) for row in connection.execute(grouped)]


def _behind_since(connection: Connection, authority: str) -> datetime | None:
    """The oldest that has stood so long behind an earlier one that somebody must be told; None if there is none."""
    oldest = (
        select(delivery.c.state_since)
        .where(
            delivery.c.authority == authority,
            _OPEN,
            delivery.c.state_since < func.now() - BEHIND_MAX,
            delivery.c.state.in_([state.value for state in CLAIMABLE]),
            BEHIND_EARLIER,
        )
        .order_by(delivery.c.state_since)
        .limit(1)
    )
    return connection.scalar(oldest)


def _given_up(connection: Connection, authority: str) -> tuple[str, ...]:
    """By the number their authority knows them by."""
    paused = (
        select(webhook.c.number)
        .where(webhook.c.authority == authority, webhook.c.paused_for.in_(sorted(ALARMING)))
        .order_by(webhook.c.number)
    )
    return tuple(str(number) for number in connection.scalars(paused))


def _refused(connection: Connection, authority: str) -> tuple[RefusedAt, ...]:
    """By the number their authority knows them by."""
    given_up_at = webhook_message.c.given_up_at
    refused = (
        select(webhook.c.number, func.count(), func.min(given_up_at))
        .join(webhook_message, webhook_message.c.webhook_id == webhook.c.id)
        .where(webhook_message.c.authority == authority, given_up_at.is_not(None))
        .group_by(webhook.c.number)
        .order_by(webhook.c.number)
    )
    return tuple(RefusedAt(str(number), count, since) for number, count, since in connection.execute(refused))


def _uncounted(connection: Connection, authority: str) -> tuple[int, datetime | None]:
    """A correction or withdrawal mends it: the record stands no longer."""
    stands = submission.c.superseded_by.is_(None) & submission.c.withdrawn_by.is_(None)
    refused = (submission.c.authority == authority) & submission.c.fact_refused.is_not(None)
    count, since = connection.execute(
        select(func.count(), func.min(submission.c.received_at)).where(refused, stands)
    ).one()
    return count, since


def _legal_holds(connection: Connection, authority: str) -> int:
    """In force from the moment one is asked for until it is lifted."""
    over = (
        select(_lifting.c.hold)
        .where(_lifting.c.authority == authority, _lifting.c.hold == legal_hold.c.hold)
        .where(_lifting.c.event == Event.LIFTED.value)
        .exists()
    )
    asked = (legal_hold.c.authority == authority) & (legal_hold.c.event == Event.ASKED.value) & ~over
    return int(connection.scalar(select(func.count()).select_from(legal_hold).where(asked)) or 0)


def _bridge(connection: Connection) -> BridgePulse:
    row = connection.execute(
        select(
            func.now().label("now"),
            alarm_watch.c.began_at,
            select(func.max(worker.c.seen_at)).scalar_subquery().label("seen_at"),
            _WORKERS.label("workers"),
            select(func.coalesce(func.sum(wakeup_failure.c.count), 0)).scalar_subquery().label("failed"),
            _FAILING_SINCE.label("failing_since"),
        )
    ).one()
    channels = select(alarm_channel.c.name, alarm_channel.c.failing_since).where(
        alarm_channel.c.failing_since.is_not(None), alarm_channel.c.due_at > func.now() - CONFIGURED_AWAY
    )
    late, since = connection.execute(_LATE).one()
    return BridgePulse(
        now=row.now,
        workers=row.workers,
        here=[
            (row[0], row[1]) for row in connection.execute(select(worker.c.started_at, worker.c.seen_at).where(*_HERE))
        ],
        seen_at=row.seen_at or row.began_at,
        wakeups_failed=int(row.failed),
        wakeups_since=row.failing_since,
        channels={row[0]: row[1] for row in connection.execute(channels)},
        sendings_late=late,
        sendings_since=since,
        refusals=[Refusals(row[0], *map(int, row[1:])) for row in connection.execute(_REFUSALS)],
        refused_addresses={row.what: int(row.total) for row in connection.execute(_ADDRESSES)},
    )
