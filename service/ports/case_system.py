"""What a case system and an authority's way into it promise, and the plain values that cross."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

Record = dict[str, Any]
"""A parsed WISE, RISE or NWG record, as its sender wrote it."""


@dataclass(frozen=True, repr=False)
class PersonReference:
    """How a young person is named to a case system: its own id, and what must agree with it."""

    child_id: str
    date_of_birth: date | None
    age: int | None
    age_as_at: date


@dataclass(frozen=True, repr=False)
class Answer:
    """One answer for a form: the target's question code, the row in a repeating group (from 1), and the words."""

    code: str
    row: int | None
    value: str


@dataclass(frozen=True, repr=False)
class Document:
    """The rendered record. `name` is safe as a file name and holds no personal data."""

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


class CaseSystem(Protocol):
    """A kind of children's case system, connected for one authority.

    Every method may raise `NothingSent` (proven without effect), `OutcomeUnknown` (perhaps with effect) or
    `NeedsHuman`.
    """

    kind: str
    version: str
    marks_restricted: bool
    """Whether this link can carry `Filing.restricted`. Where it cannot, a restricted record must not be sent."""

    def verify_person(self, person: PersonReference) -> None:
        """Returns when the id is a live person whose date of birth or age agrees.

        Before: nothing sent. After: nothing changed there.
        A system that can only be reached by file checks the person itself before it files; its connector then only
        makes sure that what the check needs is given. Raises `NeedsHuman` with the reason otherwise.
        """

    def file(self, filing: Filing) -> Receipt | Awaiting:
        """Put the record and its document there.

        Before: "sending" is committed. After: there once, under `filing.reference`.
        Idempotent by reference as far as the system allows: looks for what an earlier attempt left and continues it.
        """

    def raise_task(self, task: ReviewTask) -> Receipt | Awaiting:
        """Put a review task into a work tray. Same promises as `file`."""

    def retract(self, retraction: Retraction) -> Receipt | Awaiting:
        """Take a record off the young person's file there, so that nobody reads it as theirs.

        Before: "sending" is committed; the record was filed under another reference. After: marked as withdrawn, once,
        under `retraction.reference`; the receipt names the record withdrawn. Same promises as `file`.
        """

    def look_up(self, reference: str) -> Receipt | Awaiting | Partial | Absent:
        """Ask what became of a reference, of a filing, a task or a retraction alike.

        Changes nothing that matters there. Raises `NeedsHuman` when it was refused there.
        """

    def close(self) -> None:
        """Let go of connections."""


class Adapter(Protocol):
    """One authority's way into its case system: profile, mapping and connector together."""

    authority: str
    profile_digest: str

    def connect(self) -> CaseSystem:
        """A case system for one delivery; close it afterwards. Nothing is dialled before it is used."""

    def answers(self, record: Record, reference: str) -> tuple[Answer, ...]:
        """The record as this authority's form answers, young person first.

        Raises `NeedsHuman(MAPPING_INCOMPLETE)` when something in the record has no place.
        """
