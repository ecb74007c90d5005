"""One row of a mapping, ready to run: render a value into the answer, or say that there is nowhere for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from service.adapters.mapping.guard import nowhere
from service.adapters.mapping.model import Row
from service.adapters.mapping.renderings import RENDERINGS, Table
from service.ports import Answer

Keys = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A row bound to its words. `lists` are the names to each list on the way, `above` those from there to the value.

    `name` is the value's own; it is empty where the items of a list are themselves the values.
    """

    to: str
    path: str
    lists: tuple[Keys, ...]
    above: Keys
    name: str
    required: bool
    render: Callable[[Any, Table], str | None]
    table: Table

    def answer(self, value: Any, row: int | None, into: list[Answer]) -> None:
        """Add the answer that says `value`. A value the rendering does not take must not travel in an exception."""
        try:
            said = self.render(value, self.table)
        except (TypeError, ValueError, KeyError):
            said = value = _UNFIT
        if value is _UNFIT:
            raise nowhere(self.path)
        if said is not None:
            into.append(Answer(self.to, row, said))


_UNFIT: Any = object()


def cell_for(row: Row, table: Table) -> Cell:
    """The row as a cell. A folding rendering takes its innermost list as one value."""
    rendering = RENDERINGS[row.rendering]
    *lists, last = _steps(row.path.removesuffix("/*") if rendering.folds else row.path)
    *above, name = last or ("",)
    return Cell(row.to, row.path, tuple(lists), tuple(above), name, row.required, rendering.render, table)


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
