"""What the intruder knows beforehand, and what it says it found out. The judge reads nothing else of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf

from tests.intruder.reading import Where

Row = tuple[str, ...]
"""A fact an insider has: the codes of `codes.FIELDS`, in their order."""


@dataclass(frozen=True)
class Rule:
    """The published rule. A hidden count lies from `hidden_low` to `hidden_high`, or anywhere above where that is None.

    A shown one is at least `least` and at most `slack` off.
    """

    hidden_low: int = 0
    hidden_high: int | None = None
    slack: int = 2
    least: int = 10

    def bounds(self, value: int | None, status: str) -> tuple[float, float]:
        """What a figure says of its count. Missing records are left out of every count; withheld says nothing."""
        if value is not None:
            return max(value - self.slack, self.least), value + self.slack
        if status in ("missing", "withheld"):
            return 0.0, 0.0 if status == "missing" else inf
        return self.hidden_low, inf if self.hidden_high is None else self.hidden_high


@dataclass(frozen=True)
class Moved:
    """How many facts joined and left between two releases, by unit, authority and quarter. In the worst case known."""

    joined: Mapping[tuple[str, str, str], int]
    left: Mapping[tuple[str, str, str], int]


@dataclass(frozen=True)
class Knowledge:
    """`universes`: the public catalogue's. `own`: by release and authority what its insiders hold.

    `moved`: by earlier and later release. `pairs`: authorities whose insiders work together. `kinds`: by authority the
    kinds of record it uses, which are no secret.
    """

    rule: Rule = Rule()
    universes: Mapping[str, Where] = field(default_factory=dict)
    own: Mapping[tuple[str, str], Counter[Row]] = field(default_factory=dict)
    moved: Mapping[tuple[str, str], Moved] = field(default_factory=dict)
    pairs: tuple[tuple[str, str], ...] = ()
    kinds: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Bounds:
    """A count, without the insiders' own facts, lies from `low` to `high` (T1; T2 with insiders)."""

    test: str
    release: str
    unit: str
    where: Where
    insiders: tuple[str, ...]
    low: float
    high: float
    is_shown: bool


@dataclass(frozen=True)
class Everybody:
    """Of those in `where`, and not the insiders' own, at least `share` have one of `values` in `field` (T4)."""

    release: str
    unit: str
    where: Where
    insiders: tuple[str, ...]
    field: str
    values: frozenset[str]
    share: float


@dataclass(frozen=True)
class Changed:
    """All `number` facts that joined (or left) within `scope` between two releases are also in `where` (T3)."""

    earlier: str
    later: str
    unit: str
    scope: Where
    where: Where
    number: int
    has_joined: bool


@dataclass(frozen=True)
class Oddity:
    """Something served that the rule does not allow, whatever the facts are (T5 to T7), or a contradiction (doubt)."""

    test: str
    place: str
    what: str


@dataclass
class Claims:
    """Everything the intruder says. `tried` counts what it looked at; `tightest` keeps each test's smallest width."""

    bounds: list[Bounds] = field(default_factory=list)
    everybody: list[Everybody] = field(default_factory=list)
    changed: list[Changed] = field(default_factory=list)
    oddities: list[Oddity] = field(default_factory=list)
    tried: Counter[str] = field(default_factory=Counter)
    tightest: dict[str, float] = field(default_factory=dict)
    shown: Counter[str] = field(default_factory=Counter)
    cells: Counter[str] = field(default_factory=Counter)

    def odd(self, test: str, place: str, what: str) -> None:
        """Notes an oddity."""
        self.oddities.append(Oddity(test, place, what))
