"""The young person's reference (rules Y1 to Y8). Values of identifiers are never echoed."""

import re
from collections.abc import Iterator

from service.domain.codes import LEGAL_STATUS, OUT_OF_USUAL_AGE
from service.domain.faults import pointer
from service.domain.records.shorthand import GSS
from service.domain.rules.catalogue import At, by_policy, reject, warn
from service.domain.rules.subject import Subject

PERSON = "/young_person"
USUAL_AGES = range(11, 19)
_NHS_WEIGHTS = range(10, 1, -1)


def is_nhs_number(text: str) -> bool:
    """Ten digits whose last is the modulus-11 check digit of the first nine."""
    if len(text) != 10 or not (text.isascii() and text.isdigit()):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text, _NHS_WEIGHTS, strict=False))
    return (11 - total % 11) % 11 == int(text[9])


@by_policy(
    "Y1", lambda policy: policy.nhs_number_faulty, "This isn't a valid NHS number.", "Check it, or leave it out."
)
def nhs_number_is_real(subject: Subject) -> Iterator[At]:
    """A wrong NHS number is worse than none."""
    number = subject.text(f"{PERSON}/nhs_number")
    if number is not None and not is_nhs_number(number):
        yield At(f"{PERSON}/nhs_number")


@warn(
    "Y2",
    "Age isn't given, so this record can't be counted by age, and the case system can't confirm the person.",
    "Give the age at completion or the date of birth.",
)
def age_is_known(subject: Subject) -> Iterator[At]:
    """Without an age the record is kept, but it cannot be counted by age nor the person confirmed."""
    person = subject.at(PERSON)
    if isinstance(person, dict) and not {"age_at_completion", "date_of_birth"} & person.keys():
        yield At(f"{PERSON}/age_at_completion")


@reject("Y3", "The date of birth is after the record was completed.", "Check both dates.")
def born_before_the_record(subject: Subject) -> Iterator[At]:
    """Nobody is assessed before birth; a slip here would let the wrong person be confirmed."""
    born, completed = subject.date_at(f"{PERSON}/date_of_birth"), subject.completed_on
    if born and completed and born > completed:
        yield At(f"{PERSON}/date_of_birth")


@reject("Y3", "The young person is {age}. WISE is usually for 11 to 18.", "If this is right, choose a reason.")
def unusual_age_has_a_reason(subject: Subject) -> Iterator[At]:
    """WISE is broadly for 11 to 18; others are welcome with a reason, never refused for age alone."""
    age = subject.age
    if age is None or age < 0 or age in USUAL_AGES or subject.at(f"{PERSON}/out_of_usual_age_reason") is not None:
        return
    yield At(f"{PERSON}/out_of_usual_age_reason", age=age)


@reject("Y6", "NONE can't stand beside another code.", "Remove NONE or the others.")
def none_stands_alone(subject: Subject) -> Iterator[At]:
    """The census rule: who has no disability has none of the others."""
    codes = subject.texts(f"{PERSON}/disabilities")
    if "NONE" in codes and len(set(codes)) > 1:
        yield At(f"{PERSON}/disabilities")


@reject("Y6", "The same code is listed twice.", "Remove one.")
def no_disability_twice(subject: Subject) -> Iterator[At]:
    """The census rule: no duplicates."""
    codes = subject.texts(f"{PERSON}/disabilities")
    if "NONE" in codes and len(set(codes)) > 1:
        return
    for index, code in enumerate(codes):
        if code in codes[:index]:
            yield At(pointer("young_person", "disabilities", index))


@reject("Y7", "That ethnicity code isn't on the list.", "Did you mean Chinese (CHNE)?")
def chinese_is_chne(subject: Subject) -> Iterator[At]:
    """A published data guide misspells the census code; accepting both would split one group in two."""
    if subject.at(f"{PERSON}/ethnicity") == "CNHE":
        yield At(f"{PERSON}/ethnicity")


@reject(
    "Y1b",
    "Neither the NHS number nor a reason for leaving it out is given.",
    "Give the NHS number, or choose a reason for not including it (`identifier_withheld_reason`).",
)
def nhs_number_or_a_reason(subject: Subject) -> Iterator[At]:
    """The duty to include the number, where it binds, with its own exceptions (Children Act 2004, s.16LC)."""
    person = subject.at(PERSON)
    if not subject.policy.nhs_number_required or not isinstance(person, dict):
        return
    if not {"nhs_number", "identifier_withheld_reason"} & person.keys():
        yield At(f"{PERSON}/nhs_number")


@reject("Y3", "This authority doesn't use that reason for an unusual age.", "Choose one of: {reasons}.")
def the_reason_is_in_use(subject: Subject) -> Iterator[At]:
    """Which exceptions an authority foresees is in its profile."""
    code = subject.text(f"{PERSON}/out_of_usual_age_reason/code")
    if code in OUT_OF_USUAL_AGE and code not in subject.policy.age_reasons:
        yield At(f"{PERSON}/out_of_usual_age_reason/code", reasons=", ".join(subject.policy.age_reasons))


@reject(
    "Y4",
    "Another authority is responsible, and it isn't said who placed or hosts the young person.",
    "Say which authority is responsible and which is hosting (`placing_authority`, `host_authority`).",
)
def who_is_responsible_and_who_hosts(subject: Subject) -> Iterator[At]:
    """A young person placed away stays somebody's responsibility; the record says whose."""
    codes = {subject.text("/authority") or "", subject.text(f"{PERSON}/responsible_authority") or ""}
    readable = all(re.fullmatch(GSS, code) for code in codes)
    if readable and len(codes) > 1 and not {"placing_authority", "host_authority"} & subject.at(PERSON).keys():
        yield At(f"{PERSON}/host_authority")


@reject(
    "Y5",
    "This isn't the form of a child reference in your case system.",
    "Use the child reference from your own case system.",
)
def the_reference_is_the_authoritys_own(subject: Subject) -> Iterator[At]:
    """Another authority's reference might be another young person's here."""
    reference = subject.text(f"{PERSON}/la_child_id")
    if reference is not None and not re.fullmatch(subject.policy.child_id, reference):
        yield At(f"{PERSON}/la_child_id")


@warn(
    "Y8",
    "That legal status isn't on the national list, so it is passed on as it stands.",
    "Check it, if it was meant to be one of the list.",
)
def legal_status_is_a_national_one(subject: Subject) -> Iterator[At]:
    """Many local statuses exist that do not make a child looked after; refusing them would lose them."""
    status = subject.text(f"{PERSON}/legal_status")
    if status is not None and status not in LEGAL_STATUS:
        yield At(f"{PERSON}/legal_status")
