"""One row of a mapping, ready to run: render a value into its answers, or say that there is nowhere for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from service.adapters.mapping.guard import nowhere
from service.adapters.mapping.model import Row
from service.adapters.mapping.renderings import RENDERINGS, Rendering
from service.adapters.mapping.splitting import Pieces, Place, shorten, split
from service.adapters.mapping.values import Table, verbatim
from service.ports import Answer

Keys = tuple[str, ...]

Emit = Callable[[Any, int | None, list[Answer]], bool]
"""(value, row of the repeating group, answers so far): adds what the value says, and tells whether it says anything.

A value that the rendering does not take must not travel in an exception: only the path does.
"""


@dataclass(frozen=True, slots=True)
class Cell:
    """A row bound to its words. `lists` are the names to each list on the way, `above` those from there to the value.

    `name` is the value's own; it is empty where the items of a list are themselves the values.
    """

    row: Row
    lists: tuple[Keys, ...]
    above: Keys
    name: str
    emit: Emit

    @property
    def needed(self) -> str:
        """The path that must have had an answer; empty where none need be."""
        return self.row.path if self.row.required else ""


def cell_for(row: Row, table: Table, places: Sequence[Place]) -> Cell:
    """The row as a cell. A folding rendering takes its innermost list as one value."""
    rendering = RENDERINGS[row.rendering]
    head, star, tail = row.path.rpartition("/*") if rendering.folds else (row.path, "", "")
    *lists, last = _steps(head if star else row.path)
    *above, name = last or ("",)
    inside = tuple(tail.split("/")[1:])
    return Cell(row, tuple(lists), tuple(above), name, _emit(row, rendering, table, places, inside))


def _steps(path: str) -> list[Keys]:
    """The names between the lists of a path: `/a/b/*/c` is `[("a", "b"), ("c",)]`."""
    return [tuple(part.split("/")[1:]) for part in path.split("/*")]


def fetch(value: Any, keys: Keys) -> Any:
    """What stands below `value`, or None where the way there ends."""
    for key in keys:
        if value is None:
            return None
        value = value.get(key)
    return value


_UNFIT: Any = object()


def _emit(row: Row, rendering: Rendering, table: Table, places: Sequence[Place], inside: Keys) -> Emit:
    one = _whole(row, rendering, table)
    if row.continues_in and places:
        one = _parted(row, rendering, places)
    elif row.in_document and places:
        one = _shortened(row, rendering, places[0])
    return _gathered(one, inside) if inside else one


def _whole(row: Row, rendering: Rendering, table: Table) -> Emit:
    render, to, path = rendering.render, row.to, row.path

    def emit(value: Any, number: int | None, into: list[Answer]) -> bool:
        try:
            said = render(value, table)
        except (TypeError, ValueError, KeyError):
            said = value = _UNFIT
        if said is None:
            return False
        if said is _UNFIT:
            raise nowhere(path)
        into.append(tuple.__new__(Answer, (to, number, said)))  # as `Answer(…)`, without a frame of its own
        return True

    return emit


def _gathered(emit: Emit, inside: Keys) -> Emit:
    """One named text out of each item of a list."""
    return lambda value, number, into: emit(
        [text for item in value if (text := fetch(item, inside)) is not None], number, into
    )


def _pieces(value: Any, rendering: Rendering) -> Pieces | None:
    """The texts of an answer before they are put together; None for what is no text."""
    texts = value if rendering.folds else [value]
    try:
        return Pieces([verbatim(text, {}) for text in texts], rendering.gap, rendering.marks)
    except TypeError:
        return None


def _parted(row: Row, rendering: Rendering, places: Sequence[Place]) -> Emit:
    """Nothing of a text is left away: where its parts do not all fit, a person decides."""

    def emit(value: Any, number: int | None, into: list[Answer]) -> bool:
        pieces = _pieces(value, rendering)
        parts = split(pieces, places) if pieces is not None else None
        if parts is None:
            value = pieces = None
            raise nowhere(row.path)
        into += [Answer(code, number, said) for code, said in parts if said]
        return any(said for _, said in parts)

    return emit


def _shortened(row: Row, rendering: Rendering, place: Place) -> Emit:
    def emit(value: Any, number: int | None, into: list[Answer]) -> bool:
        pieces = _pieces(value, rendering)
        said = shorten(pieces, place.max) if pieces is not None else None
        if said is None:
            value = pieces = None
            raise nowhere(row.path)
        if said:
            into.append(Answer(row.to, number, said))
        return bool(said)

    return emit
