"""All values a fact can have, as bits. A set of facts is then one number, however it is said."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from service.central.audit.meaning import rules
from service.domain.fact import CODES, Fact


def period(quarter: str) -> tuple[str, ...]:
    """The four quarters that end with `quarter` (2026Q3), oldest first."""
    last = int(quarter[:4]) * 4 + int(quarter[5]) - 1
    return tuple(f"{each // 4:04}Q{each % 4 + 1}" for each in range(last - 3, last + 1))


class Space:
    """The values of every field for these authorities and quarters. A state is an int: the bits of what is possible."""

    def __init__(self, authorities: Iterable[str], quarters: Iterable[str]) -> None:
        domains = {"authority": tuple(authorities), "quarter": tuple(sorted(set(quarters))), **CODES}
        self._bit: dict[str, dict[str, int]] = {}
        self.mask: dict[str, int] = {}
        self.size = 0
        for field, values in domains.items():
            self._bit[field] = {value: 1 << (self.size + place) for place, value in enumerate(values)}
            self.mask[field] = sum(self._bit[field].values())
            self.size += len(values)
        self.everything = (1 << self.size) - 1
        self._rules = [[(self.mask[f], self.bits(f, values)) for f, values in rule] for rule in rules()]

    def bits(self, field: str, values: Iterable[str]) -> int:
        """The bits of some values of a field. KeyError for one that is unknown."""
        return sum({self._bit[field][value] for value in values})

    def narrowed(self, constraints: Iterable[tuple[str, int]]) -> int:
        """The state in which each field has one of these bits, and all that follows from it. 0: no fact can be so."""
        state = self.everything
        for field, bits in constraints:
            state &= ~self.mask[field] | bits
        while True:
            closer = self._step(state)
            if closer == state:
                return state if all(state & mask for mask in self.mask.values()) else 0
            state = closer

    def _step(self, state: int) -> int:
        for rule in self._rules:
            possible = [(mask, bits) for mask, bits in rule if state & bits]
            if not possible:
                return 0
            if len(possible) == 1:
                mask, bits = possible[0]
                state &= ~mask | bits
        return state

    def of_fact(self, fact: Fact) -> int:
        """The bits of a fact. KeyError where it has a value that is not a code."""
        return sum(values[getattr(fact, field)] for field, values in self._bit.items())

    def alive(self, missing: Iterable[str], quarter: str) -> int:
        """What can be counted in the release of `quarter` from which the authorities `missing` are left out."""
        gone = self.bits("authority", missing)
        within = self.bits("quarter", period(quarter))
        return self.everything & ~gone & (~self.mask["quarter"] | within)

    def is_empty(self, state: int, alive: int) -> bool:
        """Whether nothing can be counted there."""
        return not all(state & alive & self.mask[field] for field in ("authority", "quarter"))

    def atoms(self, whole: int, sets: Iterable[int]) -> list[int]:
        """The finest parts into which the sets cut the bits of `whole`."""
        found = [whole]
        for each in sets:
            found = [part for old in found for part in (old & each, old & ~each) if part]
        return sorted(found)


def table_of_bits(states: Iterable[int], size: int) -> NDArray[np.float32]:
    """A row of 0 and 1 for each state."""
    width = (size + 7) // 8
    rows = b"".join(state.to_bytes(width, "little") for state in states)
    bits = np.unpackbits(np.frombuffer(rows, dtype=np.uint8).reshape(-1, width), axis=1, bitorder="little")
    return bits[:, :size].astype(np.float32)
