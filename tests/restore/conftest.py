"""A cluster of its own that can be copied, stopped and put back; and an authority's case system that survives it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.embedded import EmbeddedPostgres
from tests.restore.house import House
from tests.store.rows import let_go
from tests.support.servers import fresh_database
from tests.support.training import train_the_workers


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    made = EmbeddedPostgres(tmp_path_factory.mktemp("restore") / "postgres", durable=False)
    try:
        made.start()
        yield made
    finally:
        made.destroy()


@pytest.fixture
def house(server: EmbeddedPostgres, config_dir: Path, keys_dir: Path, tmp_path: Path) -> Iterator[House]:
    with fresh_database(server.admin_url()) as database:
        train_the_workers(database)
        built = House(server, database, config_dir, keys_dir, tmp_path)
        try:
            yield built
        finally:
            built.close()
            let_go()
