"""An authority's lane: how many more may go, what an outcome does to its breaker, and what a person said about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from psycopg import Cursor
from sqlalchemy import Boolean, Connection, and_, bindparam, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from service.domain.delivery import Reason, State
from service.domain.delivery.breaker import Breaker, Hold, after, slots
from service.domain.delivery.failures import Weight
from service.ports import LaneView, Settlement
from service.store.driver import Plain, driver_of
from service.store.tables import delivery, lane

_BREAKER = (lane.c.in_a_row, lane.c.recent, lane.c.open_for, lane.c.openings, lane.c.ramp)
_MODE = func.casework.mode().label("mode")
"""Asked of the database each time: one that does not know itself again lets nothing out."""
_COOLED = (func.coalesce(lane.c.open_until, func.now()) <= func.now()).label("cooled")
_PRISTINE = and_(
    lane.c.in_a_row == 0, lane.c.recent == "", lane.c.open_for == 0, lane.c.openings == 0, lane.c.ramp.is_(None)
)
_MINE = lane.c.authority == bindparam("_authority")
_FOR_ROOM = Plain(
    select(*_BREAKER, _COOLED, lane.c.hold, (lane.c.quiet_until > func.now()).label("quiet"), _MODE)
    .where(_MINE)
    .with_for_update(of=lane)
)
_UNWELL = select(*_BREAKER, _COOLED).where(_MINE).with_for_update()
_TO_TELL, _TO_TELL_IF_UNWELL = Plain(_UNWELL), Plain(_UNWELL.where(~_PRISTINE))
_MAKE = insert(lane).on_conflict_do_nothing()
_IN_FLIGHT = Plain(
    select(func.count()).where(
        delivery.c.authority == bindparam("_authority"),
        delivery.c.state == State.IN_FLIGHT.value,
        delivery.c.lease_until >= func.now(),
    )
)
LANE_LETS_NOTHING_OUT = (
    select(lane.c.authority)
    .where(
        lane.c.authority == delivery.c.authority,
        or_(lane.c.hold == Hold.STOPPED.value, and_(lane.c.open_for > 0, ~bindparam("_probing", type_=Boolean))),
    )
    .exists()
)
"""Stopped by a person; or closed by its breaker since the claim, which holds all but the one that is let try."""


@dataclass(frozen=True)
class Room:
    """How many may be claimed now, and whether the lane is half open.

    `wary`: it is not well yet, so what is in doubt goes first: looking up does nothing there, and says as well as a
    record would whether the case system answers.
    """

    slots: int
    probing: bool = False
    only_to_look_up: bool = False
    wary: bool = False


class LaneRows:
    """`service.ports.casework.Lanes`, and what the claims need of it, for one authority."""

    def __init__(self, connection: Connection, authority: str) -> None:
        self._connection, self._authority = connection, authority
        self._me = {"_authority": authority}

    def room(self, in_flight_max: int) -> Room:
        """Locks the lane: claims of one authority take turns, for each must see how many the others hold."""
        driver = driver_of(self._connection)
        with driver.pipeline():
            lane_of, held = _FOR_ROOM.on(driver, self._me), _IN_FLIGHT.on(driver, self._me)
        row, in_flight = lane_of.fetchone(), _count(held)
        if row is None:  # its first claim
            self._make()
            return self.room(in_flight_max)
        *kept, cooled, hold, quiet, mode = row
        if mode == "reconcile_first" or hold == Hold.STOPPED or quiet:
            return Room(0)
        breaker = Breaker(*kept)
        free = slots(breaker, cooled=cooled, in_flight=in_flight, limit=in_flight_max)
        return Room(free, probing=breaker.is_open, only_to_look_up=hold == Hold.PAUSED, wary=not breaker.is_well)

    def look(self, weight: Weight) -> Cursor[Any] | None:
        """Asks how the lane is, for `tell`; after an answer, only of one that was unwell. Fetched later."""
        if weight is Weight.NOTHING:
            return None
        query = _TO_TELL_IF_UNWELL if weight is Weight.ANSWERED else _TO_TELL
        return query.on(driver_of(self._connection), self._me)

    def tell(self, looked: Cursor[Any], said: Settlement, *, in_flight_max: int) -> None:
        """What an outcome says about the lane. An answer from a lane that is well costs one look and no write."""
        row, waits = looked.fetchone(), said.lane_waits
        if row is None:
            return
        *breaker, cooled = row
        before = Breaker(*breaker)
        told = after(before, said.weight, cooled=cooled, limit=in_flight_max)
        if told != before or waits:
            self._change(_told(before, told, said.reason, waits))

    def view(self) -> LaneView:
        """As it stands; one that nobody has used yet is open."""
        self._make()
        found = self._connection.execute(
            select(lane, func.now().label("now")).where(lane.c.authority == self._authority)
        ).one()
        return LaneView(
            hold=Hold(found.hold),
            hold_by=found.hold_by,
            hold_reason=found.hold_reason,
            hold_at=found.hold_at,
            breaker=_breaker(found),
            open_reason=Reason(found.open_reason) if found.open_reason else None,
            opened_at=found.opened_at,
            open_until=found.open_until,
            quiet_until=found.quiet_until,
            swept_at=found.swept_at,
            in_flight=_count(_IN_FLIGHT.on(driver_of(self._connection), self._me)),
            now=found.now,
        )

    def hold(self, hold: Hold, *, by: str, reason: str) -> bool:
        """What a person says about the lane; who and why is kept with it, for letting go too."""
        self._make()
        changed = self._connection.execute(
            update(lane)
            .where(lane.c.authority == self._authority, lane.c.hold != hold.value)
            .values(hold=hold.value, hold_by=by, hold_reason=reason, hold_at=func.now())
        )
        return changed.rowcount == 1

    def swept(self) -> None:
        """On the database's clock."""
        self._make()
        self._change({"swept_at": func.now()})

    def _make(self) -> None:
        self._connection.execute(_MAKE, {"authority": self._authority})

    def _change(self, values: dict[str, Any]) -> None:
        self._connection.execute(update(lane).where(lane.c.authority == self._authority).values(values))


def _count(counted: Cursor[Any]) -> int:
    (found,) = counted.fetchone() or (0,)
    return int(found)


def _breaker(row: Any) -> Breaker:
    return Breaker(row.in_a_row, row.recent, row.open_for, row.openings, row.ramp)


def _told(before: Breaker, told: Breaker, reason: Reason, waits: timedelta) -> dict[str, Any]:
    values: dict[str, Any] = {
        "in_a_row": told.in_a_row,
        "recent": told.recent,
        "open_for": told.open_for,
        "openings": told.openings,
        "ramp": told.ramp,
    }
    if told.is_open and told != before:
        seconds = max(timedelta(seconds=told.open_for), waits)
        values |= {"open_reason": reason.value, "open_until": func.now() + seconds}
        values |= {} if before.is_open else {"opened_at": func.now()}
    elif not told.is_open:
        values |= {"open_reason": None, "open_until": None, "opened_at": None}
    values |= {"quiet_until": func.now() + waits} if waits else {}
    return values
