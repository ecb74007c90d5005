"""Forgets records a year after their bodies, and cuts the trail off after six years. Safe to repeat or break off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from service.domain.london import london_date
from service.domain.retention import Stays
from service.errors import NotPossible
from service.ports.ends import Records, TrailEnd, Trails
from service.usecases.each import each_by_itself
from service.usecases.purge import RESTORING


@dataclass
class Left:
    """One authority's records without bodies whose 12 months are over: due to go, gone, and why others stay."""

    authority: str
    due: int = 0
    forgotten: int = 0
    stays: Counter[Stays] = field(default_factory=Counter)


@dataclass(frozen=True)
class Forgetter:
    """`windows` has every authority with a profile; of others nobody has said how long anything is kept."""

    records: Records
    windows: Mapping[str, int]

    def look(self) -> int:
        """The keeper's chore: how many records were forgotten. Raises `SomeFailedError` at its end."""
        if not self.records.is_usual():
            return 0
        return each_by_itself(sorted(self.windows), lambda authority: self.run(authority).forgotten)

    def run(self, authority: str) -> Left:
        """A record a transaction, with all its versions. Raises `NotPossible` during a restore."""
        return self._looked(authority, forget=True)

    def dry_run(self, authority: str) -> Left:
        """What `run` would do. Changes nothing."""
        return self._looked(authority, forget=False)

    def _looked(self, authority: str, *, forget: bool) -> Left:
        _require_usual(self.records)
        left, today = Left(authority), london_date(self.records.now())
        for batch in self.records.look(authority):
            for each in batch:
                reasons = each.stays(today)
                left.stays.update(reasons)
                left.due += not reasons
                if forget and not reasons:
                    left.forgotten += bool(self.records.forget(authority, each.newest))
        return left


@dataclass(frozen=True)
class TrailCutter:
    """`authorities`: whoever has a trail, the Hub too."""

    trails: Trails
    authorities: Callable[[], Iterable[str]]

    def look(self) -> int:
        """The keeper's chore: how many entries went. Raises `SomeFailedError` at its end."""
        if not self.trails.is_usual():
            return 0
        return each_by_itself(self.authorities(), self._cut)

    def run(self, authority: str) -> tuple[TrailEnd, int]:
        """What stood before, and how many entries went. Raises `NotPossible` during a restore."""
        before = self.dry_run(authority)
        return before, self._cut(authority)

    def dry_run(self, authority: str) -> TrailEnd:
        """What may go. Changes nothing."""
        _require_usual(self.trails)
        return self.trails.end(authority)

    def _cut(self, authority: str) -> int:
        """Step by step, until there is no more to go."""
        return sum(iter(lambda: self.trails.cut(authority), 0))


def _require_usual(what: Records | Trails) -> None:
    if not what.is_usual():
        raise NotPossible(RESTORING)
