"""How a field becomes something to fill in, as the JSON that the template reads."""

from __future__ import annotations

from typing import Any

from service.documents.forms import keys
from service.documents.forms.marks import Marks
from service.documents.forms.vocabulary import Box
from service.domain.fields import Code, Date, Field, Flag, Group, Many, Whole
from service.domain.words import heading

Made = dict[str, Any]


def field_at(record: Group, path: str) -> Field:
    """The field at a path. Raises `KeyError` where the record has none."""
    field: Field = record
    for name in path.split("/")[1:]:
        if name == "*" and isinstance(field, Many):
            field = field.item
        elif isinstance(field, Group):
            field = field.fields[name]
        else:
            raise KeyError(path)
    return field


def box(record: Group, marks: Marks, place: Box) -> Made:
    """One field with its label, its mark and its room."""
    shape = {"note": "", "options": []} | _shape(field_at(record, place.path), several=place.path.endswith("/*"))
    return shape | {
        "label": place.label or heading(place.path),
        "note": place.note or shape["note"],
        "mark": marks.of(place.path),
        "lines": place.lines,
    }


def _shape(field: Field, *, several: bool) -> Made:
    match field:
        case Date():
            return {"kind": "date"}
        case Flag():
            return {"kind": "ticks", "options": ["Yes"] if field.only_true else ["Yes", "No"]}
        case Whole():
            return {"kind": "number"}
        case Code() if keys.is_written_in(field.codes):
            return {"kind": "write", "note": f"from list “{keys.title(field.codes)}”"}
        case Code():
            return {"kind": "ticks", "options": keys.options(field.codes)} | ({"note": "any"} if several else {})
        case _:
            return {"kind": "lines"}


def cell(field: Field, marks: Marks, path: str) -> Made:
    """A field in a table, whose column has its heading."""
    shape = _shape(field, several=False)
    return {"options": shape.get("options", []), "mark": marks.of(path)}
