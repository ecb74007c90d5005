"""A mapping based on another: the other's rows under other names, and own rows instead of some of them.

What a file says itself stands above what it is based on: an own row stands where the one it replaces stood, and what
the file does not send is not sent although the other sends it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from service.adapters.mapping.model import NotSent, Row
from service.adapters.mapping.names import Names


@dataclass(frozen=True)
class Base:
    """What another mapping says, and by which rule its names are made into this one's; None keeps them."""

    rows: tuple[Row, ...]
    not_sent: tuple[NotSent, ...]
    names: Names | None
    name: str


def merged(base: Base, rows: Sequence[Row], not_sent: Sequence[NotSent]) -> tuple[list[Row], list[NotSent]]:
    """Rows and what is not sent, in display order. Own rows that replace nothing come last."""
    known = {row.to for row in base.rows}
    for row in rows:
        if row.instead_of and row.instead_of not in known:
            row.entry.key("instead_of").fault(
                f"{base.name} has no such row.", "Give the code that stands there as 'to'."
            )
    kept = [each for row in base.rows for each in _in_place_of(row, base, rows, not_sent)]
    own = {row.path for row in rows}
    others = [part for part in base.not_sent if not any(part.covers(path) for path in own)]
    return [*kept, *(row for row in rows if not row.instead_of)], [*others, *not_sent]


def _in_place_of(row: Row, base: Base, rows: Sequence[Row], not_sent: Sequence[NotSent]) -> list[Row]:
    own = [each for each in rows if each.instead_of == row.to and row.to]
    if own:
        return own
    return [] if any(part.covers(row.path) for part in not_sent) else [_renamed(row, base.names)]


def _renamed(row: Row, names: Names | None) -> Row:
    if names is None or not row.to:
        return row
    return replace(
        row, to=names(row.to), continues_in=tuple(names(code) for code in row.continues_in), origin=names.origin(row.to)
    )
