"""Stores signed in as each role, receivers, and the owner's desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Engine

from service.adapters.webhooks import WebhookSender, read_address
from service.central.facts import FactDoor
from service.store.casework import CaseworkStore
from service.store.engine import make_engine
from service.store.keys import KeyRing
from service.store.vault import KeyedVault
from service.store.webhooks import WebhookRows
from service.usecases.webhooks.look_after import WebhookDesk
from service.usecases.webhooks.tell import Teller
from tests.store.rows import let_go
from tests.support.bridge import SALFORD, STOCKPORT, Bridge
from tests.support.published import everything_is_told  # noqa: F401 - holds every answer against the OpenAPI
from tests.support.servers import Database
from tests.support.training import train_the_workers
from tests.webhooks.receiver import Receiver, receiving
from tests.webhooks.scene import Scene, listen

Engines = Callable[[str], Engine]


@pytest.fixture(scope="session", autouse=True)
def _let_go() -> Iterator[None]:
    yield
    let_go()


@pytest.fixture(scope="module")
def running(session_database: Database, broker: str, config_dir: Path, keys_dir: Path) -> Iterator[Bridge]:
    built = Bridge(session_database, broker, config_dir, keys_dir)
    yield built
    built.close()


@pytest.fixture
def bridge(running: Bridge, database: Database) -> Bridge:
    """One service for this file; for each test, tables that know the examples' workers as trained and nothing else."""
    train_the_workers(database)
    return running


@pytest.fixture
def engines(database: Database) -> Iterator[Engines]:
    made: dict[str, Engine] = {}

    def engine(role: str) -> Engine:
        if role not in made:
            made[role] = make_engine(database.url(role), pool_size=10)
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


@pytest.fixture
def vault(keys_dir: Path) -> KeyedVault:
    return KeyedVault(KeyRing(keys_dir))


@pytest.fixture
def desk(engines: Engines, vault: KeyedVault) -> WebhookDesk:
    return WebhookDesk(WebhookRows(engines("wise_owner")), vault, read_address)


@pytest.fixture
def teller(engines: Engines, vault: KeyedVault) -> Teller:
    """Tells at once, in this thread, so that a test sees what comes of it."""
    rows, sender = WebhookRows(engines("wise_delivery")), WebhookSender(seconds=2.0)
    return Teller(rows, vault, sender, (STOCKPORT, SALFORD), lambda do: do() and None)


@pytest.fixture
def receivers() -> Iterator[Callable[[], Receiver]]:
    with ExitStack() as stack:
        yield lambda: stack.enter_context(receiving())


@pytest.fixture
def receiver(receivers: Callable[[], Receiver]) -> Receiver:
    return receivers()


@pytest.fixture
def scene(  # noqa: PLR0917 - what pytest gives, it gives by position
    database: Database,
    intake: CaseworkStore,
    store: CaseworkStore,
    desk: WebhookDesk,
    teller: Teller,
    receiver: Receiver,
) -> Scene:
    """With a receiver that listens for Stockport."""
    return Scene(database, intake, store, desk, teller, receiver, listen(desk, receiver)[1])
