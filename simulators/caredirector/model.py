"""What the simulated CareDirector holds, as plain values for views, pages and tests alike."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from .answers import Answer, answers_sha256


def new_id() -> str:
    return str(uuid4())


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True, kw_only=True)
class Stored:
    """What every record has."""

    id: str = field(default_factory=new_id)
    created: str = field(default_factory=now)


@dataclass(frozen=True, kw_only=True)
class Attachment(Stored):
    """One file of a case form; its bytes lie in the simulator's folder."""

    type_id: str
    sub_type_id: str
    title: str
    date: str
    filename: str
    size: int
    sha256: str
    path: Path

    @property
    def content(self) -> bytes:
        return self.path.read_bytes()

    @property
    def is_whole(self) -> bool:
        """Whether the bytes in the folder are still those that were sent."""
        return sha256(self.content).hexdigest() == self.sha256


@dataclass(frozen=True, kw_only=True)
class CaseForm(Stored):
    """The record the bridge files. `restriction_id` set: kept apart from the rest of the file."""

    reference: str
    team_id: str
    template_id: str
    person_id: str
    case_id: str
    start: str
    restriction_id: str | None = None
    corrects: str | None = None
    corrected_by: str | None = None
    complete: bool = False
    withdrawn: bool = False
    answers: tuple[Answer, ...] = ()
    documents: tuple[Attachment, ...] = ()

    @property
    def answers_sha256(self) -> str | None:
        return answers_sha256(self.answers)


@dataclass(frozen=True, kw_only=True)
class Task(Stored):
    """Something to do, in a team's tray."""

    reference: str
    team_id: str
    person_id: str
    subject: str
    due: str


@dataclass(frozen=True, kw_only=True)
class CaseNote(Stored):
    """Said about a case form afterwards; only ever added. The one type takes the form off the person's file."""

    reference: str
    form_id: str
    type_id: str
    notes: str


Record = CaseForm | Task | CaseNote
