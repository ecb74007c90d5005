"""Chance that can be repeated: the same seed throws the same dice, on every machine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any, TypeVar

Value = TypeVar("Value")


class Dice(Random):
    """`random.Random` with the few throws that a record needs. Seeds are text: "7/wise_assessment/12"."""

    def happens(self, share: float) -> bool:
        """True in about `share` of all throws."""
        return self.random() < share

    def perhaps(self, share: float, make: Callable[[], Value]) -> Value | None:
        """What `make` makes in about `share` of all throws, else nothing."""
        return make() if self.happens(share) else None

    def some(self, values: Sequence[Value], low: int, high: int) -> list[Value]:
        """Between `low` and `high` different ones, in the order in which they are listed."""
        picked = sorted(self.sample(range(len(values)), min(self.randint(low, high), len(values))))
        return [values[index] for index in picked]

    def day(self, first: date, last: date) -> date:
        """A day between two, both included; `first` when there is none between."""
        return first + timedelta(days=self.randint(0, max(0, (last - first).days)))


def known(**fields: Any) -> dict[str, Any]:
    """The fields that hold something: what is None is left out, as a sender leaves it out."""
    return {name: value for name, value in fields.items() if value is not None}
