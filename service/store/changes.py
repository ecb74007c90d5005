"""The change feed: deliveries in order of the transaction that last changed them, as far as nobody can slip in before.

Transactions get their numbers when they begin to write, and commit in any order. What was changed by transaction 100
may therefore appear after what 101 changed. So nothing is served before every transaction with a smaller number has
ended: below `pg_snapshot_xmin` of a snapshot all have, and no new one can get such a number. A transaction that stays
open delays the feed, and `transaction_timeout` ends it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, Select, case, select, text, tuple_, update

from service.domain.delivery import Reason, State
from service.ports import DeliveryView
from service.ports.changes import Changes, Place
from service.store.conditions import BEHIND_EARLIER
from service.store.manual import tenant
from service.store.tables import delivery

FIRST = UUID(int=0)
_MADE = {
    "behind_earlier": BEHIND_EARLIER,
    "state": case((delivery.c.asked_again, State.UNKNOWN.value), else_=delivery.c.state),
}
"""A look-up is no change, so it is not seen half-way either: its end might be no change, and not be told."""
_VIEW = [
    _MADE[field.name].label(field.name) if field.name in _MADE else delivery.c[field.name]
    for field in fields(DeliveryView)
]
_HORIZON = text(
    """
    SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS ended_below,
           left(encode(sha256(concat_ws('|',
             (SELECT system_identifier FROM pg_control_system()),
             (SELECT oid FROM pg_database WHERE datname = current_database()),
             left(pg_walfile_name(pg_current_wal_insert_lsn()), 8),
             (SELECT extract(epoch FROM since) FROM casework.bridge)
           )::bytea), 'hex'), 16) AS history
    """
)
"""The history: which cluster, which database in it, on which timeline, and since when by the bridge's own word."""


@dataclass(frozen=True)
class Horizon:
    """Every transaction below `ended_below` has ended; `history` names the database they ended in."""

    history: str
    ended_below: int

    def place(self) -> Place:
        """After everything below."""
        return Place(self.history, self.ended_below, FIRST)

    def knows(self, place: Place) -> bool:
        """Whether the place lies in this history. A number that is still to come is of another one."""
        return place.history == self.history and max(place.changed_in, place.until or 0) <= self.ended_below


class ChangeRows:
    """Of one authority, in the caller's transaction."""

    def __init__(self, connection: Connection, authority: str) -> None:
        self._connection, self._authority = connection, authority

    def horizon(self) -> Horizon:
        """As of now. What is read afterwards, even by a later snapshot, is complete below it."""
        found = self._connection.execute(_HORIZON).one()
        return Horizon(found.history, found.ended_below)

    def between(self, place: Place, until: int, limit: int) -> Sequence[Any]:
        """Rows in order, after the place and below `until`: the columns of a `DeliveryView`, and `changed_in`."""
        return self._connection.execute(changes_between(self._authority, place, until, limit)).all()

    def begin_anew(self) -> int:
        """After a restore into another cluster: numbers that this one has yet to give out become this transaction's.

        Else those deliveries would not be served before it has got there. How many there were. As the owner.
        """
        ahead = delivery.c.changed_in >= text("pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        mine = (delivery.c.authority == self._authority) & ahead
        renumbered = update(delivery).where(mine).values(changed_in=text("DEFAULT"))
        return self._connection.execute(renumbered).rowcount


def changes_between(authority: str, place: Place, until: int, limit: int) -> Select[Any]:
    """One walk along `ix_delivery_changed`."""
    order = (delivery.c.changed_in, delivery.c.id)
    query: Select[Any] = (
        select(*_VIEW, delivery.c.changed_in)
        .where(delivery.c.authority == authority, delivery.c.changed_in < until)
        .where(tuple_(*order) > (place.changed_in, place.last))
    )
    return query.order_by(*order).limit(limit)


class ChangeFeedRows:
    """`service.ports.changes.ChangeFeed` on PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def now(self, authority: str) -> Place:
        """The place after everything that can be served now."""
        with tenant(self._engine, authority) as connection:
            return ChangeRows(connection, authority).horizon().place()

    def read(self, authority: str, after: Place | None, limit: int) -> Changes | None:
        """One more is asked for: if it comes, the run goes on."""
        with tenant(self._engine, authority) as connection:
            feed = ChangeRows(connection, authority)
            horizon = feed.horizon()
            place = after or Place(horizon.history, 0, FIRST)
            if not horizon.knows(place):
                return None
            until = place.until or horizon.ended_below
            found = feed.between(place, until, limit + 1)
        return _changes(found, limit, place, until)


def _changes(found: Sequence[Any], limit: int, place: Place, until: int) -> Changes:
    shown = [view_of(row) for row in found[:limit]]
    if len(found) <= limit:
        return Changes(shown, Place(place.history, until, FIRST), more=False)
    last = found[limit - 1]
    return Changes(shown, Place(place.history, last.changed_in, last.id, until), more=True)


def view_of(row: Any) -> DeliveryView:
    """Without the place it had."""
    values = dict(row._mapping)
    del values["changed_in"]
    return DeliveryView(**values | {"state": State(row.state), "reason": Reason(row.reason)})
