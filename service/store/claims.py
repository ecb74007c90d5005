"""Claiming deliveries and ending a claim: conditional UPDATEs, so that two workers can never both win.

The statements are made once: for a delivery that takes milliseconds, putting them together anew would cost as much as
running them. Where two tables change together they do so in one statement.
"""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Interval,
    and_,
    bindparam,
    case,
    cast,
    exists,
    false,
    func,
    insert,
    literal,
    or_,
    select,
    true,
    update,
)

from service.domain.delivery import Phase, State, can_move
from service.ports import AuditEntry, Claim, Claimer, Held, Settlement
from service.store.conditions import BEHIND_EARLIER, CLAIMABLE
from service.store.driver import Plain, driver_of
from service.store.lanes import LANE_LETS_NOTHING_OUT, LaneRows
from service.store.tables import attempt, audit, delivery, submission
from service.store.workers import HOLDER_IS_GONE, HOLDER_MAY_BE_GONE

_HELD = (
    delivery.c.id,
    delivery.c.authority,
    delivery.c.kind,
    delivery.c.submission_id,
    delivery.c.review_id,
    delivery.c.retracts,
    delivery.c.reference,
    delivery.c.reason,
    delivery.c.fence,
    delivery.c.attempts.label("attempt"),
    delivery.c.failures,
    delivery.c.lapses,
    delivery.c.deaths,
    delivery.c.lookups,
    delivery.c.absences,
    delivery.c.may_have_arrived,
    delivery.c.connector,
    (func.now() - delivery.c.first_sent_at).label("since_first_sent"),
    (func.now() - delivery.c.put_off_since).label("put_off_for"),
)
_LAPSED = delivery.c.state == State.IN_FLIGHT.value
_AUTHORITY: ColumnElement[str] = bindparam("_authority")
_LEASE = func.now() + bindparam("_lease", type_=Interval)
_TAKEN_OVER = and_(_LAPSED, delivery.c.held_by != bindparam("_worker"), HOLDER_IS_GONE)
"""From a worker that is gone."""
_MINE = (
    delivery.c.authority == _AUTHORITY,
    delivery.c.id == bindparam("_id"),
    delivery.c.fence == bindparam("_fence"),
    _LAPSED,
)
_THIS_ATTEMPT = (
    attempt.c.authority == _AUTHORITY,
    attempt.c.delivery_id == bindparam("_id"),
    attempt.c.number == bindparam("_attempt"),
)


@lru_cache
def take(*, only_to_look_up: bool, in_doubt_first: bool, alone: bool, this_one: bool) -> Plain:
    """Takes them and begins their attempts, in one statement."""
    first = [delivery.c.may_have_arrived.desc()] if in_doubt_first else []
    gone = func.coalesce(and_(bindparam("_judging", type_=false().type), _TAKEN_OVER), false())
    due = (
        select(delivery.c.id)
        .where(delivery.c.authority == _AUTHORITY, CLAIMABLE, ~BEHIND_EARLIER)
        .where(delivery.c.may_have_arrived if only_to_look_up else true())
        .where(delivery.c.id == bindparam("_id") if this_one else true())
        .where(true() if this_one else or_(~_LAPSED, delivery.c.held_by == bindparam("_worker"), ~HOLDER_MAY_BE_GONE))
        .where(true() if alone or this_one else and_(delivery.c.deaths == 0, ~gone))
        .order_by(*first, delivery.c.due_at, delivery.c.seq)
        .limit(bindparam("_wanted", type_=Integer))
        .with_for_update(skip_locked=True, of=delivery)
        .cte("due")
    )
    taken = (
        update(delivery)
        .where(delivery.c.id == due.c.id)
        .values(
            state=State.IN_FLIGHT.value,
            lapses=delivery.c.lapses + cast(_LAPSED, Integer),
            deaths=delivery.c.deaths + cast(gone, Integer),
            fence=delivery.c.fence + 1,
            attempts=delivery.c.attempts + 1,
            held_by=bindparam("_worker"),
            lease_until=_LEASE,
            changed_at=func.now(),
        )
        .returning(*_HELD)
        .cte("taken")
    )
    phase = case((taken.c.may_have_arrived, Phase.LOOKING_UP.value), else_=Phase.CLAIMED.value)
    begun = insert(attempt).from_select(
        ["delivery_id", "number", "authority", "fence", "phase"],
        select(taken.c.id, taken.c.attempt, taken.c.authority, taken.c.fence, phase),
    )
    return Plain(select(taken).add_cte(begun.cte("begun")))


_SUSPECTS = select(
    exists().where(
        delivery.c.authority == _AUTHORITY, CLAIMABLE, ~BEHIND_EARLIER, or_(delivery.c.deaths > 0, _TAKEN_OVER)
    )
)
_WITHDRAWN = and_(
    delivery.c.kind == "record",
    ~delivery.c.may_have_arrived,
    exists().where(submission.c.id == delivery.c.submission_id, submission.c.withdrawn_by.is_not(None)),
)
"""Taken back by its sender before anything was sent: from now on it must not be."""
_NOTED = (
    update(delivery)
    .where(*_MINE, ~LANE_LETS_NOTHING_OUT, ~_WITHDRAWN)
    .values(
        lease_until=_LEASE,
        may_have_arrived=True,
        first_sent_at=func.coalesce(delivery.c.first_sent_at, func.now()),
        connector=bindparam("_connector"),
        connector_version=bindparam("_version"),
        profile_digest=bindparam("_digest"),
    )
    .returning(delivery.c.id)
    .cte("noted")
)
_SENDING = Plain(
    update(attempt)
    .where(*_THIS_ATTEMPT, attempt.c.delivery_id == _NOTED.c.id)
    .values(phase=Phase.SENDING.value)
    .add_cte(_NOTED)
)
_ANY = 1_000
"""More than any lane lets be under way."""
_STILL_MINE = select(_WITHDRAWN.label("withdrawn")).where(*_MINE)
_OUTCOME = (
    "state", "reason", "note", "may_have_arrived", "failures", "lookups", "absences", "lapses", "deaths",
    "record_number", "document_number", "evidence",
)  # fmt: skip
"""What a settlement says of the row, under the same names."""
_ENDED = (
    update(delivery)
    .where(*_MINE)
    .values(
        {name: bindparam(name, type_=delivery.c[name].type) for name in _OUTCOME}
        | {
            "due_at": func.now() + bindparam("_due_in", type_=Interval),
            "lease_until": None,
            "held_by": None,
            "put_off_since": case(
                (bindparam("_put_off", type_=false().type), func.coalesce(delivery.c.put_off_since, func.now()))
            ),
            "changed_at": func.now(),
            "delivered_at": case((bindparam("_delivered", type_=false().type), func.now())),
        }
    )
    .returning(delivery.c.id)
    .cte("ended")
)
_ENTRY = ("actor", "action", "subject_type", "subject_id", "detail")
_WAS_MINE = select(_ENDED.c.id).exists()
_ENTRY_BINDS = [bindparam(f"_{name}", type_=audit.c[name].type) for name in _ENTRY]
_NOTED_IN_THE_TRAIL = (
    insert(audit)
    .from_select(
        ["authority", *_ENTRY],
        select(_AUTHORITY, *_ENTRY_BINDS).where(_WAS_MINE, bindparam("_is_news", type_=false().type)),
    )
    .cte("noted_in_the_trail")
)
_SETTLED = Plain(
    update(attempt)
    .where(*_THIS_ATTEMPT)
    .values(
        phase=Phase.ENDED.value,
        outcome=case((_WAS_MINE, bindparam("state", type_=attempt.c.outcome.type)), else_=literal("late")),
        reason=bindparam("reason", type_=attempt.c.reason.type),
        ended_at=func.now(),
    )
    .add_cte(_ENDED, _NOTED_IN_THE_TRAIL)
    .returning(attempt.c.outcome)
)


class ClaimRows:
    """The claiming half of `service.ports.casework.Deliveries`."""

    def __init__(self, connection: Connection, authority: str) -> None:
        self._connection, self._authority = connection, authority
        self._lane = LaneRows(connection, authority)

    def claim(self, claimer: Claimer, *, in_flight_max: int, limit: int, only: UUID | None = None) -> list[Claim]:
        """Takes what is due, free and next; counts the attempts before any work is done."""
        room = self._lane.room(in_flight_max)
        wanted = min(room.slots, limit)
        if wanted < 1:
            return []
        statement = take(
            only_to_look_up=room.only_to_look_up,
            in_doubt_first=room.wary,
            alone=claimer.alone,
            this_one=only is not None,
        )
        given = {
            "_authority": self._authority,
            "_worker": claimer.worker,
            "_lease": claimer.lease,
            "_judging": claimer.judging,
            "_wanted": wanted,
        }
        taken = statement.on(driver_of(self._connection), given | ({"_id": only} if only else {}))
        names = [column.name for column in taken.description or ()]
        return [
            Claim(**dict(zip(names, row, strict=True)), probing=room.probing, looking_only=room.only_to_look_up)
            for row in taken
        ]

    def any_to_be_claimed_alone(self, claimer: Claimer) -> bool:
        """Whether something is due that was in the hands of a worker that is gone."""
        room = self._lane.room(_ANY)
        if room.slots < 1 or room.only_to_look_up:
            return False  # nothing of this lane may go, and no other is to wait for it
        given = {"_authority": self._authority, "_worker": claimer.worker}
        return self._connection.scalar(_SUSPECTS, given) is True

    def sending(self, claim: Claim, *, lease: timedelta, connector: str, version: str, profile_digest: str) -> Held:
        """Commits that bytes may leave from now on, and takes the lease anew; unless lost, or the lane has closed."""
        given = self._of(claim) | {
            "_lease": lease,
            "_probing": claim.probing,
            "_connector": connector,
            "_version": version,
            "_digest": profile_digest,
        }
        if _SENDING.on(driver_of(self._connection), given).rowcount == 1:
            return Held.YES
        found = self._connection.execute(_STILL_MINE, self._of(claim)).first()
        if found is None:
            return Held.LOST
        return Held.WITHDRAWN if found.withdrawn else Held.LANE_CLOSED

    def settle(self, claim: Claim, settlement: Settlement, entry: AuditEntry | None, *, in_flight_max: int) -> bool:
        """Ends the attempt, unless somebody else has taken over meanwhile; what was found counts for the lane."""
        if not can_move(State.IN_FLIGHT, settlement.state):
            raise ValueError(f"a delivery in flight cannot become {settlement.state}")
        driver = driver_of(self._connection)
        with driver.pipeline():
            ended = _SETTLED.on(driver, self._of(claim) | _outcome(settlement) | _noted(entry))
            looked = self._lane.look(settlement.weight)
        if ended.fetchone() != (settlement.state.value,):
            return False
        if looked is not None:
            self._lane.tell(looked, settlement, in_flight_max=in_flight_max)
        return True

    def _of(self, claim: Claim) -> dict[str, Any]:
        return {
            "_authority": self._authority,
            "_id": claim.id,
            "_fence": claim.fence,
            "_attempt": claim.attempt,
        }


def _outcome(settlement: Settlement) -> dict[str, Any]:
    put_off = settlement.state is State.RETRY or (settlement.state is State.UNKNOWN and settlement.failures > 0)
    return {name: getattr(settlement, name) for name in _OUTCOME} | {
        "state": settlement.state.value,
        "reason": settlement.reason.value,
        "evidence": dict(settlement.evidence) if settlement.evidence is not None else None,
        "_due_in": settlement.due_in,
        "_put_off": put_off,
        "_delivered": settlement.state is State.DELIVERED,
    }


def _noted(entry: AuditEntry | None) -> dict[str, Any]:
    return {f"_{name}": getattr(entry, name, None) for name in _ENTRY} | {"_is_news": entry is not None}
