"""Makes a release: every table as finely as it can be shown, protected together with all others.

Each table begins with the finest form whose counts are large enough. One that shows next to nothing once it is
protected is tried in its next form, and then all tables are protected anew, since a coarser table leaves others more
to show.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Protocol

from service.central.catalogue.model import Table, Unit
from service.central.catalogue.naming import Name
from service.central.counting import CannotCount, tabulate
from service.central.protection.problem import Key, Problem
from service.central.protection.wholes import told_of_wholes
from service.central.published import TOTAL, Figure, PublishedTable, Release, Status
from service.central.releases.layout import Cell, Ground, Laid, lay_out, repeated
from service.central.releases.practice import is_practice, kinds_used
from service.central.releases.relations import problem_of
from service.central.releases.resting import Resting
from service.central.releases.tally import Tally
from service.central.rounding import THRESHOLD, rounded

LEAST_SHOWN = 0.3
"""The share of a table's inner cells that must show a figure; else a coarser form says more."""


class Hiding(Protocol):
    """What protection answers."""

    @property
    def hidden(self) -> Collection[Key]:
        """The counts that are not shown."""


Protect = Callable[[Problem], Hiding]
Tell = Callable[[str], None]
LayOut = Callable[[Table, int], Laid]


def build(ground: Ground, protect: Protect, tell: Tell = lambda _: None) -> Release:
    """The release of this ground. `tell` is given a sentence before each long step.

    Raises `CannotCount` and what `protect` raises; nothing may then be released.
    """
    tell(f"Counting {ground.facts.total():,} facts of four quarters.")
    counts = tabulate(ground.catalogue, ground.quarter, ground.facts)
    tally = Tally(ground.quarter, ground.facts)
    if any(tally.count(name) != count for name, count in counts.items()):
        raise CannotCount("Counted in two ways, the facts do not come to the same.")
    resting = Resting(ground.history, ground.quarter, ground.facts, tally.count)
    lay_out_once = _lay_out_once(ground)
    forms = {table.name: _first_form(ground, table, counts, resting, lay_out_once) for table in ground.catalogue.tables}
    while True:
        laid = [lay_out_once(table, forms[table.name]) for table in ground.catalogue.tables]
        again = repeated(laid, resting)
        problem = problem_of(ground, laid, tally.count, _settled(ground, laid, again), resting.still_told())
        tell(f"Protecting {len(laid)} tables with {len(problem.counts):,} counts together.")
        hidden = protect(problem).hidden
        telling = frozenset(told_of_wholes(problem, hidden, *_of_quarters(ground, laid)))
        made = [_made(ground, each, counts, again, hidden, form=forms[each.table.name]) for each in laid]
        poor = [
            each.table
            for each, shown in zip(laid, made, strict=True)
            if _has_coarser(each.table, forms) and (_shows_little(shown) or _has_any(each, telling))
        ]
        if not poor:
            break
        forms |= {table.name: forms[table.name] + 1 for table in poor}
    tables = tuple(_or_withheld(shown, ground.quarter) for shown in made)
    return Release(ground.quarter, ground.catalogue.version, tuple(sorted(ground.missing)), tables)


def _lay_out_once(ground: Ground) -> LayOut:
    """Each table in each form is laid out when it is first wanted, however often it is tried."""
    found: dict[tuple[str, int], Laid] = {}

    def laid(table: Table, form: int) -> Laid:
        if (table.name, form) not in found:
            found[table.name, form] = lay_out(ground, table, form)
        return found[table.name, form]

    return laid


def _first_form(
    ground: Ground, table: Table, counts: Mapping[Name, int], resting: Resting, lay_out_once: LayOut
) -> int:
    """The finest form that would show enough if no figure had to be hidden for another, or that was shown last.

    Protection hides more, never less: to try a finer form would only take time. What rests cannot be shown in a form
    that was not shown before.
    """
    shown_before = ground.history.form(table)
    for form in range(len(table.forms) - 1):
        if form == shown_before:
            return form
        laid = lay_out_once(table, form)
        again = repeated([laid], resting)
        inner = [each for each in laid.cells if TOTAL not in each.at and not each.is_missing]
        fresh = [each for each in inner if each.name not in again]
        if sum(counts[each.name] >= THRESHOLD for each in fresh) >= LEAST_SHOWN * len(inner):
            return form
    return len(table.forms) - 1


def _made(
    ground: Ground,
    laid: Laid,
    counts: Mapping[Name, int],
    again: Collection[Name],
    hidden: Collection[Key],
    *,
    form: int,
) -> PublishedTable:
    figures = []
    for cell in laid.cells:
        if cell.is_missing:
            figures.append(Figure(cell.at, Status.MISSING, None, ground.quarter))
        elif cell.name in again:
            figures.append(_earlier(ground, laid, cell))
        else:
            figures.append(_figure(ground, cell, counts, hidden))
    return PublishedTable(laid.table.name, laid.axes, tuple(figures), _reasons(figures, form, ground.quarter))


def _figure(ground: Ground, cell: Cell, counts: Mapping[Name, int], hidden: Collection[Key]) -> Figure:
    if cell.name in hidden:
        return Figure(cell.at, Status.SUPPRESSED, None, ground.quarter)
    return Figure(cell.at, Status.ROUNDED, rounded(counts[cell.name]), ground.quarter)


def _earlier(ground: Ground, laid: Laid, cell: Cell) -> Figure:
    """What was last told here; withheld where nothing was in this form, since a first figure would be a new one."""
    figure = ground.history.figure(laid.table.name, laid.axes, cell.at)
    if figure is None:
        return Figure(cell.at, Status.WITHHELD, None, ground.quarter)
    return Figure(cell.at, figure.status, figure.value, figure.as_of)


def _settled(ground: Ground, laid: Sequence[Laid], again: Collection[Name]) -> dict[Name, int | None]:
    """The figures of the counts that are repeated: the newest told in any of these tables, or None for hidden."""
    found: dict[Name, int | None] = dict.fromkeys(again)
    for each in laid:
        for cell in (cell for cell in each.cells if cell.name in again and found[cell.name] is None):
            found[cell.name] = _earlier(ground, each, cell).value
    return found


def _reasons(figures: Sequence[Figure], form: int, quarter: str) -> tuple[str, ...]:
    held = {
        "collapsed": form > 0,
        "total_only": not any(_is_shown(each) for each in figures if TOTAL not in each.at) and len(figures) > 1,
        "withheld": any(each.status is Status.WITHHELD for each in figures),
        "repeated": any(each.as_of != quarter for each in figures),
    }
    return tuple(reason for reason, holds in held.items() if holds)


def _is_shown(figure: Figure) -> bool:
    return figure.status is Status.ROUNDED


def _has_coarser(table: Table, forms: Mapping[str, int]) -> bool:
    return forms[table.name] + 1 < len(table.forms)


def _shows_little(shown: PublishedTable) -> bool:
    """Whether a table shows too little. What is missing says nothing about its form."""
    inner = [each for each in shown.figures if TOTAL not in each.at and each.status is not Status.MISSING]
    return sum(map(_is_shown, inner)) < LEAST_SHOWN * len(inner)


def _has_any(laid: Laid, names: Collection[Key]) -> bool:
    return any(cell.name in names for cell in laid.cells)


def _of_quarters(ground: Ground, laid: Sequence[Laid]) -> tuple[list[tuple[Name, Name]], frozenset[Name]]:
    """All records of each quarter, in the region or one authority, with the parts of them that tables count.

    A quarter leaves the year as a whole: how many records it had is how many left, and so may be known.
    """
    cells = [cell for each in laid for cell in each.cells if cell.scope.quarter != TOTAL and not cell.is_missing]
    wholes = {_place(cell): cell.name for cell in cells if not cell.scope.universe and cell.name == cell.whole}
    kinds = {authority: kinds_used(ground.facts, authority) for authority in {cell.scope.authority for cell in cells}}
    parts = [
        (wholes[_place(cell)], cell.name)
        for cell in cells
        if wholes.get(_place(cell), cell.name) != cell.name and not is_practice(cell.name, kinds[cell.scope.authority])
    ]
    return parts, frozenset(wholes.values())


def _place(cell: Cell) -> tuple[Unit, str, str]:
    return cell.scope.unit, cell.scope.authority, cell.scope.quarter


def _or_withheld(table: PublishedTable, quarter: str) -> PublishedTable:
    """The table, or all of it withheld where its last form shows no figure at all."""
    if any(map(_is_shown, table.figures)):
        return table
    figures = tuple(_withheld(each, quarter) for each in table.figures)
    return PublishedTable(table.table, table.axes, figures, ("withheld",))


def _withheld(figure: Figure, quarter: str) -> Figure:
    if figure.status is Status.MISSING:
        return figure
    return Figure(figure.at, Status.WITHHELD, None, quarter)
