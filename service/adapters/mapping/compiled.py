"""A mapping made ready once, at start-up: a record is mapped by plain calls, without looking into configuration."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from service.adapters.mapping.catalogue import catalogue_of
from service.adapters.mapping.cells import Cell, Keys, cell_for, fetch
from service.adapters.mapping.code_tables import table_for
from service.adapters.mapping.guard import Guard, guard_for, nowhere
from service.adapters.mapping.model import MappingFile, Words
from service.domain import words as english
from service.domain.records import RECORDS
from service.ports import Answer, Record

Step = Callable[[Record, list[Answer]], None]


@dataclass(frozen=True)
class CompiledMapping:
    """A record type as one form's answers."""

    record_type: str
    _guard: Guard = field(repr=False)
    _steps: tuple[Step, ...] = field(repr=False)

    def apply(self, record: Record) -> tuple[Answer, ...]:
        """The answers in display order. Absent values give none.

        Raises `NeedsHuman(MAPPING_INCOMPLETE)` with the path of what has no place, or of a required answer that has no
        value.
        """
        self._guard(record)
        answers: list[Answer] = []
        for step in self._steps:
            step(record, answers)
        return tuple(answers)


def compile_mapping(mapping: MappingFile, words: Words = english.words) -> CompiledMapping:
    """The checked mapping, bound to its words."""
    catalogue = catalogue_of(mapping.record_type)
    cells = [cell_for(row, table_for(row, catalogue.leaves.get(row.path), words)) for row in mapping.rows]
    placed = {row.path for row in mapping.rows if row.rendering != "count"}
    guard = guard_for(RECORDS[mapping.record_type], lambda path: path in placed or mapping.leaves_out(path))
    return CompiledMapping(mapping.record_type, guard, tuple(_steps(cells)))


def _steps(cells: Sequence[Cell]) -> Iterator[Step]:
    """Neighbouring rows of one list are shown item by item: a sentence, who heard it, who may know; then the next."""
    for (lists, above), run in groupby(cells, key=lambda cell: (cell.lists, () if cell.lists else cell.above)):
        together = tuple(run)
        yield _repeating(lists, together) if lists else _single(above, together)


def _single(above: Keys, cells: tuple[Cell, ...]) -> Step:
    def step(record: Record, into: list[Answer]) -> None:
        group = fetch(record, above) or {}
        for cell in cells:
            before, value = len(into), group.get(cell.name)
            if value is not None:
                cell.answer(value, None, into)
            if cell.required and len(into) == before:
                raise nowhere(cell.path)

    return step


def _repeating(lists: tuple[Keys, ...], cells: tuple[Cell, ...]) -> Step:
    """The row is the item's place in its list, also where an item before it has no such value."""
    required = [cell for cell in cells if cell.required]

    def step(record: Record, into: list[Answer]) -> None:
        before = len(into)
        for row, item in enumerate(_items(record, lists), 1):
            for cell in cells:
                value = _below(item, cell)
                if value is not None:
                    cell.answer(value, row, into)
        for cell in required:
            if not any(answer.code == cell.to for answer in into[before:]):
                raise nowhere(cell.path)

    return step


def _below(item: Any, cell: Cell) -> Any:
    if item is None or not cell.name:
        return item
    group = fetch(item, cell.above) if cell.above else item
    return None if group is None else group.get(cell.name)


def _items(value: Any, lists: tuple[Keys, ...]) -> list[Any]:
    """The innermost items of nested lists, in order."""
    here, *inner = lists
    found = fetch(value, here) or []
    return [deep for item in found for deep in _items(item, tuple(inner))] if inner else found
