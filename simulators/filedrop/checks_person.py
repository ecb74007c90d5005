"""Checks on the child. Order matters: what is wrong first decides who has to act."""

from simulators.filedrop.incoming import Incoming
from simulators.filedrop.model import Person, Refusal
from simulators.sftp.ages import age_at


def exists(incoming: Incoming) -> Refusal | None:
    """A person is never created from a set."""
    return None if incoming.person else Refusal("PERSON_NOT_FOUND")


def is_one(incoming: Incoming) -> Refusal | None:
    """Nobody picks one of several."""
    return Refusal("PERSON_AMBIGUOUS") if _person(incoming).people > 1 else None


def not_restricted(incoming: Incoming) -> Refusal | None:
    """Who may see it is for people to settle."""
    return Refusal("PERSON_RESTRICTED") if _person(incoming).restricted else None


def not_merged(incoming: Incoming) -> Refusal | None:
    """Following a merge is a person's decision."""
    merged_to = _person(incoming).merged_to
    return Refusal("PERSON_MERGED", {"mergedTo": merged_to}) if merged_to else None


def birth_agrees(incoming: Incoming) -> Refusal | None:
    """An estimated date is nobody's birthday, so nothing can agree with it, nor an age worked out from it."""
    claim, person = incoming.manifest.claim, _person(incoming)
    if person.estimated:
        return Refusal("DOB_ESTIMATED")
    given = claim.date_of_birth is not None or claim.age is not None
    same_day = claim.date_of_birth in (None, person.date_of_birth)
    same_age = claim.age_as_at is None or claim.age == age_at(person.date_of_birth, claim.age_as_at)
    return None if given and same_day and same_age else Refusal("DOB_MISMATCH")


def episode_open(incoming: Incoming) -> Refusal | None:
    """Nothing can be recorded on somebody the authority is not working with."""
    return None if _person(incoming).open_episode else Refusal("NO_OPEN_EPISODE")


def not_locked(incoming: Incoming) -> Refusal | None:
    """Somebody has the record open."""
    until = _person(incoming).locked_until
    return None if until is None else Refusal("LOCKED", {"lockedUntil": until})


def _person(incoming: Incoming) -> Person:
    """After `exists`."""
    assert incoming.person is not None
    return incoming.person
