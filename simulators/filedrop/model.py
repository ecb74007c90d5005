"""What the case system knows and what it has filed. Plain data, no behaviour worth testing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Person:
    """One child's row. `locked_until` is written as the answer gives it; `people` is how many share the id."""

    child_id: str
    date_of_birth: date
    estimated: bool = False
    restricted: bool = False
    hidden: bool = False
    people: int = 1
    merged_to: str | None = None
    open_episode: bool = True
    locked_until: str | None = None


@dataclass(frozen=True)
class Question:
    """What one question takes; `limit` is characters, `values` the list's."""

    kind: str
    limit: int | None = None
    values: frozenset[str] = frozenset()
    repeats: bool | None = False
    """None: with or without a row."""


@dataclass(frozen=True)
class FormDesign:
    """A form built locally: its questions, or a pattern that every question's name must match."""

    needs_document: bool
    questions: Mapping[str, Question] = field(default_factory=dict)
    any_like: re.Pattern[str] | None = None

    def question(self, name: str) -> Question | None:
        if self.any_like is not None:
            return Question("text", repeats=None) if self.any_like.fullmatch(name) else None
        return self.questions.get(name)


@dataclass(frozen=True)
class World:
    """Everything local to one authority. `people` may be changed while a simulator runs."""

    authority: str
    user: str
    first_record: int
    first_document: int
    teams: frozenset[str]
    document_types: Mapping[str, frozenset[str]]
    """Sub-types by type."""
    forms: Mapping[str, FormDesign]
    people: dict[str, Person]


@dataclass(frozen=True)
class Answer:
    """One answer; `row` is None unless the question repeats."""

    question: str
    row: int | None
    value: str


@dataclass(frozen=True)
class Document:
    """A document as it was stored."""

    number: str
    type: str
    sub_type: str | None
    title: str
    content: bytes
    sha256: str


@dataclass(frozen=True)
class Record:
    """One version of a form, or a task, or a withdrawal, under the reference it came with.

    A correction is the next version under the same `number`; a withdrawal carries the number of what it withdrew.
    """

    reference: str
    kind: str
    number: str
    child_id: str
    manifest_sha256: str
    filed_at: str
    version: int = 1
    form: str | None = None
    completed_on: str | None = None
    restricted: bool = False
    answers: tuple[Answer, ...] = ()
    document: Document | None = None
    team: str | None = None
    due_on: str | None = None
    title: str | None = None
    reason: str | None = None
    withdrawn: bool = False


@dataclass(frozen=True)
class Refusal:
    """Why a set was not taken: the code, and what the contract says comes with it."""

    code: str
    more: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RefusedSet:
    """A refusal that was given, kept so that people and tests can look at it."""

    reference: str
    code: str
    more: Mapping[str, str]
    refused_at: str
