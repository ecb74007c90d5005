"""The store of published releases, as the files need it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from service.central.published import Release


class Entry(Protocol):
    """A published release, as the store lists it. `digest` is the SHA-256 of its bytes, in hex."""

    @property
    def number(self) -> int:
        """Counted from 1 in the order of publication."""

    @property
    def quarter(self) -> str:
        """Its name, like 2026Q3."""

    @property
    def digest(self) -> str:
        """Of its bytes."""

    @property
    def published_on(self) -> date:
        """The London day."""

    @property
    def catalogue(self) -> str:
        """The version of the catalogue it was made by."""

    @property
    def catalogue_digest(self) -> str:
        """The SHA-256 of that catalogue's file, in hex."""


class Served(Protocol):
    """The store of releases, as it is needed here. Its methods raise `Unavailable` when it cannot be reached."""

    def list(self) -> Sequence[Entry]:
        """Every published release."""

    def release(self, quarter: str) -> Release | None:
        """One of them."""

    def note_pull(self, client_id: str, quarter: str, what: str) -> None:
        """Keeps who pulled what of which release."""

    def answers(self) -> bool:
        """Whether its database answers."""
