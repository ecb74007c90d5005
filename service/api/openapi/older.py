"""OpenAPI 3.0 from 3.1, for tools that read no newer one. Nothing is said twice: each difference is one rule here.

JSON Schema of 2020 becomes the dialect of 3.0: `null` among the types becomes `nullable`, `const` a list of one,
`examples` an `example`, an empty `required` goes, what stands beside a `$ref` goes around it, and bytes have the
format `binary`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from service.api.openapi.operation import Json

_SCHEMAS = ("items", "additionalProperties", "not")
_LISTS = ("anyOf", "oneOf", "allOf")


def older(document: Json) -> Json:
    """A new document; the given one is not changed."""
    made: Json = _walked(document) | {"openapi": "3.0.3"}
    licence = {key: value for key, value in document["info"]["license"].items() if key != "identifier"}
    made["info"] = document["info"] | {"license": licence}
    components = made["components"]
    components["schemas"] = {name: schema(each) for name, each in document["components"]["schemas"].items()}
    return made


def _walked(value: Any) -> Any:
    """Everything but the components' schemas: wherever a `schema` stands, it is put into the older dialect."""
    if isinstance(value, dict):
        return {key: schema(inner) if key == "schema" else _walked(inner) for key, inner in value.items()}
    return [_walked(each) for each in value] if isinstance(value, list) else value


def schema(given: Any) -> Any:
    """One schema in the dialect of 3.0. `True` and `False` stand only where 3.0 takes them."""
    if not isinstance(given, dict):
        return given
    made: Json = {}
    for key, value in given.items():
        made |= _RULES.get(key, _kept)(key, value)
    if "$ref" in made and len(made) > 1:
        reference = made.pop("$ref")
        made["allOf"] = [{"$ref": reference}, *made.get("allOf", [])]
    return made


def _kept(key: str, value: Any) -> Json:
    return {key: value}


def _type(_key: str, value: Any) -> Json:
    if not isinstance(value, list):
        return {"type": value}
    kinds = [kind for kind in value if kind != "null"]
    one: Json = {"type": kinds[0]} if len(kinds) == 1 else {"anyOf": [{"type": kind} for kind in kinds]}
    return one | ({"nullable": True} if "null" in value else {})


def _inside(key: str, value: Any) -> Json:
    return {key: schema(value)}


def _each(key: str, value: Any) -> Json:
    return {key: [schema(each) for each in value]}


def _members(key: str, value: Any) -> Json:
    return {key: {name: schema(each) for name, each in value.items()}}


def _left_out(_key: str, _value: Any) -> Json:
    return {}


_RULES: Mapping[str, Callable[[str, Any], Json]] = {
    "type": _type,
    "const": lambda _key, value: {"enum": [value]},
    "examples": lambda _key, value: {"example": value[0]} if value else {},
    "contentMediaType": lambda _key, _value: {"format": "binary"},
    "properties": _members,
    "required": lambda _key, value: {"required": value} if value else {},
    "$comment": _left_out,
    **dict.fromkeys(_SCHEMAS, _inside),
    **dict.fromkeys(_LISTS, _each),
}
