"""One running service for each file, with empty tables for each test: building it anew costs a fifth of a second."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.bridge import Bridge
from tests.support.published import everything_is_told  # noqa: F401 - holds every answer against the OpenAPI
from tests.support.servers import Database
from tests.support.training import train_the_workers


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
