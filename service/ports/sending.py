"""What sending a release needs: the kept sendings, the files as they are pulled, and the one address."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from service.domain.sending import Claimed, Receipt, Settled


class There(StrEnum):
    """What is found at the address under a file's name."""

    NOTHING = "nothing"
    OTHER_BYTES = "other_bytes"


class Sendings(Protocol):
    """The kept sendings of one address, by the database's clock. Its methods raise `Unavailable`."""

    def claim(self) -> Claimed | None:
        """Takes what is due, or what a courier that is gone had in its hands. Two never take one."""

    def note_leaving(self, claimed: Claimed) -> bool:
        """Keeps that bytes may arrive from now on, and renews the lease. False: the claim is no longer ours."""

    def settle(self, claimed: Claimed, settled: Settled) -> bool:
        """Keeps the outcome. False: somebody else has it meanwhile, and nothing was changed."""

    def address_refused(self, reason: str) -> None:
        """Our own door let nothing out to the address: counted, and in the trail once an hour."""


class PublishedFiles(Protocol):
    """A release's files, made by the same code that serves them when they are pulled."""

    def bytes_of(self, quarter: str, file: str) -> bytes | None:
        """The bytes, or None where nothing of this name is published. Raises `Unavailable`."""


class CentralAddress(Protocol):
    """The central team's address. Its methods raise `service.errors.DeliveryProblem`."""

    def look(self, quarter: str, file: str, content: bytes) -> Receipt | There:
        """The receipt if these bytes are there; else what is. Changes nothing there."""

    def send(self, quarter: str, file: str, content: bytes) -> Receipt | There:
        """Puts the bytes there unless something has the name. Then that is looked at, and never replaced."""
