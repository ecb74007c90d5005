"""The names an authority's product uses instead of the protocol's, translated at the edge of the plain dialect."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

PATHS = ("people", "records", "documents", "tasks", "notes")
_WORDED = {"state", "noteType"}
_UNKNOWN = "not a property: "


@dataclass(frozen=True)
class Names:
    """Each mapping goes from the page's default name to the product's; what is not in it keeps its name."""

    paths: Mapping[str, str] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)
    method: str = "PATCH"

    def path(self, default: str) -> str:
        return self.paths.get(default, default)

    def name(self, default: str) -> str:
        return self.properties.get(default, default)

    def word(self, default: str) -> str:
        return self.words.get(default, default)

    def code(self, default: str) -> str:
        return self.codes.get(default, default)

    def target(self, default: str) -> str:
        """A property with perhaps an index behind it, as refusals name it."""
        name, bracket, index = default.partition("[")
        return self.name(name) + bracket + index

    def outwards(self, value: Any) -> Any:
        """An answer under the product's names."""
        if isinstance(value, list):
            return [self.outwards(item) for item in value]
        if not isinstance(value, dict):
            return value
        return {self.name(key): self._worded(key, item) for key, item in value.items()}

    def inwards(self, value: Any) -> Any:
        """A request under the default names; a default name that was replaced is no name any more."""
        if isinstance(value, list):
            return [self.inwards(item) for item in value]
        if not isinstance(value, dict):
            return value
        return {self._default(key): self._meant(self._default(key), item) for key, item in value.items()}

    def _worded(self, key: str, value: Any) -> Any:
        return self.word(value) if key in _WORDED and isinstance(value, str) else self.outwards(value)

    def _meant(self, key: str, value: Any) -> Any:
        if key not in _WORDED or not isinstance(value, str):
            return self.inwards(value)
        return _backwards(self.words, value)

    def _default(self, key: str) -> str:
        return _backwards(self.properties, key)


def _backwards(names: Mapping[str, str], theirs: str) -> str:
    found = next((default for default, name in names.items() if name == theirs), None)
    return found or (_UNKNOWN + theirs if theirs in names else theirs)
