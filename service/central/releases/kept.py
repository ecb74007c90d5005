"""What is kept of a release on its way: the build, its audit, its approval, its entry in the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class Build:
    """A release as it was made, in bytes, and the facts it was made from.

    `after` is the number of the last release published by then: none may be published between.
    """

    quarter: str
    catalogue: str
    catalogue_digest: str
    after: int
    content: bytes
    digest: str
    facts: bytes
    facts_digest: str
    built_by: str


@dataclass(frozen=True)
class Audit:
    """What the audit by attack said of a build, for programs and for people.

    `looked`: the last look at its bytes was had as well and found nothing, so that nobody has to read them again.
    """

    passed: bool
    report: bytes
    report_digest: str
    words: str
    looked: bool = False


@dataclass(frozen=True)
class Standing:
    """A build, and how far it has come."""

    id: UUID
    build: Build
    built_at: datetime
    audit: Audit | None
    approved_by: str | None
    approved_at: datetime | None


@dataclass(frozen=True)
class Entered:
    """An entry of the ledger, and the build that it published."""

    number: int
    quarter: str
    entry: bytes
    previous: str
    hash: str
    published_by: str
    published_at: datetime
    standing: Standing
