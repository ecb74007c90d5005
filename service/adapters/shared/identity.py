"""Whether a person in a case system is the young person of a record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from service.domain.delivery import Reason
from service.errors import NeedsHuman
from service.ports import PersonReference


@dataclass(frozen=True, repr=False)
class Known:
    """What a case system says of one person, and no more than the comparison needs."""

    date_of_birth: date | None
    estimated: bool = False
    merged: bool = False
    restricted: bool = False


def require_identity(person: PersonReference) -> None:
    """A number alone is one mistyped digit away from another child."""
    if person.date_of_birth is None and person.age is None:
        raise NeedsHuman(Reason.DOB_AND_AGE_MISSING)


def compare(person: PersonReference, found: Known) -> None:
    """Everything given must agree. An estimated date of birth agrees with nothing, nor does an age reckoned from it."""
    if found.merged:
        raise NeedsHuman(Reason.PERSON_MERGED)
    if found.restricted:
        raise NeedsHuman(Reason.PERSON_RESTRICTED)
    if found.estimated:
        raise NeedsHuman(Reason.DOB_ESTIMATED)
    born = found.date_of_birth
    if born is None or not _agrees(person, born):
        raise NeedsHuman(Reason.DOB_MISMATCH)


def _agrees(person: PersonReference, born: date) -> bool:
    if person.date_of_birth is not None and person.date_of_birth != born:
        return False
    return person.age is None or person.age == age_on(born, person.age_as_at)


def age_on(born: date, day: date) -> int:
    """Completed years. Who is born on 29 February turns a year older on 1 March of other years, as the law has it."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
