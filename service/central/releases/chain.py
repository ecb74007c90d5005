"""The ledger's chain: each entry says everything about a publication and the hash of the entry before."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from service.central.releases.canonical import NotCanonical, canonical, digest_of, facts_from_bytes, from_bytes
from service.central.releases.kept import Audit, Build, Entered, Standing

FIRST = "0" * 64
"""What the first entry names as the one before."""


def entry_of(standing: Standing, number: int, previous: str, by: str, at: datetime) -> bytes:
    """The bytes of an entry; its hash is theirs. Raises ValueError for what was not audited and approved."""
    if standing.audit is None or standing.approved_by is None:
        raise ValueError("only an approved build has an entry")
    return canonical(
        {
            "number": number,
            "quarter": standing.build.quarter,
            "catalogue": standing.build.catalogue,
            "catalogue_digest": standing.build.catalogue_digest,
            "digest": standing.build.digest,
            "facts_digest": standing.build.facts_digest,
            "audit_digest": standing.audit.report_digest,
            "built_by": standing.build.built_by,
            "approved_by": standing.approved_by,
            "published_by": by,
            "published_at": at.astimezone(UTC).isoformat(),
            "previous": previous,
        }
    )


def faults_of(standing: Standing) -> Iterator[str]:
    """What does not agree in a build and its audit: digests of other bytes, and bytes that are no release."""
    build, audit = standing.build, standing.audit
    if digest_of(build.content) != build.digest:
        yield "its bytes are not those that its digest names"
    if digest_of(build.facts) != build.facts_digest:
        yield "its facts are not those that their digest names"
    if audit is None or digest_of(audit.report) != audit.report_digest:
        yield "its audit is not the one that its digest names"
    elif not _speaks_of(audit, build):
        yield "its audit did not pass, or is of another build"
    yield from _unreadable(standing)


def _speaks_of(audit: Audit, build: Build) -> bool:
    try:
        said = json.loads(audit.report)
        told = said["passed"], said["digest"], said["catalogue_digest"]
    except (ValueError, TypeError, KeyError):
        return False
    return audit.passed and told == (True, build.digest, build.catalogue_digest)


def _unreadable(standing: Standing) -> Iterator[str]:
    try:
        release = from_bytes(standing.build.content)
        facts_from_bytes(standing.build.facts)
    except NotCanonical as error:
        yield f"it cannot be read: {error}"
        return
    if (release.quarter, release.catalogue) != (standing.build.quarter, standing.build.catalogue):
        yield "its bytes are of another quarter or catalogue than it says"


def first_fault(ledger: Sequence[Entered]) -> str | None:
    """The first thing that is wrong in the ledger, as a sentence, or None."""
    previous = FIRST
    for place, entered in enumerate(ledger, 1):
        where = f"Entry {entered.number} ({entered.quarter})"
        if entered.number != place or entered.previous != previous:
            return f"{where} does not follow on the entry before it."
        fault = next(_entry_faults(entered), None)
        if fault is not None:
            return f"{where}: {fault}."
        previous = entered.hash
    return None


def _entry_faults(entered: Entered) -> Iterator[str]:
    if digest_of(entered.entry) != entered.hash:
        yield "the entry is not the one that its hash names"
    try:
        made = entry_of(entered.standing, entered.number, entered.previous, entered.published_by, entered.published_at)
    except ValueError:
        made = b""
    if made != entered.entry:
        yield "the entry does not say what is kept beside it"
    yield from faults_of(entered.standing)
