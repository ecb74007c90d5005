"""For whom a transaction acts: row security shows it that authority's rows and no others."""

from __future__ import annotations

from sqlalchemy import Connection, text

from service.store.driver import TENANT
from service.store.second_lock import acting_for

_ACT_FOR = text(TENANT.replace("%s", ":authority"))


def act_for(connection: Connection, authority: str) -> None:
    """Until the transaction ends; with "" for nobody."""
    connection.execute(_ACT_FOR, {"authority": authority})
    acting_for(connection, authority)
