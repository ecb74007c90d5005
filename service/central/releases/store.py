"""Releases in PostgreSQL, as the role that makes them. The database itself refuses every change to what is there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, Row, Select, func, insert, select, text
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from service.central.counting import facts_of
from service.central.releases.canonical import digest_of
from service.central.releases.chain import FIRST, entry_of
from service.central.releases.kept import Audit, Build, Entered, Standing
from service.central.tables import build, build_approval, build_audit, ledger
from service.domain.fact import Fact
from service.domain.london import london_date
from service.errors import NotPossible, Unavailable

_TAKE_TURNS = text("SELECT pg_advisory_xact_lock(hashtext('wise-bridge release'))")
MEANWHILE = "Another release was published meanwhile. Build this one again, so that it is protected against that one."


@contextmanager
def database_errors() -> Iterator[None]:
    """What the database says, in our words: it is away, or somebody else came first."""
    try:
        yield
    except IntegrityError as error:
        raise NotPossible("Somebody else did this a moment ago. Look with `wise-bridge release show`.") from error
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == "P0001":  # our own rules, kept by triggers
            raise NotPossible(f"The database refuses this: {error.orig}".splitlines()[0] + ".") from error
        raise Unavailable("The database cannot be reached, or does not let this role in.") from error
    except SQLAlchemyError as error:
        raise Unavailable("The database cannot be reached.") from error


class ReleaseRows:
    """Builds, audits, approvals and the ledger."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def today(self) -> date:
        """The day in London, by the database's clock."""
        with database_errors(), self._engine.connect() as connection:
            return london_date(connection.execute(select(func.now())).scalar_one())

    def facts(self, quarter: str, missing: Collection[str]) -> Counter[Fact]:
        """`counting.facts_of`."""
        with database_errors(), self._engine.connect() as connection:
            return facts_of(connection, quarter, missing)

    def ledger(self) -> list[Entered]:
        """Everything published, oldest first."""
        with database_errors(), self._engine.connect() as connection:
            return _ledger(connection)

    def newest(self, quarter: str) -> Standing | None:
        """The newest build of a quarter."""
        with database_errors(), self._engine.connect() as connection:
            return _newest(connection, quarter)

    def builds(self) -> list[Standing]:
        """The newest build of each quarter, the newest quarter first."""
        order = build.c.quarter.desc(), build.c.seq.desc()
        with database_errors(), self._engine.connect() as connection:
            found = connection.execute(_builds().ext(distinct_on(build.c.quarter)).order_by(*order))
            return [_standing(row) for row in found]

    def keep(self, made: Build) -> UUID:
        """Keeps a build. Raises `NotPossible` when a release was published since it was begun."""
        with self._turn() as connection:
            _require_tip(connection, made.after)
            kept = connection.execute(insert(build).values(**vars(made)).returning(build.c.id))
            number: UUID = kept.scalar_one()
        return number

    def keep_audit(self, standing: Standing, audit: Audit) -> None:
        """Keeps what the audit said of a build; a build has one."""
        with self._turn() as connection:
            _require_tip(connection, standing.build.after)
            connection.execute(insert(build_audit).values(build_id=standing.id, **vars(audit)))

    def approve(self, build_id: UUID, by: str) -> None:
        """Keeps that somebody approved it. The database looks who built it, and whether the audit passed."""
        with self._turn() as connection:
            connection.execute(insert(build_approval).values(build_id=build_id, approved_by=by))

    def publish(self, standing: Standing, by: str) -> int:
        """Enters an approved build in the ledger; its number. One at a time, and each quarter once."""
        with self._turn() as connection:
            if _newest(connection, standing.build.quarter) != standing:
                raise NotPossible("This release was built or approved anew meanwhile. Look at it again.")
            _require_tip(connection, standing.build.after)
            number, at = standing.build.after + 1, connection.execute(select(func.now())).scalar_one()
            last = select(ledger.c.hash).where(ledger.c.number == standing.build.after)
            previous = connection.execute(last).scalar() or FIRST
            entry = entry_of(standing, number, previous, by, at)
            values = {"number": number, "quarter": standing.build.quarter, "build_id": standing.id, "entry": entry}
            values |= {"previous": previous, "hash": digest_of(entry)}
            connection.execute(insert(ledger).values(**values, published_by=by, published_at=at))
        return number

    @contextmanager
    def _turn(self) -> Iterator[Connection]:
        with database_errors(), self._engine.begin() as connection:
            connection.execute(_TAKE_TURNS)
            yield connection


def _require_tip(connection: Connection, after: int) -> None:
    last = connection.execute(select(func.max(ledger.c.number))).scalar() or 0
    if last != after:
        raise NotPossible(MEANWHILE)


def _builds() -> Select[Any]:
    beside = build.outerjoin(build_audit).outerjoin(build_approval)
    return select(build, build_audit, build_approval).select_from(beside)


def _newest(connection: Connection, quarter: str) -> Standing | None:
    wanted = _builds().where(build.c.quarter == quarter).order_by(build.c.seq.desc()).limit(1)
    row = connection.execute(wanted).first()
    return None if row is None else _standing(row)


def _ledger(connection: Connection) -> list[Entered]:
    beside = ledger.join(build).outerjoin(build_audit).outerjoin(build_approval)
    wanted = select(ledger, build, build_audit, build_approval).select_from(beside).order_by(ledger.c.number)
    return [_entered(row) for row in connection.execute(wanted)]


def _entered(row: Row[Any]) -> Entered:
    read, of = row._mapping, ledger.c
    return Entered(
        number=read[of.number],
        quarter=read[of.quarter],
        entry=bytes(read[of.entry]),
        previous=read[of.previous],
        hash=read[of.hash],
        published_by=read[of.published_by],
        published_at=read[of.published_at],
        standing=_standing(row),
    )


def _standing(row: Row[Any]) -> Standing:
    read = row._mapping
    made = Build(
        quarter=read[build.c.quarter],
        catalogue=read[build.c.catalogue],
        catalogue_digest=read[build.c.catalogue_digest],
        after=read[build.c.after],
        content=bytes(read[build.c.content]),
        digest=read[build.c.digest],
        facts=bytes(read[build.c.facts]),
        facts_digest=read[build.c.facts_digest],
        built_by=read[build.c.built_by],
    )
    approved = read[build_approval.c.approved_by], read[build_approval.c.approved_at]
    return Standing(read[build.c.id], made, read[build.c.built_at], _audit(row), *approved)


def _audit(row: Row[Any]) -> Audit | None:
    read, of = row._mapping, build_audit.c
    if read[of.build_id] is None:
        return None
    return Audit(read[of.passed], bytes(read[of.report]), read[of.report_digest], read[of.words], read[of.looked])
