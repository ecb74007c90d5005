"""Whether the parts of a catalogue fit together, so that no table can be asked for that would tell too much."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise

from service.central.catalogue.drafts import Draft, PlacedTable
from service.central.catalogue.fields import CHARACTERISTICS, GIVEN_FIELDS, PRACTICE, UNIVERSE_FIELDS
from service.central.catalogue.meaning import is_asked_of_all, possible
from service.central.catalogue.model import Axis, Unit, Universe
from service.central.catalogue.written import Entry, nearest

MOST_AXES = 2


def check(draft: Draft) -> None:
    """Notes every fault at the place where it stands."""
    for table in draft.tables:
        _check_universe(draft, table)
        for entry, form in zip(table.forms, table.value.forms, strict=True):
            _check_form(draft, table, entry, form)
        _check_order(draft, table)
    _check_nested(draft)
    _check_one_universe(draft)


def _check_universe(draft: Draft, table: PlacedTable) -> None:
    name = table.value.universe
    if name and name not in draft.universes:
        near = nearest(name, draft.universes)
        table.entries["universe"].fault("There is no such universe.", f"{near}Name one that stands under 'universes'.")


def _check_form(draft: Draft, table: PlacedTable, entry: Entry, form: tuple[str, ...]) -> None:
    """One form by itself: two axes at most, known, of two fields, that may stand together, whole in the universe."""
    if len(form) > MOST_AXES:
        entry.fault("This form has more than two axes.", "Make two tables, or leave one axis out.")
    for name in form:
        if name not in draft.axes:
            entry.fault("There is no such axis.", f"{nearest(name, draft.axes)}Name those that stand under 'axes'.")
    axes = _axes(draft, form)
    fields = [axis.field for axis in axes]
    if len(set(fields)) < len(fields):
        entry.fault("Two axes break down the same field.", "Keep one of them.")
    for first, second in combinations(fields, 2):
        _check_together(entry, {first, second}, table.value.unit)
    universe = draft.universes.get(table.value.universe)
    if universe and universe.is_sound:
        for axis in axes:
            _check_whole(draft, entry, axis, universe.value)


def _axes(draft: Draft, form: tuple[str, ...]) -> list[Axis]:
    """The axes that could be read without a fault; of the others the fault has been told."""
    placed = [draft.axes[name] for name in form if name in draft.axes]
    return [each.value for each in placed if each.is_sound]


def _check_together(entry: Entry, fields: set[str], unit: Unit) -> None:
    if fields & PRACTICE and fields & CHARACTERISTICS:
        entry.fault("How the work was done is crossed with who the young person is.", "Make two tables of it.")
    if fields & PRACTICE and "authority" in fields and unit is not Unit.ASSESSMENTS:
        entry.fault(
            "How the work was done, by authority, is told of assessments only.", f"Write unit: {Unit.ASSESSMENTS}."
        )


def _check_whole(draft: Draft, entry: Entry, axis: Axis, universe: Universe) -> None:
    """The groups part all values the field can have in the universe, and every record of it can have each of them.

    The second: a group that only one kind of record can be in would be the same count under two names.
    """
    if axis.field in GIVEN_FIELDS:
        return
    if not is_asked_of_all(axis.field, universe.where, draft.codes):
        entry.fault(
            f"Axis '{axis.name}' breaks down what not every record of this universe asks for.",
            "Name a universe of the records that do.",
        )
        return
    can = possible(axis.field, universe.where, draft.codes)
    has = {value for group in axis.groups for value in group.values}
    if can - has:
        lacking = ", ".join(sorted(can - has))
        entry.fault(f"Axis '{axis.name}' has no group for: {lacking}.", "Put each value into a group.")
    if has - can:
        never = ", ".join(sorted(has - can))
        entry.fault(f"Axis '{axis.name}' has values that cannot occur here: {never}.", "Use an axis without them.")


def _check_order(draft: Draft, table: PlacedTable) -> None:
    """Every form is coarser than the one before it: to fall back must never tell more."""
    for (finer, coarser), entry in zip(pairwise(table.value.forms), table.forms[1:], strict=False):
        known = all(name in draft.axes and draft.axes[name].is_sound for name in (*finer, *coarser))
        if known and not is_coarser(_axes(draft, coarser), _axes(draft, finer)):
            entry.fault("This form is not coarser than the one before it.", "Merge groups, or leave an axis out.")


def is_coarser(later: list[Axis], earlier: list[Axis]) -> bool:
    """Whether each axis of `later` merges groups of one in `earlier`, or is as fine, and something is lost."""
    by_field = {axis.field: axis for axis in earlier}
    if not all(axis.field in by_field and is_within(by_field[axis.field], axis) for axis in later):
        return False
    return len(later) < len(earlier) or any(not is_within(axis, by_field[axis.field]) for axis in later)


def is_within(finer: Axis, coarser: Axis) -> bool:
    """Whether every group of `finer` lies in one group of `coarser`. Given groups are the same everywhere."""
    wide = [set(group.values) for group in coarser.groups]
    return all(any(set(group.values) <= each for each in wide) for group in finer.groups)


def _check_nested(draft: Draft) -> None:
    """Groups that overlap without nesting can be taken from each other: 10 to 15 less 10 to 13 is 14 to 15."""
    sound = [placed for placed in draft.axes.values() if placed.is_sound]
    for first, second in combinations(sound, 2):
        if first.value.field == second.value.field and _do_overlap(first.value, second.value):
            second.entry.fault(
                f"The groups cut across those of '{first.value.name}'.",
                "Let one of them only merge the other's groups.",
            )


def _do_overlap(first: Axis, second: Axis) -> bool:
    for one in (set(group.values) for group in first.groups):
        for other in (set(group.values) for group in second.groups):
            if one & other and not (one <= other or other <= one):
                return True
    return False


def _check_one_universe(draft: Draft) -> None:
    """One unit is broken down by a field in one universe only: the difference of two would be a table nobody checked.

    The fields that make universes are let off: what lies between universes is told by those very fields.
    """
    first: dict[tuple[Unit, str], str] = {}
    for table, entry, field in _breakdowns(draft):
        universe = first.setdefault((table.value.unit, field), table.value.universe)
        if universe != table.value.universe:
            entry.fault(
                f"Another table breaks down '{field}' in universe '{universe}'.",
                "Use that one here, or the other unit: the difference of the two would be told unchecked.",
            )


def _breakdowns(draft: Draft) -> Iterator[tuple[PlacedTable, Entry, str]]:
    for table in draft.tables:
        told: set[str] = set()
        for entry, form in zip(table.forms, table.value.forms, strict=True):
            for axis in _axes(draft, form):
                if axis.field not in (*UNIVERSE_FIELDS, *told) and table.value.universe in draft.universes:
                    told.add(axis.field)
                    yield table, entry, axis.field
