"""Signing in, as the casework web process sees it: one client with the key it names, used assertions, refusals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Engine, and_, func, or_, select, text

from service.domain.people import THROUGH
from service.ports import AuditEntry
from service.store.audit_trail import AuditTrail
from service.store.errors import database_errors
from service.store.tables import client, client_key
from service.store.tenant import act_for

_NAMED = text("SELECT set_config('wise.client', :id, true)")
_STANDS = and_(
    client_key.c.revoked_at.is_(None), or_(client_key.c.not_after.is_(None), client_key.c.not_after > func.now())
)


@dataclass(frozen=True)
class KnownClient:
    """A client that is in the table, revoked or not. `jwk`: the named public key, where there is one that stands."""

    client_id: str
    authority: str
    scopes: list[str]
    revoked: bool
    jwk: Mapping[str, Any] | None


class SignInRows:
    """Every method is one short transaction. Raises `service.errors.Unavailable`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def find(self, client_id: str, kid: str) -> KnownClient | None:
        """The client with this id, and its key of this id; the same one query whether either is there or not."""
        its_key = and_(client_key.c.client_id == client.c.client_id, client_key.c.kid == kid, _STANDS)
        columns = (client.c.client_id, client.c.authority, client.c.scopes, client.c.revoked_at, client_key.c.jwk)
        wanted = select(*columns).select_from(client.outerjoin(client_key, its_key))
        with database_errors(), self._engine.begin() as connection:
            connection.execute(_NAMED, {"id": client_id})
            row = connection.execute(wanted.where(client.c.client_id == client_id)).first()
        return None if row is None else KnownClient(row[0], row[1], row[2], row[3] is not None, row[4])

    def stands(self, client_id: str, kid: str) -> bool:
        """Whether neither the client nor, unless `kid` is empty, the key it signed in with has been revoked."""
        found = self.find(client_id, kid)
        return found is not None and not found.revoked and (not kid or found.jwk is not None)

    def use(self, client_id: str, jti: str, until: float) -> bool:
        """Whether this assertion is used for the first time. `until`: seconds since 1970 after which it is worthless.

        Of any number of processes that ask at once, the database says yes to one.
        """
        digest, ends = sha256(jti.encode("utf-8", "surrogatepass")).digest(), datetime.fromtimestamp(until, UTC)
        with database_errors(), self._engine.begin() as connection:
            return bool(connection.scalar(select(func.casework.use_assertion(client_id, digest, ends))))

    def refused(self, authority: str, client_id: str, reason: str) -> None:
        """Counts a refused sign-in, and enters it in the trail: for each authority and reason once a minute at most.

        Anybody may fail as often as they like, and the trail is kept for six years; the count beside it is exact.
        """
        with database_errors(), self._engine.begin() as connection:
            if connection.scalar(select(func.casework.note_sign_in_failure(authority, reason))):
                _enter(connection, authority, client_id, reason)


def _enter(connection: Connection, authority: str, client_id: str, reason: str) -> None:
    act_for(connection, authority)
    kind = "person" if client_id.startswith(THROUGH) else "client"
    about = client_id.removeprefix(THROUGH)
    entry = AuditEntry(client_id or "stranger", "sign_in_refused", kind, about, {"reason": reason})
    AuditTrail(connection, authority).add(entry)
