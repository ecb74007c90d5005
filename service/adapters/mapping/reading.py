"""Reading a mapping file, what it includes and what it is based on into rows, then checking the whole.

`include` at the top puts another file's rows before this file's own; as an entry of `rows` it puts them just there.
`based_on` takes every row of another mapping, under names made by a rule; own rows stand instead of some of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from service.adapters.mapping.basing import Base, merged
from service.adapters.mapping.checks import check
from service.adapters.mapping.files import Files
from service.adapters.mapping.form_checks import check_form
from service.adapters.mapping.forms import FOLDER as FORMS
from service.adapters.mapping.forms import Form, load_form
from service.adapters.mapping.model import MappingFile, NotSent, Row
from service.adapters.mapping.names import read_names
from service.adapters.mapping.rows import read_row
from service.adapters.mapping.yamlfile import Entry, items, keys, pairs, section, text
from service.domain.records import RECORDS

FOLDER = "mappings"
_PARTS = ("include", "rows", "not_sent")
_HEAD = ("form", "based_on", "names")


@dataclass
class _Draft:
    """What has been read so far. `open` are the files being read, to notice one that includes itself."""

    files: Files
    open: list[str] = field(default_factory=list)
    used: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    not_sent: list[NotSent] = field(default_factory=list)
    whole: bool = True


def load_mapping(files: Files, name: str) -> MappingFile | None:
    """The mapping `config/mappings/<name>`, checked; None when anything is wrong, which `files.faults` then holds."""
    before = len(files.faults)
    entry = files.read(f"{FOLDER}/{name}")
    if entry is None:
        return None
    draft = _Draft(files)
    found = section(entry, ("record",), (*_HEAD, *_PARTS))
    record_type = _record_type(found.get("record"))
    _read_file(draft, entry)
    _put_upon_base(draft, found, record_type)
    faults = len(files.faults)
    form = _form(draft, found.get("form"))
    form_read = len(files.faults) == faults
    mapping = MappingFile(
        name=name,
        record_type=record_type,
        rows=tuple(draft.rows),
        not_sent=tuple(draft.not_sent),
        files=tuple(draft.used),
        rows_entry=found.get("rows", entry),
        form_name=text(found["form"]) if "form" in found else "",
        form=form,
    )
    # A file that could not be read would be told again, as a long list of what is missing without it.
    if draft.whole and record_type in RECORDS:
        check(mapping)
        if form_read:
            check_form(mapping)
    return mapping if len(files.faults) == before else None


def _record_type(entry: Entry | None) -> str:
    name = text(entry)
    if entry is not None and name and name not in RECORDS:
        entry.fault("There is no such record.", f"Known: {', '.join(RECORDS)}.")
    return name


def _form(draft: _Draft, entry: Entry | None) -> Form | None:
    """The form a mapping names. It counts among the files: it says where words go on, and what was checked."""
    name = entry.scalar if entry is not None else None
    if entry is None or not isinstance(name, str):
        return None
    if not draft.files.holds(FORMS, name):
        entry.fault(
            "There is no such file under config/forms.", "Give its path from there, as lcs/wise_assessment.yaml."
        )
        return None
    draft.used.append(f"{FORMS}/{name}")
    return load_form(draft.files, name)


def _put_upon_base(draft: _Draft, found: Mapping[str, Entry], record_type: str) -> None:
    """The rows of `based_on` with this file's own in their place. Without it, an own row can stand instead of none."""
    base = _base(draft, found, record_type) if "based_on" in found else None
    if base is not None:
        draft.rows, draft.not_sent = merged(base, draft.rows, draft.not_sent)
        return
    if "based_on" not in found and "names" in found:
        found["names"].fault("Names are made from another mapping's, and none is named.", "Add 'based_on:'.")
    for row in draft.rows if "based_on" not in found else ():
        if row.instead_of:
            row.entry.key("instead_of").fault("This mapping is based on no other.", "Take 'instead_of' out.")


def _base(draft: _Draft, found: Mapping[str, Entry], record_type: str) -> Base | None:
    entry, name = found["based_on"], text(found["based_on"])
    names = read_names(found["names"]) if "names" in found else None
    base = _Draft(draft.files)
    part = _named(draft, entry, name)
    if part is None:
        return None
    head = section(part, ("record",), (*_HEAD, *_PARTS))
    if "based_on" in head:
        entry.fault(f"{name} is based on another mapping itself.", "Name the one it is based on.")
    if text(head.get("record")) != record_type:
        entry.fault(f"{name} maps another record.", f"Name a mapping of {record_type}.")
    _read_file(base, part)
    draft.used += base.used
    draft.whole = draft.whole and base.whole
    return Base(tuple(base.rows), tuple(base.not_sent), names, name)


def _named(draft: _Draft, entry: Entry, name: str) -> Entry | None:
    """Another file of the folder. What cannot be had leaves the mapping incomplete."""
    if not name or not draft.files.holds(FOLDER, name):
        draft.whole = False
        if name:
            entry.fault("There is no such file under config/mappings.", "Give its path from there, as lcs/areas.yaml.")
        return None
    part = draft.files.read(f"{FOLDER}/{name}")
    draft.whole = draft.whole and part is not None
    return part


def _read_file(draft: _Draft, entry: Entry) -> None:
    draft.open.append(entry.file)
    draft.used.append(entry.file)
    found = dict(pairs(entry))
    for part in _entries(found.get("include")):
        _include(draft, part)
    for row in _entries(found.get("rows")):
        _read_row(draft, row)
    draft.not_sent += [_not_sent(part) for part in _entries(found.get("not_sent"))]
    draft.open.pop()


def _entries(entry: Entry | None) -> list[Entry]:
    return [] if entry is None else items(entry)


def _include(draft: _Draft, entry: Entry) -> None:
    name = text(entry)
    if f"{FOLDER}/{name}" in draft.open:
        entry.fault("This file includes itself.", "Take this include out.")
        draft.whole = False
        return
    part = _named(draft, entry, name)
    if part is not None:
        section(part, (), _PARTS)
        _read_file(draft, part)


def _read_row(draft: _Draft, entry: Entry) -> None:
    if keys(entry) == ["include"]:
        _include(draft, section(entry, ("include",))["include"])
    else:
        draft.rows.append(read_row(entry))


def _not_sent(entry: Entry) -> NotSent:
    found = section(entry, ("path", "reason"))
    return NotSent(text(found.get("path")), text(found.get("reason")), entry)
