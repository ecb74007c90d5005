"""The person table and what a caller may see of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from .refusals import not_found, person_merged


@dataclass(frozen=True)
class Person:
    """One person record. No name is kept: nothing here needs one, so none can leak."""

    person_id: int
    date_of_birth: str
    date_of_birth_estimated: bool = False
    context: str = "C"
    restricted: bool = False
    hidden: bool = False
    merged_to: int | None = None

    def wire(self) -> dict[str, Any]:
        """The person as the protocol writes it."""
        return {
            "personId": self.person_id,
            "context": self.context,
            "dateOfBirth": self.date_of_birth,
            "dateOfBirthEstimated": self.date_of_birth_estimated,
            "restricted": self.restricted,
            "mergedTo": self.merged_to,
        }


People = Mapping[int, Person]


def visible_person(people: People, person_id: int) -> Person:
    """The person, or the one refusal that covers both unknown and hidden."""
    person = people.get(person_id)
    if person is None or person.hidden:
        raise not_found()
    return person


def is_visible(people: People, person_id: int) -> bool:
    """Whether the caller may know that this person exists."""
    person = people.get(person_id)
    return person is not None and not person.hidden


def require_current(people: People, person_id: int) -> Person:
    """The person, provided that nothing was merged: new content must not land on a dead number."""
    person = visible_person(people, person_id)
    if person.merged_to is not None:
        raise person_merged(person.merged_to)
    return person


def with_changes(people: People, merged: Mapping[int, int], hidden: Collection[int]) -> People:
    """The table after an overnight merge or a new restriction, as set by the knobs."""
    if not merged and not hidden:
        return people
    return {number: _changed(person, merged, hidden) for number, person in people.items()}


def _changed(person: Person, merged: Mapping[int, int], hidden: Collection[int]) -> Person:
    number = person.person_id
    return replace(
        person,
        merged_to=merged.get(number, person.merged_to),
        hidden=person.hidden or number in hidden,
        restricted=person.restricted or number in hidden,
    )
