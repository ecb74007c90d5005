"""What a seed draws for its whole world, and the lanes it has."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from service.usecases.deliver import Lane


@dataclass(frozen=True)
class Fortune:
    """What a seed draws for the whole world."""

    records: int
    workers: int
    threads: int
    lease: float
    quiet: float
    kill: float
    freeze: float
    away: float
    wakeups_lost: float
    badness: float
    poison: int

    @classmethod
    def drawn(cls, rng: random.Random) -> Fortune:
        return cls(
            records=rng.randrange(10, 26),
            workers=rng.choice([2, 3, 4]),
            threads=rng.choice([1, 2, 4]),
            lease=rng.choice([30.0, 60.0]),
            quiet=rng.choice([60.0, 300.0]),
            kill=rng.choice([0.0, 0.01, 0.03]),
            freeze=rng.choice([0.0, 0.01, 0.04]),
            away=rng.choice([0.0, 0.0, 0.02]),
            wakeups_lost=rng.choice([0.0, 0.3, 1.0]),
            badness=rng.choice([0.1, 0.3, 0.6]),
            poison=rng.choice([0, 0, 1]),
        )


class Lanes(dict[str, Lane]):
    """Lanes of authorities; one whose profile goes out of use for a while is not there."""

    def __init__(self, lanes: dict[str, Lane]) -> None:
        super().__init__(lanes)
        self.out_of_use: set[str] = set()

    def get(self, authority: str, default: Any = None) -> Any:
        return default if authority in self.out_of_use else super().get(authority, default)

    def __iter__(self) -> Iterator[str]:
        return (each for each in super().__iter__() if each not in self.out_of_use)
