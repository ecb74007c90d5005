"""What one authority's LCS knows and what it has filed. Plain data, no behaviour worth testing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

NOBODY = "-1"
"""LCS has no empty worker or department: it points at the row numbered -1."""


@dataclass(frozen=True)
class Person:
    """One child's row; `merged_to` is set once the row is a duplicate of another."""

    person_id: str
    dob: date
    dob_estimated: bool = False
    client: bool = True
    referral: str = "authorised"
    merged_to: str | None = None
    worker: str = NOBODY


@dataclass(frozen=True)
class FormDefinition:
    """A form an authority has built locally: the answer codes are all it will take."""

    title: str
    answers: frozenset[str]


@dataclass(frozen=True)
class Authority:
    """Everything local to one authority. The same product, but never the same codes."""

    slug: str
    name: str
    gss: str
    user: str
    first_record_id: int
    first_document_id: int
    departments: Mapping[str, str]
    task_types: frozenset[str]
    document_types: frozenset[str]
    people: dict[str, Person]
    forms: Mapping[str, FormDefinition]


@dataclass(frozen=True)
class Answer:
    """One coded answer; `row` is None unless the question repeats."""

    no: str
    row: int | None
    text: str


@dataclass(frozen=True)
class Refusal:
    """Why a set was not taken, with only those extras the contract allows."""

    code: str
    detail: str | None = None
    merged_to: str | None = None
    record_id: str | None = None


@dataclass(frozen=True)
class RefusedSet:
    """A refusal that was given, kept so that people and tests can look at it."""

    reference: str
    code: str
    detail: str | None
    merged_to: str | None
    record_id: str | None
    refused_at: str


@dataclass(frozen=True)
class Withdrawal:
    """A record taken off its person's file. It goes for every version, those before and none after."""

    reference: str
    record_id: str
    person_id: str
    reason: str
    manifest_sha256: str
    withdrawn_at: str


@dataclass(frozen=True)
class FiledRecord:
    """One version of a form, or a task, as LCS holds it. Fields of the other kind are None (or empty).

    A correction is the next version under the same `record_id`, with a reference and a document of its own.
    """

    reference: str
    kind: str
    record_id: str
    document_id: str | None
    person_id: str
    title: str
    manifest_sha256: str
    filed_at: str
    form_type: str | None = None
    completed_on: str | None = None
    restricted: bool = False
    answers: tuple[Answer, ...] = ()
    document_type: str | None = None
    document_sha256: str | None = None
    document_path: Path | None = None
    task_type: str | None = None
    due_on: str | None = None
    department: str = NOBODY
    worker: str = NOBODY
    version: int = 1
    withdrawal: Withdrawal | None = None
