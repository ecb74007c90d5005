"""The young person's reference (rules Y1, Y2, Y3, Y6, Y7). Values of identifiers are never echoed."""

from collections.abc import Iterator

from service.domain.faults import pointer
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
