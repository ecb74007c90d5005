"""Checks on the child. Order matters: what is wrong first decides who has to act."""

from simulators.lcs.case import Case
from simulators.lcs.model import Refusal
from simulators.sftp.ages import age_at


def person_exists(case: Case) -> Refusal | None:
    """LCS never creates a person from a set."""
    return None if case.person else Refusal("PERSON_NOT_FOUND")


def person_not_merged(case: Case) -> Refusal | None:
    """A merged row is closed; following the merge is a person's decision, not ours."""
    merged_to = case.person.merged_to if case.person else None
    return Refusal("PERSON_MERGED", merged_to=merged_to) if merged_to else None


def birth_agrees(case: Case) -> Refusal | None:
    """Forms only. An estimated date is nobody's birthday, so nothing can agree with it.

    That goes for an age too: it would be worked out from the estimate.
    """
    claim, person = case.manifest.claim, case.person
    if case.manifest.form is None or person is None:
        return None
    if claim.dob is None and claim.age is None:
        return Refusal("DOB_MISMATCH")
    if person.dob_estimated:
        return Refusal("DOB_ESTIMATED")
    dob_agrees = claim.dob is None or claim.dob == person.dob
    age_agrees = claim.as_at is None or claim.age == age_at(person.dob, claim.as_at)
    return None if dob_agrees and age_agrees else Refusal("DOB_MISMATCH")


def referral_open(case: Case) -> Refusal | None:
    """Nothing can be recorded on somebody the authority is not working with."""
    person = case.person
    working = person is not None and person.client and person.referral == "authorised"
    return None if working else Refusal("NO_OPEN_REFERRAL")
