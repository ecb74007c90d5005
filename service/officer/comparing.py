"""Two profiles by what they mean: settings, rows, words for codes, what is not sent, and forms. Never by their text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from service.adapters.mapping import MappingFile
from service.adapters.mapping.forms import Form, Question
from service.adapters.mapping.model import Row
from service.adapters.profiles import Profile
from service.officer.flat import flat

ADDED, REMOVED, CHANGED, MOVED, RENAMED = "added", "removed", "changed", "moved", "renamed"
Rows = Mapping[str, Row]


@dataclass(frozen=True)
class Change:
    """One difference. `part` is settings, rows, codes, not sent or form. `old` or `new` is empty for none."""

    part: str
    what: str
    kind: str
    old: str = ""
    new: str = ""


def compared(old: Profile, new: Profile) -> tuple[Change, ...]:
    """Every difference in meaning, settings first, then record by record."""
    return (*_values("settings", flat(old), flat(new)), *_records(old, new))


def _values(part: str, old: Mapping[str, str], new: Mapping[str, str], prefix: str = "") -> Iterator[Change]:
    for key in dict.fromkeys((*old, *new)):
        before, after = old.get(key), new.get(key)
        if before != after:
            kind = ADDED if before is None else REMOVED if after is None else CHANGED
            yield Change(part, f"{prefix}{key}", kind, before or "", after or "")


def _records(old: Profile, new: Profile) -> Iterator[Change]:
    """A record type that only one of them takes is told by its settings."""
    for kind in old.records:
        if kind in new.records:
            yield from _mappings(kind, old.records[kind].mapping, new.records[kind].mapping)


def _mappings(kind: str, old: MappingFile, new: MappingFile) -> Iterator[Change]:
    yield from _rows(kind, {row.to: row for row in old.rows}, {row.to: row for row in new.rows})
    before, after = ({part.path: part.reason for part in each.not_sent} for each in (old, new))
    yield from _values("not sent", before, after, f"{kind} ")
    if old.form_name != new.form_name:
        yield Change("form", kind, CHANGED, old.form_name or "none", new.form_name or "none")
    yield from _values("form", _questions(old.form), _questions(new.form), f"{kind} ")


def _rows(kind: str, before: Rows, after: Rows) -> Iterator[Change]:
    """A row is known by its question. One that goes to another, with all else the same, has been renamed."""
    renamed = _renamed(before, after)
    for name, row in before.items():
        if name in after:
            yield from _row(kind, name, row, after[name])
        elif name in renamed:
            yield Change("rows", f"{kind} {row.path}", RENAMED, name, renamed[name])
        else:
            yield Change("rows", f"{kind} {name}", REMOVED, old=_said(row))
    come = set(renamed.values())
    for name in (each for each in after if each not in before and each not in come):
        yield Change("rows", f"{kind} {name}", ADDED, new=_said(after[name]))
    yield from _moved(kind, [renamed.get(name, name) for name in before], list(after))


def _renamed(before: Rows, after: Rows) -> dict[str, str]:
    """Old name to new name, each used once."""
    come = {name: row for name, row in after.items() if name not in before}
    found: dict[str, str] = {}
    for name in (each for each in before if each not in after):
        same = next((other for other, row in come.items() if _content(row) == _content(before[name])), None)
        if same is not None:
            found[name] = same
            del come[same]
    return found


def _content(row: Row) -> tuple[object, ...]:
    """All but the names of questions."""
    return (row.path, row.rendering, row.codes, row.other_codes, row.required, len(row.continues_in), row.in_document)


def _row(kind: str, name: str, old: Row, new: Row) -> Iterator[Change]:
    if _said(old) != _said(new):
        yield Change("rows", f"{kind} {name}", CHANGED, _said(old), _said(new))
    yield from _values("codes", _codes(old), _codes(new), f"{kind} {name}: ")


def _said(row: Row) -> str:
    """A row in one line, without its words for codes."""
    more = "document" if row.in_document else ", ".join(row.continues_in)
    parts = (row.path, f"as {row.rendering}", "required" if row.required else "", f"goes on in {more}" if more else "")
    return ", ".join(part for part in parts if part)


def _codes(row: Row) -> dict[str, str]:
    """Each code with the row's own word; what becomes of the others, under a name that no code has."""
    if row.codes is None:
        return {"(others)": "words"}
    return {**row.codes, **({"(others)": row.other_codes} if row.other_codes else {})}


def _moved(kind: str, before: Sequence[str], after: Sequence[str]) -> Iterator[Change]:
    """Rows that both have, in another order: as few as explain it."""
    old, new = [name for name in before if name in set(after)], [name for name in after if name in set(before)]
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    stayed = {name for block in blocks for name in old[block.a : block.a + block.size]}
    for name in (each for each in new if each not in stayed):
        places = (f"place {list(each).index(name) + 1}" for each in (before, after))
        yield Change("rows", f"{kind} {name}", MOVED, *places)


def _questions(form: Form | None) -> dict[str, str]:
    """Each question in one line; their order means nothing."""
    return {code: _question(each) for code, each in form.questions.items()} if form else {}


def _question(each: Question) -> str:
    parts = (
        each.type,
        f"up to {each.max} characters" if each.max else "",
        f"as {each.format}" if each.type == "date" else "",
        "mandatory" if each.mandatory else "",
        "repeating" if each.repeating else "",
        f"one of: {'; '.join(each.values)}" if each.values else "",
        f"label: {each.label}" if each.label else "",
    )
    return ", ".join(part for part in parts if part)
