"""Public keys of clients, as the owner keeps them: added beside one another, so that two are good during a change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select, update

from service.errors import NotPossible
from service.ports import AuditEntry
from service.store.audit_trail import AuditTrail
from service.store.errors import database_errors
from service.store.tables import client, client_key
from service.store.tenant import act_for

STANDING_MOST = 3
"""Keys of one client that are good at once: the one in use, the next, and one to spare."""
_NO_CLIENT = "There is no client of this id that may sign in. See `wise-bridge clients list`."


@dataclass(frozen=True)
class ListedKey:
    """A client's key as people are shown it. `not_after`: the moment from which it is no good, if one was given."""

    kid: str
    added_at: datetime
    not_after: datetime | None
    revoked_at: datetime | None


def add_key(
    connection: Connection, client_id: str, kid: str, jwk: Mapping[str, Any], *, by: str = "", days: int | None = None
) -> None:
    """Within a transaction of the owner's. Raises `NotPossible`."""
    mine = select(client.c.authority).where(client.c.client_id == client_id, client.c.revoked_at.is_(None))
    authority = connection.scalar(mine.with_for_update())
    if authority is None:
        raise NotPossible(_NO_CLIENT)
    known = _keys(connection, client_id)
    if any(each.kid == kid for each in known):
        raise NotPossible("This client has, or had, a key of this id already. Make a new key for it.")
    if len([each for each in known if each.revoked_at is None]) >= STANDING_MOST:
        raise NotPossible(f"This client has {STANDING_MOST} keys. Revoke one that is not used any more first.")
    not_after = func.now() + timedelta(days=days) if days else None
    connection.execute(insert(client_key).values(client_id=client_id, kid=kid, jwk=dict(jwk), not_after=not_after))
    note(connection, authority, "client_key_added", client_id, {"kid": kid} | ({"by": by} if by else {}))


class ClientKeyRows:
    """Listing, adding and revoking. Raises `Unavailable`, and `NotPossible` where there is no such client or key."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, client_id: str, kid: str, jwk: Mapping[str, Any], *, by: str, days: int | None) -> None:
        """One more key; good for so many days, or until it is revoked."""
        with database_errors(), self._engine.begin() as connection:
            add_key(connection, client_id, kid, jwk, by=by, days=days)

    def all(self, client_id: str) -> list[ListedKey]:
        """Every key it has or had, the oldest first."""
        with database_errors(), self._engine.begin() as connection:
            if connection.scalar(select(client.c.client_id).where(client.c.client_id == client_id)) is None:
                raise NotPossible("There is no client of this id. See `wise-bridge clients list`.")
            return _keys(connection, client_id)

    def revoke(self, client_id: str, kid: str, *, by: str) -> datetime:
        """From when on it is no good; the first time holds."""
        mine = (client_key.c.client_id == client_id) & (client_key.c.kid == kid)
        ended = update(client_key).where(mine, client_key.c.revoked_at.is_(None)).values(revoked_at=func.now())
        with database_errors(), self._engine.begin() as connection:
            if connection.execute(ended).rowcount:
                authority = connection.scalar(select(client.c.authority).where(client.c.client_id == client_id))
                note(connection, str(authority), "client_key_revoked", client_id, {"kid": kid, "by": by})
            revoked_at: datetime | None = connection.scalar(select(client_key.c.revoked_at).where(mine))
        if revoked_at is None:
            raise NotPossible("This client has no key of this id. See `wise-bridge clients keys list`.")
        return revoked_at


def note(connection: Connection, authority: str, action: str, client_id: str, detail: dict[str, str]) -> None:
    """In the trail of the client's authority, as the owner."""
    act_for(connection, authority)
    AuditTrail(connection, authority).add(AuditEntry("owner", action, "client", client_id, detail))


def _keys(connection: Connection, client_id: str) -> list[ListedKey]:
    columns = (client_key.c[each.name] for each in fields(ListedKey))
    order = client_key.c.added_at, client_key.c.kid
    found = connection.execute(select(*columns).where(client_key.c.client_id == client_id).order_by(*order))
    return [ListedKey(*row) for row in found]
