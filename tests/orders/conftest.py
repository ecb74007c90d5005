"""A desk at which deliveries are worked on, and one at which officers order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest

from service.adapters.profiles import Profile
from service.configuration import profiles
from service.domain.orders import Because
from service.ports.orders import Grounds, Item, Officer
from service.store.engine import make_engine
from service.store.orders import OfficerOrderStore
from service.usecases.orders.desk import OrderDesk
from tests.store.rows import let_go, row
from tests.support.bridge import STOCKPORT, Bridge
from tests.support.published import everything_is_told  # noqa: F401 - holds every answer against the OpenAPI
from tests.usecases.desk import Desk, Wakeups

ANN, BEN = Officer("stk-off-1", "wb-ann"), Officer("stk-off-2", "wb-ben")


@dataclass
class Office:
    """Where officers order, signed in to the database as the web process is."""

    orders: OrderDesk
    work: Desk
    wakeups: Wakeups

    def item(self, delivery_id: UUID) -> Item:
        with self.orders.store.transaction(STOCKPORT) as tx:
            found = tx.items.get(self.reference(delivery_id))
        assert found is not None
        return found

    def reference(self, delivery_id: UUID) -> str:
        return str(row(self.work.database, delivery_id)["reference"])


def because(reason: Because, ticket: str | None = None) -> Grounds:
    return Grounds(reason, ticket)


@pytest.fixture(scope="session", autouse=True)
def _let_go() -> Iterator[None]:
    yield
    let_go()


@pytest.fixture(scope="session")
def known_profiles(config_dir: Path) -> Mapping[str, Profile]:
    return profiles(config_dir)


@pytest.fixture
def desk(bridge: Bridge, known_profiles: Mapping[str, Profile]) -> Desk:
    return Desk(bridge, known_profiles)


@pytest.fixture
def office(desk: Desk) -> Iterator[Office]:
    engine, wakeups = make_engine(desk.database.url("wise_intake")), Wakeups()
    yield Office(OrderDesk(OfficerOrderStore(engine), wakeups), desk, wakeups)
    engine.dispose()
