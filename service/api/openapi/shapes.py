"""Short names for the JSON Schemas of answers. Everything an answer has is named: a member more or less is a fault."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from service.api.openapi.operation import JSON, Answer, Json

TEXT: Json = {"type": "string"}
WHOLE: Json = {"type": "integer"}
FLAG: Json = {"type": "boolean"}
UUID: Json = {"type": "string", "format": "uuid"}
MOMENT: Json = {"type": "string", "format": "date-time"}
DAY: Json = {"type": "string", "format": "date"}
SHA256: Json = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
QUARTER: Json = {"type": "string", "pattern": "^20[0-9]{2}Q[1-4]$"}
BYTES: Json = {"type": "string", "contentMediaType": "application/octet-stream"}
FREE: Json = {"type": "object"}
"""An object whose members are told elsewhere."""


def shape(
    given: Mapping[str, Json] | None = None, *, optional: Iterable[str] = (), about: str = "", **named: Json
) -> Json:
    """An object with these members and no others; all but `optional` are always there."""
    members = {**(given or {}), **named}
    left_out = set(optional)
    made: Json = {"type": "object", "properties": members, "additionalProperties": False}
    if required := [name for name in members if name not in left_out]:
        made["required"] = required
    return made | ({"description": about} if about else {})


def listed(item: Json) -> Json:
    """A list of these."""
    return {"type": "array", "items": item}


def one_of(values: Iterable[str]) -> Json:
    """A closed list of codes."""
    return {"type": "string", "enum": list(values)}


def or_null(schema: Json) -> Json:
    """The same, or null where there is nothing to say."""
    if "enum" in schema:
        return schema | {"type": [schema["type"], "null"], "enum": [*schema["enum"], None]}
    return schema | {"type": [schema["type"], "null"]}


def by_name(value: Json) -> Json:
    """An object with names that are not fixed."""
    return {"type": "object", "additionalProperties": value}


def page_of(name: str, item: Json, **more: Json) -> Json:
    """One page of a list; `links.next` is there when there is another."""
    return shape({name: listed(item), "links": shape(optional=("next",), next=TEXT), **more})


def json(about: str, schema: Json, **headers: str) -> Answer:
    """An answer in JSON. Headers by name, with `_` for `-`."""
    return Answer(about, {JSON: schema}, {name.replace("_", "-"): words for name, words in headers.items()})


def file(about: str, *media_types: str, **headers: str) -> Answer:
    """Bytes in one of these types, to be saved."""
    named: dict[str, Any] = {name.replace("_", "-"): words for name, words in headers.items()}
    return Answer(about, dict.fromkeys(media_types, BYTES), named)
