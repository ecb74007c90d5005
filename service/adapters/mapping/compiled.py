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
from service.adapters.mapping.places import places_of
from service.adapters.mapping.renderings import DOCUMENT, RENDERINGS
from service.adapters.mapping.tracing import Traced, traced
from service.domain import words as english
from service.domain.records import RECORDS
from service.ports import Answer, Record

Step = Callable[[Record, str, list[Answer]], None]

_REFERENCE_TO_COME = "(the reference of the delivery)"


@dataclass(frozen=True)
class CompiledMapping:
    """A record type as one form's answers."""

    record_type: str
    _mapping: MappingFile = field(repr=False)
    _guard: Guard = field(repr=False)
    _runs: tuple[tuple[Cell, ...], ...] = field(repr=False)
    _steps: tuple[Step, ...] = field(repr=False)

    def apply(self, record: Record, reference: str = "") -> tuple[Answer, ...]:
        """The answers in display order. Absent values give none.

        `reference` is the delivery's: a mapping with a `document` row cannot do without it (`ValueError`). Raises
        `NeedsHuman(MAPPING_INCOMPLETE)` with the path of what has no place, or of a required answer that has no value.
        """
        self._guard(record)
        answers: list[Answer] = []
        for step in self._steps:
            step(record, reference, answers)
        return tuple(answers)

    def trace(self, record: Record, reference: str = _REFERENCE_TO_COME) -> tuple[Traced, ...]:
        """Each answer with where it comes from, then each value that stays behind, with the reason. For a preview.

        Raises as `apply` does.
        """
        self.apply(record, reference)
        return traced(self._mapping, self._runs, record, reference)


def compile_mapping(mapping: MappingFile, words: Words = english.words) -> CompiledMapping:
    """The checked mapping, bound to its words."""
    catalogue = catalogue_of(mapping.record_type)
    cells = [
        cell_for(
            row,
            table_for(row, catalogue.leaves.get(row.path), words),
            places_of(row, mapping.form) if mapping.form else (),
        )
        for row in mapping.rows
    ]
    placed = {row.path for row in mapping.rows if RENDERINGS[row.rendering].carries}
    guard = guard_for(RECORDS[mapping.record_type], lambda path: path in placed or mapping.leaves_out(path))
    runs = tuple(_runs(cells))
    return CompiledMapping(mapping.record_type, mapping, guard, runs, tuple(_step(run) for run in runs))


def _runs(cells: Sequence[Cell]) -> Iterator[tuple[Cell, ...]]:
    """Neighbouring rows of one list are shown item by item: a sentence, who heard it, who may know; then the next."""
    for _, run in groupby(cells, key=lambda cell: (cell.lists, () if cell.lists else cell.above, _is_document(cell))):
        yield tuple(run)


def _is_document(cell: Cell) -> bool:
    return cell.row.rendering == DOCUMENT


def _step(run: tuple[Cell, ...]) -> Step:
    first = run[0]
    if _is_document(first):
        return _document(run)
    return _repeating(first.lists, run) if first.lists else _single(first.above, run)


def _document(cells: tuple[Cell, ...]) -> Step:
    def step(_: Record, reference: str, into: list[Answer]) -> None:
        if not reference:
            raise ValueError("this mapping names the document, so it needs the delivery's reference")
        for cell in cells:
            cell.emit(reference, None, into)

    return step


def _single(above: Keys, cells: tuple[Cell, ...]) -> Step:
    plan = [(cell.name, cell.emit, cell.needed) for cell in cells]

    def step(record: Record, _: str, into: list[Answer]) -> None:
        group = fetch(record, above) or {}
        for name, emit, needed in plan:
            value = group.get(name)
            said = value is not None and emit(value, None, into)
            if needed and not said:
                raise nowhere(needed)

    return step


def _repeating(lists: tuple[Keys, ...], cells: tuple[Cell, ...]) -> Step:
    """The row is the item's place in its list, also where an item before it has no such value."""
    plan = [(cell.above, cell.name, cell.emit, cell.needed) for cell in cells]
    all_needed = {cell.needed for cell in cells if cell.needed}

    def step(record: Record, _: str, into: list[Answer]) -> None:
        missing = set(all_needed)
        for row, item in enumerate(items_of(record, lists), 1):
            for above, name, emit, needed in plan:
                value = below(item, above, name) if above or not name or item is None else item.get(name)
                if value is not None and emit(value, row, into):
                    missing.discard(needed)
        if missing:
            raise nowhere(min(missing))

    return step


def below(item: Any, above: Keys, name: str) -> Any:
    """The value in an item of a list: the item itself, one of its fields, or one further down."""
    if item is None or not name:
        return item
    group = fetch(item, above) if above else item
    return None if group is None else group.get(name)


def items_of(value: Any, lists: tuple[Keys, ...]) -> list[Any]:
    """The innermost items of nested lists, in order."""
    here, *inner = lists
    found = fetch(value, here) or []
    return [deep for item in found for deep in items_of(item, tuple(inner))] if inner else found
