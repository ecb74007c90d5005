"""A release on its way as an approver sees it: who built what, what the audit says, and what may be done next.

No figure is in it. Two builds of one quarter, laid side by side before either is published, could tell what no audit
has looked at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from service.domain.people import OF_AN_ISSUER

TABLE_REASONS: Mapping[str, str] = {
    "collapsed": "in a coarser form",
    "total_only": "totals only",
    "withheld": "some or all of it withheld",
    "repeated": "some figures repeated",
}
"""What a table of a release can say of itself."""


class State(StrEnum):
    """How far the newest build of a quarter has come; the value is shown to people."""

    PUBLISHED = "published"
    BEHIND = "to be built again"
    BUILT = "not audited yet"
    FAILED = "audit not passed"
    PASSED = "waits for approval"
    APPROVED = "approved"


@dataclass(frozen=True)
class TableShape:
    """One table: its axes, how many of its figures have each status, and what was done to protect it, in words."""

    table: str
    axes: Sequence[str]
    figures: Mapping[str, int]
    remarks: Sequence[str]


@dataclass(frozen=True)
class BuildShown:
    """The newest build of a quarter. `words` and `tables` are there for one that passed, where it was asked for alone.

    `behind`: another release was published since. `looked`: the last look at the bytes found nothing. `number`: of the
    quarter's release in the ledger.
    """

    id: UUID
    quarter: str
    catalogue: str
    digest: str
    built_by: str
    built_at: datetime
    behind: bool
    passed: bool | None
    looked: bool
    audited_at: datetime | None
    words: str
    tables: Sequence[TableShape]
    approved_by: str | None
    approved_at: datetime | None
    number: int | None

    @property
    def state(self) -> State:
        """How far it is."""
        if self.number is not None:
            return State.PUBLISHED
        if self.behind:
            return State.BEHIND
        if self.passed is None:
            return State.BUILT
        if not self.passed:
            return State.FAILED
        return State.PASSED if self.approved_by is None else State.APPROVED

    @property
    def builder_is_typed(self) -> bool:
        """The builder is a name, and whoever approves has to say that it is not theirs."""
        return not self.built_by.startswith(OF_AN_ISSUER)


DONE = "done"
REFUSED: Mapping[str, str] = {
    "not_an_approver": "Your session is over, or you are no approver of the Hub. Sign in again.",
    "other_build": "It was built again since you read this. Read what stands here now.",
    "published": "This quarter is published already. A published release is never made again.",
    "behind": "Another release was published meanwhile. Have this one built again, so that it is protected against it.",
    "not_passed": "Its audit did not pass, so it can be neither approved nor published.",
    "built_it": "A release is approved by somebody else than who built it, and you built it.",
    "approved": "It is approved already.",
    "not_approved": "It is not approved yet.",
    "not_looked": "An earlier version audited it, without the last look at its bytes. Publish it by the command.",
    "not_said": "Tick the box first: it says what you answer for.",
}
"""What the database answers, and the page before it, for people."""
