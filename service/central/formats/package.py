"""A data package (Frictionless Data, Data Package 1): every CSV of a release in one zip, each column described."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from service.central.catalogue.model import Catalogue
from service.central.formats import dictionary, long, tidy
from service.central.formats.shape import Shaped, shapes
from service.central.formats.text import as_json
from service.central.formats.words import INDICATORS, TOTAL_LABEL, period_words
from service.central.formats.zipped import zipped
from service.central.published import Release, Status

DESCRIPTOR = "datapackage.json"
_NUMBERS = ("_value", "time_period")
_DIALECT = {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True, "header": True}


def data_package(catalogue: Catalogue, release: Release) -> bytes:
    """`datapackage.json` first, then the files it lists."""
    files: dict[str, bytes] = {}
    resources: list[dict[str, Any]] = []
    for table in shapes(catalogue, release):
        name, title = f"tables/{table.definition.name}", table.definition.title
        files[f"{name}.csv"], files[f"{name}.meta.csv"] = tidy.tidy_csv(table, release.quarter), tidy.meta_csv(table)
        resources.append(_resource(name, title, files[f"{name}.csv"], _table_fields(table)))
        meta = _fields(tidy.META)
        resources.append(_resource(f"{name}.meta", f"{title}: columns", files[f"{name}.meta.csv"], meta))
    files["all.csv"] = long.all_csv(catalogue, release)
    files["data-dictionary.csv"] = dictionary.dictionary_csv(catalogue, release)
    resources.append(_resource("all", "Every figure of every table", files["all.csv"], _fields(long.COLUMNS)))
    words = _fields(dictionary.CSV_COLUMNS)
    resources.append(_resource("data-dictionary", "Data dictionary", files["data-dictionary.csv"], words))
    return zipped({DESCRIPTOR: as_json(_descriptor(release, resources)), **files})


def _descriptor(release: Release, resources: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "profile": "tabular-data-package",
        "name": f"wise-bridge-{release.quarter.lower()}",
        "title": f"WISE Bridge, release {release.quarter}",
        "description": f"Protected counts for {period_words(release.quarter)}, by catalogue {release.catalogue}.",
        "version": release.quarter,
        "resources": resources,
    }


def _resource(name: str, title: str, content: bytes, fields: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": name.lower().replace("/", "."),
        "title": title,
        "path": f"{name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "dialect": _DIALECT,
        "schema": {"fields": fields, "missingValues": [""]},
    }


def _fields(columns: Sequence[str]) -> list[dict[str, Any]]:
    return [_field(name) for name in columns]


def _field(name: str) -> dict[str, Any]:
    """A column with its type. Figures with their symbols are texts; what ends with `_value` is a number."""
    said = dictionary.COLUMN_WORDS.get(name)
    kind = "integer" if name.endswith(_NUMBERS) else "string"
    return {"name": name, "type": kind} | ({"description": said} if said else {})


def _table_fields(table: Shaped) -> list[dict[str, Any]]:
    groups = {axis.name: [*(each.label for each in axis.groups), TOTAL_LABEL] for axis in table.axes}
    status = f"{INDICATORS[table.definition.unit]}_status"
    allowed = groups | {status: [each.value for each in Status]}
    titles = {axis.name: axis.title for axis in table.axes}
    return [
        _field(name)
        | ({"title": titles[name]} if name in titles else {})
        | ({"constraints": {"enum": allowed[name]}} if name in allowed else {})
        for name in tidy.columns(table)
    ]
