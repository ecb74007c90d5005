"""What was told in earlier releases, and when each part of it was made anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from service.central.catalogue.model import Catalogue, Table
from service.central.catalogue.naming import Name, count_name
from service.central.published import TOTAL, Figure
from service.central.releases.across import Other
from service.central.releases.past import Past, told
from service.central.releases.scopes import Counted, Scope, counted, scope_of, whole_of
from service.domain.fact import Fact


@dataclass(frozen=True)
class Shown:
    """A figure that was made anew, and of which count. `is_whole`: of all of its scope."""

    name: Name
    figure: int
    is_whole: bool


class History:
    """All published releases, oldest first, as a release by the catalogue `by` has to see them.

    Left out, `by` is the catalogue of the last of them.
    """

    def __init__(self, past: Sequence[Past], by: Catalogue | None = None) -> None:
        self._past = tuple(past)
        self._by = by or (self._past[-1].catalogue if self._past else None)
        self._figures: dict[tuple[str, tuple[str, ...], tuple[str, ...]], Figure] = {}
        self._told: dict[Name, Figure] = {}
        self._others = [Other(number, each) for number, each in enumerate(self._past) if each.catalogue != self._by]
        self._made: defaultdict[Scope, set[int]] = defaultdict(set)
        self._named: defaultdict[Name, set[int]] = defaultdict(set)
        self._shown: defaultdict[tuple[Scope, int], list[Shown]] = defaultdict(list)
        self._counted: dict[tuple[int, Scope], Counted] = {}
        self._around: dict[Scope, Mapping[Scope, frozenset[int]]] = {}
        self._within: dict[Scope, frozenset[int]] = {}
        for number, each in enumerate(self._past):
            self._read(number, each)

    def _read(self, number: int, past: Past) -> None:
        quarter = past.release.quarter
        for table, shown, figure in told(past):
            name = count_name(past.catalogue, table, shown.axes, figure.at, quarter)
            if past.catalogue == self._by:
                self._figures[table.name, shown.axes, figure.at] = figure
            elif name not in self._told or self._told[name].as_of <= figure.as_of:
                self._told[name] = figure
            if figure.as_of == quarter:
                self._note(number, past, (table, shown.axes, figure), name)

    def _note(self, number: int, past: Past, place: tuple[Table, tuple[str, ...], Figure], name: Name) -> None:
        table, axes, figure = place
        scope = scope_of(past.catalogue, table, axes, figure.at)
        at = whole_of(past.catalogue, axes, figure.at)
        whole = count_name(past.catalogue, table, axes, at, past.release.quarter)
        self._made[scope].add(number)
        self._named[name].add(number)
        if figure.value is not None:
            self._shown[scope, number].append(Shown(name, figure.value, name == whole))

    def figure(self, table: str, axes: tuple[str, ...], at: tuple[str, ...]) -> Figure | None:
        """The figure that was told last in this place of a table in this form, or None.

        By another catalogue, the place is wherever it had the same count: names of tables and groups say nothing.
        """
        return self._figures.get((table, axes, at)) or self._told_elsewhere(table, axes, at)

    def _told_elsewhere(self, table: str, axes: tuple[str, ...], at: tuple[str, ...]) -> Figure | None:
        if self._by is None or not self._told:
            return None
        defined = next(each for each in self._by.tables if each.name == table)
        quarter = scope_of(self._by, defined, axes, at).quarter
        name = count_name(self._by, defined, axes, at, self._past[-1].release.quarter if quarter == TOTAL else quarter)
        return self._told.get(name)

    def form(self, table: Table) -> int | None:
        """The number of the form in which a table was published last, or None."""
        last = self._past[-1].release.tables if self._past else ()
        forms = [each.axes for each in last if each.table == table.name]
        return table.forms.index(forms[0]) if forms and forms[0] in table.forms else None

    def named(self, names: Iterable[Name]) -> frozenset[int]:
        """The places of the releases in which one of these counts was made anew, in whichever table."""
        return frozenset().union(*(self._named.get(name, set()) for name in names))

    def cut(self, name: Name, scope: Scope) -> Iterator[tuple[int, Scope]]:
        """The places of releases by another catalogue beside which this count, new since, could tell more.

        Each with the scope in which ten must have joined and ten have left.
        """
        for other in self._others:
            yield from other.cut_by(name, scope)

    def quarter(self, number: int) -> str:
        """The quarter of the release at this place."""
        return self._past[number].release.quarter

    def shown(self) -> Mapping[tuple[Scope, int], Sequence[Shown]]:
        """What was shown anew of each scope in the release at each place."""
        return self._shown

    def told_within(self, scope: Scope, number: int) -> Iterator[Shown]:
        """What was shown anew, in the release at this place, of groups within a scope: its own, and whole universes.

        That somebody is of an authority, or a quarter, is no group: who knows of them knows that.
        """
        for (part, made), figures in self._shown.items():
            if made == number and scope.holds(part):
                yield from (each for each in figures if not each.is_whole or part.universe != scope.universe)

    def made_around(self, scope: Scope) -> Mapping[Scope, frozenset[int]]:
        """Every scope that holds this one, with the places of the releases in which anything of it was made anew.

        Figures of parts add up to that of the whole. So a finer table, or one of another universe, shown for the first
        time would tell what changed in a whole that was told before.
        """
        if scope not in self._around:
            universes = {each.universe for each in self._made}
            self._around[scope] = {wider: self._made_within(wider) for wider in scope.around(universes)}
        return self._around[scope]

    def _made_within(self, scope: Scope) -> frozenset[int]:
        if scope not in self._within:
            parts = (made for part, made in self._made.items() if scope.holds(part))
            self._within[scope] = frozenset().union(*parts)
        return self._within[scope]

    def facts(self, number: int) -> Iterable[Fact]:
        """The facts of the release at this place."""
        return self._past[number].facts

    def counted(self, number: int, scope: Scope) -> Counted:
        """The facts that a scope counted in the release at this place."""
        if (number, scope) not in self._counted:
            past = self._past[number]
            self._counted[number, scope] = counted(scope, past.release.quarter, past.facts)
        return self._counted[number, scope]
