"""The release that is audited, with everything that the tests look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from service.central.audit.bounds import Interval
from service.central.audit.cells import Cell, Raw, cells_of
from service.central.audit.relations import Counts, counts_of
from service.central.audit.report import Finding
from service.central.audit.solver import Deadline, Doubt, Vector
from service.central.audit.space import Space, period
from service.central.audit.truth import Truth
from service.central.audit.view import View, view_of
from service.central.catalogue.model import Catalogue
from service.central.published import Figure, Release, Status
from service.domain.fact import Fact

OTHERWISE_MADE = "an earlier release was made by another catalogue than it is read by"


class Edition:
    """One release, what it says by the catalogue it was made by, and what its counts truly were.

    `strangers` are authorities of other catalogues: none of their facts can be in it.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        space: Space,
        release: Release,
        facts: Counter[Fact],
        strangers: Collection[str] = (),
    ) -> None:
        self.catalogue, self.release = catalogue, release
        self.quarter = release.quarter
        known = [each for each in release.missing if each in catalogue.authorities]
        self.alive = space.alive([*known, *strangers], release.quarter)
        self.cells = cells_of(catalogue, release, space, period(release.quarter))
        self.truth = Truth(space, release.quarter, facts)
        self._space = space
        self._ceiling = 10.0 ** max(4, len(str(facts.total())) + 1)

    @property
    def ceiling(self) -> float:
        """What stands for no upper bound of its counts."""
        return self._ceiling

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
    catalogues: Sequence[Catalogue], releases: Sequence[Release], facts: Sequence[Counter[Fact]], deadline: Deadline
) -> Subject:
    """Reads each release by its own catalogue. Raises KeyError for a fact whose values are not of their space.

    Raises `Doubt` where an earlier release names another catalogue than the one it would be read by.
    """
    if any(each.catalogue != by.version for each, by in zip(releases[:-1], catalogues[:-1], strict=True)):
        raise Doubt(OTHERWISE_MADE)
    quarters: Iterator[str] = (each for release in releases for each in period(release.quarter))
    authorities = dict.fromkeys(each for catalogue in catalogues for each in catalogue.authorities)
    space = Space(authorities, quarters)
    editions = [
        Edition(by, space, release, counted, [each for each in authorities if each not in by.authorities])
        for by, release, counted in zip(catalogues, releases, facts, strict=True)
    ]
    for edition in editions[:-1]:
        _place_anew(edition, editions[-1])
    return Subject(catalogues[-1], space, editions[-1], tuple(editions[:-1]), deadline)


def _place_anew(edition: Edition, candidate: Edition) -> None:
    """Of an edition by another catalogue, leaves as its release those of the candidate's figures that it holds.

    What is repeated from it stands in a table or group of another name, but is a figure of the same count.
    """
    if edition.catalogue == candidate.catalogue:
        return
    held = {(cell.name, _said(cell.figure)) for cell in edition.cells}
    name = {(cell.table, cell.axes, cell.at): cell.name for cell in candidate.cells}
    edition.release = replace(
        edition.release,
        tables=tuple(
            replace(
                table,
                figures=tuple(
                    each
                    for each in table.figures
                    if (name.get((table.table, table.axes, each.at)), _said(each)) in held
                ),
            )
            for table in candidate.release.tables
        ),
    )


def _said(figure: Figure) -> tuple[Status, int | None, str]:
    return figure.status, figure.value, figure.as_of
