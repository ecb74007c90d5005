"""Keys of feeds: long-lived, for spreadsheets and reports that pull what is published and can do nothing else.

A key is `feed_`, the twelve digits of its id, `_`, and 256 random bits. What is kept is a digest of it.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection, Engine, func, insert, select, text, update
from sqlalchemy.exc import SQLAlchemyError

from service.central.tables import feed_key
from service.errors import NotPossible, Unavailable

DAYS_MOST = 366
_KEY = re.compile(r"feed_([0-9a-f]{12})_[A-Za-z0-9_-]{43}")
_NOTHING = bytes(32)


@dataclass(frozen=True)
class Feed:
    """A feed as people are shown it."""

    id: str
    name: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


class FeedKeys:
    """As the Hub's process reads them: the one feed that a key names, and no other. Raises `Unavailable`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def feed_of(self, key: str) -> str | None:
        """The id of the feed whose key this is, as long as it is good; compared in constant time."""
        shaped = _KEY.fullmatch(key)
        if shaped is None:
            return None
        feed = f"feed-{shaped[1]}"
        kept = self._digest(feed)
        return feed if hmac.compare_digest(_digest_of(key), kept or _NOTHING) and kept else None

    def refused(self, client_id: str, reason: str) -> None:
        """Counts a refused sign-in; the database enters it in the trail, for each reason once a minute at most."""
        with _database_errors(), self._engine.begin() as connection:
            connection.execute(select(func.central.refuse_sign_in(client_id, reason)))

    def _digest(self, feed: str) -> bytes | None:
        good = (feed_key.c.id == feed) & feed_key.c.revoked_at.is_(None) & (feed_key.c.expires_at > func.now())
        with _database_errors(), self._engine.begin() as connection:
            connection.execute(text("SELECT set_config('wise.feed', :id, true)"), {"id": feed})
            found: bytes | None = connection.scalar(select(feed_key.c.digest).where(good))
        return found


def create_feed(connection: Connection, name: str, days: int) -> tuple[str, str]:
    """A new feed's id, and its key, which is kept nowhere and shown once. As the owner."""
    digits, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    feed, key = f"feed-{digits}", f"feed_{digits}_{secret}"
    made = {"id": feed, "name": name, "digest": _digest_of(key), "expires_at": func.now() + timedelta(days=days)}
    connection.execute(insert(feed_key).values(made))
    return feed, key


def all_feeds(connection: Connection) -> list[Feed]:
    """Every feed there is or was, the oldest first. As the owner."""
    columns = (feed_key.c[each.name] for each in fields(Feed))
    found = connection.execute(select(*columns).order_by(feed_key.c.created_at, feed_key.c.id))
    return [Feed(*row) for row in found]


def revoke_feed(connection: Connection, feed: str) -> bool:
    """Whether it was revoked now; False if it was before. As the owner. Raises `NotPossible` if there is none."""
    ended = update(feed_key).where(feed_key.c.id == feed, feed_key.c.revoked_at.is_(None))
    if connection.execute(ended.values(revoked_at=func.now())).rowcount:
        return True
    if connection.scalar(select(feed_key.c.id).where(feed_key.c.id == feed)) is None:
        raise NotPossible("There is no feed of this id. See `wise-bridge feeds list`.")
    return False


def _digest_of(key: str) -> bytes:
    """SHA-256 is enough: the key is 256 random bits, not a person's password."""
    return sha256(key.encode()).digest()


@contextmanager
def _database_errors() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        raise Unavailable("The database cannot be reached.") from error
