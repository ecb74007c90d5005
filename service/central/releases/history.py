"""What was published before, and which figures of it have to be repeated."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from service.central.catalogue.model import Catalogue, Table
from service.central.catalogue.naming import Name, count_name
from service.central.published import TOTAL, Figure, PublishedTable, Release, Status
from service.central.releases.scopes import Counted, Scope, counted, is_too_little, moved, scope_of, whole_of
from service.central.rounding import BASE, THRESHOLD, rounded
from service.domain.fact import Fact

TOLD = (Status.ROUNDED, Status.SUPPRESSED)
"""A figure that was made from a count, whether or not it was shown. The others say nothing about any count."""


@dataclass(frozen=True)
class Past:
    """A published release, the catalogue it was made by, and the facts it counted."""

    release: Release
    catalogue: Catalogue
    facts: Counter[Fact]


@dataclass(frozen=True)
class Shown:
    """A figure that was made anew, and of which count. `is_whole`: of all of its scope."""

    name: Name
    figure: int
    is_whole: bool


class History:
    """All published releases, oldest first."""

    def __init__(self, past: Sequence[Past]) -> None:
        self._past = tuple(past)
        self._figures: dict[tuple[str, tuple[str, ...], tuple[str, ...]], Figure] = {}
        self._made: defaultdict[Scope, set[int]] = defaultdict(set)
        self._named: defaultdict[Name, set[int]] = defaultdict(set)
        self._shown: defaultdict[tuple[Scope, int], list[Shown]] = defaultdict(list)
        self._counted: dict[tuple[int, Scope], Counted] = {}
        self._around: dict[Scope, Mapping[Scope, frozenset[int]]] = {}
        self._within: dict[Scope, frozenset[int]] = {}
        for number, each in enumerate(self._past):
            self._read(number, each)

    def _read(self, number: int, past: Past) -> None:
        quarter = past.release.quarter
        for table, shown, figure in told(past):
            self._figures[table.name, shown.axes, figure.at] = figure
            if figure.as_of == quarter:
                self._note(number, past, (table, shown.axes, figure))

    def _note(self, number: int, past: Past, place: tuple[Table, tuple[str, ...], Figure]) -> None:
        table, axes, figure = place
        scope = scope_of(past.catalogue, table, axes, figure.at)
        at = figure.at, whole_of(past.catalogue, axes, figure.at)
        name, whole = (count_name(past.catalogue, table, axes, each, past.release.quarter) for each in at)
        self._made[scope].add(number)
        self._named[name].add(number)
        if figure.value is not None:
            self._shown[scope, number].append(Shown(name, figure.value, name == whole))

    def figure(self, table: str, axes: tuple[str, ...], at: tuple[str, ...]) -> Figure | None:
        """The figure that was told last in this place of a table in this form, or None."""
        return self._figures.get((table, axes, at))

    def form(self, table: Table) -> int | None:
        """The number of the form in which a table was published last, or None."""
        last = self._past[-1].release.tables if self._past else ()
        forms = [each.axes for each in last if each.table == table.name]
        return table.forms.index(forms[0]) if forms and forms[0] in table.forms else None

    def named(self, names: Iterable[Name]) -> frozenset[int]:
        """The places of the releases in which one of these counts was made anew, in whichever table."""
        return frozenset().union(*(self._named.get(name, set()) for name in names))

    def shown(self) -> Mapping[tuple[Scope, int], Sequence[Shown]]:
        """What was shown anew of each scope in the release at each place."""
        return self._shown

    def made_around(self, scope: Scope) -> Mapping[Scope, frozenset[int]]:
        """Every scope that holds this one, with the places of the releases in which anything of it was made anew.

        Figures of parts add up to that of the whole. So a finer table, or one of another universe, shown for the first
        time would tell what changed in a whole that was told before.
        """
        if scope not in self._around:
            universes = {each.universe for each in self._made}
            self._around[scope] = {wider: self._made_within(wider) for wider in scope.around(universes)}
        return self._around[scope]

    def _made_within(self, scope: Scope) -> frozenset[int]:
        if scope not in self._within:
            parts = (made for part, made in self._made.items() if scope.holds(part))
            self._within[scope] = frozenset().union(*parts)
        return self._within[scope]

    def counted(self, number: int, scope: Scope) -> Counted:
        """The facts that a scope counted in the release at this place."""
        if (number, scope) not in self._counted:
            past = self._past[number]
            self._counted[number, scope] = counted(scope, past.release.quarter, past.facts)
        return self._counted[number, scope]


class Resting:
    """Which counts may not be made anew from the facts of a quarter. What was found of a scope is kept.

    `count` says how large a count is now.
    """

    def __init__(self, history: History, quarter: str, facts: Counter[Fact], count: Callable[[Name], int]) -> None:
        self._history, self._quarter, self._facts, self._count = history, quarter, facts, count
        self._now: dict[Scope, Counted] = {}
        self._known: dict[tuple[Scope, int], bool] = {}

    def rests(self, scope: Scope, names: Iterable[Name]) -> bool:
        """Whether new figures of these counts would tell who came or went in this scope, or in one that holds it.

        Where nothing changed they are repeated as well: hidden in another pattern, the same counts could be told.
        """
        if any(self._would_tell(scope, number) for number in self._history.named(names)):
            return True
        around = self._history.made_around(scope)
        return any(self._would_tell(wider, number) for wider, made in around.items() for number in made)

    def still_told(self) -> dict[Name, int]:
        """The figures that are still true, since nothing at all has changed in their scope, all four quarters of it."""
        shown = self._history.shown().items()
        return {
            each.name: each.figure
            for (scope, number), figures in shown
            if not any(self._moved(replace(scope, quarter=TOTAL), number))
            for each in figures
        }

    def _would_tell(self, scope: Scope, number: int) -> bool:
        if (scope, number) not in self._known:
            joined, left = self._moved(scope, number)
            self._known[scope, number] = is_too_little(joined + left) or self._are_alike(scope, number, joined + left)
        return self._known[scope, number]

    def _moved(self, scope: Scope, number: int) -> tuple[int, int]:
        if scope not in self._now:
            self._now[scope] = counted(scope, self._quarter, self._facts)
        return moved(self._history.counted(number, scope), self._now[scope])

    def _are_alike(self, scope: Scope, number: int, everybody: int) -> bool:
        """Whether two figures would show that all who joined, or all who left, are in one and the same group.

        Where some joined and others left, no count can have moved by all of them, and no figure tells the two apart.
        """
        shown = [each for each in self._history.shown().get((scope, number), ()) if not each.is_whole]
        return any(self._surely_moved(each) >= everybody for each in shown)

    def _surely_moved(self, before: Shown) -> int:
        """By how many, at the least, a count has grown or shrunk, as its figures tell."""
        now = self._count(before.name)
        if now < THRESHOLD:
            return 0
        (low, high), (least, most) = told_by(before.figure), told_by(rounded(now))
        return max(least - high, low - most)


def told(past: Past) -> Iterator[tuple[Table, PublishedTable, Figure]]:
    """Every figure of a release that was made from a count, with its table as defined and as published."""
    defined = {table.name: table for table in past.catalogue.tables}
    for shown in past.release.tables:
        for figure in shown.figures:
            if figure.status in TOLD:
                yield defined[shown.table], shown, figure


def told_by(figure: int) -> tuple[int, int]:
    """The least and the most that a count can be by its figure."""
    return max(THRESHOLD, figure - BASE // 2), figure + BASE // 2
