"""The authority's set-up: teams, people, permissions, action types and document rules (`seed.yaml`)."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from . import yamlfile
from .documents import DocumentRules
from .people import Person
from .shape import iso_date
from .yamlfile import DefinitionError

PERMISSIONS = ("read", "add", "edit")


@dataclass(frozen=True)
class Seed:
    """Everything about the authority that is not a form."""

    teams: dict[str, str]
    people: dict[int, Person]
    default_permissions: frozenset[str]
    permissions: dict[int, frozenset[str]]
    action_types: dict[int, str]
    documents: DocumentRules

    def may(self, permission: str, step_type_id: int) -> bool:
        """Whether the role behind the key has a permission on a step type."""
        return permission in self.permissions.get(step_type_id, self.default_permissions)


def load_seed(path: Path) -> Seed:
    """The whole set-up, refused with a message naming the place of the first mistake."""
    content = yamlfile.read_mapping(path)
    sections = ("teams", "people", "permissions", "actionTypes", "documents")
    yamlfile.check_keys(content, str(path), sections, sections)
    default, permissions = _permissions(content["permissions"], f"{path}: permissions")
    return Seed(
        teams=_titles(content["teams"], f"{path}: teams"),
        people=_people(content["people"], f"{path}: people"),
        default_permissions=default,
        permissions=permissions,
        action_types=_numbered_titles(content["actionTypes"], f"{path}: actionTypes"),
        documents=_documents(content["documents"], f"{path}: documents"),
    )


def _titles(entries: Any, where: str) -> dict[str, str]:
    found = yamlfile.mapping(entries, where)
    return {yamlfile.string(key, where): yamlfile.string(title, f"{where}: {key}") for key, title in found.items()}


def _numbered_titles(entries: Any, where: str) -> dict[int, str]:
    found = yamlfile.mapping(entries, where)
    return {yamlfile.positive(key, where): yamlfile.string(title, f"{where}: {key}") for key, title in found.items()}


def _people(entries: Any, where: str) -> dict[int, Person]:
    found = yamlfile.mapping(entries, where)
    people = {yamlfile.positive(key, where): _person(key, entry, f"{where}: {key}") for key, entry in found.items()}
    for person in people.values():
        if person.merged_to is not None and person.merged_to not in people:
            raise DefinitionError(f"{where}: {person.person_id} is merged to unknown person {person.merged_to}")
    return people


def _person(person_id: int, entry: Any, where: str) -> Person:
    entry = yamlfile.mapping(entry, where)
    yamlfile.check_keys(entry, where, ("dob", "estimated", "context", "restricted", "hidden", "mergedTo"), ("dob",))
    merged_to = entry.get("mergedTo")
    return Person(
        person_id=person_id,
        date_of_birth=_day(entry["dob"], f"{where}: dob"),
        date_of_birth_estimated=yamlfile.boolean(entry.get("estimated", False), f"{where}: estimated"),
        context=yamlfile.string(entry.get("context", "C"), f"{where}: context"),
        restricted=yamlfile.boolean(entry.get("restricted", False), f"{where}: restricted"),
        hidden=yamlfile.boolean(entry.get("hidden", False), f"{where}: hidden"),
        merged_to=None if merged_to is None else yamlfile.positive(merged_to, f"{where}: mergedTo"),
    )


def _day(value: Any, where: str) -> str:
    """YAML turns an unquoted day into a date; a quoted one stays text. Both are fine."""
    day = value.isoformat() if type(value) is date else value
    if iso_date(day):
        raise DefinitionError(f"{where}: must be a day like 2010-05-02, not {value!r}")
    return str(day)


def _permissions(entries: Any, where: str) -> tuple[frozenset[str], dict[int, frozenset[str]]]:
    found = dict(yamlfile.mapping(entries, where))
    if "default" not in found:
        raise DefinitionError(f"{where}: the key 'default' is missing")
    default = _permission_set(found.pop("default"), f"{where}: default")
    special = {yamlfile.positive(key, where): _permission_set(item, f"{where}: {key}") for key, item in found.items()}
    return default, special


def _permission_set(entries: Any, where: str) -> frozenset[str]:
    for name in (given := yamlfile.sequence(entries, where)):
        if name not in PERMISSIONS:
            raise DefinitionError(f"{where}: unknown permission {name!r}; known are {', '.join(PERMISSIONS)}")
    return frozenset(given)


def _documents(entry: Any, where: str) -> DocumentRules:
    entry = yamlfile.mapping(entry, where)
    yamlfile.check_keys(entry, where, ("extensions", "categories"), ("extensions", "categories"))
    categories = yamlfile.mapping(entry["categories"], f"{where}: categories")
    pairs = {
        (yamlfile.string(category, where), sub_category)
        for category, items in categories.items()
        for sub_category in yamlfile.strings(items, f"{where}: categories: {category}")
    }
    extensions = yamlfile.strings(entry["extensions"], f"{where}: extensions")
    return DocumentRules(frozenset(item.lower() for item in extensions), frozenset(pairs))
