"""Session locks and checked-out forms, as rules over plain values."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

SOMEBODY = "K. Worker (fictional)"


@dataclass(frozen=True)
class Lock:
    """Somebody has a form open. Without a reference it holds every step; without an end, until lifted."""

    reference: str | None = None
    until: datetime | None = None
    locked_by: str = SOMEBODY

    def holds(self, reference: str | None, now: datetime) -> bool:
        """Whether the lock keeps a step with this external reference at this moment."""
        concerns = self.reference is None or self.reference == reference
        return concerns and (self.until is None or now < self.until)

    def until_text(self) -> str | None:
        """The end as the protocol writes it; null for a form that is checked out."""
        return None if self.until is None else self.until.astimezone(UTC).isoformat().replace("+00:00", "Z")


def find_lock(locks: Iterable[Lock], reference: str | None, now: datetime) -> Lock | None:
    """The first lock that holds the step, if any."""
    return next((lock for lock in locks if lock.holds(reference, now)), None)
