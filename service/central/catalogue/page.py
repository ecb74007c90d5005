"""The catalogue for people: docs/catalogue.md is what this makes, and a test keeps it so."""

from __future__ import annotations

from collections.abc import Iterator

from service.central.catalogue.fields import GIVEN_FIELDS
from service.central.catalogue.model import Axis, Catalogue, Table, Unit
from service.central.catalogue.months import MONTHS
from service.central.published import SYMBOLS
from service.central.rounding import BASE, THRESHOLD

UNITS = {
    Unit.YOUNG_PEOPLE: "young people, each once within an authority, by their latest record in the period",
    Unit.ASSESSMENTS: "assessments; a young person may have several",
}
"""What a unit counts, in words."""

_OPENING = """# The catalogue of {version}

Made from `config/catalogue/{version}.yaml` by `python -m service.central.catalogue > docs/catalogue.md`; change that
file, not this page. It says every table that the Hub can see. Nothing else is counted for it, and there is no way to
ask for more.

A release counts the four quarters that end with its own. A figure under {threshold}, none included, is shown as
`{suppressed}`; any other is rounded to the nearest {base}, totals too, each by itself. A larger figure is hidden as
`{suppressed}` where it would tell a small one. `{missing}` is a figure of an authority whose records had not come,
`{withheld}` one of a table that is not shown.

A table has one or more forms, the finest first. A release shows one of them: where a form would leave too little to be
seen, the next is tried, and after the last the table is withheld."""
"""Filled in from the catalogue, the rule and the symbols."""


def page(catalogue: Catalogue) -> str:
    """The whole page, as Markdown that ends with a new line."""
    return "\n\n".join(_parts(catalogue)) + "\n"


def _parts(catalogue: Catalogue) -> Iterator[str]:
    yield _OPENING.format(version=catalogue.version, threshold=THRESHOLD, base=BASE, **SYMBOLS)
    yield f"## When\n\n{_days(catalogue)}"
    yield f"## Which tables\n\n{_overview(catalogue)}"
    for table in catalogue.tables:
        yield _table(catalogue, table)
    yield "## Ways of grouping\n\nThe groups of each axis, and the values of the fact that each holds."
    for axis in catalogue.axes.values():
        yield _axis(catalogue, axis)


def _days(catalogue: Catalogue) -> str:
    rows = [
        f"| Q{number} | {day} {MONTHS[month - 1]} |" for number, (month, day) in sorted(catalogue.release_days.items())
    ]
    return _lines("| quarter | released on, or after |", "|---|---|", *rows)


def _overview(catalogue: Catalogue) -> str:
    rows = [f"| [{each.name}](#{each.name}) | {each.question} | {_unit(each)} |" for each in catalogue.tables]
    return _lines("| table | answers | counts |", "|---|---|---|", *rows)


def _unit(table: Table) -> str:
    return table.unit.value.replace("_", " ")


def _table(catalogue: Catalogue, table: Table) -> str:
    forms = [f"| {_ordinal(number)} | {_form(catalogue, form)} |" for number, form in enumerate(table.forms, 1)]
    rows = _lines(
        "| | |",
        "|---|---|",
        f"| counts | {UNITS[table.unit]} |",
        f"| about | {catalogue.universes[table.universe].label} |",
        *forms,
    )
    notes = _lines(*(f"- {note}" for note in table.notes))
    return f"### {table.name}\n\n**{table.title}.** {table.question}\n\n{rows}\n\n{notes}"


def _ordinal(number: int) -> str:
    return "finest form" if number == 1 else f"form {number}"


def _form(catalogue: Catalogue, form: tuple[str, ...]) -> str:
    if not form:
        return "the total alone"
    return " × ".join(f"`{name}` ({_size(catalogue, catalogue.axes[name])})" for name in form)


def _size(catalogue: Catalogue, axis: Axis) -> int:
    given = {"authority": len(catalogue.authorities), "quarter": 4}
    return given.get(axis.field, len(axis.groups))


def _axis(catalogue: Catalogue, axis: Axis) -> str:
    head = f"### `{axis.name}`\n\n{axis.title}."
    if axis.is_sensitive:
        head += " Sensitive: where all of a group would have one value, the group is not broken down."
    if axis.field == "quarter":
        return f"{head} The four quarters of the release."
    rows = _authorities(catalogue) if axis.field in GIVEN_FIELDS else _groups(axis)
    return f"{head}\n\n{_lines('| code | label | holds |', '|---|---|---|', *rows)}"


def _authorities(catalogue: Catalogue) -> Iterator[str]:
    return (f"| `{code}` | {name} | `{code}` |" for code, name in catalogue.authorities.items())


def _groups(axis: Axis) -> Iterator[str]:
    for group in axis.groups:
        yield f"| `{group.code}` | {group.label} | {', '.join(f'`{value}`' for value in group.values)} |"


def _lines(*lines: str) -> str:
    return "\n".join(lines)
