"""Marks from when on each body may be shredded, then shreds what is due. Each step is safe to repeat or break off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from service.domain.retention import Keep, Verdict, judge
from service.errors import NotPossible
from service.ports.retention import Bodies, Found, Shredded
from service.usecases.each import each_by_itself

BATCH = 200
RESTORING = "A restore is under way. What is open is not known yet, so nothing is shredded. Finish it first."


@dataclass
class Counts:
    """One authority's bodies: how many stay and why, wait for the end of their window, are due, and were shredded."""

    authority: str
    days: int
    keeps: Counter[Keep] = field(default_factory=Counter)
    waiting: int = 0
    due: int = 0
    shredded: int = 0
    next_due: datetime | None = None


@dataclass
class Reapplied:
    """What became of a list: bodies that were back and are gone again, entries noted anew, and what had to stay."""

    taken: int = 0
    noted: int = 0
    stays: list[UUID] = field(default_factory=list)


@dataclass(frozen=True)
class Purger:
    """`windows` are days by authority, from the profiles that hold now. Without a profile nothing is shredded."""

    bodies: Bodies
    windows: Mapping[str, int]

    def look(self) -> int:
        """The keeper's chore: for every authority, whatever another's failed with. How many were shredded."""
        if not self.bodies.is_usual():
            return 0
        return each_by_itself(sorted(self.windows), lambda authority: self.run(authority).shredded)

    def run(self, authority: str) -> Counts:
        """Both steps for one authority. Raises `NotPossible` during a restore, and for one without a profile."""
        self._require_usual()
        counts = self.mark(authority)
        for each in self._due(authority):
            counts.shredded += self.bodies.shred(authority, each, counts.days)
        self.bodies.note_run(authority)
        return counts

    def mark(self, authority: str) -> Counts:
        """The first step. Marks of an earlier look that hold no longer are taken away."""
        return self._looked(authority, note=True)

    def dry_run(self, authority: str) -> Counts:
        """What `run` would do. Changes nothing."""
        self._require_usual()
        return self._looked(authority, note=False)

    def reapply(self, entries: Sequence[Shredded]) -> Reapplied:
        """After a restore. What is open or held there stays, and is named; it is to be tried again."""
        found = Reapplied()
        for entry in entries:
            again = self.bodies.shred_again(entry)
            found.taken += again.taken
            found.noted += again.noted
            if again.stays:
                found.stays.append(entry.submission_id)
        self.bodies.note_reapplied()
        return found

    def shredded(self) -> Iterator[Shredded]:
        """Everything that ever was, of every authority with a profile."""
        for authority in sorted(self.windows):
            yield from self.bodies.shredded(authority)

    def _looked(self, authority: str, *, note: bool) -> Counts:
        if authority not in self.windows:
            raise NotPossible(f"{authority} has no profile, so that nobody has said for how long its records stay.")
        counts, now = Counts(authority, self.windows[authority]), self.bodies.now()
        for batch in self.bodies.look(authority):
            judged = [(each, judge(each.situation, counts.days)) for each in batch]
            for _, verdict in judged:
                _count(counts, verdict, now)
            if note:
                self.bodies.mark(authority, _changed(judged))
        return counts

    def _due(self, authority: str) -> Iterator[UUID]:
        """From the oldest mark on, once each: what could not be shredded comes in the next run."""
        place = None
        while found := self.bodies.due(authority, BATCH, place):
            yield from (found_id for _, found_id in found)
            place = found[-1]

    def _require_usual(self) -> None:
        if not self.bodies.is_usual():
            raise NotPossible(RESTORING)


def _changed(judged: Sequence[tuple[Found, Verdict]]) -> list[tuple[UUID, datetime | None]]:
    return [(each.submission_id, verdict.after) for each, verdict in judged if each.marked != verdict.after]


def _count(counts: Counts, verdict: Verdict, now: datetime) -> None:
    counts.keeps.update(verdict.keeps)
    if verdict.after is None:
        return
    if verdict.may_shred(now):
        counts.due += 1
        return
    counts.waiting += 1
    counts.next_due = min(counts.next_due or verdict.after, verdict.after)
