"""What a look at the bridge found, without any authority's name: it is for whoever reaches the port."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

READY = ("database", "sweeps")
"""The checks without which the bridge does not do its work at all."""


@dataclass(frozen=True)
class Check:
    """One thing looked at: `count` of what is wrong or there, `age` in seconds of the oldest; None: says nothing."""

    name: str
    ok: bool
    count: int | None = None
    age: int | None = None


@dataclass(frozen=True)
class Health:
    """All checks of one look, without any authority's name."""

    checks: Sequence[Check]

    @property
    def is_ready(self) -> bool:
        """Records are kept, and somebody comes for them."""
        return all(each.ok for each in self.checks if each.name in READY)

    @property
    def is_well(self) -> bool:
        """Nothing at all is wrong."""
        return all(each.ok for each in self.checks)
