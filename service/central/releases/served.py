"""What was published, as the Hub's process reads it: frozen bytes, and a note of who pulled them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine, insert, select, text
from sqlalchemy.exc import SQLAlchemyError

from service.central.published import Release
from service.central.releases.canonical import NotCanonical, digest_of, from_bytes
from service.central.tables import published, pull
from service.domain.london import london_date
from service.errors import Unavailable


@dataclass(frozen=True)
class Entry:
    """One published release. `digest` is the SHA-256 of its bytes, in hex; `published_on` the day in London."""

    number: int
    quarter: str
    digest: str
    published_on: date
    catalogue: str
    catalogue_digest: str


class PublishedReleases:
    """Raises `service.errors.Unavailable` when the database is away, or what it gives is not what was published."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def list(self) -> list[Entry]:
        """Every published release, newest first."""
        of = published.c
        columns = (of.number, of.quarter, of.digest, of.published_at, of.catalogue, of.catalogue_digest)
        wanted = select(*columns).order_by(of.number.desc())
        with _database_errors(), self._engine.connect() as connection:
            found = connection.execute(wanted).all()
        return [Entry(*each[:3], london_date(each[3]), *each[4:]) for each in found]

    def bytes_of(self, quarter: str) -> bytes | None:
        """A release's bytes as they were published, or None. Bytes that their digest does not name are not served."""
        wanted = select(published.c.content, published.c.digest).where(published.c.quarter == quarter)
        with _database_errors(), self._engine.connect() as connection:
            found = connection.execute(wanted).first()
        if found is None:
            return None
        if digest_of(bytes(found.content)) != found.digest:
            raise Unavailable("The release is not as it was published. The operator has to look at it.")
        return bytes(found.content)

    def release(self, quarter: str) -> Release | None:
        """The release, or None."""
        content = self.bytes_of(quarter)
        try:
            return None if content is None else from_bytes(content)
        except NotCanonical as error:
            raise Unavailable("The release cannot be read. The operator has to look at it.") from error

    def note_pull(self, client_id: str, quarter: str, what: str) -> None:
        """Notes who pulled what. `quarter` is empty where no single release was asked for."""
        with _database_errors(), self._engine.begin() as connection:
            connection.execute(insert(pull).inline().values(client_id=client_id, quarter=quarter, what=what))

    def answers(self) -> bool:
        """Whether the database answers now."""
        try:
            with self._engine.connect() as connection:
                connection.execute(text("SELECT 1"))
        except SQLAlchemyError:
            return False
        return True


@contextmanager
def _database_errors() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        raise Unavailable("The database cannot be reached.") from error
