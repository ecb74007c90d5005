"""Editions of the records: which closed lists and rules a record is read and judged by, for good.

Each is a dated file in `config/codes/`; all but the first say only what they add to the one before and take away from
it. They are part of the product, not a setting of an installation: every code needs its words, mapping and place
in the documents, and the tests see to that for the files as they are shipped (ADR 11).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "config" / "codes"
_KEYS = {"edition", "from", "census_year", "extends", "codes", "rules"}
_PARTS = {"official", "ours", "added", "removed"}

Codes = Mapping[str, tuple[str, ...]]


class EditionFault(ValueError):
    """A file of editions is not one; all that is wrong with it."""


@dataclass(frozen=True)
class Edition:
    """`codes` are the closed lists by name; `rules` the codes of the rules that judge its records."""

    name: str
    since: date
    census_year: str
    codes: Codes
    rules: frozenset[str]

    @property
    def order(self) -> tuple[int, ...]:
        """Editions in the order they came out: 1.10 after 1.9."""
        return order_of(self.name)


def order_of(name: str) -> tuple[int, ...]:
    """`1.1` as (1, 1)."""
    return tuple(int(part) for part in name.split("."))


def read_editions(folder: Path = FOLDER) -> Mapping[str, Edition]:
    """Every edition by name, oldest first. Raises `EditionFault`."""
    files = sorted(folder.glob("[0-9]*.toml"), key=lambda file: order_of(file.stem))
    editions: dict[str, Edition] = {}
    for file in files:
        content = tomllib.loads(file.read_text("utf-8"))
        _check(file.name, content, editions)
        editions[content["edition"]] = _edition(content, editions.get(content.get("extends", "")))
    if not editions:
        raise EditionFault(f"{folder}: there is no edition here.")
    return editions


def read_authorities(folder: Path = FOLDER) -> Mapping[str, str]:
    """The names of authorities by ONS code."""
    names: Mapping[str, str] = tomllib.loads((folder / "authorities.toml").read_text("utf-8"))["names"]
    return names


def union(editions: Iterable[Edition]) -> dict[str, tuple[str, ...]]:
    """Every list with every value any edition has, in order of first appearance: what must be readable."""
    lists: dict[str, dict[str, None]] = {}
    for edition in editions:
        for name, values in edition.codes.items():
            lists.setdefault(name, {}).update(dict.fromkeys(values))
    return {name: tuple(values) for name, values in lists.items()}


def _edition(content: Mapping[str, Any], before: Edition | None) -> Edition:
    parts = content.get("codes", {})
    codes = dict(before.codes) if before else {}
    for part in ("official", "ours", "added"):
        for name, values in parts.get(part, {}).items():
            codes[name] = (*codes.get(name, ()), *values)
    for name, values in parts.get("removed", {}).items():
        codes[name] = tuple(value for value in codes[name] if value not in values)
    rules = content.get("rules", {})
    in_force = (before.rules if before else frozenset()) | set(rules.get("added", ()))
    return Edition(
        content["edition"], content["from"], content["census_year"], codes, in_force - set(rules.get("removed", ()))
    )


def _check(file: str, content: Mapping[str, Any], before: Mapping[str, Edition]) -> None:
    faults = [f"{file}: '{key}' is not known here." for key in content.keys() - _KEYS]
    faults += [f"{file}: '{key}' is missing." for key in ("edition", "from", "census_year") if key not in content]
    parts = content.get("codes", {})
    faults += [f"{file}: 'codes.{part}' is not known here." for part in parts.keys() - _PARTS]
    if content.get("edition") != file.removesuffix(".toml"):
        faults.append(f"{file}: 'edition' is not the name of the file.")
    if before and content.get("extends") not in before:
        faults.append(f"{file}: 'extends' names no earlier edition. Known: {', '.join(before)}.")
    faults += _list_faults(file, parts, before.get(content.get("extends", "")))
    if faults:
        raise EditionFault("\n".join(sorted(faults)))


def _list_faults(file: str, parts: Mapping[str, Any], earlier: Edition | None) -> list[str]:
    had = earlier.codes if earlier else {}
    faults: list[str] = []
    for part in _PARTS & parts.keys():
        for name, values in parts[part].items():
            known = set(had.get(name, ()))
            if len(set(values)) < len(values):
                faults.append(f"{file}: 'codes.{part}.{name}' lists a value twice.")
            if part == "removed" and set(values) - known:
                faults.append(f"{file}: 'codes.removed.{name}' takes away what was not there.")
            if part != "removed" and set(values) & known:
                faults.append(f"{file}: 'codes.{part}.{name}' adds what was there already.")
    return faults
