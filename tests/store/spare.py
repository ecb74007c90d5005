"""A database beside the run's own, with the same roles and passwords: roles belong to the whole server."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import psycopg

from service.embedded.provision import provision
from tests.store.rows import let_go
from tests.support.servers import Database


@contextmanager
def spare_database(beside: Database) -> Iterator[Database]:
    """Provisioned, not migrated, and gone afterwards."""
    spare = replace(beside, name=f"wise_spare_{secrets.token_hex(4)}")
    provision(spare.admin, spare.name, spare.passwords)
    try:
        yield spare
    finally:
        let_go(spare.name)
        with psycopg.connect(spare.admin.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{spare.name}" WITH (FORCE)')
