"""What was published before, and which figures of it have to be repeated."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from service.central.catalogue.model import Catalogue, Table
from service.central.catalogue.naming import Name, count_name
from service.central.published import Figure, PublishedTable, Release, Status
from service.central.releases.scopes import Counted, Scope, counted, is_too_little, scope_of
from service.domain.fact import Fact

TOLD = (Status.ROUNDED, Status.SUPPRESSED)
"""A figure that was made from a count, whether or not it was shown. The others say nothing about any count."""


@dataclass(frozen=True)
class Past:
    """A published release, the catalogue it was made by, and the facts it counted."""

    release: Release
    catalogue: Catalogue
    facts: Counter[Fact]


class History:
    """All published releases, oldest first."""

    def __init__(self, past: Sequence[Past]) -> None:
        self._past = tuple(past)
        self._figures: dict[tuple[str, tuple[str, ...], tuple[str, ...]], Figure] = {}
        self._made: defaultdict[Scope, set[int]] = defaultdict(set)
        self._named: defaultdict[Name, set[int]] = defaultdict(set)
        self._counted: dict[tuple[int, Scope], Counted] = {}
        for number, each in enumerate(self._past):
            self._read(number, each)

    def _read(self, number: int, past: Past) -> None:
        quarter = past.release.quarter
        for table, shown, figure in told(past):
            self._figures[table.name, shown.axes, figure.at] = figure
            if figure.as_of == quarter:
                self._made[scope_of(past.catalogue, table, shown.axes, figure.at)].add(number)
                self._named[count_name(past.catalogue, table, shown.axes, figure.at, quarter)].add(number)

    def figure(self, table: str, axes: tuple[str, ...], at: tuple[str, ...]) -> Figure | None:
        """The figure that was told last in this place of a table in this form, or None."""
        return self._figures.get((table, axes, at))

    def form(self, table: Table) -> int | None:
        """The number of the form in which a table was published last, or None."""
        last = self._past[-1].release.tables if self._past else ()
        forms = [each.axes for each in last if each.table == table.name]
        return table.forms.index(forms[0]) if forms and forms[0] in table.forms else None

    def made_anew(self, name: Name, scope: Scope) -> frozenset[int]:
        """The places of the releases in which this scope was made anew, or this count in a table of another scope."""
        return frozenset(self._made.get(scope, set()) | self._named.get(name, set()))

    def must_repeat(self, scope: Scope, made: Iterable[int], quarter: str, facts: Counter[Fact]) -> bool:
        """Whether new figures would tell who came or went in this scope since any of the releases `made`.

        Where nothing changed they are repeated as well: hidden in another pattern, the same counts could be told.
        """
        now = counted(scope, quarter, facts)
        return any(is_too_little(self._then(number, scope), now) for number in sorted(made))

    def _then(self, number: int, scope: Scope) -> Counted:
        if (number, scope) not in self._counted:
            past = self._past[number]
            self._counted[number, scope] = counted(scope, past.release.quarter, past.facts)
        return self._counted[number, scope]


def told(past: Past) -> Iterator[tuple[Table, PublishedTable, Figure]]:
    """Every figure of a release that was made from a count, with its table as defined and as published."""
    defined = {table.name: table for table in past.catalogue.tables}
    for shown in past.release.tables:
        for figure in shown.figures:
            if figure.status in TOLD:
                yield defined[shown.table], shown, figure
