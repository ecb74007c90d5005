"""The least version of an authority's key that may still seal, and the trail's entries about keys.

`keys rotate` sets the floor to the new version, to hold a quarter of an hour later: processes look at their files every
ten seconds. From then on the database takes nothing that was sealed below it, whoever sends it, so that a process with
an old copy of the file stops accepting instead of losing. A version is destroyed only when the floor above it holds.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError

from service.errors import NotPossible, StaleKey, Unavailable
from service.store.errors import database_errors
from service.store.keyfile import LONGEST
from service.store.tables.key_floor import key_floor
from service.store.tenant import act_for

GRACE = timedelta(minutes=15)
"""From rotation until the floor holds. Ninety looks at the file, or the time to restart what cannot look."""
SETTLES = timedelta(minutes=2)
"""After the floor holds: what was sealed before is committed or gone, since no transaction stands for longer than half
a minute. Only then does a count of what lies under a version mean that nothing more will."""


class KeyLedger:
    """As the role wise_keeper. Raises `Unavailable` when the database is away."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @contextmanager
    def change(self, authority: str) -> Iterator[KeyChange]:
        """One transaction: what is noted in it is noted when the change of the files has worked."""
        with database_errors(), self._engine.begin() as connection:
            act_for(connection, authority)
            yield KeyChange(connection, authority)

    def require_there(self, authorities: Sequence[str]) -> None:
        """Before files are changed: the database is there, and knows of floors."""
        for each in authorities[:1]:
            with self.change(each) as change:
                change.require_newest(LONGEST)

    def note(self, authority: str, action: str, **detail: int | str) -> None:
        """One entry alone."""
        with self.change(authority) as change:
            change.note(action, **detail)


class KeyChange:
    """Of one authority's keys."""

    def __init__(self, connection: Connection, authority: str) -> None:
        self._connection, self._authority = connection, authority

    def require_newest(self, newest: int) -> None:
        """Raises `NotPossible` where the files lack a version that was made: they are an old copy themselves."""
        known = self._connection.scalar(select(func.max(key_floor.c.least)).where(self._mine)) or 1
        if newest < known:
            raise NotPossible(
                f"The key files here are an old copy: {self._authority} has had version {known}, and they end with "
                f"{newest}. Bring the newest files here first. Nothing was changed."
            )

    def set_floor(self, version: int) -> None:
        """Nothing new below this version, when `GRACE` is over. One that is there already stays as it is."""
        new = insert(key_floor).values(authority=self._authority, least=version, since=func.now() + GRACE)
        self._connection.execute(new.on_conflict_do_nothing())

    def until_settled(self, version: int, newest: int) -> int:
        """Minutes until nothing can be sealed up to this version any more; 0: now. Sets a floor where there is none."""
        settled = self._settled(version)
        if settled is None:
            self.set_floor(newest)
            self.note("key_floor_set", version=newest)
            settled = self._settled(version)
        left = settled - self._now() if settled else GRACE
        return max(0, math.ceil(left / timedelta(minutes=1)))

    def _settled(self, version: int) -> datetime | None:
        above = self._mine & (key_floor.c.least > version)
        since = self._connection.scalar(select(func.min(key_floor.c.since)).where(above))
        return None if since is None else since + SETTLES

    def _now(self) -> datetime:
        found: datetime = self._connection.execute(select(func.now())).scalar_one()
        return found

    def note(self, action: str, **detail: int | str) -> None:
        """An entry of the trail: a code, numbers of versions and rows."""
        self._connection.execute(select(func.casework.note_keys(action, func.jsonb_build_object(*_flat(detail)))))

    @property
    def _mine(self) -> Any:
        return key_floor.c.authority == self._authority


@contextmanager
def stale_key_noted(engine: Engine, authority: str) -> Iterator[None]:
    """Lets `StaleKey` pass, and has it told by an alarm: the transaction that was refused left nothing to see."""
    try:
        yield
    except StaleKey:
        with suppress(Unavailable, DBAPIError), database_errors(), engine.begin() as connection:
            act_for(connection, authority)
            connection.execute(select(func.casework.note_stale_key()))
        raise


def _flat(detail: dict[str, int | str]) -> Iterator[int | str]:
    for name, value in detail.items():
        yield name
        yield value
