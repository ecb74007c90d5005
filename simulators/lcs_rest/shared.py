"""What this LCS has in common with the one that takes files: the product, and so the rules about a person.

Everything taken from other simulators, the kit apart, is named here and nowhere else in this package.
"""

from dataclasses import dataclass
from datetime import date

from simulators.lcs import checks_person
from simulators.lcs.model import NOBODY, Person
from simulators.lcs_rest.refusals import Refused
from simulators.sftp.yaml_input import ConfigurationError, codes, mapping, read_yaml, section, typed

__all__ = ["NOBODY", "Claim", "ConfigurationError", "Person", "birth_agrees", "codes", "mapping", "not_merged"]
__all__ += ["read_yaml", "referral_open", "section", "typed"]


@dataclass(frozen=True)
class Claim:
    """When the sender says the young person was born; what is None was not sent."""

    dob: date | None
    age: int | None
    as_at: date | None


@dataclass(frozen=True)
class _Said:
    claim: Claim
    form: str = "a form"


@dataclass(frozen=True)
class _Asked:
    """The part of a file set that the checks on a person look at."""

    person: Person
    manifest: _Said = _Said(Claim(None, None, None))


def not_merged(person: Person) -> None:
    """PERSON_MERGED: following a merge is a person's decision."""
    found = checks_person.person_not_merged(_Asked(person))  # type: ignore[arg-type]
    if found:
        raise Refused(409, found.code, "The person was merged.", mergedTo=int(found.merged_to or NOBODY))


def birth_agrees(person: Person, claim: Claim) -> None:
    """DOB_MISMATCH or DOB_ESTIMATED."""
    found = checks_person.birth_agrees(_Asked(person, _Said(claim)))  # type: ignore[arg-type]
    if found:
        raise Refused(409, found.code, "The date of birth or the age does not agree.")


def referral_open(person: Person) -> None:
    """NO_OPEN_REFERRAL."""
    found = checks_person.referral_open(_Asked(person))  # type: ignore[arg-type]
    if found:
        raise Refused(409, found.code, "The person has no open authorised referral.")
