"""Reading the sections of a profile, with a hint wherever a word is nearly one that is known."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from ruamel.yaml.nodes import MappingNode

from service.adapters.mapping.yamlfile import Entry, flag, items, pairs, text, whole
from service.adapters.profiles.keys import Key, Keys
from service.domain.london import as_date


def nearest(word: str, known: Iterable[str]) -> str:
    """`Did you mean 'label'? `, or nothing when no known word is near."""
    near = get_close_matches(word, list(known), n=1, cutoff=0.75)
    return f"Did you mean '{near[0]}'? " if near else ""


def section(entry: Entry | None, required: Iterable[str], optional: Iterable[str] = ()) -> dict[str, Entry]:
    """The entries by key. Unknown, doubled and missing keys are faults; nothing is no section and no fault."""
    if entry is None:
        return {}
    needed = list(required)
    known = [*needed, *optional]
    found = dict(pairs(entry))
    for name in [name for name in found if name not in known]:
        fix = f"{nearest(name, known)}Known here: {', '.join(known)}."
        found.pop(name).fault("This key is not known.", fix)
    if isinstance(entry.node, MappingNode):
        for name in needed:
            if name not in found:
                entry.fault(f"'{name}' is missing.", f"Add '{name}:'.")
    return found


def part(entry: Entry | None, keys: Keys) -> dict[str, Entry]:
    """A section of the format."""
    required = [name for name, key in keys.items() if key.required]
    return section(entry, required, [name for name in keys if name not in required])


def values(entry: Entry | None, keys: Keys) -> dict[str, Any]:
    """A section of plain values, each as its key asks. What is left out is left out."""
    return {name: value(found, keys[name]) for name, found in part(entry, keys).items()}


def value(entry: Entry | None, key: Key) -> Any:
    """One plain value; the least of its kind after a fault has been noted."""
    if key.kind == "whole":
        return whole(entry, key.low, key.high)
    return _READERS[key.kind](entry, key.known) if entry else None


def choice(entry: Entry, known: Iterable[str]) -> str:
    """One of these words."""
    said, choices = text(entry), list(known)
    if said and said not in choices:
        entry.fault("There is no such choice.", f"{nearest(said, choices)}Choose one of: {', '.join(choices)}.")
    return said


def _choices(entry: Entry, known: Iterable[str]) -> tuple[str, ...]:
    return tuple(choice(item, known) for item in items(entry))


def _texts(entry: Entry, _: Iterable[str]) -> tuple[str, ...]:
    return tuple(text(item) for item in items(entry))


def _pattern(entry: Entry, _: Iterable[str]) -> str:
    """A form no child reference could have would refuse every record."""
    said = text(entry)
    try:
        re.compile(said)
    except re.error:
        entry.fault("This is no regular expression.", "Write for example STK[0-9]{7}.")
    return said


def _date(entry: Entry, _: Iterable[str]) -> str:
    said = text(entry)
    if said and as_date(said) is None:
        entry.fault("This is no date.", 'Write it as "2011-05-17", in quotes.')
    return said


_READERS: Mapping[str, Callable[[Entry, Iterable[str]], Any]] = {
    "text": lambda entry, _: text(entry),
    "texts": _texts,
    "flag": lambda entry, _: flag(entry),
    "choice": choice,
    "choices": _choices,
    "pattern": _pattern,
    "date": _date,
}
