"""What LCS answers, read strictly and in this LCS's spelling: one member amiss makes the whole answer unreadable."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from service.adapters.lcs_rest.dialect import Dialect
from service.adapters.lcs_rest.vocabulary import FLAGS, FORM_STATES, WITHDRAWAL_REASONS
from service.adapters.shared.identity import Known
from service.adapters.shared.strict import UnreadableError, a_list, an_object, day, member, moment, sha256_digits, text

T = TypeVar("T")
_LARGEST = 10**18


@dataclass(frozen=True, repr=False)
class Person:
    """A person's own number, and what the comparison needs."""

    number: int
    legacy_id: str | None
    known: Known


@dataclass(frozen=True, repr=False)
class StoredDocument:
    """A document in a form."""

    number: int
    name: str
    sha256: str


@dataclass(frozen=True, repr=False)
class Form:
    """A form in draft, or a complete one: then it has a record, a version and a time."""

    number: int
    complete: bool
    record: int | None
    version: int | None
    filed_at: str | None
    person: int
    form_type: str
    reference: str
    replaces: int | None
    restricted: bool
    answers_sha256: str | None
    documents: tuple[StoredDocument, ...]


@dataclass(frozen=True, repr=False)
class Task:
    """A review in a work tray."""

    number: int
    person: int
    task_type: str
    reference: str
    created_at: str


@dataclass(frozen=True, repr=False)
class Withdrawal:
    """A record taken off its person's file."""

    number: int
    record: int
    person: int
    reason: str
    reference: str
    withdrawn_at: str


class Given:
    """One JSON object of an answer, asked by the page's names."""

    def __init__(self, value: object, dialect: Dialect) -> None:
        self._row, self._dialect = an_object(value), dialect

    def get(self, name: str) -> Any:
        """A member that may be null but may not be left out."""
        return member(self._row, self._dialect.members.theirs(name))

    def optional(self, name: str, read: Callable[[Any], T]) -> T | None:
        """Null, or something readable."""
        value = self.get(name)
        return None if value is None else read(value)

    def text(self, name: str) -> str:
        """Text."""
        return text(self.get(name))

    def moment(self, name: str) -> str:
        """A time in UTC."""
        return moment(self.get(name))

    def number(self, name: str) -> int:
        """A number of LCS's own, which counts from 1."""
        found = self.number_or_none(name)
        if found is None:
            raise UnreadableError
        return found

    def number_or_none(self, name: str) -> int | None:
        """The same; None for the number that stands for none."""
        value = self.get(name)
        if type(value) is not int or not (value == self._dialect.none or 0 < value < _LARGEST):
            raise UnreadableError
        return None if value == self._dialect.none else value

    def word(self, name: str, allowed: tuple[str, ...]) -> str:
        """A word of the page, whatever this LCS calls it."""
        word = self._dialect.words.ours(self.get(name))
        if word not in allowed:
            raise UnreadableError
        return word

    def flag(self, name: str) -> bool:
        """Yes or no; no third thing."""
        return self.word(name, FLAGS) == "Y"

    def each(self, name: str, read: Callable[[Given], T]) -> tuple[T, ...]:
        """The objects of a list."""
        return tuple(read(Given(value, self._dialect)) for value in a_list(self.get(name)))


def read_person(given: Given) -> Person:
    """PERSON. A merged one has a date or a number that says so; either is enough."""
    merged = given.get("duplicatedDttm") is not None or given.number_or_none("mergedTo") is not None
    restricted, estimated = given.flag("restricted"), given.flag("dobEstimated")
    known = Known(given.optional("dateOfBirth", day), estimated, merged, restricted)
    return Person(given.number("personId"), given.optional("legacyId", text), known)


def read_people(given: Given) -> tuple[Person, ...]:
    """The people of a search."""
    return given.each("people", read_person)


def read_form(given: Given) -> Form:
    """FORM."""
    form = Form(
        number=given.number("formId"),
        complete=given.word("status", FORM_STATES) == "COMPLETE",
        record=given.number_or_none("recordId"),
        version=given.number_or_none("version"),
        filed_at=given.optional("filedAt", moment),
        person=given.number("personId"),
        form_type=given.text("formType"),
        reference=given.text("externalReference"),
        replaces=given.number_or_none("replacesRecordId"),
        restricted=given.flag("restricted"),
        answers_sha256=given.optional("answersSha256", sha256_digits),
        documents=given.each("documents", read_document),
    )
    if form.complete and None in (form.record, form.version, form.filed_at):
        raise UnreadableError
    return form


def read_forms(given: Given) -> tuple[Form, ...]:
    """The forms of a search."""
    return given.each("forms", read_form)


def read_document(given: Given) -> StoredDocument:
    """One document."""
    return StoredDocument(given.number("documentId"), given.text("fileName"), sha256_digits(given.get("sha256")))


def read_task(given: Given) -> Task:
    """TASK."""
    kind, reference = given.text("taskType"), given.text("externalReference")
    return Task(given.number("taskId"), given.number("personId"), kind, reference, given.moment("createdAt"))


def read_tasks(given: Given) -> tuple[Task, ...]:
    """The tasks of a search."""
    return given.each("tasks", read_task)


def read_withdrawal(given: Given) -> Withdrawal:
    """WITHDRAWAL."""
    return Withdrawal(
        number=given.number("withdrawalId"),
        record=given.number("recordId"),
        person=given.number("personId"),
        reason=given.word("reason", WITHDRAWAL_REASONS),
        reference=given.text("externalReference"),
        withdrawn_at=given.moment("withdrawnAt"),
    )


def read_withdrawals(given: Given) -> tuple[Withdrawal, ...]:
    """The withdrawals of a search."""
    return given.each("withdrawals", read_withdrawal)
