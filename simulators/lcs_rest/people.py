"""The people and the local codes of the one authority this LCS serves, read from seed.yaml."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from simulators.lcs_rest import shared
from simulators.lcs_rest.shared import NOBODY, mapping, section, typed

_PERSON_KEYS = {
    "legacy_id": str,
    "dob": date,
    "dob_estimated": bool,
    "client": bool,
    "referral": str,
    "merged_to": str,
    "worker": str,
    "restricted": bool,
    "hidden": bool,
    "locked_by": int,
}


@dataclass(frozen=True)
class Lock:
    """A worker has somebody's record open; without `until` (as the page writes times) no end is known."""

    by: int
    until: str | None = None


@dataclass(frozen=True, kw_only=True)
class Person(shared.Person):
    """One row of people; `person_id` is a whole number written as text, as in the other LCS simulator."""

    legacy_id: str = ""
    restricted: bool = False
    hidden: bool = False
    locked: Lock | None = None

    @property
    def number(self) -> int:
        return int(self.person_id)

    def wire(self) -> dict[str, Any]:
        """PERSON of the page."""
        merged = self.merged_to is not None
        shown: dict[str, Any] = {
            "personId": self.number,
            "legacyId": self.legacy_id or None,
            "dateOfBirth": self.dob.isoformat(),
            "dobEstimated": "Y" if self.dob_estimated else "N",
            "duplicatedDttm": "2026-03-01T02:00:00Z" if merged else None,
            "mergedTo": int(self.merged_to or NOBODY),
            "isClient": "Y" if self.client else "N",
            "restricted": "N",
            "referralId": int(NOBODY) if self.referral == "none" else 60000 + self.number % 10000,
            "referralStatus": self.referral.upper(),
            "workerId": int(self.worker),
        }
        return {**shown, **_BLANK, "personId": self.number} if self.restricted else shown


_BLANK: Mapping[str, Any] = {
    **dict.fromkeys(("legacyId", "dateOfBirth", "duplicatedDttm")),
    **dict.fromkeys(("mergedTo", "referralId", "workerId"), int(NOBODY)),
    "dobEstimated": "N",
    "isClient": "N",
    "restricted": "Y",
    "referralStatus": "NONE",
}
"""What is told of a restricted person."""


@dataclass
class World:
    """What is local to the authority. `people` is by number and may be changed while the simulator runs."""

    gss: str
    departments: Mapping[str, str]
    workers: Collection[int]
    task_types: frozenset[str]
    document_types: frozenset[str]
    people: dict[int, Person] = field(default_factory=dict)


def load_world(path: Path, people: Iterable[Person] | None = None) -> World:
    """The seed, with other people when they are given."""
    top = section(
        shared.read_yaml(path),
        path.name,
        ["gss", "departments", "workers", "task_types", "document_types", "people"],
    )
    world = World(
        gss=typed(top["gss"], str, "gss"),
        departments=mapping(top["departments"], "departments"),
        workers=frozenset(typed(number, int, "workers") for number in top["workers"]),
        task_types=shared.codes(top["task_types"], "task_types"),
        document_types=shared.codes(top["document_types"], "document_types"),
    )
    rows = mapping(top["people"], "people")
    found = people if people is not None else [_person(number, row) for number, row in rows.items()]
    world.people = {person.number: person for person in found}
    return world


def _person(number: str, value: Any) -> Person:
    row = section(value, f"people: {number}", ["dob"], [key for key in _PERSON_KEYS if key != "dob"])
    read = {key: typed(one, _PERSON_KEYS[key], f"people: {number}: {key}") for key, one in row.items()}
    locked_by = read.pop("locked_by", None)
    if read.get("referral", "none") not in {"authorised", "unauthorised", "none"} or not number.isdecimal():
        raise shared.ConfigurationError(f"people: {number}: the referral or the number is not one of ours")
    return Person(person_id=number, locked=Lock(locked_by) if locked_by else None, **read)
