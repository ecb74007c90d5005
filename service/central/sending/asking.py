"""Asking that a published release be sent. A person does that; the courier does the rest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import Connection, Engine, case, func
from sqlalchemy.dialects.postgresql import insert

from service.central.releases.rules import require_name
from service.central.releases.store import database_errors
from service.central.sending.rows import listed, shown
from service.central.tables import sending
from service.domain.sending import FILES, Shown, State, Why, address_digest
from service.errors import NotPossible

BytesOf = Callable[[str, str], bytes | None]


@dataclass(frozen=True)
class SendingDesk:
    """For the role wise_release. `bytes_of` gives a published file as it is pulled."""

    engine: Engine
    bytes_of: BytesOf

    def ask(self, quarter: str, url: str, *, by: str) -> list[Shown]:
        """Both files are to be sent there. What waits or was sent is left as it is; what stopped goes on.

        Raises `NotPossible` for a release that is not published, and `Unavailable`.
        """
        name, digests = require_name(by), {file: self._digest(quarter, file) for file in FILES}
        with database_errors(), self.engine.begin() as connection:
            for file, digest in digests.items():
                _ask(connection, quarter=quarter, file=file, address=address_digest(url), digest=digest, asked_by=name)
        return self.all(quarter)

    def all(self, quarter: str | None = None) -> list[Shown]:
        """Every sending, or those of a quarter."""
        with database_errors(), self.engine.connect() as connection:
            return [shown(row) for row in connection.execute(listed(quarter))]

    def _digest(self, quarter: str, file: str) -> str:
        content = self.bytes_of(quarter, file)
        if content is None:
            raise NotPossible("There is no published release of this quarter. See `wise-bridge release show`.")
        return sha256(content).hexdigest()


def _ask(connection: Connection, **asked: str) -> None:
    """What may have arrived earlier is looked up first, also when it is asked for anew."""
    of, new = sending.c, insert(sending).values(**asked)
    again = {
        "state": case((of.may_have_arrived, State.UNKNOWN.value), else_=State.READY.value),
        "reason": Why.WAITING.value,
        "attempts": 0,
        "due_at": func.now(),
        "digest": new.excluded.digest,
        "asked_by": new.excluded.asked_by,
        "asked_at": func.now(),
    }
    stopped = of.state == State.NEEDS_HUMAN.value
    connection.execute(
        new.on_conflict_do_update(index_elements=[of.quarter, of.file, of.address], set_=again, where=stopped)
    )
