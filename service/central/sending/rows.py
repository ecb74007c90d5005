"""The kept sendings of one address: claimed, and settled, by conditional updates on the database's clock."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Engine, Row, Select, Update, and_, func, or_, select, update

from service.central.releases.store import database_errors
from service.central.tables import sending
from service.domain.sending import Claimed, Settled, Shown, State, Why

_OF = sending.c


class SendingRows:
    """`service.ports.sending.Sendings` for the role wise_courier. `lease` must outlast one call to the address."""

    def __init__(self, engine: Engine, address: str, lease: timedelta) -> None:
        self._engine, self._address, self._lease = engine, address, lease

    def claim(self) -> Claimed | None:
        """Takes what is due, or what a courier that is gone had in its hands. Two never take one."""
        one = select(_OF.id).where(_OF.address == self._address, _due()).order_by(_OF.due_at).limit(1)
        taken = (
            update(sending)
            .where(_OF.id == one.with_for_update(skip_locked=True).scalar_subquery())
            .values(
                state=State.IN_FLIGHT,
                fence=_OF.fence + 1,
                attempts=_OF.attempts + 1,
                lease_until=func.clock_timestamp() + self._lease,
            )
            .returning(sending, (func.clock_timestamp() - _OF.asked_at).label("since_asked"))
        )
        with database_errors(), self._engine.begin() as connection:
            row = connection.execute(taken).first()
        return None if row is None else _claimed(row)

    def note_leaving(self, claimed: Claimed) -> bool:
        """Keeps that bytes may arrive from now on, and renews the lease. False: the claim is no longer ours."""
        until = func.clock_timestamp() + self._lease
        noted = _ours(claimed).where(_OF.lease_until > func.clock_timestamp())
        return self._changed(noted.values(may_have_arrived=True, lease_until=until))

    def settle(self, claimed: Claimed, settled: Settled) -> bool:
        """Keeps the outcome. False: somebody else has it meanwhile, and nothing was changed."""
        sent = settled.state is State.SENT
        return self._changed(
            _ours(claimed).values(
                state=settled.state,
                reason=settled.why,
                may_have_arrived=settled.may_have_arrived,
                due_at=func.clock_timestamp() + settled.due_in,
                lease_until=None,
                receipt=dict(settled.receipt),
                sent_at=func.clock_timestamp() if sent else None,
            )
        )

    def address_refused(self, reason: str) -> None:
        """By a function of the owner's: this role has no way to the trail."""
        with database_errors(), self._engine.begin() as connection:
            connection.execute(select(func.central.refuse_address(reason)))

    def _changed(self, change: Update) -> bool:
        with database_errors(), self._engine.begin() as connection:
            return connection.execute(change).rowcount == 1


def listed(quarter: str | None = None) -> Select[Any]:
    """Every sending, or those of a quarter: the newest quarter first."""
    wanted = select(sending).order_by(_OF.quarter.desc(), _OF.file, _OF.asked_at)
    return wanted if quarter is None else wanted.where(_OF.quarter == quarter)


def shown(row: Row[Any]) -> Shown:
    """A row as people are shown it."""
    read = row._mapping
    return Shown(
        quarter=read[_OF.quarter],
        file=read[_OF.file],
        state=State(read[_OF.state]),
        why=Why(read[_OF.reason]),
        attempts=read[_OF.attempts],
        may_have_arrived=read[_OF.may_have_arrived],
        due_at=read[_OF.due_at],
        digest=read[_OF.digest],
        receipt=read[_OF.receipt],
        asked_by=read[_OF.asked_by],
        asked_at=read[_OF.asked_at],
        sent_at=read[_OF.sent_at],
    )


def _due() -> ColumnElement[bool]:
    now = func.clock_timestamp()
    waits = and_(_OF.state.in_((State.READY, State.UNKNOWN)), _OF.due_at <= now)
    return or_(waits, and_(_OF.state == State.IN_FLIGHT, _OF.lease_until < now))


def _ours(claimed: Claimed) -> Update:
    """The fence is another one as soon as somebody else has claimed it."""
    mine = (_OF.id == claimed.id, _OF.fence == claimed.fence, _OF.state == State.IN_FLIGHT)
    return update(sending).where(*mine)


def _claimed(row: Row[Any]) -> Claimed:
    return Claimed(
        id=row.id,
        quarter=row.quarter,
        file=row.file,
        digest=row.digest,
        fence=row.fence,
        attempts=row.attempts,
        may_have_arrived=row.may_have_arrived,
        since_asked=row.since_asked,
    )
