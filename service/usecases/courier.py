"""Sends a published file: never a blind second time, and never over something else."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from random import SystemRandom

from service.domain.delivery import Reason
from service.domain.sending import (
    Claimed,
    Receipt,
    Settled,
    Spread,
    Why,
    arrived,
    for_a_person,
    is_aged,
    later,
)
from service.errors import DeliveryProblem, NeedsHuman, NothingSent, Unavailable
from service.ports.sending import CentralAddress, PublishedFiles, Sendings, There

WHY: Mapping[Reason, Why] = {
    Reason.UNREACHABLE: Why.NOT_REACHED,
    Reason.UNAVAILABLE: Why.AWAY,
    Reason.THROTTLED: Why.AWAY,
    Reason.LOCKED: Why.AWAY,
    Reason.MAINTENANCE: Why.AWAY,
    Reason.SIGN_IN_REFUSED: Why.SIGN_IN_REFUSED,
    Reason.HOST_KEY_CHANGED: Why.NOT_THE_SERVER,
    Reason.CERTIFICATE_NOT_TRUSTED: Why.NOT_THE_SERVER,
    Reason.ADDRESS_NOT_ALLOWED: Why.ADDRESS_NOT_ALLOWED,
    Reason.NO_CLEAR_ANSWER: Why.NO_CLEAR_ANSWER,
    Reason.UNEXPECTED_ANSWER: Why.NO_CLEAR_ANSWER,
}


@dataclass(frozen=True)
class Done:
    """What was worked on, and what became of it; `kept` is false where somebody else had taken it over."""

    claimed: Claimed
    settled: Settled
    kept: bool


class LostError(Exception):
    """The claim is somebody else's now; nothing was sent under it."""


@dataclass(frozen=True)
class Courier:
    """One address's courier. Safe to run several times at once."""

    sendings: Sendings
    files: PublishedFiles
    address: CentralAddress
    spread: Spread = SystemRandom().random

    def work(self) -> Done | None:
        """One file that is due, or None. Raises `Unavailable` when the database is away."""
        claimed = self.sendings.claim()
        if claimed is None:
            return None
        try:
            settled = self._attempt(claimed)
        except LostError:
            lost = later(claimed, Why.NO_CLEAR_ANSWER, self.spread, may_have_arrived=claimed.may_have_arrived)
            return Done(claimed, lost, kept=False)
        return Done(claimed, settled, self.sendings.settle(claimed, settled))

    def _attempt(self, claimed: Claimed) -> Settled:
        if is_aged(claimed):
            return for_a_person(Why.TOO_MANY_ATTEMPTS, may_have_arrived=claimed.may_have_arrived)
        content = self._content(claimed)
        if isinstance(content, Settled):
            return content
        name = (claimed.quarter, claimed.file)
        try:
            found = self.address.look(*name, content) if claimed.may_have_arrived else There.NOTHING
        except DeliveryProblem as problem:  # looking changes nothing there, so the doubt stays what it was
            return self._after(problem, claimed, arrived_before=True)
        return self._send(claimed, content) if found is There.NOTHING else self._found(found)

    def _content(self, claimed: Claimed) -> bytes | Settled:
        """The bytes that were asked for. Anything else is not sent."""
        may = claimed.may_have_arrived
        try:
            content = self.files.bytes_of(claimed.quarter, claimed.file)
        except Unavailable:
            return later(claimed, Why.RELEASE_UNREADABLE, self.spread, may_have_arrived=may)
        if content is None or sha256(content).hexdigest() != claimed.digest:
            return for_a_person(Why.BYTES_CHANGED, may_have_arrived=may)
        return content

    def _send(self, claimed: Claimed, content: bytes) -> Settled:
        """Kept before any byte leaves: whoever finds this claim abandoned looks first."""
        if not self.sendings.note_leaving(claimed):
            raise LostError
        try:
            found = self.address.send(claimed.quarter, claimed.file, content)
        except DeliveryProblem as problem:
            return self._after(problem, claimed, arrived_before=claimed.may_have_arrived)
        return self._found(found)

    def _found(self, found: Receipt | There) -> Settled:
        if isinstance(found, There):
            return for_a_person(Why.OTHER_BYTES_THERE, may_have_arrived=True)
        return arrived(found)

    def _after(self, problem: DeliveryProblem, claimed: Claimed, *, arrived_before: bool) -> Settled:
        """Proven that nothing was kept there: as before. A refusal: a person. All else is doubt."""
        if problem.reason is Reason.ADDRESS_NOT_ALLOWED:
            with suppress(Unavailable):  # what becomes of the file matters more
                self.sendings.address_refused(problem.note)
        if isinstance(problem, NothingSent):
            why, asked = WHY.get(problem.reason, Why.AWAY), problem.retry_after or 0
            return later(claimed, why, self.spread, may_have_arrived=arrived_before, asked=asked)
        if isinstance(problem, NeedsHuman):
            return for_a_person(WHY.get(problem.reason, Why.REFUSED), may_have_arrived=arrived_before)
        return later(claimed, Why.NO_CLEAR_ANSWER, self.spread, may_have_arrived=True)
