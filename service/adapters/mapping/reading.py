"""Reading a mapping file and the files it includes into rows, then checking the whole.

`include` at the top puts another file's rows before this file's own; as an entry of `rows` it puts them just there.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from service.adapters.mapping.checks import check
from service.adapters.mapping.files import Files
from service.adapters.mapping.model import MappingFile, NotSent, Row
from service.adapters.mapping.yamlfile import Entry, flag, items, keys, pairs, section, text
from service.domain.records import RECORDS

FOLDER = "mappings"
_PARTS = ("include", "rows", "not_sent")


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
    found = section(entry, ("record",), _PARTS)
    record_type = _record_type(found.get("record"))
    _read_file(draft, entry)
    where = found.get("rows", entry)
    mapping = MappingFile(name, record_type, tuple(draft.rows), tuple(draft.not_sent), tuple(draft.used), where)
    # A file that could not be included would be told again, as a long list of fields that nothing is said about.
    if draft.whole and record_type in RECORDS:
        check(mapping)
    return mapping if len(files.faults) == before else None


def _record_type(entry: Entry | None) -> str:
    name = text(entry)
    if entry is not None and name and name not in RECORDS:
        entry.fault("There is no such record.", f"Known: {', '.join(RECORDS)}.")
    return name


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
    given = text(entry)
    name = f"{FOLDER}/{given}"
    if name in draft.open:
        entry.fault("This file includes itself.", "Take this include out.")
    elif not draft.files.holds(FOLDER, given):
        entry.fault("There is no such file under config/mappings.", "Give its path from there, as lcs/areas.yaml.")
    elif (part := draft.files.read(name)) is not None:
        section(part, (), _PARTS)
        _read_file(draft, part)
        return
    draft.whole = False


def _read_row(draft: _Draft, entry: Entry) -> None:
    if keys(entry) == ["include"]:
        _include(draft, section(entry, ("include",))["include"])
    else:
        draft.rows.append(_row(entry))


def _row(entry: Entry) -> Row:
    found = section(entry, ("to", "from", "as"), ("codes", "required"))
    return Row(
        to=text(found.get("to")),
        path=text(found.get("from")),
        rendering=text(found.get("as")),
        codes={key: text(value) for key, value in pairs(found["codes"])} if "codes" in found else None,
        required=flag(found.get("required")),
        entry=entry,
    )


def _not_sent(entry: Entry) -> NotSent:
    found = section(entry, ("path", "reason"))
    return NotSent(text(found.get("path")), text(found.get("reason")), entry)
