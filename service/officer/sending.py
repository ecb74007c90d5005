"""What two profiles would send differently of one record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from service.adapters.mapping import compile_mapping
from service.adapters.profiles import Profile
from service.errors import NeedsHuman
from service.officer.comparing import ADDED, CHANGED, MOVED, REMOVED, Change
from service.officer.errors import CannotRun
from service.officer.previewing import REFERENCE
from service.ports import Record

Sent = Mapping[tuple[str, int | None], str]


def sent_differently(old: Profile, new: Profile, record: Record) -> tuple[Change, ...]:
    """Answers by question and row. Holds the record's words. Raises `CannotRun` where one sends nothing of it."""
    return tuple(_changes(_sent(old, record), _sent(new, record)))


def _sent(profile: Profile, record: Record) -> Sent:
    """In the order of display."""
    target = profile.records.get(record["record_type"])
    if target is None:
        raise CannotRun(f"{profile.file} does not take this record. It has: {', '.join(profile.records)}.")
    try:
        answers = compile_mapping(target.mapping).apply(record, REFERENCE)
    except NeedsHuman as problem:
        place = problem.note
    else:
        return {(each.code, each.row): each.value for each in answers}
    raise CannotRun(f"{profile.file}: the mapping has no place for {place}, or a required answer is missing there.")


def _changes(old: Sent, new: Sent) -> Iterator[Change]:
    for key in dict.fromkeys((*old, *new)):
        before, after = old.get(key), new.get(key)
        if before != after:
            kind = ADDED if before is None else REMOVED if after is None else CHANGED
            yield Change("sent", _name(key), kind, before or "", after or "")
    if [key for key in old if key in new] != [key for key in new if key in old]:
        yield Change("sent", "the order of the answers", MOVED)


def _name(key: tuple[str, int | None]) -> str:
    code, row = key
    return f"{code}, row {row}" if row else code
