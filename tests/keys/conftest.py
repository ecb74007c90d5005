"""Key folders of a test's own, with master keys, and the service over them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine

from service.store.engine import make_engine
from simulators.transit import TransitSimulator
from tests.keys.world import World, world
from tests.support.bridge import Bridge
from tests.support.certificates import made
from tests.support.servers import Database

if TYPE_CHECKING:
    from tests.support.kms_server import KmsServer

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


def credentials(path: Path, keys: Mapping[str, object]) -> Path:
    """A file in Amazon's form, from keys as Amazon hands them out."""
    names = {"AccessKeyId": "access_key_id", "SecretAccessKey": "secret_access_key", "SessionToken": "session_token"}
    lines = [f"aws_{names[name]} = {value}" for name, value in keys.items() if name in names]
    path.write_text("\n".join(["[default]", *lines, ""]))
    return path


@pytest.fixture(scope="session")
def kms() -> Iterator[KmsServer]:
    from tests.support.kms_server import kms_server  # moto is loaded by those who ask for it

    with kms_server() as server:
        yield server


@pytest.fixture(scope="session")
def kms_over_tls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KmsServer]:
    from tests.support.kms_server import kms_server

    folder = tmp_path_factory.mktemp("kms")
    authority, certificate = folder / "ca.pem", folder / "server.pem"
    by = made("authority.example")
    server = made("localhost", by)
    authority.write_text(by.pem)
    certificate.write_text(server.key_pem() + server.pem)
    with kms_server(certificate, authority) as running:
        yield running


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
