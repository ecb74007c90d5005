"""A connector's settings as JSON Schema: literals in `target` and `task`, literals or references in `connection`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.adapters.profiles.schema import Setting
from service.adapters.profiles.settings import LARGEST

Schema = dict[str, Any]

_REFERENCE = r"^(env:[A-Za-z_][A-Za-z0-9_]*|file:/.+|vault:[\w./-]+/data/[\w./-]+#[\w.-]+)$"
_LITERAL = r"^(?!(env|file|vault):)(?=.*\S)"
_SAID = {"type": "string", "pattern": r"\S"}
_WHOLE = {"minimum": 1, "maximum": LARGEST}


def settings_of(asked: Mapping[str, Setting], *, whole: bool) -> Schema:
    """A target or a task. Not `whole`: part of it may stand in the extended file."""
    return _object(asked, {name: _literal(setting) for name, setting in asked.items()}, whole=whole)


def connection_of(asked: Mapping[str, Setting]) -> Schema:
    """A connection. It always stands in the authority's own file."""
    return _object(asked, {name: _value(setting) for name, setting in asked.items()}, whole=True)


def _object(asked: Mapping[str, Setting], properties: Mapping[str, Schema], *, whole: bool) -> Schema:
    required = [name for name, setting in asked.items() if setting.required] if whole else []
    described = {name: _said(asked[name]) | schema for name, schema in properties.items()}
    found: Schema = {"type": "object", "properties": described, "additionalProperties": False}
    return found | ({"required": required} if required else {})


def _said(setting: Setting) -> Schema:
    return {"description": setting.meaning} if setting.meaning else {}


def _literal(setting: Setting) -> Schema:
    if setting.kind == "number":
        return {"type": "integer", **_WHOLE}
    return _several(setting, {"enum": list(setting.choices)} if setting.choices else _SAID)


def _value(setting: Setting) -> Schema:
    """A secret is a reference; anything else may be one."""
    if setting.secret:
        return {"type": "string", "pattern": _REFERENCE}
    if setting.kind == "number":
        return {"type": ["integer", "string"], "pattern": f"{_REFERENCE}|^[0-9]+$", **_WHOLE}
    if setting.choices:
        return _several(
            setting, {"anyOf": [{"enum": list(setting.choices)}, {"pattern": _REFERENCE}], "type": "string"}
        )
    return _several(setting, {"type": "string", "pattern": f"{_REFERENCE}|{_LITERAL}"})


def _several(setting: Setting, one: Schema) -> Schema:
    return {"anyOf": [one, {"type": "array", "items": one}]} if setting.several else one
