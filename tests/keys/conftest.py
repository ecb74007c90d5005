"""Key folders of a test's own, with master keys, and the service over them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from service.store.engine import make_engine
from simulators.transit import TransitSimulator
from tests.keys.world import World, world
from tests.support.bridge import Bridge
from tests.support.servers import Database

TOKEN = "t-of-the-bridge"
Engines = Callable[[str], Engine]


def master_file(path: Path) -> Path:
    path.write_bytes(os.urandom(32))
    path.chmod(0o600)
    return path


@pytest.fixture
def master(tmp_path: Path) -> Path:
    return master_file(tmp_path / "master.key")


@pytest.fixture
def token_file(tmp_path: Path) -> Path:
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    return tmp_path / "token"


@pytest.fixture
def transit() -> Iterator[TransitSimulator]:
    with TransitSimulator(TOKEN) as simulator:
        yield simulator


@pytest.fixture
def engines(database: Database) -> Iterator[Engines]:
    made: dict[str, Engine] = {}

    def engine(role: str) -> Engine:
        if role not in made:
            made[role] = make_engine(database.url(role), pool_size=4)
        return made[role]

    yield engine
    for each in made.values():
        each.dispose()


@pytest.fixture
def wrapped(bridge: Bridge, tmp_path: Path, master: Path) -> Iterator[World]:
    """A running service with keys of its own, under a master key in a file."""
    with world(bridge, tmp_path / "keys", {"master_key_file": master}) as made:
        yield made
