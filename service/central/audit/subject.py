"""The release that is audited, with everything that the tests look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from service.central.audit.bounds import Interval
from service.central.audit.cells import Cell, Raw, cells_of
from service.central.audit.relations import Counts, counts_of
from service.central.audit.report import Finding
from service.central.audit.solver import Deadline, Vector
from service.central.audit.space import Space, period
from service.central.audit.truth import Truth
from service.central.audit.view import View, view_of
from service.central.catalogue.model import Catalogue
from service.central.published import Release, Status
from service.domain.fact import Fact


class Edition:
    """One release, what it says, and what its counts truly were."""

    def __init__(self, catalogue: Catalogue, space: Space, release: Release, facts: Counter[Fact]) -> None:
        self.release = release
        self.quarter = release.quarter
        known = [each for each in release.missing if each in catalogue.authorities]
        self.alive = space.alive(known, release.quarter)
        self.cells = cells_of(catalogue, release, space, period(release.quarter))
        self.truth = Truth(space, release.quarter, facts)
        self._space = space
        self._ceiling = 10.0 ** max(4, len(str(facts.total())) + 1)

    def state(self, raw: Raw) -> int:
        """The state of what these constraints let through."""
        return self._space.narrowed(raw)

    @cached_property
    def counts(self) -> Counts:
        """Every count of it, and the parts that hold them together."""
        return counts_of(self.cells, self._space, self.alive)

    @cached_property
    def true(self) -> Vector:
        """What each count truly is."""
        return self.truth.of(self.counts)

    @cached_property
    def view(self) -> View:
        """What its own figures tell."""
        return view_of(self.counts, self.quarter, self._ceiling)


@dataclass(frozen=True)
class Subject:
    """The candidate, and those that are already published, oldest first."""

    catalogue: Catalogue
    space: Space
    candidate: Edition
    before: tuple[Edition, ...]
    deadline: Deadline

    @cached_property
    def hidden(self) -> tuple[int, ...]:
        """The counts that have a cell, may be other than none, and are not shown anew."""
        counts = self.candidate.counts
        return tuple(
            count
            for count, cells in enumerate(counts.cells)
            if _is_open(cells) and not counts.is_impossible(count) and not self._is_shown(cells)
        )

    @cached_property
    def shown(self) -> tuple[int, ...]:
        """The counts that are shown anew."""
        return tuple(count for count, cells in enumerate(self.candidate.counts.cells) if self._is_shown(cells))

    def _is_shown(self, cells: Sequence[Cell]) -> bool:
        quarter = self.candidate.quarter
        return any(cell.figure.status == Status.ROUNDED and cell.figure.as_of == quarter for cell in cells)

    def finding(self, test: str, what: str, count: int, interval: Interval | None, *who: str) -> Finding:
        """About a count, named by the first figure of it."""
        cell = self.candidate.counts.cells[count][0]
        return Finding(test, what, cell.table, cell.at, interval, who)


def _is_open(cells: Sequence[Cell]) -> bool:
    return any(cell.figure.status != Status.MISSING for cell in cells)


def subject_of(
    catalogue: Catalogue, releases: Sequence[Release], facts: Sequence[Counter[Fact]], deadline: Deadline
) -> Subject:
    """Reads everything. Raises KeyError for a fact whose values are not of the catalogue's space."""
    quarters: Iterator[str] = (each for release in releases for each in period(release.quarter))
    space = Space(catalogue.authorities, quarters)
    editions = [Edition(catalogue, space, *both) for both in zip(releases, facts, strict=True)]
    return Subject(catalogue, space, editions[-1], tuple(editions[:-1]), deadline)
