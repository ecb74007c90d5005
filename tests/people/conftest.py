"""One running service and one set of issuers for each file; empty tables and untroubled issuers for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert

from service.central.releases.store import ReleaseRows
from service.central.tables import fact as facts
from service.store.engine import make_engine
from tests.central.releases.made import cohort
from tests.people.approvals import Releases, as_hubs
from tests.people.world import PUBLIC, Browser, Issuers, issuers
from tests.support.bridge import Bridge
from tests.support.published import everything_is_told  # noqa: F401 - holds every answer against the OpenAPI
from tests.support.servers import Database
from tests.support.training import train_the_workers


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Issuers]:
    with issuers(tmp_path_factory.mktemp("issuers")) as made:
        yield made


@pytest.fixture(scope="module")
def running(
    session_database: Database, broker: str, config_dir: Path, keys_dir: Path, world: Issuers
) -> Iterator[Bridge]:
    here = {"public_url": PUBLIC, "hub_public_url": PUBLIC}
    also = {"people_file": world.file, "people_key_file": world.key_file, **here}
    built = Bridge(session_database, broker, config_dir, keys_dir, also=also)
    yield built
    built.close()


@pytest.fixture
def bridge(running: Bridge, database: Database, world: Issuers) -> Bridge:
    train_the_workers(database)
    for sim in world.sims.values():
        sim.well()
    for side in (running.casework, running.hub):
        world.forgotten(side.application)
    return running


@pytest.fixture
def browser(bridge: Bridge, world: Issuers) -> Browser:
    """Of the casework side, signed in nowhere."""
    return Browser(bridge.casework.application.test_client(), world)


@pytest.fixture
def another(bridge: Bridge, world: Issuers) -> Browser:
    """Somebody else's."""
    return Browser(bridge.casework.application.test_client(), world)


@pytest.fixture
def hubs(bridge: Bridge, world: Issuers) -> Browser:
    """Of the Hub's side."""
    return Browser(bridge.hub.application.test_client(), world)


@pytest.fixture
def releases(bridge: Bridge, database: Database) -> Iterator[Releases]:
    admin = make_engine(database.admin.rsplit("/", 1)[0] + f"/{database.name}")
    with admin.begin() as connection:
        connection.execute(insert(facts), [vars(each) for each in cohort().elements()])
    admin.dispose()
    engine = make_engine(database.url("wise_release"))
    yield Releases(database, ReleaseRows(engine))
    engine.dispose()


@pytest.fixture
def approver(hubs: Browser, world: Issuers) -> Browser:
    """Signed in at the Hub as its approver and nothing else."""
    return as_hubs(hubs, world, "WiseBridge.Manager")
