"""Names of counts, as bits: the same count has one name wherever it is shown, and parts are seen by their bits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tests.intruder.codes import CODES, TIED, may_stand_together
from tests.intruder.reading import Where

Name = tuple[str, int]
"""A unit, and a bit for each value a fact may have. Two facts' fields are beside each other in one number."""


class Book:
    """Where each field's bits are. `quarters` and `authorities` are those that were seen."""

    def __init__(self, quarters: Iterable[str], authorities: Iterable[str]) -> None:
        self.values: Mapping[str, tuple[str, ...]] = {
            "quarter": tuple(sorted(quarters)),
            "authority": tuple(sorted(authorities)),
            **CODES,
        }
        self._bit: dict[tuple[str, str], int] = {}
        for name, values in self.values.items():
            for value in values:
                self._bit[name, value] = 1 << len(self._bit)
        self.fields = {name: self._bits(name, values) for name, values in self.values.items()}
        self.everything = sum(self.fields.values())
        self._ties = [tie for pair in TIED for tie in (self._tie(*pair), self._tie(*pair, turned=True))]
        self._closed: dict[int, int] = {}

    def mask(self, where: Where) -> int:
        """The bits of a count that is not yet made canonical."""
        mask = self.everything
        for name, values in where.items():
            mask &= ~self.fields[name] | self._bits(name, values)
        return mask

    def closed(self, mask: int) -> int:
        """The canonical bits of the same count: without values that no fact in it can have. 0: it can hold no fact."""
        if mask not in self._closed:
            self._closed[mask] = self._close(mask)
        return self._closed[mask]

    def where(self, mask: int) -> Where:
        """In words again, as few as say it: for some fields the values that a fact may have."""
        for bits in sorted(
            self.fields.values(), key=lambda bits: (mask & bits).bit_count() / bits.bit_count(), reverse=True
        ):
            if self.closed(mask | bits) == self.closed(mask):
                mask |= bits
        return {
            name: frozenset(value for value in self.values[name] if self._bit[name, value] & mask)
            for name, bits in self.fields.items()
            if mask & bits != bits
        }

    def row(self, row: Mapping[str, str]) -> int:
        """A fact's bits: it is in a count when all of them are the count's. Other fields are left out."""
        return sum(self._bit[name, value] for name, value in row.items() if name in self.fields)

    def spread(self, masks: Sequence[int]) -> NDArray[np.bool_]:
        """A row for each mask, a column for each bit: for many counts at once."""
        length = (self.everything.bit_length() + 7) // 8
        held = b"".join(mask.to_bytes(length, "little") for mask in masks)
        each = np.frombuffer(held, dtype=np.uint8).reshape(len(masks), length)
        return np.unpackbits(each, axis=1).astype(np.bool_)

    def bits_of(self, bits: int) -> list[int]:
        """Each of them alone."""
        found = []
        while bits:
            found.append(bits & -bits)
            bits &= bits - 1
        return found

    def _bits(self, name: str, values: Iterable[str]) -> int:
        return sum(self._bit[name, value] for value in set(values))

    def _tie(self, first: str, second: str, *, turned: bool = False) -> tuple[tuple[int, int], ...]:
        """For each value of one field its bit, and the bits of the other that it can stand with."""
        one, other = (second, first) if turned else (first, second)
        return tuple(
            (
                self._bit[one, value],
                self._bits(other, [each for each in CODES[other] if _together(first, second, value, each, turned)]),
            )
            for value in CODES[one]
        )

    def _close(self, mask: int) -> int:
        while True:
            before = mask
            for tie in self._ties:
                for bit, stands_with in tie:
                    if mask & bit and not mask & stands_with:
                        mask &= ~bit
            if any(not mask & bits for bits in self.fields.values()):
                return 0
            if mask == before:
                return mask


@lru_cache(maxsize=64)
def book(quarters: tuple[str, ...], authorities: tuple[str, ...]) -> Book:
    """The same book again for the same quarters and authorities: what it has worked out is kept."""
    return Book(quarters, authorities)


def _together(first: str, second: str, value: str, each: str, turned: bool) -> bool:  # beside four strings it is plain
    one, other = (each, value) if turned else (value, each)
    return may_stand_together(first, one, second, other)
