"""The Hub's tables, read as the central role, which can see facts and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import SQLAlchemyError

from service.central.catalogue import CATALOGUE, TableDefinition
from service.central.protection import HIDDEN, shown
from service.central.tables import fact
from service.domain.london import add_months, quarter_of
from service.errors import Unavailable

QUARTERS = 8
NOTES = (
    "Counts are of assessments, not of young people: one young person may have several.",
    f"{HIDDEN}: fewer than ten, none included. Hidden, because in small groups a count can point to a person.",
    "All other counts are rounded to the nearest five.",
    "The list of quarters and rows is fixed; it does not depend on what was received.",
)
ALL_HIDDEN = (
    "Everything in this table is suppressed: no group has ten or more assessments in this quarter. "
    "That protects the young people in it and is not an error."
)


class CentralAggregates:
    """`service.api.aggregates.Aggregates`."""

    def __init__(self, engine: Engine, today: Callable[[], date]) -> None:
        self._engine, self._today = engine, today

    def menu(self) -> list[dict[str, Any]]:
        """Every table there is."""
        return [{"table": each.name, "title": each.title, "unit": each.unit} for each in CATALOGUE]

    def quarters(self) -> list[str]:
        """The last two years by the calendar, newest first, whatever was received in them."""
        today = self._today()
        return [quarter_of(add_months(today.replace(day=1), -3 * back)) for back in range(QUARTERS)]

    def table(self, name: str, quarter: str) -> dict[str, Any] | None:
        """One protected table, or None."""
        definition = next((each for each in CATALOGUE if each.name == name), None)
        if definition is None:
            return None
        counts = self._counts(definition, quarter)
        rows = [_row(definition, value, counts.get(value, 0)) for value in definition.values]
        hidden = all(row["count"] == HIDDEN for row in rows)
        return {
            "table": definition.name,
            "title": definition.title,
            "unit": definition.unit,
            "quarter": quarter,
            "rows": rows,
            "everything_suppressed": hidden,
            "notes": [*([ALL_HIDDEN] if hidden else []), *NOTES],
        }

    def answers(self) -> bool:
        """Whether the database answers."""
        try:
            with self._engine.connect() as connection:
                connection.execute(text("SELECT 1"))
        except SQLAlchemyError:
            return False
        return True

    def _counts(self, definition: TableDefinition, quarter: str) -> dict[str, int]:
        counted = select(definition.column, func.sum(fact.c.weight))
        query = counted.where(fact.c.quarter == quarter).group_by(definition.column)
        try:
            with self._engine.connect() as connection:
                return {row[0]: row[1] for row in connection.execute(query)}
        except SQLAlchemyError as error:
            raise Unavailable("The database cannot be reached.") from error


def _row(definition: TableDefinition, value: str, count: int) -> dict[str, Any]:
    figure = shown(count)
    return {
        definition.column.name: value,
        "count": figure,
        "status": "suppressed" if figure == HIDDEN else "rounded",
    }
