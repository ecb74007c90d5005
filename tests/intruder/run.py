"""One cohort from its first fact to the judge's last word; and the drills, once a process."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from typing import Any

from tests.intruder.channels import Listener
from tests.intruder.claims import Claims
from tests.intruder.client import Client
from tests.intruder.codes import FIELDS, quarter_after
from tests.intruder.cohort import QUARTERS, RELEASES, Cohort, Row, cohort
from tests.intruder.harness import Harness, Open
from tests.intruder.intruder import intrude, menu
from tests.intruder.judge import Breach, Truth, judged
from tests.intruder.knowing import knowledge
from tests.intruder.reading import Unreadable

LISTENED = 10
"""Every so many seeds the side channels (T7) are listened to, and everything off the menu is asked for (T6)."""


@dataclass
class Result:
    """What one cohort showed. `refused`: by release why nothing was published; that is safe, and shows nothing."""

    seed: int
    size: int
    breaches: list[Breach] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    tried: Counter[str] = field(default_factory=Counter)
    shown: Counter[str] = field(default_factory=Counter)
    cells: Counter[str] = field(default_factory=Counter)
    tightest: dict[str, float] = field(default_factory=dict)
    times_alike: float | None = None
    times_by_chance: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """For --json."""
        return {
            "seed": self.seed,
            "size": self.size,
            "breaches": [{"test": each.test, "place": each.place, "what": each.what} for each in self.breaches],
            "refused": self.refused,
            "tried": dict(self.tried),
            "shown": dict(self.shown),
            "cells": dict(self.cells),
            "tightest": self.tightest,
            "times_alike": self.times_alike,
            "times_by_chance": self.times_by_chance,
        }

    @classmethod
    def of(cls, given: dict[str, Any]) -> Result:
        """What `as_dict` said."""
        breaches = [Breach(**each) for each in given["breaches"]]
        counts = {name: Counter(given[name]) for name in ("tried", "shown", "cells")}
        return cls(**{**given, **counts, "breaches": breaches})


def run(seed: int, harness: Harness) -> Result:
    """Releases, attack, verdict."""
    made = cohort(seed)
    result = Result(seed, made.size)
    counted = _released(made, harness, result)
    if not counted:
        return result
    harness.tell(f"seed {seed}: {len(counted)} releases are attacked")
    truth = Truth(counted)
    known = knowledge(truth, universes=harness.universes)
    with ExitStack() as stack:
        there = stack.enter_context(harness.serving())
        one = stack.enter_context(closing(Client(there.base_url, there.token)))
        other = stack.enter_context(closing(Client(there.base_url, there.other_token)))
        try:
            claims = intrude(one, other, known, seed=seed, thorough=seed % LISTENED == 0)
            if seed % LISTENED == 0:
                result.times_alike, result.times_by_chance = _listened(one, there, made, harness, claims)
        except Unreadable as error:
            claims = Claims()
            claims.odd("wrong", "reading", str(error))
    result.breaches += judged(claims, truth)
    result.tried, result.shown, result.cells = claims.tried, claims.shown, claims.cells
    result.tightest = claims.tightest
    return result


def _released(made: Cohort, harness: Harness, result: Result) -> dict[str, Counter[Row]]:
    """Quarter by quarter. The facts of each release that was published, as they were then."""
    harness.clear()
    counted: dict[str, Counter[Row]] = {}
    for step in made.steps:
        harness.take_in(step.taken_back, step.handed_over)
        if step.quarter in RELEASES:
            harness.tell(f"seed {made.seed}: {step.quarter}, {made.size} young people")
            refusal = harness.release(step.quarter)
            if refusal:
                result.refused[step.quarter] = refusal
            else:
                counted[step.quarter] = made.counted(step.quarter)
    return counted


def _listened(client: Client, there: Open, made: Cohort, harness: Harness, claims: Claims) -> tuple[float, float]:
    """T7: one more fact, in a quarter that is not released. The chances p of the times with it, and without."""
    listener = Listener(client, menu(client))
    listener.listen()
    row = dict(zip(FIELDS, next(iter(sorted(made.standing(QUARTERS[-1])))), strict=True))
    row |= {"quarter": quarter_after(QUARTERS[-1]), "succeeded_in": "not_yet"}
    harness.take_in(Counter(), Counter([tuple(row[name] for name in FIELDS)]))
    return listener.compare(claims), listener.by_chance
