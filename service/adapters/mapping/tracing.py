"""Where each answer comes from, and why the rest of a record stays behind: for whoever looks before it is sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from service.adapters.mapping.cells import Cell, Keys, fetch
from service.adapters.mapping.model import MappingFile, NotSent
from service.adapters.mapping.renderings import DOCUMENT
from service.ports import Answer, Record


@dataclass(frozen=True, slots=True, repr=False)
class Traced:
    """One answer and where it comes from, or one value that is not sent and why.

    `source` is the value's place in the record, list positions from 0 (`/areas/young_person/own_words/0/text`), or the
    whole list where it became one answer; it is empty for the document's reference. `where` is the row, or the entry
    under `not_sent`, as file:line. `not_sent` is the reason; then there is no answer and no rendering.
    """

    answer: Answer | None
    source: str
    rendering: str
    where: str
    not_sent: str = ""


def traced(mapping: MappingFile, runs: Sequence[Sequence[Cell]], record: Record, reference: str) -> tuple[Traced, ...]:
    """The answers in display order, then what stays behind in the record's own order."""
    answers = (each for run in runs for each in _answers(run, record, reference))
    return (*answers, *_left(mapping, record))


def _answers(run: Sequence[Cell], record: Record, reference: str) -> Iterator[Traced]:
    if run[0].row.rendering == DOCUMENT:
        for cell in run:
            yield from _answered(cell, reference, None, "")
        return
    lists = run[0].lists
    for number, (path, item) in enumerate(_items(record, lists, ""), 1):
        for cell in run:
            keys = (*cell.above, cell.name) if cell.name else ()
            value = fetch(item, keys)
            if value is not None:
                yield from _answered(cell, value, number if lists else None, _joined(path, keys))


def _answered(cell: Cell, value: Any, number: int | None, source: str) -> Iterator[Traced]:
    into: list[Answer] = []
    cell.emit(value, number, into)
    for answer in into:
        yield Traced(answer, source, cell.row.rendering, cell.row.entry.place)


def _items(value: Any, lists: tuple[Keys, ...], path: str) -> Iterator[tuple[str, Any]]:
    """The innermost items with their places; the record itself where no list is on the way."""
    if not lists:
        yield path, value
        return
    here, *inner = lists
    for position, item in enumerate(fetch(value, here) or []):
        yield from _items(item, tuple(inner), f"{_joined(path, here)}/{position}")


def _joined(path: str, keys: Keys) -> str:
    return "/".join((path, *keys))


def _left(mapping: MappingFile, record: Record) -> Iterator[Traced]:
    for path, source in _leaves(record, "", ""):
        part = _reason(mapping, path)
        if part is not None:
            yield Traced(None, source, "", part.entry.place, part.reason)


def _reason(mapping: MappingFile, path: str) -> NotSent | None:
    return next((part for part in mapping.not_sent if part.covers(path)), None)


def _leaves(value: Any, path: str, source: str) -> Iterator[tuple[str, str]]:
    """Every value that is there: its path in the field list, and its own place."""
    if isinstance(value, dict):
        for name, child in value.items():
            yield from _leaves(child, f"{path}/{name}", f"{source}/{name}")
    elif isinstance(value, list):
        for position, child in enumerate(value):
            yield from _leaves(child, f"{path}/*", f"{source}/{position}")
    elif value is not None:
        yield path, source
