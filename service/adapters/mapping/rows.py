"""Reading one row of a mapping file. What it says is judged later, with the record and the form beside it."""

from __future__ import annotations

from service.adapters.mapping.model import Row
from service.adapters.mapping.renderings import DOCUMENT
from service.adapters.mapping.yamlfile import Entry, flag, is_list, items, pairs, section, text

_OTHER_CODES = ("words", "refuse")
_OPTIONAL = ("from", "codes", "other_codes", "required", "continues_in", "instead_of")


def read_row(entry: Entry) -> Row:
    """The row as it is written; faults are noted where they stand."""
    found = section(entry, ("to", "as"), _OPTIONAL)
    rendering = text(found.get("as"))
    _check_from(entry, found.get("from"), rendering)
    continues_in, in_document = _continues(found.get("continues_in"))
    return Row(
        to=text(found.get("to")),
        path=text(found.get("from")),
        rendering=rendering,
        codes={key: text(value) for key, value in pairs(found["codes"])} if "codes" in found else None,
        required=flag(found.get("required")),
        entry=entry,
        other_codes=_other_codes(found.get("other_codes")),
        continues_in=continues_in,
        in_document=in_document,
        instead_of=text(found.get("instead_of")),
    )


def _check_from(entry: Entry, given: Entry | None, rendering: str) -> None:
    if given is None and rendering != DOCUMENT:
        entry.fault("'from' is missing.", "Add 'from:'.")
    if given is not None and rendering == DOCUMENT:
        given.fault("The document's reference comes from no field of the record.", "Take 'from' out.")


def _other_codes(entry: Entry | None) -> str:
    said = text(entry)
    if entry is not None and said and said not in _OTHER_CODES:
        entry.fault(f"'{said}' is no way to go on.", f"Known: {', '.join(_OTHER_CODES)}.")
    return said


def _continues(entry: Entry | None) -> tuple[tuple[str, ...], bool]:
    """The questions a text goes on in, and whether it goes on in the document."""
    if entry is None:
        return (), False
    if is_list(entry):
        return tuple(text(item) for item in items(entry)), False
    said = text(entry)
    if said and said != DOCUMENT:
        entry.fault("This must be a list of codes, or 'document'.", "Write [CODE2, CODE3], or document.")
    return (), said == DOCUMENT
