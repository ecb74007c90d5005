"""What a record comes down to on the central side. Reads two codes and a date; returns codes."""

from __future__ import annotations

from datetime import date

from service.domain.fact import NOT_ASKED, Fact
from service.domain.london import quarter_of


def project(record: dict[str, object], *, authority: str, record_type: str, completed_on: date) -> Fact:
    """The fact of an accepted record."""
    statement = record.get("exploitation")
    category = statement["category"] if isinstance(statement, dict) else NOT_ASKED
    return Fact(quarter_of(completed_on), authority, record_type, category)
