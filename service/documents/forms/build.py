"""A form's layout as plain data for the template."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from service.documents.forms import keys
from service.documents.forms.boxes import box, cell, field_at
from service.documents.forms.marks import Marks, marks_of
from service.documents.forms.nwg import NWG
from service.documents.forms.rise import RISE
from service.documents.forms.vocabulary import Box, Choice, Keys, Matrix, Part, Rows, Say, Section, Stack, Table
from service.documents.forms.vocabulary import paths as paths_of
from service.documents.forms.wise import WISE
from service.domain.fields import Code, Group
from service.domain.records import RECORDS
from service.domain.words import heading

FORMS: dict[str, tuple[Section, ...]] = {"wise_assessment": WISE, "rise_meeting_output": RISE, "nwg_assessment": NWG}

Made = dict[str, Any]


@dataclass(frozen=True)
class Making:
    """What is the same for every part of one form."""

    record: Group
    marks: Marks
    plan_rows: int
    sections: tuple[Section, ...]


def sections(kind: str, *, plan_items_max: int) -> list[Made]:
    """The sections of the form of `kind`, in order."""
    making = Making(RECORDS[kind], marks_of(kind), plan_items_max, FORMS[kind])
    return [_section(making, section) for section in FORMS[kind]]


def claimed(kind: str) -> list[str]:
    """Every path that has a place on the form."""
    return [path for section in FORMS[kind] for path in paths_of(section)]


def _section(making: Making, section: Section) -> Made:
    return {
        "title": section.title,
        "note": section.note,
        "mark": making.marks.of(section.about),
        "any": bool(section.about) and isinstance(field_at(making.record, section.about), Group),
        "restricted": section.restricted,
        "fresh": section.fresh,
        "parts": [_part(making, part) for part in section.parts],
    }


def _part(making: Making, part: Part) -> Made:
    match part:
        case Rows():
            return _rows(making, part)
        case Choice():
            return {"kind": "choice", "options": keys.options(_codes(making, part.path))}
        case Table():
            return _table(making, part)
        case Matrix():
            return _matrix(making, part)
        case Say():
            return {"kind": "say", "text": part.text, "strong": part.strong}
        case Keys():
            return {"kind": "keys", "lists": _keys(making)}


def _rows(making: Making, part: Rows) -> Made:
    times = min(part.times, making.plan_rows) if part.capped else part.times
    made = [[_cell(making, place) for place in row] for row in part.rows]
    return {"kind": "rows", "title": part.title, "times": times, "rows": made}


def _cell(making: Making, place: Box | Stack) -> Made:
    inside = place.boxes if isinstance(place, Stack) else (place,)
    return {"width": place.width, "boxes": [box(making.record, making.marks, each) for each in inside]}


def _table(making: Making, part: Table) -> Made:
    first = part.rows[0][1]
    return {
        "kind": "table",
        "head": ["Who", *(_column(making, f"{first}/{column.name}", column.label) for column in part.columns)],
        "widths": [1.05, *(column.width for column in part.columns)],
        "rows": [
            {"label": label, "cells": [_table_cell(making, f"{path}/{column.name}") for column in part.columns]}
            for label, path in part.rows
        ],
    }


def _column(making: Making, path: str, label: str) -> str:
    field = field_at(making.record, path)
    listed = isinstance(field, Code) and keys.is_written_in(field.codes)
    return f"{label or heading(path)} (from list)" if listed else label or heading(path)


def _table_cell(making: Making, path: str) -> Made:
    return cell(field_at(making.record, path), making.marks, path)


def _matrix(making: Making, part: Matrix) -> Made:
    down, across, decision = (_codes(making, path) for path in (part.down, part.across, part.decision))
    rows, columns = keys.options(down), keys.options(across)
    return {
        "kind": "matrix",
        "widths": [max(map(_needs, rows)), *map(_needs, columns)],
        "title": f"{heading(part.decision)}: what may be shared, and with whom",
        "corner": heading(part.down),
        "down": rows,
        "across": columns,
        "write": [list(pair) for pair in keys.written(decision)],
    }


def _needs(text: str) -> float:
    """How wide a column for `text` in three lines is, in letters."""
    return max(len(text) / 3, *(len(word) for word in text.split()))


def _codes(making: Making, path: str) -> tuple[str, ...]:
    field = field_at(making.record, path)
    assert isinstance(field, Code)
    return field.codes


def _keys(making: Making) -> list[Made]:
    """Every list that some box of this form wants written in, once, in order of its title."""
    found = {
        field.codes
        for section in making.sections
        for path in paths_of(section)
        if isinstance(field := field_at(making.record, path), Code) and keys.is_written_in(field.codes)
    }
    return [
        {"title": keys.title(codes), "entries": [list(pair) for pair in keys.written(codes)]}
        for codes in sorted(found, key=keys.title)
    ]
