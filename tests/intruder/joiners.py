"""T3: two releases and how many facts changed between them. What is certain of all who joined, or of all who left?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from tests.intruder.claims import Changed, Claims, Knowledge, Moved
from tests.intruder.names import Book, Name
from tests.intruder.probing import Forms, Prober
from tests.intruder.reading import SeenTable
from tests.intruder.solver import MOST, Doubt, Row, Solver, rows_of
from tests.intruder.system import Structure, names_of, structure
from tests.intruder.view import column_of, made_anew, outside

EARLIER, LATER, JOINED, LEFT = range(4)
"""The four blocks of columns: the counts of two releases, and of the facts that joined and left between them."""
PLACED = ("authority", "quarter")
"""Of a fact that changed the intruder knows at most these two fields beforehand, and how many changed there."""


class Stack:
    """Two releases over each other. `size` is one block's."""

    def __init__(self, book: Book, earlier: Sequence[SeenTable], later: Sequence[SeenTable], moved: Moved) -> None:
        self.book, self.moved = book, moved
        units = {table.unit for table in (*earlier, *later)}
        placed = {(unit, book.mask(place)) for unit in units for place in _places(book)}
        names = names_of(book, earlier) | names_of(book, later) | placed
        self.structure: Structure = structure(book, names)
        self.size = len(self.structure.index)
        self.low, self.high = np.zeros(4 * self.size), np.full(4 * self.size, MOST)
        self.scopes = {(unit, book.closed(mask)) for unit, mask in placed}
        self._know(units)

    def figures(self, block: int, tables: Iterable[SeenTable], release: str, known: Knowledge) -> int:
        """Bounds from the figures made anew in a release. How many there were."""
        number = 0
        for beyond in outside(self.structure, self.book, release):
            self.high[block * self.size + beyond] = 0.0
        for table, cell in made_anew(tables, release):
            column = column_of(self.structure, self.book, table, cell)
            if column is not None:
                at = block * self.size + column
                least, most = known.rule.bounds(cell.value, cell.status)
                self.low[at], self.high[at] = max(self.low[at], least), min(self.high[at], most)
                number += cell.value is not None
        return number

    def rows(self) -> list[Row]:
        """Each block hangs together in itself; later is earlier, with who joined and without who left.

        Who left was there before: so nobody who joined is missing later.
        """
        changes = (JOINED, LEFT)
        rows = [
            row for block in range(4) for row in rows_of(self.structure, block * self.size, of_changes=block in changes)
        ]
        for column in range(self.size):
            columns = [block * self.size + column for block in range(4)]
            rows.append((columns, [1.0, -1.0, 1.0, -1.0], 0.0, 0.0))
            rows.append(([columns[EARLIER], columns[LEFT]], [1.0, -1.0], 0.0, MOST))
        return rows

    def number(self, name: Name, block: int) -> int:
        """How many changed facts the intruder knows to be in a scope."""
        unit, mask = name
        changes = self.moved.joined if block == JOINED else self.moved.left
        where = self.book.where(mask)
        return sum(
            number
            for (kind, *place), number in changes.items()
            if kind == unit
            and all(value in where.get(field, {value}) for field, value in zip(PLACED, place, strict=True))
        )

    def _know(self, units: Iterable[str]) -> None:
        for name in self.scopes:
            for block in (JOINED, LEFT):
                at = block * self.size + self.structure.index[name]
                self.low[at] = self.high[at] = self.number(name, block)


def attack(
    earlier: Sequence[SeenTable], later: Sequence[SeenTable], book: Book, known: Knowledge, claims: Claims
) -> None:
    """Adds what is certain of all who joined or left. Where the solver doubts, that is noted and fails."""
    releases = earlier[0].release, later[0].release
    stack = Stack(book, earlier, later, known.moved[releases])
    stack.figures(EARLIER, earlier, releases[0], known)
    if not stack.figures(LATER, later, releases[1], known):
        return
    asked = list(_asked(stack, known))
    claims.tried["T3 attributes"] += len(asked)
    solver = Solver(stack.low, stack.high, stack.rows())
    try:
        prober = Prober(solver, (stack.low, stack.high), _forms(stack, asked))
        prober.must_be_possible()
        for place in prober.impossible(np.arange(len(asked))):
            claims.changed.append(_claim(stack, releases, asked[place]))
    except Doubt as doubt:
        claims.odd("doubt", " to ".join(releases), str(doubt))
    claims.tried["linear programs"] += solver.runs


def _forms(stack: Stack, asked: Sequence[tuple[int, Name, int, int]]) -> Forms:
    """For each attribute that it could be one fact fewer than all that changed in the scope."""
    columns = np.array([(block * stack.size + column,) * 2 for block, _, column, _ in asked], dtype=np.int64)
    factors = np.tile([-1.0, 0.0], (len(asked), 1))
    return Forms(columns.reshape(-1, 2), factors, np.array([1.0 - number for *_, number in asked]))


def _asked(stack: Stack, known: Knowledge) -> Iterable[tuple[int, Name, int, int]]:
    """For each block and attribute that is published: its scope, its column, and how many changed in the scope.

    Left out is what follows from the kinds of record that are used there.
    """
    for (unit, mask), column in stack.structure.index.items():
        if (unit, mask) in stack.scopes:
            continue
        scope = (unit, stack.book.closed(mask | ~_bits(stack.book, PLACED) & stack.book.everything))
        if scope in stack.scopes and not _is_practice(stack.book, known, scope[1], mask):
            for block in (JOINED, LEFT):
                if number := stack.number(scope, block):
                    yield block, scope, column, number


def _is_practice(book: Book, known: Knowledge, scope: int, mask: int) -> bool:
    """Whether a count is all of a scope because no other kind of record is used there: that is no secret."""
    there = book.where(scope).get("authority", frozenset(book.values["authority"]))
    used = book.mask({"record_type": frozenset().union(*(known.kinds.get(each, frozenset()) for each in there))})
    return book.closed(scope & used) == book.closed(mask & used)


def _claim(stack: Stack, releases: tuple[str, str], asked: tuple[int, Name, int, int]) -> Changed:
    block, scope, column, number = asked
    unit, mask = next(name for name, place in stack.structure.index.items() if place == column)
    within, where = stack.book.where(scope[1]), stack.book.where(mask)
    return Changed(*releases, unit, within, where, number, block == JOINED)


def _bits(book: Book, fields: Iterable[str]) -> int:
    return sum(book.fields[field] for field in fields)


def _places(book: Book) -> Iterable[Mapping[str, frozenset[str]]]:
    """Everywhere, each authority, each quarter, and each of both."""
    authorities = [{"authority": frozenset({each})} for each in book.values["authority"]]
    quarters = [{"quarter": frozenset({each})} for each in book.values["quarter"]]
    yield {}
    yield from authorities
    yield from quarters
    yield from ({**one, **other} for one in authorities for other in quarters)
