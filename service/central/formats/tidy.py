"""One table as a tidy CSV, with the columns that Explore Education Statistics asks for, and its meta file.

A release counts four quarters, which no calendar year is; so each row is of a "Reporting year", and `release` says
which. The authorities together are no official region; their code is z, as for any geography that has none.
"""

from __future__ import annotations

from collections.abc import Iterator

from service.central.catalogue.model import Axis
from service.central.formats.shape import Shaped, shown, value_of
from service.central.formats.text import as_csv
from service.central.formats.words import INDICATOR_LABELS, INDICATORS, TOGETHER
from service.central.published import TOTAL, Figure

PLACE = (
    "time_period",
    "time_identifier",
    "geographic_level",
    "country_code",
    "country_name",
    "region_code",
    "region_name",
    "new_la_code",
    "la_name",
)
META = (
    "col_name",
    "col_type",
    "label",
    "indicator_grouping",
    "indicator_unit",
    "indicator_dp",
    "filter_hint",
    "filter_grouping_column",
)
_COUNTRY = ("E92000001", "England")
_NO_CODE = "z"
_HINT = "One group, or Total for all of them together"


def columns(table: Shaped) -> tuple[str, ...]:
    """The header: time and place, one column for each other axis, then the figure in three columns."""
    indicator = INDICATORS[table.definition.unit]
    filters = tuple(each.name for _, each in _filters(table))
    return (*PLACE, *filters, indicator, f"{indicator}_value", f"{indicator}_status", "as_of", "release")


def tidy_csv(table: Shaped, release: str) -> bytes:
    """One row for each figure. The indicator is a number or a symbol; its `_value` is a number or empty."""
    return as_csv(columns(table), (_row(table, figure, release) for figure in table.figures))


def meta_csv(table: Shaped) -> bytes:
    """What each column is. Columns that are no filter and no indicator need no line."""
    filters = [(each.name, "Filter", each.title, "", "", "", _HINT, "") for _, each in _filters(table)]
    unit = table.definition.unit
    return as_csv(META, [*filters, (INDICATORS[unit], "Indicator", INDICATOR_LABELS[unit], "", "", "0", "", "")])


def _filters(table: Shaped) -> Iterator[tuple[int, Axis]]:
    """Every axis but the authorities: those are places."""
    return ((number, axis) for number, axis in enumerate(table.axes) if axis.field != "authority")


def _row(table: Shaped, figure: Figure, release: str) -> tuple[str | int | None, ...]:
    labels = table.labels(figure)
    said = (shown(figure), value_of(figure), figure.status.value, figure.as_of, release)
    return (*_place(table, figure, release), *(labels[number] for number, _ in _filters(table)), *said)


def _place(table: Shaped, figure: Figure, release: str) -> tuple[str, ...]:
    authority = next((number for number, axis in enumerate(table.axes) if axis.field == "authority"), None)
    time, region = (release[:4], "Reporting year"), (_NO_CODE, TOGETHER)
    if authority is None or figure.at[authority] == TOTAL:
        return (*time, "Regional", *_COUNTRY, *region, "", "")
    return (*time, "Local authority", *_COUNTRY, *region, figure.at[authority], table.labels(figure)[authority])
