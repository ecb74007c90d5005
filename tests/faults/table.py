"""The outcomes as a table."""

from __future__ import annotations

from collections.abc import Iterable

from rich.markup import escape
from rich.table import Table

from tests.faults.outcome import Outcome

_NUMBERS = ("lost", "duplicated", "unknown", "recovered in")


def as_table(outcomes: Iterable[Outcome]) -> Table:
    """One line each, and what is worth saying beside it."""
    table = Table(title="Real faults")
    for column in ("scenario", "size", *_NUMBERS, "passed", "remark"):
        table.add_column(column, justify="right" if column in _NUMBERS else "left")
    for each in outcomes:
        recovered = "–" if each.recovered_in is None else f"{each.recovered_in:.1f} s"
        counts = (str(each.lost), str(each.duplicated), str(each.unknown))
        passed = "[green]yes[/]" if each.passed else "[red]NO[/]"
        table.add_row(each.scenario, each.size, *counts, recovered, passed, escape(each.remark))
    return table
