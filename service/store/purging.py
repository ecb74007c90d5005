"""What all that the role wise_purge does has in common: the database's clock, and acting for one authority."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Connection, Engine, text

from service.store.errors import database_errors
from service.store.tenant import act_for


class Purging:
    """Over the engine of that role."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def now(self) -> datetime:
        """The database's clock."""
        with database_errors(), self._engine.begin() as connection:
            moment: datetime = connection.execute(text("SELECT now()")).scalar_one()
        return moment

    def is_usual(self) -> bool:
        """Whether no restore is under way."""
        with database_errors(), self._engine.begin() as connection:
            return bool(connection.scalar(text("SELECT casework.mode() = 'usual'")))

    @contextmanager
    def _acting(self, authority: str) -> Iterator[Connection]:
        with database_errors(), self._engine.begin() as connection:
            act_for(connection, authority)
            yield connection
