"""A case system in memory that does as it is told, for everything that must be tried on one.

`Place` is what stands at the authority: it outlives every worker. `FakeCaseSystem` is one connection to it.
"""

from __future__ import annotations

import hashlib
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from service.domain.delivery import Reason
from service.errors import DeliveryProblem, NeedsHuman, NothingSent, OutcomeUnknown
from service.ports import (
    Ability,
    Absent,
    Awaiting,
    Container,
    FiledDocument,
    Filing,
    Finding,
    Partial,
    PersonReference,
    Receipt,
    Retraction,
    ReviewTask,
    Standing,
)

PATIENCE = 20.0
"""Seconds a slow call waits for `Place.go_on`, so that a failing test ends."""

REASONS = frozenset({"wrong_young_person", "entered_twice", "entered_in_error"})
"""Why a record may be withdrawn here."""


class Told(StrEnum):
    """What becomes of one call."""

    WELL = "well"
    SLOW = "slow"  # does it, then answers only when it may go on
    UNREACHABLE = "unreachable"
    THROTTLED = "throttled"
    REFUSED = "refused"  # with `Place.refusal`
    LOST_REQUEST = "lost_request"  # nothing arrives, and nobody can tell
    LOST_REPLY = "lost_reply"  # it is done, and nobody can tell
    SHOWN_LATE = "shown_late"  # as above, and the first look-up does not find it yet
    HALF_DONE = "half_done"  # begun under our reference; then the connection ends
    TAKEN_IN = "taken_in"  # handed over; the receipt comes after `Place.rounds` look-ups
    REFUSED_LATER = "refused_later"  # handed over; the first look-up tells of the refusal
    DIES_BEFORE = "dies_before"  # the worker goes before a byte leaves
    DIES_AFTER = "dies_after"  # the worker goes when it is done and nobody was told


class WorkerDied(BaseException):
    """Stands for SIGKILL: nothing in the service may handle it."""


@dataclass
class Person:
    """Somebody the case system knows."""

    born: date
    estimated: bool = False
    merged: bool = False


Handed = Filing | ReviewTask | Retraction


@dataclass
class Entry:
    """A record, task or withdrawal that is there. `record` is the record's number and `version` which one of it."""

    what: Handed
    number: int
    record: str
    version: int = 1
    half: bool = False
    refused: bool = False
    unseen: int = 0
    pending: int = 0

    def receipt(self) -> Receipt:
        """Its proof. A task and a withdrawal have no document."""
        match self.what:
            case ReviewTask(reference=reference):
                return Receipt(self.record, None, {"task_sha256": _sha256(reference.encode())})
            case Retraction():
                return Receipt(self.record, None, {"withdrawal": f"W{self.number}"})
            case Filing(document=document, replaces=replaces):
                corrects = {} if replaces is None else {"corrects": replaces, "version": str(self.version)}
                evidence = {"document_sha256": _sha256(document.content), **corrects}
                return Receipt(self.record, f"D{self.number}", evidence)


class Place:
    """What stands at the authority: what was filed, by reference, and what the next calls are told to do.

    It does not look for what an earlier attempt left unless `looks_first`: a blind resend makes a second record here,
    and shows. `people`, `codes` and `takes` left out mean everybody and everything.

    A correction is a new version under the same number where `kind` is "lcs", and a record beside it elsewhere, which
    can be corrected once. A withdrawal can be asked for once per record, under whatever reference.
    """

    def __init__(
        self,
        *,
        kind: str = "mosaic",
        looks_first: bool = False,
        answers_later: bool = False,
        reachable: bool = True,
        people: Mapping[str, Person] | None = None,
        codes: frozenset[str] | None = None,
        takes: frozenset[str] | None = None,
        abilities: frozenset[Ability] = frozenset(Ability),
    ) -> None:
        self.kind, self.looks_first, self.reachable = kind, looks_first, reachable
        self.usual = Told.TAKEN_IN if answers_later else Told.WELL
        self.people, self.codes, self.takes, self.abilities = people, codes, takes, abilities
        self.refusal, self.retry_after, self.rounds = Reason.CONTENT_REFUSED, 7, 2
        self.filed: dict[str, list[Entry]] = defaultdict(list)
        self.calls: list[tuple[str, str]] = []
        self.during: Callable[[str], None] = lambda _call: None
        self.go_on, self.done = threading.Event(), threading.Event()
        self.lock = threading.RLock()
        self._told: dict[str, deque[Told]] = defaultdict(deque)

    def connect(self) -> FakeCaseSystem:
        """One connection, for one delivery."""
        return FakeCaseSystem(self)

    def tell(self, call: str, *told: Told) -> None:
        """What the next calls of a method of the port do, in order; then the usual."""
        self._told[call].extend(told)

    def heal(self) -> None:
        """Forgets what it was told."""
        self._told.clear()

    def records(self, reference: str) -> int:
        """How many records, tasks and withdrawals are there under a reference."""
        return len(self.filed.get(reference, ()))

    def withdrawn(self) -> frozenset[str]:
        """The numbers of the records that were withdrawn."""
        return frozenset(entry.record for entry in self._standing() if isinstance(entry.what, Retraction))

    def called(self, call: str) -> int:
        """How often a method was called."""
        return sum(name == call for name, _ in self.calls)

    def next_for(self, call: str, reference: str) -> Told:
        """Notes the call and takes what it was told."""
        with self.lock:
            self.calls.append((call, reference))
            usual = self.usual if call in ("submit", "raise_task", "retract") else Told.WELL
            told = self._told[call].popleft() if self._told[call] else usual
        self.during(call)
        return told if self.reachable else Told.UNREACHABLE

    def add(self, what: Handed, told: Told) -> Entry:
        """Puts it there, or continues what was begun."""
        with self.lock:
            there = self.filed.get(what.reference, [])
            if there and (there[-1].half or self.looks_first):
                there[-1].half = there[-1].half and told is Told.HALF_DONE
                return there[-1]
            entry = self._new(what)
            entry.half, entry.refused = told is Told.HALF_DONE, told is Told.REFUSED_LATER
            entry.unseen = 1 if told is Told.SHOWN_LATE else 0
            entry.pending = self.rounds if told is Told.TAKEN_IN else 0
            self.filed[what.reference].append(entry)
            return entry

    def _new(self, what: Handed) -> Entry:
        number = 1 + sum(map(len, self.filed.values()))
        match what:
            case ReviewTask():
                return Entry(what, number, f"T{number}")
            case Retraction(record_number=record):
                self._changeable(record, what.child_id)
                return Entry(what, number, record)
            case Filing(replaces=None):
                return Entry(what, number, f"R{number}")
            case Filing(replaces=str(record)):
                return self._correction(what, number, record)
        raise TypeError(type(what).__name__)

    def _correction(self, what: Filing, number: int, record: str) -> Entry:
        before = self._changeable(record, what.person.child_id)
        if not isinstance(before.what, Filing) or before.what.record_type != what.record_type:
            raise NeedsHuman(Reason.RECORD_NOT_THERE)
        if self.kind == "lcs":
            return Entry(what, number, record, before.version + 1)
        if any(isinstance(entry.what, Filing) and entry.what.replaces == record for entry in self._standing()):
            raise NeedsHuman(Reason.RECORD_NOT_THERE)
        return Entry(what, number, f"R{number}", before.version + 1)

    def _changeable(self, record: str, child_id: str) -> Entry:
        """The newest version of a record of this young person, still on their file."""
        for entry in reversed(self._standing()):
            if isinstance(entry.what, Filing) and (entry.record, entry.what.person.child_id) == (record, child_id):
                if record in self.withdrawn():
                    raise NeedsHuman(Reason.ALREADY_WITHDRAWN)
                return entry
        raise NeedsHuman(Reason.RECORD_NOT_THERE)

    def _standing(self) -> list[Entry]:
        """All that was not refused, oldest first."""
        entries = [entry for there in self.filed.values() for entry in there if not entry.refused]
        return sorted(entries, key=lambda entry: entry.number)


class FakeCaseSystem:
    """`service.ports.CaseSystem` over a `Place`."""

    version = "1"

    def __init__(self, place: Place) -> None:
        self._place, self.kind = place, place.kind

    @property
    def abilities(self) -> frozenset[Ability]:
        """What the place lets a connection do."""
        return self._place.abilities

    def verify_person(self, person: PersonReference) -> None:
        """Asks who it is."""
        told = self._begin("verify_person", "-")
        if person.date_of_birth is None and person.age is None:
            raise NeedsHuman(Reason.DOB_AND_AGE_MISSING)
        if self._place.people is not None:
            _compare(person, self._place.people.get(person.child_id))
        self._end(told)

    def open_container(self, filing: Filing) -> Container:
        """Opens nothing: what is begun is begun by `submit`, which looks first where the place is told to."""
        return Container(filing.reference)

    def file_document(self, filing: Filing, container: Container) -> FiledDocument:
        """Goes with the record."""
        return FiledDocument(None, _sha256(filing.document.content))

    def submit(self, filing: Filing, container: Container, document: FiledDocument | None) -> Receipt | Awaiting:
        """Files a record."""
        told = self._begin("submit", filing.reference)
        self._check(filing)
        return self._put(filing, told)

    def raise_task(self, task: ReviewTask) -> Receipt | Awaiting:
        """Raises a task."""
        return self._put(task, self._begin("raise_task", task.reference))

    def retract(self, retraction: Retraction) -> Receipt | Awaiting:
        """Withdraws a record."""
        told = self._begin("retract", retraction.reference)
        if retraction.reason not in REASONS:
            raise NeedsHuman(Reason.MAPPING_INCOMPLETE)
        return self._put(retraction, told)

    def look_up(self, reference: str) -> Receipt | Awaiting | Partial | Absent:
        """Says what there is."""
        told = self._begin("look_up", reference)
        with self._place.lock:
            there = self._place.filed.get(reference)
            found = _seen(there[-1], self._place.refusal) if there else Absent()
        self._end(told)
        return found

    def check(self) -> tuple[Finding, ...]:
        """Whether it is there."""
        return (Finding("sign-in", Standing.GOOD if self._place.reachable else Standing.WRONG, "Nobody is there."),)

    def _begin(self, call: str, reference: str) -> Told:
        told = self._place.next_for(call, reference)
        if told is Told.DIES_BEFORE:
            raise WorkerDied
        problem = self._problem(told)
        if problem:
            raise problem
        return told

    def _problem(self, told: Told) -> DeliveryProblem | None:
        match told:
            case Told.UNREACHABLE:
                return NothingSent(Reason.UNREACHABLE)
            case Told.THROTTLED:
                return NothingSent(Reason.THROTTLED, retry_after=self._place.retry_after)
            case Told.REFUSED:
                return NeedsHuman(self._place.refusal)
            case Told.LOST_REQUEST:
                return OutcomeUnknown(Reason.NO_CLEAR_ANSWER)
        return None

    def _end(self, told: Told) -> None:
        self._place.done.set()
        if told is Told.SLOW:
            self._place.go_on.wait(PATIENCE)
        if told is Told.DIES_AFTER:
            raise WorkerDied
        if told in (Told.LOST_REPLY, Told.SHOWN_LATE, Told.HALF_DONE):
            raise OutcomeUnknown(Reason.NO_CLEAR_ANSWER)

    def _put(self, what: Handed, told: Told) -> Receipt | Awaiting:
        entry = self._place.add(what, told)
        self._end(told)
        return Awaiting() if entry.pending or entry.refused else entry.receipt()

    def _check(self, filing: Filing) -> None:
        if self._place.takes is not None and filing.record_type not in self._place.takes:
            raise NeedsHuman(Reason.MAPPING_INCOMPLETE)
        if self._place.codes is not None and any(answer.code not in self._place.codes for answer in filing.answers):
            raise NeedsHuman(Reason.UNKNOWN_CODE)
        if any("\ud800" <= letter <= "\udfff" for answer in filing.answers for letter in answer.value):
            raise NeedsHuman(Reason.CONTENT_REFUSED)
        if not filing.document.content:
            raise NeedsHuman(Reason.DOCUMENT_REFUSED)


def _seen(entry: Entry, refusal: Reason) -> Receipt | Awaiting | Partial | Absent:
    if entry.unseen:
        entry.unseen -= 1
        return Absent()
    if entry.refused:
        raise NeedsHuman(refusal)
    if entry.half:
        return Partial()
    if entry.pending:
        entry.pending -= 1
        return Awaiting()
    return entry.receipt()


def _compare(person: PersonReference, known: Person | None) -> None:
    if known is None:
        raise NeedsHuman(Reason.PERSON_NOT_FOUND)
    if known.merged:
        raise NeedsHuman(Reason.PERSON_MERGED)
    if known.estimated:
        raise NeedsHuman(Reason.DOB_ESTIMATED)
    on, born = person.age_as_at, known.born
    age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    if person.date_of_birth not in (None, born) or person.age not in (None, age):
        raise NeedsHuman(Reason.DOB_MISMATCH)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
