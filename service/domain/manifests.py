"""A day's manifest: what was accepted that London day, in a form that two sides can compare by one value."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256

from service.domain.london import LONDON

NOTHING_TO_DELIVER = "nothing_to_deliver"
"""The state of a withdrawal of what never left the bridge: it was taken in, and there is nothing to take back."""


def moments_of(day: date) -> tuple[datetime, datetime]:
    """From this London midnight until the next: 23, 24 or 25 hours."""
    return _midnight(day), _midnight(day + timedelta(days=1))


def digest_of(ids: Iterable[str]) -> str:
    """The SHA-256 of the ids in order of their bytes, a line each: `LC_ALL=C sort ids.txt | sha256sum`."""
    return sha256("".join(f"{each}\n" for each in sorted(ids)).encode()).hexdigest()


@dataclass(frozen=True)
class Comparison:
    """What one side has and the other has not, by the sender's own ids, in order."""

    both: int
    never_arrived: tuple[str, ...]
    not_known: tuple[str, ...]
    other_receipt: tuple[str, ...]

    @property
    def agree(self) -> bool:
        """Whether there is nothing to look into."""
        return not (self.never_arrived or self.not_known or self.other_receipt)


def compare(
    manifest: Mapping[str, str], sent: Mapping[str, str | None], besides: Collection[str] = frozenset()
) -> Comparison:
    """`manifest` and `sent` give the receipt id by the sender's id; None where the sender's list has none.

    What is in `besides` arrived on another day.
    """
    shared = manifest.keys() & sent.keys()
    return Comparison(
        both=len(shared),
        never_arrived=tuple(sorted(sent.keys() - manifest.keys() - set(besides))),
        not_known=tuple(sorted(manifest.keys() - sent.keys())),
        other_receipt=tuple(sorted(each for each in shared if sent[each] not in (None, manifest[each]))),
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON)
