"""The format of a profile as JSON Schema (2020-12), for editors: completion, and a red line while one is typing.

It is made of the same declarations that the loader reads by. It sees structure only; the loader sees all of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.adapters.profiles.keys import (
    DELIVERY,
    DOCUMENTS,
    EGRESS_RULE,
    PROFILE,
    RECORD,
    REMINDERS,
    RETENTION,
    REVIEW,
    RULES,
    SHARED,
    SUPPORT_PLAN,
    SYNTHETIC,
    Key,
    Keys,
)
from service.adapters.profiles.published_settings import connection_of, settings_of
from service.adapters.profiles.schema import ConnectorSchema
from service.domain.records import RECORDS

Schema = dict[str, Any]

_SAID = {"type": "string", "pattern": r"\S"}
_OWN: Mapping[str, Schema] = {
    "authority": {"pattern": "^[EWSN][0-9]{8}$"},
    "egress": {"type": "array", "minItems": 1},
    "confirmed": {"type": "object", "additionalProperties": _SAID},
}
_RULE: Mapping[str, Schema] = {
    "scheme": {"enum": ["http", "https", "sftp", "proxy"]},
    "host": {"pattern": r"^[^\s/*]+$"},
    "port": {"type": "integer", "minimum": 1, "maximum": 65535},
    "networks": {"type": ["array", "string"], "items": _SAID},
}
"""What is known of a key beyond its kind."""


def profile_schema(connectors: Mapping[str, ConnectorSchema], sinks: Mapping[str, ConnectorSchema]) -> Schema:
    """One schema for every kind of connector: what the connector's own settings are follows from `connector`."""
    properties = _properties(connectors, sinks)
    shared = {name: properties[name] for name in SHARED}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "An authority's profile in WISE Bridge",
        "description": "Made by `wise-bridge schema profile`; what each key means stands in docs/profiles.md.",
        **_object(properties, [name for name, key in PROFILE.items() if key.required and name not in SHARED]),
        "allOf": [
            {"if": {"not": {"required": ["extends"]}}, "then": _whole()},
            *(part for kind in connectors.values() for part in _of_kind(kind)),
            *(_of_sink(kind) for kind in sinks.values()),
        ],
        "$defs": {"common": _object(shared, [])},
    }


def _properties(connectors: Mapping[str, ConnectorSchema], sinks: Mapping[str, ConnectorSchema]) -> dict[str, Schema]:
    sections = {
        "records": {
            "type": "object",
            "propertyNames": {"enum": list(RECORDS)},
            "minProperties": 1,
            "additionalProperties": _record(),
        },
        "review": _part(REVIEW),
        "support_plan": _part(SUPPORT_PLAN),
        "rules": _part(RULES),
        "delivery": _part(DELIVERY),
        "retention": _part(RETENTION),
        "connection": {"type": "object"},
        "synthetic": _part(SYNTHETIC) | {"required": _required(SYNTHETIC)},
        "documents": _part(DOCUMENTS) | {"required": ["in"]},
    }
    sections["review"]["properties"]["reminders"] = _plain(REVIEW["reminders"]) | _part(REMINDERS)
    sections["documents"]["properties"]["in"]["enum"] = ["case_system", "none", *sinks]
    egress = {name: _plain(key) | _RULE.get(name, {}) for name, key in EGRESS_RULE.items()}
    needed = [name for name, key in EGRESS_RULE.items() if key.required]
    own = {
        **_OWN,
        "connector": {"enum": list(connectors)},
        "egress": _OWN["egress"] | {"items": _object(egress, needed)},
    }
    return {name: _plain(key) | sections.get(name, {}) | own.get(name, {}) for name, key in PROFILE.items()}


def _record() -> Schema:
    """Settings, or the word that takes a record away: a pattern says nothing of an object, and a property of a text."""
    return {**_part(RECORD), "type": ["object", "string"], "pattern": "^not_taken$"}


def _whole() -> Schema:
    """What is needed of sections where no other file stands behind them."""
    needed = {"review": REVIEW, "support_plan": SUPPORT_PLAN}
    properties: dict[str, Schema] = {name: {"required": _required(keys)} for name, keys in needed.items()}
    properties["records"] = {"additionalProperties": {"required": _required(RECORD)}}
    return {"required": [name for name in SHARED if PROFILE[name].required], "properties": properties}


def _of_kind(kind: ConnectorSchema) -> list[Schema]:
    """The settings of a connector, and which of them are needed where no other file may have them."""
    named = {"properties": {"connector": {"const": kind.kind}}, "required": ["connector"]}
    alone = {"allOf": [named, {"not": {"required": ["extends"]}}]}
    own: dict[str, Schema] = {"connection": connection_of(kind.connection)}
    if not kind.documents_elsewhere:
        own["documents"] = {"properties": {"in": {"const": "case_system"}}}
    return [
        {"if": named, "then": {"properties": {**own, **_settings(kind, whole=False)}}},
        {"if": alone, "then": {"properties": _settings(kind, whole=True)}},
    ]


def _settings(kind: ConnectorSchema, *, whole: bool) -> dict[str, Schema]:
    target, task = (settings_of(each, whole=whole) for each in (kind.target, kind.task))
    return {
        "records": {"additionalProperties": {"properties": {"target": target}}},
        "review": {"properties": {"task": task}},
    }


def _of_sink(kind: ConnectorSchema) -> Schema:
    named = {"properties": {"documents": {"properties": {"in": {"const": kind.kind}}, "required": ["in"]}}}
    parts = {"connection": connection_of(kind.connection), "target": settings_of(kind.target, whole=True)}
    needed = [name for name, part in parts.items() if part.get("required")]
    return {
        "if": named | {"required": ["documents"]},
        "then": {"properties": {"documents": {"properties": parts, "required": ["in", *needed]}}},
    }


def _part(keys: Keys) -> Schema:
    return _object({name: _plain(key) for name, key in keys.items()}, [])


def _object(properties: Mapping[str, Schema], required: list[str]) -> Schema:
    return {
        "type": "object",
        "properties": dict(properties),
        "additionalProperties": False,
        **({"required": required} if required else {}),
    }


def _required(keys: Keys) -> list[str]:
    return [name for name, key in keys.items() if key.required]


def _plain(key: Key) -> Schema:
    kinds: Mapping[str, Schema] = {
        "text": _SAID,
        "pattern": _SAID | {"format": "regex"},
        "date": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
        "texts": {"type": "array", "items": _SAID},
        "whole": {"type": "integer", "minimum": key.low, "maximum": key.high},
        "flag": {"type": "boolean"},
        "choice": {"enum": list(key.known)},
        "choices": {"type": "array", "items": {"enum": list(key.known)}},
        "section": {},
    }
    return {"description": described(key), **kinds[key.kind]}


def described(key: Key) -> str:
    """The meaning as a sentence, with what holds when the key is left out."""
    meaning = f"{key.meaning[0].upper()}{key.meaning[1:]}."
    return meaning if key.required or not key.usual else f"{meaning} Left out: {key.usual}."
