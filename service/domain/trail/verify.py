"""Checks an authority's chain of digests against itself and against checkpoints from outside. Standard library only.

Every link is checked against the digest that stands before it, so that one change is one finding and does not hide the
next. What was made anew as a whole agrees with itself, and only checkpoints tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise

from service.domain.retention import trail_until
from service.domain.trail.checkpoint import Checkpoint
from service.domain.trail.entry import FIRST, Entry, digest
from service.domain.trail.findings import Finding, Wrong

SUSPECTS_MAX = 500
"""So many places that do not agree are compared with one another, to tell a new order from a change."""


@dataclass(frozen=True)
class Link:
    """A position of the chain; `entry` is None where it is gone."""

    position: int
    digest: bytes
    entry: Entry | None


@dataclass(frozen=True)
class Cut:
    """The last position that was taken away from the beginning, and its digest.

    `checkpoint` is what whoever shows the chain says was signed there, once its signature was checked.
    """

    position: int
    digest: bytes
    checkpoint: Checkpoint | None = None


@dataclass(frozen=True)
class Verdict:
    """`covered` is the last position that a checkpoint has seen; what comes after it may be cut off unseen.

    `cut` is the position before the first that is still there; 0 where all of them are.
    """

    authority: str
    links: int
    covered: int
    findings: Sequence[Finding]
    cut: int = 0


@dataclass
class _Walk:
    """What is remembered of one way along the chain."""

    authority: str
    wanted: dict[int, str]
    position: int = 0
    before: bytes = FIRST
    findings: list[Finding] = field(default_factory=list)
    suspects: list[tuple[int, bytes, Link]] = field(default_factory=list)
    passed: dict[int, str] = field(default_factory=dict)

    def step(self, link: Link) -> None:
        """One link further."""
        if link.position <= self.position:
            self._say(Wrong.ORDER if link.position < self.position else Wrong.TWICE, link.position)
            return
        if link.position > self.position + 1:
            self._say(Wrong.POSITIONS_GONE, self.position + 1, link.position - 1)
        self._look_at(link, whole=link.position == self.position + 1)
        if link.position in self.wanted:
            self.passed[link.position] = link.digest.hex()
        self.position, self.before = link.position, link.digest

    def _look_at(self, link: Link, *, whole: bool) -> None:
        """After a gap it can't be said from which digest this one was made; the checkpoints say more."""
        if link.entry is None:
            self._say(Wrong.ENTRY_GONE, link.position)
        elif link.entry.authority != self.authority:
            self._say(Wrong.OTHER_AUTHORITY, link.position)
        elif whole and digest(self.before, link.entry) != link.digest:
            self.suspects.append((link.position, self.before, link))

    def _say(self, wrong: Wrong, first: int, last: int = 0) -> None:
        self.findings.append(Finding(wrong, self.authority, first, last or first))


def verify(
    authority: str, links: Iterable[Link], checkpoints: Sequence[Checkpoint], cut: Cut | None = None, *, today: date
) -> Verdict:
    """Everything that is wrong. `checkpoints` are this authority's, their signatures checked before; in any order.

    A chain that was cut begins behind its cut, and nothing is known there but that a checkpoint of six years before
    `today` agrees. That is as much as anybody may take away.
    """
    ordered = sorted(checkpoints, key=lambda each: each.position)
    brought = [cut.checkpoint] if cut and cut.checkpoint and ordered else []
    known = sorted([*ordered, *brought], key=lambda each: each.position)
    walk = _Walk(authority, {each.position: each.digest for each in known})
    if cut:
        walk.position, walk.before, walk.passed[cut.position] = cut.position, cut.digest, cut.digest.hex()
    for link in links:
        walk.step(link)
    begins = cut.position if cut else 0
    found = [*walk.findings, *_told_apart(walk), *_against(walk, known, begins), *_among(authority, ordered)]
    found += _of_cut(authority, begins, known, today)
    if not ordered and walk.position:
        found.append(Finding(Wrong.NO_CHECKPOINT, authority))
    covered = ordered[-1].position if ordered else 0
    in_order = sorted(set(found), key=lambda each: (each.first, each.wrong))
    return Verdict(authority, walk.position, covered, in_order, begins)


def _told_apart(walk: _Walk) -> Iterator[Finding]:
    """An entry that fits in another place was moved; one that fits nowhere was changed."""
    near = walk.suspects[:SUSPECTS_MAX]
    earlier_ones = {before for _, before, _ in near} | {link.digest for *_, link in near}
    digests = earlier_ones | {walk.before}
    for number, (position, _, link) in enumerate(walk.suspects):
        entry = link.entry
        moved = number < SUSPECTS_MAX and entry and any(digest(each, entry) in digests for each in earlier_ones)
        yield Finding(Wrong.ORDER if moved else Wrong.CHANGED, walk.authority, position, position)


def _of_cut(authority: str, begins: int, checkpoints: Sequence[Checkpoint], today: date) -> Iterator[Finding]:
    """What a checkpoint covers is older than the checkpoint, so that its own moment is enough to go by."""
    if not begins or not checkpoints:
        return
    there = [each for each in checkpoints if each.position == begins]
    if not there:
        yield Finding(Wrong.CUT_UNSIGNED, authority, 1, begins)
    elif not all(_is_over(each.at, today) for each in there):
        yield Finding(Wrong.CUT_EARLY, authority, 1, begins)


def _is_over(at: str, today: date) -> bool:
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return False
    return moment.tzinfo is not None and today > trail_until(moment)


def _against(walk: _Walk, checkpoints: Sequence[Checkpoint], begins: int) -> Iterator[Finding]:
    """From the last checkpoint that agrees to the last of those that do not in a row; from the cut on."""
    good, first_bad, last_bad = begins, 0, 0
    for each in checkpoints:
        if each.position < begins:
            continue
        if each.position > walk.position:
            break
        if walk.passed.get(each.position) == each.digest:
            if last_bad:
                yield Finding(Wrong.REWRITTEN, walk.authority, first_bad, last_bad)
            good, last_bad = each.position, 0
        else:
            first_bad, last_bad = good + 1, each.position
    if last_bad:
        yield Finding(Wrong.REWRITTEN, walk.authority, first_bad, last_bad)
    if checkpoints and checkpoints[-1].position > walk.position:
        yield Finding(Wrong.CUT_OFF, walk.authority, walk.position + 1, checkpoints[-1].position)


def _among(authority: str, checkpoints: Sequence[Checkpoint]) -> Iterator[Finding]:
    """The same one twice is no matter: who sends may have to send again. The first may have had others before it."""
    for earlier, later in pairwise(checkpoints):
        if earlier.position == later.position:
            if earlier.digest != later.digest:
                yield Finding(Wrong.CHECKPOINTS_DISAGREE, authority, later.position, later.position)
        elif later.position - later.entries > earlier.position:
            yield Finding(Wrong.CHECKPOINT_GONE, authority, earlier.position, later.position)
