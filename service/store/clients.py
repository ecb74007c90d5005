"""Machines that may sign in. A process can read only the row whose id it was given."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select, text, update

from service.errors import NotPossible
from service.store.casework import database_errors
from service.store.client_keys import add_key, note
from service.store.tables import client

NO_SECRET = b""
"""The digest of no secret at all: nothing has it."""


@dataclass(frozen=True)
class Client:
    """A machine of one authority (or of the Hub), and what it may do."""

    client_id: str
    authority: str
    name: str
    secret_digest: bytes
    scopes: list[str]
    revoked_at: datetime | None

    def secret_matches(self, secret: str) -> bool:
        """Compares in constant time."""
        return hmac.compare_digest(_digest(secret), self.secret_digest)


def _digest(secret: str) -> bytes:
    """SHA-256 is enough here: the secret is 256 random bits, not a person's password."""
    return hashlib.sha256(secret.encode()).digest()


@dataclass(frozen=True)
class Listed:
    """A client as people are shown it."""

    client_id: str
    authority: str
    name: str
    scopes: list[str]
    created_at: datetime
    revoked_at: datetime | None


class ClientRows:
    """Reading one client at sign-in; and creating, listing and revoking them as the owner."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def get(self, client_id: str) -> Client | None:
        """The client, unless it was revoked or never was."""
        with database_errors(), self._engine.begin() as connection:
            connection.execute(text("SELECT set_config('wise.client', :id, true)"), {"id": client_id})
            row = connection.execute(
                select(
                    client.c.client_id,
                    client.c.authority,
                    client.c.name,
                    client.c.secret_digest,
                    client.c.scopes,
                    client.c.revoked_at,
                ).where(client.c.client_id == client_id, client.c.revoked_at.is_(None))
            ).first()
        return Client(*row) if row else None

    def create(self, *, authority: str, name: str, scopes: list[str]) -> tuple[str, str]:
        """A new client for a sandbox; returns its id and its secret, which is kept nowhere and shown once."""
        secret = secrets.token_urlsafe(32)
        with database_errors(), self._engine.begin() as connection:
            return _insert(connection, authority, name, scopes, _digest(secret)), secret

    def create_with_key(self, *, authority: str, name: str, scopes: list[str], kid: str, jwk: Mapping[str, Any]) -> str:
        """A new client that signs in with this key and has no secret; returns its id."""
        with database_errors(), self._engine.begin() as connection:
            client_id = _insert(connection, authority, name, scopes, NO_SECRET)
            add_key(connection, client_id, kid, jwk)
            return client_id

    def all(self) -> list[Listed]:
        """Every client, revoked ones too, as the owner: by authority, the oldest first."""
        columns = (client.c[each.name] for each in fields(Listed))
        order = client.c.authority, client.c.created_at, client.c.client_id
        with database_errors(), self._engine.begin() as connection:
            return [Listed(*row) for row in connection.execute(select(*columns).order_by(*order))]

    def revoke(self, client_id: str, *, by: str) -> datetime:
        """From when on it gets no token any more; the first time holds. Raises `NotPossible` if there is none."""
        mine = client.c.client_id == client_id
        ended = update(client).where(mine, client.c.revoked_at.is_(None)).values(revoked_at=func.now())
        with database_errors(), self._engine.begin() as connection:
            authority = connection.scalar(ended.returning(client.c.authority))
            if authority is not None:
                note(connection, authority, "client_revoked", client_id, {"by": by})
            revoked_at: datetime | None = connection.scalar(select(client.c.revoked_at).where(mine))
        if revoked_at is None:
            raise NotPossible("There is no client of this id. See `wise-bridge clients list`.")
        return revoked_at


def _insert(connection: Connection, authority: str, name: str, scopes: list[str], secret_digest: bytes) -> str:
    client_id = f"wb-{secrets.token_hex(8)}"
    connection.execute(
        insert(client).values(
            client_id=client_id, authority=authority, name=name, secret_digest=secret_digest, scopes=scopes
        )
    )
    note(connection, authority, "client_created", client_id, {"scopes": " ".join(scopes)})
    return client_id
