"""One table as JSON: the figures, and everything that is needed to read them."""

from __future__ import annotations

from typing import Any

from service.central.catalogue.dates import period as quarters
from service.central.catalogue.model import Axis, Catalogue
from service.central.formats.shape import Shaped, value_of
from service.central.formats.text import as_json
from service.central.formats.words import (
    TOTAL_LABEL,
    UNITS,
    period_words,
    reason_words,
    symbol_of,
    symbols,
)
from service.central.published import TOTAL, Figure, Release


def table_json(catalogue: Catalogue, release: Release, table: Shaped) -> bytes:
    """The document `/v1/aggregates/{table}` answers with. `value` is null wherever a symbol stands."""
    definition, universe = table.definition, catalogue.universes[table.universe]
    return as_json(
        {
            "release": release.quarter,
            "catalogue": release.catalogue,
            "table": definition.name,
            "title": definition.title,
            "question": definition.question,
            "unit": definition.unit.value,
            "unit_words": UNITS[definition.unit],
            "universe": universe.name,
            "universe_words": universe.label,
            "universe_where": {name: list(values) for name, values in universe.where.items()},
            "notes": list(definition.notes),
            "period": period(release.quarter),
            "missing": missing(catalogue, release),
            "axes": [axis_document(each) for each in table.axes],
            "total": {"code": TOTAL, "label": TOTAL_LABEL},
            "figures": [_figure(table, each) for each in table.figures],
            "reasons": [{"code": code, "words": reason_words(code)} for code in table.reasons],
            "symbols": symbols(),
        }
    )


def period(quarter: str) -> dict[str, Any]:
    """Which quarters a release counts, and in words."""
    return {"quarters": list(quarters(quarter)), "words": period_words(quarter)}


def missing(catalogue: Catalogue, release: Release) -> list[dict[str, str]]:
    """The authorities whose records had not come."""
    return [{"code": code, "name": catalogue.authorities.get(code, code)} for code in release.missing]


def axis_document(axis: Axis) -> dict[str, Any]:
    """An axis with its groups and the values each of them counts."""
    groups = [{"code": each.code, "label": each.label, "values": list(each.values)} for each in axis.groups]
    return {"name": axis.name, "field": axis.field, "title": axis.title, "groups": groups}


def _figure(table: Shaped, figure: Figure) -> dict[str, Any]:
    return {
        "at": list(figure.at),
        "labels": list(table.labels(figure)),
        "value": value_of(figure),
        "status": figure.status.value,
        "symbol": symbol_of(figure.status) or None,
        "as_of": figure.as_of,
    }
