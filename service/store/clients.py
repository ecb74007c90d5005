"""Machines that may sign in. A process can read only the row whose id it was given."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, insert, select, text

from service.store.casework import database_errors
from service.store.tables import client


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


class ClientRows:
    """Reading one client at sign-in, and creating one as the owner."""

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
        """A new client; returns its id and its secret, which is kept nowhere and shown once."""
        client_id, secret = f"wb-{secrets.token_hex(8)}", secrets.token_urlsafe(32)
        with database_errors(), self._engine.begin() as connection:
            connection.execute(
                insert(client).values(
                    client_id=client_id, authority=authority, name=name, secret_digest=_digest(secret), scopes=scopes
                )
            )
        return client_id, secret
