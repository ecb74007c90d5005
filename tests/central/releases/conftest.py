"""Facts in a real database, and desks over it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from sqlalchemy import Engine, insert

from service.central.releases.desk import ReleaseDesk
from service.central.releases.maker import Maker
from service.central.releases.served import PublishedReleases
from service.central.releases.store import ReleaseRows
from service.central.tables import fact as table
from service.domain.fact import Fact
from service.store.engine import make_engine
from tests.central.releases.made import maker
from tests.support.servers import Database

TODAY = date(2026, 6, 1)
"""After the release days of 2025Q4 and 2026Q1."""

Put = Callable[[Counter[Fact]], None]
MakeDesk = Callable[..., ReleaseDesk]


@pytest.fixture
def put(database: Database) -> Put:
    """Hands facts over as a superuser; what a council's process may do is tested elsewhere."""

    def put_all(facts: Counter[Fact]) -> None:
        engine = make_engine(database.admin.rsplit("/", 1)[0] + f"/{database.name}")
        with engine.begin() as connection:
            connection.execute(insert(table), [vars(each) for each in facts.elements()])
        engine.dispose()

    return put_all


@pytest.fixture
def engines(database: Database) -> Iterator[Callable[[str], Engine]]:
    made: list[Engine] = []

    def engine(role: str) -> Engine:
        made.append(make_engine(database.url(role)))
        return made[-1]

    yield engine
    for each in made:
        each.dispose()


@pytest.fixture
def desk(engines: Callable[[str], Engine]) -> MakeDesk:
    """A desk, with some of its parts given."""
    rows = ReleaseRows(engines("wise_release"))

    def made(parts: Maker | None = None, today: date = TODAY) -> ReleaseDesk:
        return ReleaseDesk(rows, parts or maker(), lambda: today)

    return made


@pytest.fixture
def served(engines: Callable[[str], Engine]) -> PublishedReleases:
    return PublishedReleases(engines("wise_central"))


@pytest.fixture
def unchecked(database: Database) -> Iterator[Database]:
    """The central tables may hold anything, and are empty and as strict as before afterwards."""
    definitions = (
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE connamespace = 'central'::regnamespace AND contype = 'c'"
    )
    with database.as_admin() as admin:
        checks = admin.execute(definitions).fetchall()
        for place, name, _ in checks:
            admin.execute(f"ALTER TABLE {place} DROP CONSTRAINT {name}")
        yield database
        database.empty()
        for place, name, words in checks:
            admin.execute(f"ALTER TABLE {place} ADD CONSTRAINT {name} {words}")
