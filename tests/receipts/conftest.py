"""The running service for each file, with empty tables for each test, in this process and behind an address."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from tests.support.bridge import Bridge
from tests.support.published import everything_is_told  # noqa: F401 - holds every answer against the OpenAPI
from tests.support.servers import Database
from tests.support.training import train_the_workers


@pytest.fixture(scope="module")
def running(session_database: Database, broker: str, config_dir: Path, keys_dir: Path) -> Iterator[Bridge]:
    built = Bridge(session_database, broker, config_dir, keys_dir)
    yield built
    built.close()


@pytest.fixture(scope="module")
def address(running: Bridge) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, running.casework.application, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def bridge(running: Bridge, database: Database) -> Bridge:
    train_the_workers(database)
    return running
