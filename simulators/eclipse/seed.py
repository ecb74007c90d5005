"""The fictional authority: its people, teams and what it lets be attached. Format: `seed.yaml`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .fuzzy import FuzzyDate, written
from .model import Person
from .yaml_input import DefinitionError, mapping, read_mapping, typed

_FIELDS: dict[str, tuple[str, type]] = {
    "careFirstId": ("care_first", str),
    "hidden": ("hidden", bool),
    "restricted": ("restricted", bool),
    "openEpisode": ("open_episode", bool),
    "lockedBy": ("locked_by", str),
    "lockedUntil": ("locked_until", int),
}


@dataclass(frozen=True)
class Seed:
    """What is there before anybody calls."""

    people: dict[int, Person]
    teams: frozenset[str]
    extensions: frozenset[str]
    attachment_types: frozenset[tuple[str, str]]


def load_seed(path: Path) -> Seed:
    """The file's authority."""
    content = mapping(read_mapping(path), str(path), ("teams", "attachments", "people"))
    rules = mapping(content["attachments"], f"{path}: attachments", ("extensions", "types"))
    types = mapping(rules["types"], f"{path}: attachments: types")
    return Seed(
        people=read_people(content["people"], str(path)),
        teams=frozenset(content["teams"]),
        extensions=frozenset(rules["extensions"]),
        attachment_types=frozenset((kind, sub) for kind, subs in types.items() for sub in subs),
    )


def read_people(entries: Any, where: str) -> dict[int, Person]:
    """Every person of a mapping from number to what is known of them."""
    found = mapping(entries, f"{where}: people")
    return {typed(number, int, where): _person(number, entry, f"{where}: {number}") for number, entry in found.items()}


def _person(number: int, entry: Any, where: str) -> Person:
    known = mapping(entry, where, ("dob", "duplicateOf", *_FIELDS))
    values = {name: typed(known[key], kind, f"{where}: {key}") for key, (name, kind) in _FIELDS.items() if key in known}
    marked = "duplicateOf" in known
    return Person(
        id=number,
        name=f"Fictional Person {number}" + (" DUPLICATE" if marked else ""),
        birth=_birth(known.get("dob"), where),
        duplicated=marked,
        duplicate_of=known.get("duplicateOf"),
        **values,
    )


def _birth(text: Any, where: str) -> FuzzyDate | None:
    try:
        return None if text is None else written(typed(text, str, f"{where}: dob"))
    except ValueError as error:
        raise DefinitionError(f"{where}: dob: {error}") from error
