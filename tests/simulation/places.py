"""Ten case systems. Each holds what reached it, never looks for doubles, and answers as badly as its seed says.

What a place may do to us is bounded as the service's own promises are: a call ends within its lease, and what was on
its way shows by the second look-up. Within that, anything.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from service.domain.delivery import Reason
from service.errors import NeedsHuman, NothingSent, OutcomeUnknown
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
)
from tests.simulation.baton import Killed


class Fate(StrEnum):
    """What becomes of one call."""

    WELL = "well"
    LOST_REQUEST = "lost request"  # nothing arrives, and nobody can tell
    LOST_ANSWER = "lost answer"  # it is done, and nobody can tell
    LATE = "late"  # the connection ends, and it is done a while later
    UNREACHABLE = "unreachable"
    UNAVAILABLE = "503"
    THROTTLED = "throttled"
    LOCKED = "locked"
    SIGN_IN = "sign-in refused"
    REFUSED = "refused"


BYTES_GO_ON = 0.6
"""How often what a killed worker had begun to send arrives all the same."""
UNCLEAR = frozenset({Fate.LOST_REQUEST, Fate.LOST_ANSWER, Fate.LATE})
HARMLESS = {
    Fate.UNREACHABLE: lambda rng: NothingSent(Reason.UNREACHABLE),
    Fate.UNAVAILABLE: lambda rng: NothingSent(Reason.UNAVAILABLE, retry_after=rng.choice([None, 20, 90])),
    Fate.THROTTLED: lambda rng: NothingSent(Reason.THROTTLED, retry_after=rng.choice([None, 5, 40])),
    Fate.LOCKED: lambda rng: NothingSent(Reason.LOCKED),
    Fate.SIGN_IN: lambda rng: NeedsHuman(Reason.SIGN_IN_REFUSED),
}


@dataclass(frozen=True)
class Kind:
    """What sets one of the ten apart.

    `drafts`: begun in one call, finished in another. `awaits`: receipts come later.
    """

    name: str
    looks_up: bool = True
    drafts: bool = False
    awaits: bool = False
    slow: float = 0.1
    moods: tuple[Fate, ...] = ()


KINDS = (
    Kind("plain", moods=(Fate.LOST_ANSWER, Fate.LOST_REQUEST)),
    Kind("drafts", drafts=True, moods=(Fate.LOST_ANSWER, Fate.LOCKED, Fate.REFUSED)),
    Kind("blind", looks_up=False, moods=(Fate.LOST_ANSWER, Fate.LOST_REQUEST, Fate.UNAVAILABLE)),
    Kind("slow", slow=1.0, moods=(Fate.LATE, Fate.LOST_ANSWER)),
    Kind("awaited", awaits=True, moods=(Fate.LOST_ANSWER, Fate.UNREACHABLE)),
    Kind("often away", moods=(Fate.UNAVAILABLE, Fate.UNREACHABLE, Fate.LOST_REQUEST)),
    Kind("throttling", moods=(Fate.THROTTLED, Fate.LOST_ANSWER)),
    Kind("locks us out", drafts=True, moods=(Fate.SIGN_IN, Fate.LOST_ANSWER)),
    Kind("blind drafts", looks_up=False, drafts=True, moods=(Fate.LOST_ANSWER, Fate.THROTTLED)),
    Kind("late", drafts=True, moods=(Fate.LATE, Fate.LATE, Fate.LOST_REQUEST)),
)


@dataclass
class Entry:
    """One thing that stands there under a reference of ours."""

    number: str
    what: str
    done: bool = False
    shows_at: float = 0.0


@dataclass(frozen=True)
class Answered:
    """What a look-up was told, and when."""

    at: float
    absent: bool


class Check(Protocol):
    """Whom a place tells of bytes that arrive, of what they did, and of calls that it answered without effect."""

    def first_byte(self, place: Place, reference: str) -> None: ...

    def effect(self, place: Place, reference: str) -> None: ...

    def settled(self, place: Place, reference: str) -> None: ...


@dataclass
class Surroundings:
    """What a place needs of the world: its time, its steps, what comes later; and by when all must have arrived."""

    now: Callable[[], float]
    step: Callable[..., None]
    later: Callable[[float, Callable[[], None]], None]
    latest: Callable[[], float]


@dataclass(repr=False)
class Place:
    """What stands at one authority; it outlives every worker."""

    authority: str
    kind: Kind
    rng: random.Random
    around: Surroundings
    check: Check
    lease: float
    quiet: float
    badness: float = 0.3
    outages: list[tuple[float, float]] = field(default_factory=list)
    strangers: set[str] = field(default_factory=set)
    filed: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    on_the_way: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    withdrawn: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    answers: dict[str, list[Answered]] = field(default_factory=lambda: defaultdict(list))
    healed: bool = False
    _numbers: int = 0

    def fate(self) -> Fate:
        """Drawn anew for every call; during an outage nearly all are turned away."""
        if self.healed:
            return Fate.WELL
        now = self.around.now()
        if any(begins <= now < ends for begins, ends in self.outages) and self.rng.random() < 0.95:
            return self.rng.choice([Fate.UNAVAILABLE, Fate.UNREACHABLE])
        return self.rng.choice(self.kind.moods) if self.rng.random() < self.badness else Fate.WELL

    def patience(self) -> float:
        """Seconds until an answer; always well within the lease."""
        return self.rng.random() * (0.5 * self.lease * self.kind.slow)

    def number(self) -> str:
        self._numbers += 1
        return f"R{self._numbers}"

    def standing(self, reference: str) -> Entry | None:
        """What can be seen under a reference now."""
        return next((entry for entry in self.filed[reference] if entry.shows_at <= self.around.now()), None)

    def begin(self, reference: str, what: str, *, done: bool) -> Entry:
        """Something new stands there. It does not look whether it stands there already: a double shows."""
        wait = self.rng.choice([5, 60, 3600]) * self.rng.random() if self.kind.awaits and not self.healed else 0.0
        entry = Entry(self.number(), what, done=done, shows_at=self.around.now())
        if wait:
            entry.done = False
            self.around.later(wait, lambda: setattr(entry, "done", True))
        self.filed[reference].append(entry)
        self.check.effect(self, reference)
        return entry


class SimulatedSystem:
    """`service.ports.CaseSystem`: the connector's side of a place."""

    version = "1"

    def __init__(self, place: Place) -> None:
        self._place, self._around = place, place.around
        self.kind = f"simulated {place.kind.name}"
        missing = set() if place.kind.looks_up else {Ability.LOOKS_UP}
        self.abilities = frozenset(Ability) - missing

    def verify_person(self, person: PersonReference) -> None:
        self._asked("verify_person")
        if person.child_id in self._place.strangers:
            raise NeedsHuman(Reason.PERSON_NOT_FOUND)

    def open_container(self, filing: Filing) -> Container:
        place, reference = self._place, filing.reference
        if not place.kind.drafts:
            return Container(reference)
        if place.kind.looks_up:
            self._asked("looks for a draft")
            if entry := place.standing(reference):
                return Container(entry.number, done=_receipt(entry) if entry.done else None)
        entry = self._sent("open_container", reference, lambda: place.begin(reference, "record", done=False))
        return Container(entry.number)

    def file_document(self, filing: Filing, container: Container) -> FiledDocument:
        if self._place.kind.drafts:
            self._sent("file_document", filing.reference, lambda: None)
        return FiledDocument("D1", "0")

    def submit(self, filing: Filing, container: Container, document: FiledDocument | None) -> Receipt | Awaiting:
        place, reference = self._place, filing.reference
        if place.kind.drafts:
            return _answer(self._sent("submit", reference, lambda: self._finish(reference, container.number)))
        return _answer(self._sent("submit", reference, lambda: place.begin(reference, "record", done=True)))

    def raise_task(self, task: ReviewTask) -> Receipt | Awaiting:
        place = self._place
        return _answer(self._sent("raise_task", task.reference, lambda: place.begin(task.reference, "task", done=True)))

    def retract(self, retraction: Retraction) -> Receipt | Awaiting:
        return _answer(self._sent("retract", retraction.reference, lambda: self._take_back(retraction)))

    def look_up(self, reference: str) -> Receipt | Awaiting | Partial | Absent:
        place = self._place
        self._asked("look_up")
        entry = place.standing(reference)
        place.answers[reference].append(Answered(self._around.now(), entry is None))
        if entry is None:
            return Absent()
        if entry.done:
            return _receipt(entry)
        return Partial() if place.kind.drafts and entry.what == "record" else Awaiting()

    def check(self) -> tuple[Finding, ...]:
        return ()

    def _finish(self, reference: str, number: str) -> Entry:
        entry = next(each for each in self._place.filed[reference] if each.number == number)
        entry.done = True
        self._place.check.effect(self._place, reference)
        return entry

    def _take_back(self, retraction: Retraction) -> Entry:
        self._place.withdrawn[retraction.record_number].append(retraction.reference)
        return self._place.begin(retraction.reference, "withdrawal", done=True)

    def _asked(self, call: str) -> None:
        """A question: nothing changes there."""
        self._around.step(f"{call}: asks")
        fate = self._place.fate()
        self._around.step(f"{call}: {fate.value}", wait=self._place.patience())
        if fate in HARMLESS:
            raise HARMLESS[fate](self._place.rng)
        if fate in UNCLEAR:
            raise OutcomeUnknown(Reason.NO_CLEAR_ANSWER)

    def _sent(self, call: str, reference: str, effect: Callable[[], Entry]) -> Entry:
        """A call that changes something: a process may be killed before, within and after it."""
        place, around = self._place, self._around
        around.step(f"{call} {reference}: before the first byte")
        place.check.first_byte(place, reference)
        fate = place.fate()
        try:
            around.step(f"{call}: first byte gone, {fate.value}", wait=place.patience())
        except Killed:
            if fate not in HARMLESS and place.rng.random() < BYTES_GO_ON:
                self._lands_later(reference, effect)
            raise
        if fate in HARMLESS or fate is Fate.REFUSED:
            place.check.settled(place, reference)
            raise NeedsHuman(Reason.CONTENT_REFUSED) if fate is Fate.REFUSED else HARMLESS[fate](place.rng)
        if fate is Fate.LATE:
            self._lands_later(reference, effect)
        if fate in (Fate.WELL, Fate.LOST_ANSWER):
            done = effect()
            around.step(f"{call}: done there", wait=place.patience() / 2)
            if fate is Fate.WELL:
                return done
        raise OutcomeUnknown(Reason.NO_CLEAR_ANSWER)

    def _lands_later(self, reference: str, effect: Callable[[], Entry]) -> None:
        place = self._place
        place.on_the_way[reference] += 1

        def land() -> None:
            place.on_the_way[reference] -= 1
            effect()

        wait = place.rng.random() * 0.7 * place.quiet
        self._around.later(max(0.0, min(wait, self._around.latest() - self._around.now())), land)


def _receipt(entry: Entry) -> Receipt:
    return Receipt(entry.number, None, {"number": entry.number})


def _answer(entry: Entry) -> Receipt | Awaiting:
    return _receipt(entry) if entry.done else Awaiting()
