"""What a search found, and what was just written as it is read back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from service.domain.delivery import Reason
from service.errors import NeedsHuman, NothingSent, OutcomeUnknown

T = TypeVar("T")


@dataclass(frozen=True, repr=False)
class Found(Generic[T]):
    """The entries of a search. `more`: some were left out of the answer."""

    rows: tuple[T, ...]
    more: bool = False

    def only(self, reason: Reason, note: str) -> T | None:
        """The one entry, if any. Several are for a person, for this reason."""
        if self.more or len(self.rows) > 1:
            raise NeedsHuman(reason, note)
        return self.rows[0] if self.rows else None


def ours(found: Found[T]) -> T | None:
    """The one entry of ours. Where a reference is not unique we make one, so a second is for a person to judge."""
    return found.only(Reason.CONTRADICTION, "several_under_our_reference")


def going_on(write: Callable[[], T]) -> T:
    """A further change to what this very call has opened: it may fail without effect, but something is there."""
    try:
        return write()
    except NothingSent as problem:
        problem.begun = True
        raise


def read_back(ask: Callable[[], T]) -> T:
    """What was just written, as it is there.

    Whatever keeps us from reading it, "nothing sent" would now be untrue, and "refused", too.
    """
    try:
        return ask()
    except (NothingSent, NeedsHuman) as problem:
        raise OutcomeUnknown(Reason.NO_CLEAR_ANSWER, problem.note) from None
