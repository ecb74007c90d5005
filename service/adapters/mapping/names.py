"""Question codes made from another mapping's by a rule: the same form in a product that spells its names otherwise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from service.adapters.mapping.yamlfile import Entry, section, text

_STYLES: Mapping[str, Callable[[list[str]], str]] = {
    "snake": "_".join,
    "upper_snake": lambda parts: "_".join(parts).upper(),
    "lower": "".join,
    "pascal": lambda parts: "".join(part[:1].upper() + part[1:] for part in parts),
    "camel": lambda parts: "".join([*parts[:1], *(part[:1].upper() + part[1:] for part in parts[1:])]),
}
"""Each from the words of a snake_case code."""


@dataclass(frozen=True)
class Names:
    """A spelling and what stands before it. `place` is where the rule is written."""

    style: str
    prefix: str
    place: str

    def __call__(self, code: str) -> str:
        """`own_words` as `WiseAssessment_OwnWords`, for pascal and that prefix."""
        return f"{self.prefix}{_STYLES[self.style](code.split('_'))}"

    def origin(self, code: str) -> str:
        """For a message about a name that stands in no file."""
        return f" ('{code}' under the names of {self.place})"


def read_names(entry: Entry) -> Names | None:
    """The rule under `names`, or None after its faults have been noted."""
    found = section(entry, ("style",), ("prefix",))
    style = text(found.get("style"))
    if style and style not in _STYLES:
        found["style"].fault("There is no such style.", f"Known: {', '.join(_STYLES)}.")
    prefix = text(found["prefix"]) if "prefix" in found else ""
    return Names(style, prefix, entry.place) if style in _STYLES else None
