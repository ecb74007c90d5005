"""Engines signed in as each role, and stores over them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine

from service.central.facts import FactDoor
from service.store.casework import CaseworkStore
from service.store.engine import make_engine
from tests.store.rows import let_go
from tests.support.servers import Database

Engines = Callable[[str], Engine]


@pytest.fixture(scope="session", autouse=True)
def _let_go() -> Iterator[None]:
    yield
    let_go()


@pytest.fixture
def engines(database: Database) -> Iterator[Engines]:
    """The engine of a role, with room for every thread of a test."""
    made: dict[str, Engine] = {}

    def engine(role: str) -> Engine:
        if role not in made:
            made[role] = make_engine(database.url(role), pool_size=30)
        return made[role]

    yield engine
    for each in made.values():
        each.dispose()


@pytest.fixture
def intake(engines: Engines) -> CaseworkStore:
    return CaseworkStore(engines("wise_intake"), FactDoor)


@pytest.fixture
def store(engines: Engines) -> CaseworkStore:
    """The worker's store."""
    return CaseworkStore(engines("wise_delivery"), FactDoor)
