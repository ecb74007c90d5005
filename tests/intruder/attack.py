"""The attack on one release: T1 from outside, T2 by insiders of one authority or two, T4 on groups that are alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tests.intruder.claims import Bounds, Claims, Everybody, Knowledge, Rule
from tests.intruder.codes import FIELDS, NOT_YET, window
from tests.intruder.names import Book, Name
from tests.intruder.probing import Prober
from tests.intruder.reading import TOTAL, Cell, SeenAxis, SeenTable
from tests.intruder.solver import MOST, Doubt, Numbers, Solver, rows_of
from tests.intruder.system import PEOPLE, Structure, names_of, structure

SENSITIVE = ("exploitation",)
NEARLY_ALL = 0.9
WHOLE_MAX = 6
"""So many near failures of a release are tried in whole numbers too."""


@dataclass(frozen=True)
class View:
    """One release as somebody sees it. `shown` are the columns of figures made anew in it that are numbers."""

    release: str
    book: Book
    structure: Structure
    tables: tuple[SeenTable, ...]
    low: Numbers
    high: Numbers
    shown: frozenset[int]
    hidden: tuple[int, ...]

    def name(self, column: int) -> Name:
        """The count in a column."""
        return self._names[column]

    @property
    def _names(self) -> list[Name]:
        return sorted(self.structure.index, key=self.structure.index.__getitem__)


def view(release: str, tables: Sequence[SeenTable], book: Book, rule: Rule) -> View:
    """What the tables of a release say. A figure repeated from an earlier one says nothing of this one's facts."""
    built = structure(book, names_of(book, tables))
    low, high = np.zeros(len(built.index)), np.full(len(built.index), MOST)
    high[outside(built, book, release)] = 0.0
    shown: set[int] = set()
    hidden: set[int] = set()
    for table, cell in made_anew(tables, release):
        column = column_of(built, book, table, cell)
        if column is None:
            continue
        least, most = rule.bounds(cell.value, cell.status)
        low[column], high[column] = max(low[column], least), min(high[column], most)
        (hidden if cell.value is None else shown).add(column)
    return View(release, book, built, tuple(tables), low, high, frozenset(shown), tuple(sorted(hidden - shown)))


def made_anew(tables: Iterable[SeenTable], release: str) -> Iterable[tuple[SeenTable, Cell]]:
    """The figures that were counted for this release."""
    return ((table, cell) for table in tables for cell in table.cells if cell.as_of == release)


def outside(built: Structure, book: Book, release: str) -> list[int]:
    """The columns of counts in quarters that the release does not count."""
    period = book.mask({"quarter": frozenset(window(release)) & frozenset(book.values["quarter"])})
    return [column for (_, mask), column in built.index.items() if not mask & period & book.fields["quarter"]]


def column_of(built: Structure, book: Book, table: SeenTable, cell: Cell) -> int | None:
    """The count of a cell; None where no fact can be in it."""
    mask = book.closed(book.mask(table.cell_where(cell.at)))
    return built.index[table.unit, mask] if mask else None


def attack(seen: View, known: Knowledge, claims: Claims) -> None:
    """From outside, then as each insider and each pair. What the solver doubts is noted, and fails the release."""
    solver = Solver(seen.low, seen.high, rows_of(seen.structure))
    own = {who: _own(seen, known, who) for release, who in known.own if release == seen.release}
    for insiders in ((), *((who,) for who in sorted(own)), *known.pairs):
        if all(who in own for who in insiders):
            try:
                _as(insiders, sum((own[who] for who in insiders), np.zeros(len(seen.low))), seen, solver, claims)
            except Doubt as doubt:
                claims.odd("doubt", f"{seen.release} {' and '.join(insiders) or 'outside'}", str(doubt))
    claims.tried["linear programs"] += solver.runs


def _as(insiders: tuple[str, ...], own: Numbers, seen: View, solver: Solver, claims: Claims) -> None:
    """The counts are those of all others: their own facts are taken off every bound."""
    low, high = np.maximum(seen.low - own, 0.0), seen.high - own
    known = _known_to(insiders, seen)
    low[known], high[known] = 0.0, 0.0
    if (high < low).any():
        raise Doubt("the figures contradict what the insiders know")
    solver.bounds(low, high)
    prober = Prober(solver)
    test = "T2" if insiders else "T1"
    targets = _targets(insiders, own, seen, set(known.tolist()))
    found = prober.intervals(targets, near=not insiders)
    whole = _in_whole_numbers(seen, [t for t in targets if found[t].is_proved]) if not insiders else {}
    claims.tried[f"{test} counts"] += len(targets)
    for column in targets:
        interval = found[column]
        lowest, highest = whole.get(column, (interval.low, interval.high))
        if column not in seen.shown:
            claims.tightest[test] = min(claims.tightest.get(test, MOST), highest - lowest)
        if interval.is_proved:
            unit, mask = seen.name(column)
            where = seen.book.where(mask)
            is_shown = column in seen.shown
            claims.bounds.append(Bounds(test, seen.release, unit, where, insiders, lowest, highest, is_shown))
    _alike(insiders, low, seen, prober, claims)


def _known_to(insiders: tuple[str, ...], seen: View) -> np.typing.NDArray[np.int64]:
    """The columns of counts that hold the insiders' authorities alone."""
    if not insiders:
        return np.array([], dtype=np.int64)
    theirs = seen.book.mask({"authority": frozenset(insiders)})
    return np.array(
        [column for (_, mask), column in seen.structure.index.items() if not mask & ~theirs], dtype=np.int64
    )


def _targets(insiders: tuple[str, ...], own: Numbers, seen: View, known: set[int]) -> list[int]:
    """Hidden counts; for one insider alone also shown ones that are few without their own."""
    targets = [column for column in seen.hidden if column not in known]
    if len(insiders) == 1:
        few = [c for c in sorted(seen.shown) if c not in known and own[c] and seen.low[c] - own[c] < 10]
        targets += few
    return targets


def _own(seen: View, known: Knowledge, who: str) -> Numbers:
    """How many of an authority's facts are in each column."""
    counts = np.zeros(len(seen.low))
    rows = known.own[seen.release, who].items()
    bits = [(seen.book.row(dict(zip(FIELDS, row, strict=True))), row[-1], number) for row, number in rows]
    for (unit, mask), column in seen.structure.index.items():
        counts[column] = sum(
            number
            for row, succeeded_in, number in bits
            if row & ~mask == 0 and (unit != PEOPLE or stands(succeeded_in, seen.release))
        )
    return counts


def stands(succeeded_in: str, release: str) -> bool:
    """Whether a fact stands for its young person at the end of the release's quarter."""
    return succeeded_in == NOT_YET or succeeded_in > release


def _in_whole_numbers(seen: View, near: Sequence[int]) -> dict[int, tuple[float, float]]:
    """Bounds in whole numbers of those that came near; where that takes too long, they keep the others."""
    found: dict[int, tuple[float, float]] = {}
    for column in near[:WHOLE_MAX]:
        solver = Solver(seen.low, seen.high, rows_of(seen.structure))
        solver.whole()
        try:
            least, most = solver.minimise({column: 1.0})[column], solver.minimise({column: -1.0})[column]
        except Doubt:
            continue
        found[column] = (float(least), float(most))
    return found


def _alike(insiders: tuple[str, ...], low: Numbers, seen: View, prober: Prober, claims: Claims) -> None:
    """Groups in which somebody certainly is, and of whom all, or nearly all, have the same sensitive value."""
    asked = [each for each in _divided(seen) if low[each[0]] >= 1]
    claims.tried["T4 groups"] += len(asked)
    forms: list[tuple[Mapping[int, float], float]] = []
    meant = []
    for whole, part, axis, code in asked:
        for share, form, needed in (
            (1.0, {whole: 1.0, part: -1.0}, 1.0),
            (NEARLY_ALL, {whole: NEARLY_ALL, part: -1.0}, 1e-4),
        ):
            forms.append((form, needed))
            meant.append((whole, axis, code, share))
    for place in prober.impossible(forms):
        whole, axis, code, share = meant[place]
        unit, mask = seen.name(whole)
        where = seen.book.where(mask)
        claims.everybody.append(Everybody(seen.release, unit, where, insiders, axis.field, axis.groups[code], share))


def _divided(seen: View) -> Iterable[tuple[int, int, SeenAxis, str]]:
    """Each count with each of its parts by a sensitive field: columns, the axis and the part's group."""
    for table in seen.tables:
        for place, axis in enumerate(table.axes):
            if axis.field not in SENSITIVE:
                continue
            by_at = {cell.at: column_of(seen.structure, seen.book, table, cell) for cell in table.cells}
            for at, part in by_at.items():
                whole = by_at.get((*at[:place], TOTAL, *at[place + 1 :]))
                if at[place] != TOTAL and part is not None and whole is not None and whole != part:
                    yield whole, part, axis, at[place]
