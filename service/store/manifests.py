"""Records accepted in a span of time, for the manifest: found by the index on when they were received."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    ScalarSelect,
    and_,
    cast,
    func,
    literal,
    select,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import BYTEA, aggregate_order_by

from service.domain.delivery import TERMINAL
from service.domain.manifests import NOTHING_TO_DELIVER, digest_of
from service.ports.manifest import Accepted, Totals
from service.store.casework import database_errors
from service.store.tables import delivery, submission
from service.store.tenant import act_for

_LATE = timedelta(minutes=1)
"""A record counts for the moment its transaction began, and no transaction lasts longer than this."""


class ManifestStore:
    """`service.ports.manifest.ManifestSource` on PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def totals(self, authority: str, span: tuple[datetime, datetime], client_id: str | None) -> Totals:
        """Counted and digested by the database; only the sums travel."""
        mine = _accepted(authority, span, client_id)
        state = _state().label("state")
        counts = select(state, func.count()).where(mine).group_by(state)
        with self._reading(authority) as connection:
            by_state = {row[0]: row[1] for row in connection.execute(counts)}
            digest = connection.scalar(_DIGEST.where(mine))
            closed = connection.scalar(select(func.now() > span[1] + _LATE))
        return Totals(by_state, digest or digest_of(()), closed=bool(closed))

    def page(
        self,
        authority: str,
        span: tuple[datetime, datetime],
        client_id: str | None,
        *,
        after: tuple[datetime, UUID] | None,
        limit: int,
    ) -> Sequence[Accepted]:
        """By the index, from the cursor on."""
        columns = submission.c.id, submission.c.sender_ref, submission.c.received_at
        query = select(*columns, _state()).where(_accepted(authority, span, client_id))
        if after is not None:
            query = query.where(tuple_(submission.c.received_at, submission.c.id) > after)
        query = query.order_by(submission.c.received_at, submission.c.id).limit(limit)
        with self._reading(authority) as connection:
            return [Accepted(*row) for row in connection.execute(query)]

    @contextmanager
    def _reading(self, authority: str) -> Iterator[Connection]:
        with database_errors(), self._engine.begin() as connection:
            act_for(connection, authority)
            yield connection


_LINES = func.string_agg(
    submission.c.sender_ref + literal("\n"), aggregate_order_by(literal(""), submission.c.sender_ref.collate("C"))
)
_DIGEST = select(func.encode(func.sha256(cast(func.convert_to(_LINES, "UTF8"), BYTEA)), "hex"))


def _accepted(authority: str, span: tuple[datetime, datetime], client_id: str | None) -> ColumnElement[bool]:
    return and_(
        submission.c.authority == authority,
        submission.c.received_at >= span[0],
        submission.c.received_at < span[1],
        submission.c.client_id == client_id if client_id else true(),
    )


def _state() -> ColumnElement[str]:
    """Of the record and its retractions: the oldest that is open, else the oldest."""
    done = delivery.c.state.in_(sorted(state.value for state in TERMINAL))
    first: ScalarSelect[str] = (
        select(delivery.c.state)
        .where(
            delivery.c.authority == submission.c.authority,
            delivery.c.submission_id == submission.c.id,
            delivery.c.kind != "review_task",
        )
        .order_by(done, delivery.c.seq)
        .limit(1)
        .scalar_subquery()
    )
    return func.coalesce(first, NOTHING_TO_DELIVER)
