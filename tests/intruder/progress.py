"""How far a run has come, in a line: cohorts done, findings so far, and the time that is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.intruder import report
from tests.intruder.cohort import size_of
from tests.intruder.run import Result

DRILLS = -1
"""The number that the drills have in place of a seed."""


@dataclass
class Progress:
    """Of a run that is to do these seeds. `before` is what an earlier run did; it took none of this one's time."""

    seeds: Sequence[int]
    before: Sequence[Result] = ()
    results: list[Result] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.results = list(self.before)

    @property
    def left(self) -> list[int]:
        """The seeds that are still to be done, in order."""
        done = {each.seed for each in self.results}
        return [seed for seed in self.seeds if seed not in done]

    def add(self, result: Result, seconds: float) -> str:
        """Takes one more result, so many seconds after this run began. What to say of it."""
        self.results.append(result)
        done = sum(each.seed != DRILLS for each in self.results)
        every = done + sum(seed != DRILLS for seed in self.left)
        found = sum(len(each.breaches) for each in self.results)
        return (
            f"{done} of {every} cohorts done, {found} findings so far, {_in_words(self._seconds_left(seconds))} left: "
            f"{report.in_a_line(result)}"
        )

    def _seconds_left(self, seconds: float) -> float:
        """By what this run has done in so many seconds. A larger cohort takes longer, though not in proportion."""
        done = sum(_work(each.seed) for each in self.results[len(self.before) :])
        return seconds * sum(map(_work, self.left)) / done


def _work(seed: int) -> float:
    """About how long a cohort takes, or the drills, which release a cohort of ten dozens of times."""
    return 100.0 if seed == DRILLS else 5.0 + float(size_of(seed)) ** 0.5


def _in_words(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 1:
        return "less than a minute"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
