"""A release for people and for programs."""

from __future__ import annotations

import json
from typing import Any

from rich.table import Table

from service.central.published import PublishedTable, Release, Status
from service.central.releases.kept import Standing
from service.commands.adapter.showing import table
from service.domain.approvals import TABLE_REASONS


def overview(release: Release) -> Table:
    """A line a table: its form, how much of it is shown, and what was done to it. No figure."""
    made = table("table", "by", "shown", "hidden", "missing", "withheld", "remarks")
    for each in release.tables:
        counts = (str(_count(each, status)) for status in Status)
        remarks = "; ".join(TABLE_REASONS.get(reason, reason) for reason in each.reasons)
        made.add_row(each.table, " × ".join(each.axes) or "–", *counts, remarks or "–")
    return made


def _count(shown: PublishedTable, status: Status) -> int:
    return sum(figure.status is status for figure in shown.figures)


def state(standing: Standing, number: int | None) -> str:
    """How far a build has come, in a word or two."""
    if number is not None:
        return "published"
    if standing.approved_by is not None:
        return "approved"
    if standing.audit is None:
        return "built"
    return "audit passed" if standing.audit.passed else "audit failed"


def document(standing: Standing) -> dict[str, Any]:
    """Who did what with which bytes; the facts are not in it."""
    build, audit = standing.build, standing.audit
    return {
        "quarter": build.quarter,
        "catalogue": build.catalogue,
        "catalogue_digest": build.catalogue_digest,
        "digest": build.digest,
        "built_by": build.built_by,
        "built_at": standing.built_at.isoformat(),
        "audit": None if audit is None else json.loads(audit.report),
        "approved_by": standing.approved_by,
        "approved_at": standing.approved_at.isoformat() if standing.approved_at else None,
    }


def summary(standing: Standing) -> dict[str, Any]:
    """The release itself, as it is or would be published."""
    found: dict[str, Any] = json.loads(standing.build.content)
    return found
