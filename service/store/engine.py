"""Database connections for one process, signed in as that process's own role."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, create_engine


def make_engine(url: str, *, pool_size: int = 8) -> Engine:
    """An engine that never shows parameters in errors, gives up waiting, and checks a connection before use.

    `hide_parameters` alone does not keep values out of PostgreSQL's DETAIL lines; identifiers are therefore encrypted
    or keyed before they get here, and the embedded server logs tersely.
    """
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=4,
        pool_timeout=5,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={
            "connect_timeout": 3,
            "application_name": "wise-bridge",
            "options": "-c statement_timeout=15000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=30000",
        },
    )


@contextmanager
def short_lived_engine(url: str) -> Iterator[Engine]:
    """One connection for one command, let go of afterwards."""
    engine = make_engine(url, pool_size=1)
    try:
        yield engine
    finally:
        engine.dispose()
