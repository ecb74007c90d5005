"""The tables the Hub can ask for. Fixed; each over every value of its codes, so that a missing row says nothing."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Column

from service.central.tables import fact
from service.domain.codes import EXPLOITATION, RECORD_TYPES


@dataclass(frozen=True)
class TableDefinition:
    """One table: the question it answers, the column it counts by and the values that column can have."""

    name: str
    title: str
    unit: str
    column: Column[str]
    values: tuple[str, ...]


CATALOGUE = (
    TableDefinition(
        name="records-by-type",
        title="Assessments received, by kind of record",
        unit="assessments",
        column=fact.c.record_type,
        values=RECORD_TYPES,
    ),
    TableDefinition(
        name="exploitation-statement",
        title="WISE and RISE assessments, by exploitation statement",
        unit="assessments",
        column=fact.c.exploitation,
        values=EXPLOITATION,
    ),
)
