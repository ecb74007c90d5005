"""A record as the blocks of its document, by the catalogue of its fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from service.documents import blocks
from service.documents.blocks import Block
from service.documents.errors import DocumentError
from service.documents.layout import OMITTED, SECTIONS, Part, Section
from service.documents.pen import Pen, Pens, Row, Special, given
from service.documents.special import SPECIAL, people
from service.documents.values import long_date
from service.domain import codes
from service.domain.fields import Field, Group, Many, Text
from service.domain.records import RECORDS
from service.domain.records.common import is_restricted
from service.domain.words import words

SHORT = 160
"""Characters of text that still read well beside their label; longer text gets a heading and the full width."""

LOOK = {"quote": 12, "body": 10.5, "accent": "#3b4a78"}
"""Sizes in points, and the one colour, of the case file."""

COMPACT = (
    "/participation",
    "/risk_subjects",
    "/significant_events",
    "/explained_to_child",
    "/young_person",
    "/attached",
)
"""Where short texts stand beside their labels. In the areas and judgements every narrative has its own heading."""


def document(
    pens: Pens, record: dict[str, Any], *, authority_name: str, reference: str, review_due_on: date | None
) -> Block:
    """Everything the template needs, as plain data."""
    kind = record["record_type"]
    _nothing_unplaced(RECORDS[kind], record)
    name = words(codes.RECORD_TYPES, kind)
    return {
        "title": f"{name}, {reference}",
        "name": name,
        "reference": pens.open.say(reference, "Reference"),
        "restricted": is_restricted(record),
        "look": LOOK,
        "lead": blocks.facts(_lead(pens.open, record, authority_name, review_due_on)),
        "sections": chapters(pens, SECTIONS[kind], RECORDS[kind], record),
    }


def chapters(pens: Pens, sections: Iterable[Section], catalogue: Group, record: dict[str, Any]) -> list[Block]:
    """The sections for which the record has something."""
    return [made for section in sections if (made := _section(pens, section, catalogue, record))]


def _lead(pen: Pen, record: dict[str, Any], authority_name: str, review_due_on: date | None) -> list[Row]:
    day = "meeting_on" if "meeting_on" in record else "completed_on"
    catalogue = RECORDS[record["record_type"]]
    due = long_date(review_due_on) if review_due_on else "No date is set"
    return [
        ("Authority", pen.say(authority_name, "Authority")),
        *pen.rows("", catalogue, record, [day]),
        ("Review due", pen.say(due, "Review due")),
    ]


def _section(pens: Pens, section: Section, catalogue: Group, record: dict[str, Any]) -> Block | None:
    pen = pens.closed if section.restricted else pens.open
    made = [block for part in section.parts for block in _part(pen, part, section.title, catalogue, record)]
    return blocks.section(section.title, made, restricted=section.restricted) if made else None


def _part(pen: Pen, part: Part, title: str, catalogue: Group, record: dict[str, Any]) -> list[Block]:
    if part.people:
        made = people(pen, catalogue, record, part.paths)
    else:
        found = [(path, *_at(catalogue, record, path)) for path in part.paths]
        made = list(_fields(pen, [entry for entry in found if given(entry[2])], 2, under=title))
    return [blocks.heading(part.title, 2), *made] if made and part.title else made


def _at(catalogue: Group, record: dict[str, Any], path: str) -> tuple[Field, Any]:
    field: Field = catalogue
    value: Any = record
    for name in path.split("/")[1:]:
        assert isinstance(field, Group)
        field, value = field.fields[name], (value or {}).get(name)
    return field, value


def _fields(pen: Pen, entries: list[tuple[str, Field, Any]], level: int, *, under: str = "") -> Iterator[Block]:
    """Blocks for neighbouring fields. Short ones stand together; anything longer begins a block of its own."""
    short: list[Row] = []
    for path, field, value in entries:
        if _special(pen, path) is None and _is_short(path, field, value):
            short.append(pen.row(path, field, value))
            continue
        if short:
            yield blocks.facts(short)
            short = []
        yield from _long(pen, path, field, value, level, under=under)
    if short:
        yield blocks.facts(short)


def _is_short(path: str, field: Field, value: Any) -> bool:
    match field:
        case Text():
            brief = field.max < 2_000 or (path.startswith(COMPACT) and len(value) <= SHORT)
            return brief and not field.words and "\n" not in value
        case Many():
            return not isinstance(field.item, (Group, Text))
        case Group():
            return False
        case _:
            return True


def _long(pen: Pen, path: str, field: Field, value: Any, level: int, *, under: str) -> Iterator[Block]:
    title = pen.group(path) if isinstance(field, (Group, Many)) else ""
    special = _special(pen, path)
    if title:
        yield blocks.heading(title, level)
    below = level + 1 if title else level
    if special:
        yield from special(pen, path, field, value)
    elif isinstance(field, Group):
        yield from _fields(pen, _entries(path, field, value), below)
    elif isinstance(field, Many) and isinstance(field.item, Group):
        for number, item in enumerate(value, start=1):
            if len(value) > 1:
                yield blocks.heading(f"{number} of {len(value)}", below)
            yield from _fields(pen, _entries(f"{path}/*", field.item, item), below + (len(value) > 1))
    else:
        yield from _text(pen, path, field, value, below, under=under)


def _special(pen: Pen, path: str) -> Special | None:
    return pen.specials.get(path) or SPECIAL.get(path)


def _entries(path: str, group: Group, value: dict[str, Any]) -> list[tuple[str, Field, Any]]:
    return [(f"{path}/{name}", field, value[name]) for name, field in group.fields.items() if given(value.get(name))]


def _text(pen: Pen, path: str, field: Field, value: Any, level: int, *, under: str) -> Iterator[Block]:
    if isinstance(field, Many):
        yield blocks.heading(pen.heading(f"{path}/*"), level)
        yield blocks.bullets([pen.value(f"{path}/*", field.item, item) for item in value])
        return
    if pen.heading(path) != under:
        yield blocks.heading(pen.heading(path), level)
    said = pen.value(path, field, value)
    yield blocks.quote(said) if isinstance(field, Text) and field.words else blocks.prose(said)


def _nothing_unplaced(field: Field, value: Any, path: str = "") -> None:
    """A field that the catalogue does not know would be left out of the document; better no document at all."""
    if isinstance(field, Group) and isinstance(value, dict):
        if set(value) - set(field.fields):
            raise DocumentError(f"the record has a field below {path or '/'} that its document has no place for")
        for name, inner in value.items():
            _nothing_unplaced(field.fields[name], inner, f"{path}/{name}")
    elif isinstance(field, Many) and isinstance(value, list):
        for inner in value:
            _nothing_unplaced(field.item, inner, f"{path}/*")


def claimed(kind: str) -> list[str]:
    """Every path that the layout of `kind` claims, with those left out on purpose; the tests check it is all, once."""
    return [path for section in SECTIONS[kind] for part in section.parts for path in part.paths] + list(OMITTED)
