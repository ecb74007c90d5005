"""The data dictionary: every column, table, axis, group, symbol, status and reason, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from service.central.catalogue.model import Axis, Catalogue, Table
from service.central.formats import words
from service.central.formats.shape import with_groups
from service.central.formats.table_json import axis_document
from service.central.formats.text import as_csv, as_json
from service.central.published import TOTAL, Release, Status

CSV_COLUMNS = ("kind", "within", "code", "label", "meaning")
COLUMN_WORDS = {
    "time_period": "The year in which the period ends. A release counts four quarters that end with its own.",
    "time_identifier": "Always Reporting year. Which one is said by release.",
    "geographic_level": "Local authority, or Regional for all authorities of the release together.",
    "country_code": "The country's ONS code.",
    "country_name": "The country's name.",
    "region_code": "Always z, not applicable: the authorities together are no official region.",
    "region_name": "Always the authorities together.",
    "new_la_code": "The authority's ONS code, or empty for all of them.",
    "la_name": "The authority's name, or empty for all of them.",
    "young_people_count": "The number of young people, or a symbol.",
    "young_people_count_value": "The same number, or empty where a symbol stands.",
    "young_people_count_status": "How the figure is to be read.",
    "assessments_count": "The number of assessments, or a symbol.",
    "assessments_count_value": "The same number, or empty where a symbol stands.",
    "assessments_count_status": "How the figure is to be read.",
    "as_of": "The release in which the figure was made anew. Later ones repeat it while a new one would tell too much.",
    "release": "The quarter that names the release.",
    "catalogue": "The version of the catalogue of tables.",
    "table": "The table's name.",
    "unit": "What is counted.",
    "universe": "Which assessments the table is about.",
    "axis_1": "The name of the first axis.",
    "code_1": "The code of a group of the first axis, or total.",
    "label_1": "That group in words.",
    "axis_2": "The name of the second axis; empty if there is none.",
    "code_2": "The code of a group of the second axis, or total.",
    "label_2": "That group in words.",
    "count": "The number, or a symbol.",
    "count_value": "The same number, or empty where a symbol stands.",
    "count_status": "How the figure is to be read.",
}


def dictionary_json(catalogue: Catalogue, release: Release) -> bytes:
    """All of it as one document."""
    return as_json(
        {
            "catalogue": catalogue.version,
            "release": release.quarter,
            "columns": COLUMN_WORDS,
            "tables": [_table(each) for each in catalogue.tables],
            "universes": [
                {"name": each.name, "label": each.label, "where": {key: list(held) for key, held in each.where.items()}}
                for each in catalogue.universes.values()
            ],
            "axes": [axis_document(each) for each in _axes(catalogue, release)],
            "total": {"code": TOTAL, "label": words.TOTAL_LABEL},
            "authorities": dict(catalogue.authorities),
            "units": {each.value: said for each, said in words.UNITS.items()},
            "statuses": {
                each.value: {"symbol": words.symbol_of(each) or None, "words": said}
                for each, said in words.STATUSES.items()
            },
            "symbols": words.symbols(),
            "reasons": dict(words.REASONS),
        }
    )


def dictionary_csv(catalogue: Catalogue, release: Release) -> bytes:
    """All of it as rows: what kind of thing, within what, its code, its label and its meaning."""
    return as_csv(CSV_COLUMNS, _rows(catalogue, release))


def _axes(catalogue: Catalogue, release: Release) -> list[Axis]:
    return [with_groups(catalogue, each, release.quarter) for each in catalogue.axes.values()]


def _table(table: Table) -> dict[str, Any]:
    return {
        "name": table.name,
        "title": table.title,
        "question": table.question,
        "unit": table.unit.value,
        "universe": table.universe,
        "forms": [list(form) for form in table.forms],
        "notes": list(table.notes),
    }


def _rows(catalogue: Catalogue, release: Release) -> Iterator[tuple[str, str, str, str, str]]:
    yield from (("column", "", name, "", said) for name, said in COLUMN_WORDS.items())
    yield from (
        ("table", each.universe, each.name, each.title, " ".join((each.question, *each.notes)))
        for each in catalogue.tables
    )
    yield from (("universe", "", each.name, each.label, _where(each.where)) for each in catalogue.universes.values())
    for axis in _axes(catalogue, release):
        yield "axis", "", axis.name, axis.title, f"The field {axis.field}, in groups."
        yield from (("group", axis.name, each.code, each.label, ", ".join(each.values)) for each in axis.groups)
    yield "group", "", TOTAL, words.TOTAL_LABEL, "All groups of the axis together."
    yield from (("authority", "", code, name, "") for code, name in catalogue.authorities.items())
    yield from (("unit", "", each.value, words.INDICATOR_LABELS[each], said) for each, said in words.UNITS.items())
    yield from (("status", "", each.value, words.symbol_of(each), said) for each, said in words.STATUSES.items())
    yield from (("symbol", status.value, words.symbol_of(status), "", words.STATUSES[status]) for status in _hidden())
    yield from (("reason", "", code, "", said) for code, said in words.REASONS.items())


def _hidden() -> list[Status]:
    return [each for each in Status if words.symbol_of(each)]


def _where(where: Mapping[str, tuple[str, ...]]) -> str:
    return "; ".join(f"{field}: {', '.join(values)}" for field, values in where.items()) or "All of them."
