"""What the sender of synthetic records needs to know of the ones before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class SyntheticStanding:
    """How an authority's synthetic records stand.

    `under_way`: whether one, or the withdrawal of one, has not come to its end. `to_withdraw` is the name of the newest
    that was delivered and still stands, `newest` that of the newest of all; None where there is none.
    """

    under_way: bool
    to_withdraw: str | None
    newest: str | None


class SyntheticBook(Protocol):
    """Where that is looked up."""

    def standing(self, authority: str, child_key: bytes) -> SyntheticStanding:
        """Of the records about this test child. Raises `Unavailable`."""
