"""A database server of one's own with our tables in it, and one authority's key files; all of it gone afterwards."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from service.embedded import EmbeddedPostgres
from service.embedded.provision import ROLES, provision
from service.store.keys import create_keys
from service.store.migrate import migrate

AUTHORITY = "E08000007"
_DATABASE = "wise"


@dataclass(frozen=True)
class OwnServer:
    """`keys`: the folder with the files of `AUTHORITY`."""

    postgres: EmbeddedPostgres
    passwords: dict[str, str]
    keys: Path

    def url(self, role: str) -> str:
        """Signed in as a role."""
        return self.postgres.url(role, self.passwords[role], _DATABASE)

    def admin_url(self) -> str:
        """As psycopg takes it, for the superuser."""
        return self.postgres.admin_url(_DATABASE).replace("+psycopg", "")


@contextmanager
def own_server(*, durable: bool) -> Iterator[OwnServer]:
    """`durable`: whether a commit waits for the disk."""
    with tempfile.TemporaryDirectory() as name:
        postgres = EmbeddedPostgres(Path(name) / "postgres", durable=durable)
        try:
            postgres.start()
            made = OwnServer(postgres, {role: secrets.token_urlsafe(16) for role in ROLES}, Path(name) / "keys")
            provision(postgres.admin_url(), _DATABASE, made.passwords)
            migrate(made.url("wise_owner"))
            create_keys(made.keys, AUTHORITY)
            yield made
        finally:
            postgres.destroy()
