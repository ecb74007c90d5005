"""The two stores, each empty."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from service.central.facts import FactDoor
from service.store.casework import CaseworkStore
from service.store.engine import make_engine
from service.store.orders import OfficerOrderStore
from tests.simulation.conformance.both import InMemory, InPostgres, Store
from tests.store.rows import let_go
from tests.support.servers import Database


@pytest.fixture(scope="session", autouse=True)
def _let_go() -> Iterator[None]:
    yield
    let_go()


@pytest.fixture(scope="module")
def real_stores(session_database: Database) -> Iterator[InPostgres]:
    made = [
        CaseworkStore(make_engine(session_database.url(role)), FactDoor) for role in ("wise_delivery", "wise_intake")
    ]
    officers = make_engine(session_database.url("wise_intake"))
    yield InPostgres(session_database, *made, OfficerOrderStore(officers))
    for each in made:
        each.close()
    officers.dispose()


@pytest.fixture
def in_postgres(real_stores: InPostgres) -> InPostgres:
    real_stores.database.empty()
    return real_stores


@pytest.fixture(params=["memory", "postgres"])
def store(request: pytest.FixtureRequest) -> Store:
    """Either."""
    if request.param == "memory":
        return InMemory()
    found: InPostgres = request.getfixturevalue("in_postgres")
    return found
