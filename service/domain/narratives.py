"""The texts of a record, each with its place: those of professionals, and all that somebody else may come to read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from service.domain.faults import pointer
from service.domain.fields import Field, Group, Klass, Many, Text

_PROSE = frozenset({Klass.NARRATIVE, Klass.THIRD_PARTY})
_APART = frozenset({"risk_subjects"})
"""What lies apart from the record is not compared, sketched or advised on: it is a list of facts, not a story."""

Found = list[tuple[str, str]]
Finder = Callable[[Any, str, Found], None]
"""Adds (JSON pointer, text) of what it finds in a value at a place."""


def narratives(value: Any, field: Field) -> Iterator[tuple[str, str]]:
    """(JSON pointer, text) of what professionals wrote. Never a young person's own words: those are not judged."""
    return _texts(value, field, _is_narrative)


def every_text(value: Any, field: Field) -> Iterator[tuple[str, str]]:
    """(JSON pointer, text) of all but identifiers, own words too: for rules that ask only what may be passed on."""
    return _texts(value, field, _may_be_passed_on)


def _is_narrative(text: Text) -> bool:
    return text.klass in _PROSE and not text.words


def _may_be_passed_on(text: Text) -> bool:
    return text.klass is not Klass.IDENTIFIER


def _texts(value: Any, field: Field, wanted: Callable[[Text], bool]) -> Iterator[tuple[str, str]]:
    """In `value` as `field` describes it, but for what lies apart; mistyped parts are passed over."""
    found: Found = []
    finder = _kept_finder(field, wanted)
    if finder is not None:
        finder(value, "", found)
    return iter(found)


_finders: dict[tuple[int, Callable[[Text], bool]], tuple[Field, Finder | None]] = {}
"""By the description's identity, because a description has no hash; it is kept beside, so that no other gets its id."""


def _kept_finder(field: Field, wanted: Callable[[Text], bool]) -> Finder | None:
    kept = _finders.get((id(field), wanted))
    if kept is None:
        kept = _finders[id(field), wanted] = (field, _finder(field, wanted))
    return kept[1]


def _finder(field: Field, wanted: Callable[[Text], bool]) -> Finder | None:
    """A way straight to the texts that are wanted; None where the description has none, so nobody looks there."""
    match field:
        case Group():
            inner = {pointer(name): (name, _finder(each, wanted)) for name, each in _near(field)}
            return _in_group([(place, name, find) for place, (name, find) in inner.items() if find])
        case Many():
            item = _finder(field.item, wanted)
            return _in_list(item) if item else None
        case Text() if wanted(field):
            return _take
        case _:
            return None


def _near(group: Group) -> Iterator[tuple[str, Field]]:
    return ((name, field) for name, field in group.fields.items() if name not in _APART)


def _in_group(inner: list[tuple[str, str, Finder]]) -> Finder | None:
    def find(value: Any, place: str, found: Found) -> None:
        if isinstance(value, dict):
            for step, name, within in inner:
                if name in value:
                    within(value[name], place + step, found)

    return find if inner else None


def _in_list(item: Finder) -> Finder:
    def find(value: Any, place: str, found: Found) -> None:
        if isinstance(value, list):
            for index, each in enumerate(value):
                item(each, f"{place}/{index}", found)

    return find


def _take(value: Any, place: str, found: Found) -> None:
    if isinstance(value, str):
        found.append((place, value))
