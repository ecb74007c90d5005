"""What an attack tried, as a table."""

from __future__ import annotations

from rich.markup import escape
from rich.table import Table

from tests.attacks.outcome import Report


def as_table(report: Report) -> Table:
    """A line for each thing that was tried."""
    table = Table(title=f"{report.attack}: {len(report.findings)} findings")
    for column in ("tried", "answered", "seconds", "held"):
        table.add_column(column, justify="right" if column == "seconds" else "left", overflow="fold")
    for each in report.lines:
        held = f"[red]NO: {escape(each.wrong)}[/]" if each.wrong else "[green]yes[/]"
        table.add_row(escape(each.tried), escape(each.answered), f"{each.seconds:.2f}", held)
    return table
