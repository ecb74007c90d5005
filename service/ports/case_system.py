"""What a case system and an authority's way into it promise, and the plain values that cross."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

Record = dict[str, Any]
"""A parsed WISE, RISE or NWG record, as its sender wrote it."""


@dataclass(frozen=True, repr=False)
class PersonReference:
    """How a young person is named to a case system: its own id, and what must agree with it."""

    child_id: str
    date_of_birth: date | None
    age: int | None
    age_as_at: date


class Answer(NamedTuple):
    """One answer for a form: the target's question code, the row in a repeating group (from 1), and the words.

    A tuple, because a record has hundreds of these: as a frozen dataclass, making them took half the time of mapping.
    """

    code: str
    row: int | None
    value: str

    def __repr__(self) -> str:
        """Without the words: they are somebody's."""
        return "Answer(…)"


@dataclass(frozen=True, repr=False)
class Document:
    """The rendered record. `name` is safe as a file name and holds no personal data.

    `content` is empty where the authority keeps documents nowhere: rendering takes longer than all the rest together.
    """

    name: str
    title: str
    content: bytes


@dataclass(frozen=True, repr=False)
class Filing:
    """Everything one delivery puts into a case system. `reference` is constant over all attempts.

    `replaces` is the number the case system gave the record this one corrects: filed as a new version of it, or beside
    it and linked, as that system allows. None for a record that corrects nothing there.
    """

    reference: str
    authority: str
    record_type: str
    person: PersonReference
    completed_on: date
    restricted: bool
    answers: tuple[Answer, ...]
    document: Document
    replaces: str | None = None


@dataclass(frozen=True, repr=False)
class Retraction:
    """A record that should never have been there: `record_number` is the case system's own, `reason` a code of ours."""

    reference: str
    authority: str
    child_id: str
    record_number: str
    reason: str


@dataclass(frozen=True, repr=False)
class ReviewTask:
    """A review that is due, for the work tray of a team. Its words disclose nothing."""

    reference: str
    authority: str
    child_id: str
    due_on: date


@dataclass(frozen=True)
class Receipt:
    """Proof from the case system: its own numbers and digests, never content."""

    record_number: str
    document_number: str | None
    evidence: Mapping[str, str]


@dataclass(frozen=True)
class Awaiting:
    """Handed over or being worked on there; a receipt will come. Look up again later; never send again."""


@dataclass(frozen=True)
class Partial:
    """Begun there under our reference and not finished. Filing again under the same reference continues it."""


@dataclass(frozen=True)
class Absent:
    """The case system does not hold our reference now. Proof only after a quiet period, asked twice."""


class Ability(StrEnum):
    """What a link to a case system can do. What it cannot is said wherever it matters, and never skipped in silence."""

    ASKS_WHO = "verify_person"
    """The person is looked at before anything is sent. Without it the system checks when it reads what we sent."""
    TAKES_ANSWERS = "answers"
    """Answers to a form. Without it the document alone is filed."""
    TAKES_DOCUMENTS = "document"
    RESTRICTS = "restricted"
    """`Filing.restricted` is carried. Where it is not, a restricted record must not be sent (rule C1)."""
    CORRECTS = "correction"
    RETRACTS = "retract"
    RAISES_TASKS = "raise_task"
    LOOKS_UP = "look_up"
    """A reference can be asked for. Without it an unclear outcome is for a person."""


@dataclass(frozen=True, repr=False)
class Container:
    """What a record goes into there: a step, a form in draft, a set of files.

    `number` is the system's own, or our reference where it has none yet. `done` is set when an earlier attempt left the
    record finished, or handed over. `kept` is the connector's, for its own next call.
    """

    number: str
    done: Receipt | Awaiting | None = None
    kept: Any = None


@dataclass(frozen=True)
class FiledDocument:
    """A document where it was put. `number` is that place's own; None where it only gets one with the record."""

    number: str | None
    sha256: str


class Standing(StrEnum):
    """How one thing that `check` looked at stands."""

    GOOD = "good"
    WRONG = "wrong"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True)
class Finding:
    """One thing looked at: what it is, how it stands, and what to do about it. Holds no credential, nothing remote."""

    what: str
    standing: Standing
    detail: str = ""


class DocumentSink(Protocol):
    """Where documents are put: the case system itself, or a document system of its own."""

    def file_document(self, filing: Filing, container: Container) -> FiledDocument:
        """Put the rendered record there.

        Before: "sending" is committed and the container is open. After: there once under `filing.reference`, in a
        container that nobody reads as finished yet. Idempotent: an earlier attempt's document is found and not added
        again. Raises as the methods of `CaseSystem` do; `NeedsHuman` with DOCUMENT_REFUSED or DOCUMENT_TOO_LARGE.
        """


class CaseSystem(DocumentSink, Protocol):
    """A kind of children's case system, connected for one authority.

    One record is filed by `verify_person`, `open_container`, `file_document`, `submit`, in this order: the record is
    finished last, so nobody there reads one without its document. Every method may raise `NothingSent` (proven without
    effect), `OutcomeUnknown` (perhaps with effect) or `NeedsHuman`, and none repeats a word of the other side.
    """

    kind: str
    version: str
    abilities: frozenset[Ability]

    def verify_person(self, person: PersonReference) -> None:
        """Returns when the id is a live person whose date of birth or age agrees.

        Before: nothing sent. After: nothing changed there. A system without `ASKS_WHO` checks the person itself before
        it files; its connector then only makes sure that what the check needs is given. Raises `NeedsHuman` with
        PERSON_NOT_FOUND, PERSON_AMBIGUOUS, PERSON_MERGED, PERSON_RESTRICTED, DOB_MISMATCH, DOB_ESTIMATED or
        DOB_AND_AGE_MISSING.
        """

    def open_container(self, filing: Filing) -> Container:
        """Find what an earlier attempt opened under `filing.reference`, or open it.

        Before: "sending" is committed. After: there once, unfinished; or nothing yet, where a set is handed over whole.
        Idempotent by reference: looks first. Raises `NeedsHuman` with NO_OPEN_EPISODE, UNKNOWN_CODE, RECORD_NOT_THERE
        (what is to be corrected), ALREADY_WITHDRAWN or CONTRADICTION (something else stands under our reference).
        """

    def submit(self, filing: Filing, container: Container, document: FiledDocument | None) -> Receipt | Awaiting:
        """Put the answers there and finish the record.

        Before: the container is open and the document in it; None when the document is kept elsewhere or nowhere.
        After: finished, once, under `filing.reference`. Idempotent: answers that are there already are not sent again.
        Raises `NeedsHuman` with UNKNOWN_CODE or CONTENT_REFUSED, `NothingSent` with LOCKED.
        """

    def raise_task(self, task: ReviewTask) -> Receipt | Awaiting:
        """Put a review task into a work tray.

        Before: "sending" is committed. After: in the tray, once, under `task.reference`. Looks first.
        """

    def retract(self, retraction: Retraction) -> Receipt | Awaiting:
        """Take a record off the young person's file there, so that nobody reads it as theirs.

        Before: "sending" is committed; the record was filed under another reference. After: marked as withdrawn, once,
        under `retraction.reference`; the receipt names the record withdrawn. Looks first. Raises `NeedsHuman` with
        RECORD_NOT_THERE or ALREADY_WITHDRAWN.
        """

    def look_up(self, reference: str) -> Receipt | Awaiting | Partial | Absent:
        """Ask what became of a reference, of a filing, a task or a retraction alike.

        Changes nothing that matters there. Raises `NeedsHuman` when it was refused there.
        """

    def check(self) -> tuple[Finding, ...]:
        """Sign in and ask for what the profile names: forms, teams, document types.

        Sends no personal data and changes nothing. A system that cannot be asked says `NOT_ASKED`. Problems are
        findings, not exceptions.
        """


class Adapter(Protocol):
    """One authority's way into its case system: profile, mapping and connector together."""

    authority: str
    profile_digest: str
    case_system: CaseSystem
    """Shared by all deliveries: nothing is dialled before it is used, and no connection is kept between calls."""
    documents: DocumentSink | None
    """Where this authority keeps documents: the case system itself, a document system of its own, or nowhere."""

    def answers(self, record: Record, reference: str) -> tuple[Answer, ...]:
        """The record as this authority's form answers, young person first.

        Raises `NeedsHuman(MAPPING_INCOMPLETE)` when something in the record has no place.
        """
