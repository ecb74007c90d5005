"""For whom, from when and about which young people samples are made."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from service.domain.london import add_months
from service.domain.policy import Policy


@dataclass(frozen=True)
class Child:
    """A young person a case system knows: its own reference, and the date of birth it would confirm them by."""

    la_child_id: str
    born: date | None = None


@dataclass(frozen=True)
class Setting:
    """What the samples keep to. `prefix` begins the authority's references, such as `stk` in `stk-sw-21`.

    Records are completed from `first` to `last`: the twelve months before `today`, unless given. Without `children`,
    each record is about a young person of its own; with them, they take turns, and later records are later in time.
    `neighbours` are other authorities, for young people placed out of area; the default codes are nobody's.
    """

    policy: Policy
    prefix: str
    today: date
    first: date | None = None
    last: date | None = None
    children: tuple[Child, ...] = ()
    neighbours: tuple[str, ...] = ("E08999901", "W06999902")

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day on which a record may have been completed, neither after `today`."""
        last = min(self.last or self.today - timedelta(days=1), self.today)
        return min(self.first or add_months(last, -12), last), last

    def child_id(self, seed: int, number: int) -> str:
        """A made-up reference in the authority's own form. `ValueError` when no usual form is the authority's."""
        letters = self.prefix.upper()
        long, short = f"{letters}{seed % 1000:03}{number:04}", f"{letters}{seed % 10}{number:04}"
        for made_up in (long, short, f"{letters}{number:04}", f"{40_000 + number}"):
            if re.fullmatch(self.policy.child_id, made_up):
                return made_up
        raise ValueError(f"No made-up child reference has the form that {self.policy.name} uses. Give some that have.")


def usual_prefix(policy: Policy, slug: str) -> str:
    """The letters that references begin with: those of the authority's child references, else of its short name."""
    letters = re.match(r"[A-Za-z]{2,8}", policy.child_id)
    return (letters[0] if letters else slug[:3]).lower()
