"""What a person reads who types something into a case system: whom to check, what to do, and the words for each field.

Pure. Nothing is put in order of worth: the fields stand as the mapping has them, the young person first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from service.domain import codes
from service.domain.london import in_words
from service.domain.words import words
from service.ports import Filing, Retraction, ReviewTask
from service.ports.manual import Fields, Pack, TypedField
from service.usecases.package import Package

REVIEW_WORDS = "A review is due."
"""All that may stand in a diary, which is read by people who need not know why."""
_UNKNOWN = TypedField("", quoted=False)


@dataclass(frozen=True, repr=False)
class Check:
    """One thing to compare with the person in the case system, before anything is typed."""

    code: str
    label: str
    value: str


@dataclass(frozen=True, repr=False)
class Line:
    """One field of their form and the words to type. `row` counts from 1 in a repeating group."""

    code: str
    row: int | None
    label: str
    words: str
    quoted: bool


@dataclass(frozen=True, repr=False)
class Sheet:
    """`to_do` says in order what to do; `about_number` is the record that is corrected or withdrawn."""

    reference: str
    kind: str
    title: str
    form: str | None
    about_number: str | None
    restricted: bool
    to_do: tuple[str, ...]
    checks: tuple[Check, ...]
    lines: tuple[Line, ...]
    document: bool


def sheet_of(pack: Pack, package: Package, fields: Fields) -> Sheet:
    """The sheet of what is to be delivered."""
    if package.filing:
        return _of_filing(pack, package.filing, fields)
    if package.retraction:
        return _of_retraction(pack, package.retraction)
    if package.task:
        return _of_task(pack, package.task)
    raise LookupError("nothing to deliver")


def _of_filing(pack: Pack, filing: Filing, fields: Fields) -> Sheet:
    number, form = filing.replaces, pack.handed.pack.form or filing.record_type
    lines = [(each, fields.get(each.code, _UNKNOWN)) for each in filing.answers]
    return Sheet(
        reference=pack.reference,
        kind=pack.handed.pack.kind,
        title=f"Correct record {number}: {form}" if number else f"Type in: {form}",
        form=form,
        about_number=number,
        restricted=filing.restricted,
        to_do=_restricted(filing) + _filing_steps(number),
        checks=_checks(filing),
        lines=tuple(Line(each.code, each.row, known.label, each.value, known.quoted) for each, known in lines),
        document=True,
    )


def _restricted(filing: Filing) -> tuple[str, ...]:
    words = "This record is restricted. Mark it as restricted before you save it; if you cannot, refuse this sheet."
    return (words,) if filing.restricted else ()


def _filing_steps(number: str | None) -> tuple[str, ...]:
    """A correction becomes a new version of the record, or is typed beside it, as that system allows."""
    where = f"Open record {number}, see that it is this young person's, and type the fields in its place or beside it."
    return (
        "Compare the young person in the case system with the check. If anything differs, stop and refuse.",
        "Look for our reference. If it is there, type nothing again: confirm its number.",
        *((where,) if number else ()),
        "Type or paste each field as it stands. What is quoted is the young person's own and stays exactly so.",
        "Write our reference into the record, attach the document, and save.",
        "Confirm here with the number that the case system gave the record.",
    )


def _checks(filing: Filing) -> tuple[Check, ...]:
    person = filing.person
    found = [Check("child_reference", "Child reference", person.child_id)]
    if person.date_of_birth is not None:
        found.append(Check("date_of_birth", "Date of birth", in_words(person.date_of_birth)))
    if person.age is not None:
        found.append(Check("age", "Age when it was written", str(person.age)))
        found.append(Check("age_as_at", "Written on", in_words(person.age_as_at)))
    return tuple(found)


def _of_retraction(pack: Pack, retraction: Retraction) -> Sheet:
    number, why = retraction.record_number, words(codes.WITHDRAWAL_REASONS, retraction.reason)
    steps = (
        f"Open record {number} and see that it is on the file of this child reference. If not, stop and refuse.",
        "Mark it as withdrawn, in the way the case system has for that, so that nobody reads it as this person's.",
        "Type the words below as the reason, with our reference.",
        f"Confirm here with the number {number}.",
    )
    return Sheet(
        reference=pack.reference,
        kind=pack.handed.pack.kind,
        title=f"Withdraw record {number}",
        form=None,
        about_number=number,
        restricted=False,
        to_do=steps,
        checks=(Check("child_reference", "Child reference", retraction.child_id),),
        lines=(Line("withdrawal_reason", None, "Why it is withdrawn", why, quoted=False),),
        document=False,
    )


def _of_task(pack: Pack, task: ReviewTask) -> Sheet:
    steps = (
        "Find the young person by the child reference. If there is none, stop and refuse.",
        "Put the words below into the team's diary for the day below, with our reference and nothing else.",
        "Confirm here with the number of the entry.",
    )
    return Sheet(
        reference=pack.reference,
        kind=pack.handed.pack.kind,
        title=f"Put a review into the diary for {in_words(task.due_on)}",
        form=None,
        about_number=None,
        restricted=False,
        to_do=steps,
        checks=(Check("child_reference", "Child reference", task.child_id),),
        lines=(_day(task.due_on), Line("review_words", None, "Words", REVIEW_WORDS, quoted=False)),
        document=False,
    )


def _day(due_on: date) -> Line:
    return Line("review_due_on", None, "Day", due_on.isoformat(), quoted=False)
