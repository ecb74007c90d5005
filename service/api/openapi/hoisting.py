"""Complete JSON Schemas put together in one document: what each defines for itself goes where all can point to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.api.openapi.operation import Json

_OWN, _SHARED = "#/$defs/", "#/components/schemas/"
_OF_A_WHOLE_SCHEMA = ("$schema", "$id", "$defs")


class Components:
    """The schemas of one document, by name."""

    def __init__(self, given: Mapping[str, Json]) -> None:
        self.schemas: dict[str, Json] = dict(given)

    def add(self, name: str, schema: Json) -> Json:
        """Takes it in with what it defines, and gives the reference to it."""
        for own, definition in schema.get("$defs", {}).items():
            self._keep(own, pointed(definition))
        self._keep(name, pointed({key: value for key, value in schema.items() if key not in _OF_A_WHOLE_SCHEMA}))
        return {"$ref": _SHARED + name}

    def _keep(self, name: str, schema: Json) -> None:
        """Two schemas of one name would make one of them untrue."""
        if self.schemas.setdefault(name, schema) != schema:
            raise ValueError(f"two schemas are called {name}")


def pointed(value: Any) -> Any:
    """A copy that points to the shared place. Only a schema's own `$ref` is one: no field of ours is called so."""
    if isinstance(value, dict):
        return {key: _reference(inner) if key == "$ref" else pointed(inner) for key, inner in value.items()}
    return [pointed(each) for each in value] if isinstance(value, list) else value


def _reference(target: Any) -> Any:
    return _SHARED + target.removeprefix(_OWN) if isinstance(target, str) and target.startswith(_OWN) else target
