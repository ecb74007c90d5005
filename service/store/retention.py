"""`service.ports.retention.Bodies` for the role wise_purge, which can read nothing that is sealed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date, bindparam, func, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from service.ports.retention import Again, Found, Shredded
from service.store.bodies import Body
from service.store.errors import database_errors
from service.store.purging import Purging
from service.store.retention_sql import PAGE, as_found
from service.store.tables import purge_run, shredded, submission

BATCH = 500
_MARK = (
    update(submission)
    .where(submission.c.authority == bindparam("_authority"), submission.c.id == bindparam("_id"))
    .values(purge_after=bindparam("_after"))
)
_ON_DAY = func.date(func.timezone("Europe/London", shredded.c.at)) == bindparam("_day", type_=Date)


class BodyRows(Purging):
    """Two of them at once do no harm: a record is locked while it is shredded, and skipped by the other."""

    def look(self, authority: str) -> Iterator[Sequence[Found]]:
        """Every record whose body is here, in batches of `BATCH`."""
        after = UUID(int=0)
        while True:
            with self._acting(authority) as connection:
                asked = {"authority": authority, "after": after, "batch": BATCH}
                found = [as_found(row) for row in connection.execute(PAGE, asked)]
            if not found:
                return
            yield found
            after = found[-1].submission_id

    def mark(self, authority: str, marks: Sequence[tuple[UUID, datetime | None]]) -> None:
        """In one transaction."""
        if not marks:
            return
        rows = [{"_authority": authority, "_id": each, "_after": after} for each, after in marks]
        with self._acting(authority) as connection:
            connection.execute(_MARK, rows)

    def due(self, authority: str, limit: int, after: tuple[datetime, UUID] | None) -> Sequence[tuple[datetime, UUID]]:
        """Oldest first."""
        place = (submission.c.purge_after, submission.c.id)
        query = select(*place).where(submission.c.authority == authority, submission.c.purge_after <= func.now())
        if after is not None:
            query = query.where(tuple_(*place) > after)
        with self._acting(authority) as connection:
            return [(row[0], row[1]) for row in connection.execute(query.order_by(*place).limit(limit))]

    def shred(self, authority: str, submission_id: UUID, days: int) -> bool:
        """One transaction: the note, the body and the trail, or nothing of it."""
        with self._acting(authority) as connection:
            return Body(connection, authority, submission_id).shred(days)

    def shred_again(self, entry: Shredded) -> Again:
        """One transaction, too."""
        with self._acting(entry.authority) as connection:
            return Body(connection, entry.authority, entry.submission_id).shred_again(entry)

    def shredded(self, authority: str, day: date | None = None) -> Sequence[Shredded]:
        """Oldest first."""
        query = select(shredded).where(shredded.c.authority == authority)
        if day is not None:
            query = query.where(_ON_DAY)
        with self._acting(authority) as connection:
            rows = connection.execute(
                query.order_by(shredded.c.at, shredded.c.submission_id), {} if day is None else {"_day": day}
            )
            return [Shredded(**row._mapping) for row in rows]

    def note_run(self, authority: str) -> None:
        """Now, by the database's clock; an alarm asks for it."""
        new = insert(purge_run).values(authority=authority)
        with self._acting(authority) as connection:
            connection.execute(new.on_conflict_do_update(index_elements=["authority"], set_={"at": func.now()}))

    def note_reapplied(self) -> None:
        """Of the restore that is the latest now."""
        with database_errors(), self._engine.begin() as connection:
            connection.execute(text("UPDATE casework.bridge SET reapplied_epoch = epoch"))
