"""Synthetic records: what an authority's profile says of them, when one is due, and what they are called.

Each is about a test child that the authority made in its own case system. It goes the whole way of a record, so that an
alarm can tell when that way is blocked although nobody happens to send anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

SENDER = "wise-bridge"
"""Stands where a record has its client's id. Nobody can sign in under it: every client's id begins with wb-."""
_PREFIX = "wise-bridge-test"


@dataclass(frozen=True)
class Synthetic:
    """`child` is the test child's reference there, `date_of_birth` what the case system has of them (YYYY-MM-DD).

    `withdraw`: whether each record is taken back once it has arrived.
    """

    child: str
    date_of_birth: str
    every: timedelta = timedelta(minutes=60)
    late_after: timedelta = timedelta(minutes=15)
    withdraw: bool = True

    def slot(self, now: datetime) -> datetime:
        """When the stretch of time that `now` lies in began: there is one record for each, whoever makes it."""
        return datetime.fromtimestamp(now.timestamp() // self.every.total_seconds() * self.every.total_seconds(), UTC)


def name_of(slot: datetime) -> str:
    """The `submission_id` of the record of a slot. It is no secret, and says what it is."""
    return f"{_PREFIX}-{slot.astimezone(UTC):%Y%m%dT%H%MZ}"


def name_of_withdrawal(name: str) -> str:
    """The `submission_id` under which that record is taken back."""
    return f"{name}-back"


def due(opened: datetime | None, latest: datetime | None, synthetic: Synthetic) -> datetime | None:
    """From when on it is late: what is on its way since `opened`, or else the one that follows `latest`.

    A record that never set out is as late as one that was held up. None before the first.
    """
    if opened is not None:
        return opened + synthetic.late_after
    return latest + synthetic.every + synthetic.late_after if latest else None
