"""Reading one axis, one universe, one table: all that can be said of it by itself."""

from __future__ import annotations

from collections import Counter

from service.central.catalogue.drafts import Placed, PlacedTable
from service.central.catalogue.fields import AXIS_FIELDS, GIVEN_FIELDS, SENSITIVE_FIELDS, UNIVERSE_FIELDS
from service.central.catalogue.meaning import Codes
from service.central.catalogue.model import Axis, Group, Table, Unit, Universe
from service.central.catalogue.words import check_code, check_table, label, question, sentences
from service.central.catalogue.written import Entry, items, nearest, pairs, section, text, texts

NOT_RECORDED = "not_recorded"


def read_axis(name: str, entry: Entry, codes: Codes) -> Placed[Axis]:
    """An axis. One of `authority` or `quarter` has no groups of its own; any other has two or more."""
    before = len(entry.faults)
    check_code(entry, name)
    found = section(entry, ("field", "title"), ("groups",))
    field = _field(found.get("field"), codes)
    groups = _groups(found.get("groups"), field, entry, codes)
    axis = Axis(name, field, label(found.get("title")), groups, is_sensitive=field in SENSITIVE_FIELDS)
    return Placed(axis, entry, is_sound=len(entry.faults) == before)


def _field(entry: Entry | None, codes: Codes) -> str:
    said = text(entry)
    open_fields = sorted(AXIS_FIELDS & (codes.keys() | GIVEN_FIELDS))
    if entry and said and said not in open_fields:
        choose = f"{nearest(said, open_fields)}Choose one of: {', '.join(open_fields)}."
        entry.fault("No table may be broken down by this.", choose)
        return ""
    return said


def _groups(entry: Entry | None, field: str, axis: Entry, codes: Codes) -> tuple[Group, ...]:
    if field in GIVEN_FIELDS:
        if entry:
            entry.fault("The groups of this field are given.", "Take them out.")
        return ()
    found = pairs(entry)
    if len(found) < 2:
        (entry or axis).fault("An axis has at least two groups.", "Write 'groups:' with two or more.")
    groups = tuple(_group(code, each, codes.get(field)) for code, each in found.items())
    _check_apart(groups, found)
    return groups


def _group(code: str, entry: Entry, known: tuple[str, ...] | None) -> Group:
    check_code(entry, code)
    found = section(entry, ("label", "values"))
    values = _values(found.get("values"), known)
    if NOT_RECORDED in values and len(values) > 1:
        found["values"].fault("'not_recorded' stands with other values.", "Give it a group of its own.")
    return Group(code, label(found.get("label")), values)


def _values(entry: Entry | None, known: tuple[str, ...] | None) -> tuple[str, ...]:
    """At least one value. Where the field is not known, its values cannot be told wrong."""
    if entry and not items(entry):
        entry.fault("There is no value here.", "Write at least one.")
    for item in items(entry):
        said = text(item)
        if said and known is not None and said not in known:
            item.fault("The field has no such value.", f"{nearest(said, known)}Choose from: {', '.join(known)}.")
    return texts(entry)


def _check_apart(groups: tuple[Group, ...], found: dict[str, Entry]) -> None:
    """No value in two groups, and no two groups that a reader could not tell apart."""
    values = Counter(value for group in groups for value in group.values)
    labels = Counter(group.label for group in groups)
    for group in groups:
        if any(values[value] > 1 for value in group.values):
            found[group.code].fault("A value of this group is counted twice.", "Keep each value in one group.")
        if group.label and labels[group.label] > 1:
            found[group.code].fault("Another group has the same label.", "Give each its own.")


def read_universe(name: str, entry: Entry, codes: Codes) -> Placed[Universe]:
    """A universe, narrowed by the kind of record, by first or review, or by nothing."""
    before = len(entry.faults)
    check_code(entry, name)
    found = section(entry, ("label",), ("where",))
    narrowed = section(found.get("where"), (), UNIVERSE_FIELDS)
    where = {field: _values(each, codes.get(field)) for field, each in narrowed.items()}
    universe = Universe(name, label(found.get("label")), where)
    return Placed(universe, entry, is_sound=len(entry.faults) == before)


def read_table(name: str, entry: Entry) -> PlacedTable:
    """A table. Whether its forms and universe are there, and fit, is another check."""
    check_table(entry, name)
    found = section(entry, ("title", "question", "unit", "universe", "forms", "notes"))
    forms = items(found.get("forms"))
    if "forms" in found and not forms:
        found["forms"].fault("There is no form here.", "Write at least one list of axes.")
    table = Table(
        name=name,
        title=label(found.get("title")),
        question=question(found.get("question")),
        unit=_unit(found.get("unit")),
        universe=text(found.get("universe")),
        forms=tuple(texts(form) for form in forms),
        notes=sentences(found.get("notes")),
    )
    return PlacedTable(table, found, tuple(forms))


def _unit(entry: Entry | None) -> Unit:
    said, units = text(entry), [unit.value for unit in Unit]
    if said in units:
        return Unit(said)
    if entry and said:
        entry.fault("There is no such unit.", f"{nearest(said, units)}Choose one of: {', '.join(units)}.")
    return Unit.ASSESSMENTS
