"""What the fault proxy is told to do, and to how many.

A rule with `match` or `per` is about single exchanges (a request and its answer); one without is about whole
connections. `which` is "all", {"first": k} or {"every": n}: it counts what the rule could have met.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

ON_ACCEPT = frozenset({"refuse"})
ON_REQUEST = frozenset({"black_hole", "reset", "cut_request"})
ON_ANSWER = frozenset({"latency", "drip", "cut", "cut_answer", "duplicate", "garbage"})
FAULTS = ON_ACCEPT | ON_REQUEST | ON_ANSWER


@dataclass
class Rule:
    """`match`: what the request must show in its first 64 KiB. `per`: strike once for each value of its group 1.

    `ms` is the wait of `latency` (once an answer) and `drip` (every byte); `bytes` how many go through before `cut`
    (of an answer) and `cut_request`, or how long `garbage` is.
    """

    fault: str
    which: str | dict[str, int] = "all"
    match: str = ""
    per: str = ""
    ms: float = 0
    bytes: int = 0
    met: int = 0
    struck: int = 0
    _keys: set[bytes] = field(default_factory=set, repr=False)

    def __post_init__(self) -> None:
        if self.fault not in FAULTS:
            raise ValueError(f"no such fault; there are {', '.join(sorted(FAULTS))}")
        if isinstance(self.which, dict) and set(self.which) - {"first", "every"}:
            raise ValueError("`which` is all, {'first': k} or {'every': n}")

    @property
    def is_of_exchanges(self) -> bool:
        """Whether it looks at single requests."""
        return bool(self.match or self.per)

    def strikes(self, asked: bytes = b"") -> bool:
        """Whether this one is to be hit, which is counted."""
        if self.match and not re.search(self.match.encode(), asked, re.DOTALL):
            return False
        if self.per and not self._is_new(asked):
            return False
        self.met += 1
        hit = self._counts()
        self.struck += hit
        return hit

    def _is_new(self, asked: bytes) -> bool:
        found = re.search(self.per.encode(), asked, re.DOTALL)
        if found is None or found[1] in self._keys:
            return False
        self._keys.add(found[1])
        return True

    def _counts(self) -> bool:
        if not isinstance(self.which, dict):
            return True
        if "first" in self.which:
            return self.met <= self.which["first"]
        return self.met % self.which["every"] == 0


def read_rules(given: list[dict[str, Any]]) -> list[Rule]:
    """Rules as they were sent. `TypeError` or `ValueError` for what is none."""
    return [Rule(**each) for each in given]


def counted(rules: list[Rule]) -> Counter[str]:
    """How often each fault struck."""
    counts: Counter[str] = Counter()
    for rule in rules:
        counts[rule.fault] += rule.struck
    return counts
