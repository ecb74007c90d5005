"""Addresses that the door let nothing out to: counted, and entered in the trail once an hour for each.

Never the address: which one it is says its number, or that there is one of its kind.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from threading import Lock

from sqlalchemy import Function, func
from sqlalchemy import select as _select
from sqlalchemy.exc import SQLAlchemyError

from service.store.engine import short_lived_engine

CHECKPOINTS, KMS, VAULT, WEBHOOK = "checkpoints", "kms", "vault", "webhook"
EVERY = 60.0
"""Seconds between two notes of one process that has no engine at hand."""


def refused(what: str, subject: str, reason: str) -> Function[None]:
    """The call that notes it. Of a webhook in a transaction of its authority's."""
    return func.casework.refuse_address(what, subject, reason)


class MasterKeyRefused:
    """For whoever holds no engine, as the master key's holder is asked before there is one.

    Once a minute, by a connection of its own. What cannot be noted changes nothing: the address stays refused.
    """

    def __init__(self, what: str, database_url: str, *, now: Callable[[], float] = time.monotonic) -> None:
        self._what, self._url, self._now = what, database_url, now
        self._next, self._one = float("-inf"), Lock()

    def __call__(self, reason: str) -> None:
        """`reason`: a code of the door's."""
        with self._one:
            if not self._url or self._now() < self._next:
                return
            self._next = self._now() + EVERY
        with suppress(SQLAlchemyError), short_lived_engine(self._url) as engine, engine.begin() as connection:
            connection.execute(_select(refused(self._what, "", reason)))
