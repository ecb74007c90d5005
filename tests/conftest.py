"""Fixtures that more than one folder uses. Servers start once a run; every test gets empty tables."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from service.commands.keys import keys
from tests.support.bridge import Bridge
from tests.support.config import impatient_config
from tests.support.servers import Database, admin_url, broker_url, fresh_database
from tests.support.training import train_the_workers

os.environ["WISE_BRIDGE_ALLOW_LOOPBACK"] = "1"  # the simulators are on this machine


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Over several cores a file stays together, and so do all tests of the running bridge: they go first, on one core.

    Two bridges at once would have each other's processes wait.
    """
    items.sort(key=lambda item: not _runs_a_bridge(item))
    for item in items:
        group = "bridge" if _runs_a_bridge(item) else str(item.path)
        item.add_marker(pytest.mark.xdist_group(group))


def _runs_a_bridge(item: pytest.Item) -> bool:
    return any(f"/tests/{each}/" in str(item.path) for each in ("e2e", "faults", "attacks"))


@pytest.fixture(scope="session")
def servers_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("servers")


@pytest.fixture(scope="session")
def postgres(servers_folder: Path) -> Iterator[str]:
    """A superuser's URL."""
    with admin_url(servers_folder) as url:
        yield url


@pytest.fixture(scope="session")
def broker(servers_folder: Path) -> Iterator[str]:
    with broker_url(servers_folder) as url:
        yield url


@pytest.fixture(scope="session")
def session_database(postgres: str) -> Iterator[Database]:
    with fresh_database(postgres) as database:
        yield database


@pytest.fixture
def database(session_database: Database) -> Database:
    """Migrated and empty."""
    session_database.empty()
    return session_database


@pytest.fixture(scope="session")
def config_dir(servers_folder: Path) -> Path:
    """The shipped configuration, made impatient."""
    return impatient_config(servers_folder / "config")


@pytest.fixture(scope="session")
def keys_dir(servers_folder: Path, config_dir: Path) -> Path:
    folder = servers_folder / "keys"
    made = CliRunner().invoke(keys, ["create", "--dir", str(folder), "--config", str(config_dir)])
    assert made.exit_code == 0, made.output
    return folder


@pytest.fixture
def bridge(database: Database, broker: str, config_dir: Path, keys_dir: Path) -> Iterator[Bridge]:
    """The service in this process, over a database that knows the examples' workers as trained and nothing else."""
    train_the_workers(database)
    built = Bridge(database, broker, config_dir, keys_dir)
    yield built
    built.close()
