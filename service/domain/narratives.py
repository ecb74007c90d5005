"""The texts of a record, each with its place: those of professionals, and all that somebody else may come to read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from service.domain.faults import pointer
from service.domain.fields import Field, Group, Klass, Many, Text, Token

_PROSE = frozenset({Klass.NARRATIVE, Klass.THIRD_PARTY})
_TELLING = _PROSE | {Klass.SPECIAL, Klass.OPERATIONAL}
_SHORT = 200
_APART = frozenset({"risk_subjects"})
"""What lies apart from the record is not compared, sketched or advised on: it is a list of facts, not a story."""

Found = list[tuple[str, str]]
Leaf = Text | Token
Wanted = Callable[[Leaf], bool]
Finder = Callable[[Any, str, Found], None]
"""Adds (JSON pointer, text) of what it finds in a value at a place."""


def narratives(value: Any, field: Field) -> Iterator[tuple[str, str]]:
    """(JSON pointer, text) of what professionals wrote. Never a young person's own words: those are not judged."""
    return _texts(value, field, _is_narrative)


def every_text(value: Any, field: Field) -> Iterator[tuple[str, str]]:
    """(JSON pointer, text) of all but identifiers, own words too: for rules that ask only what may be passed on."""
    return _texts(value, field, _may_be_passed_on)


def telling_texts(value: Any, field: Field) -> Iterator[tuple[str, str]]:
    """(JSON pointer, text) of the narratives and of what stands under "other", never a young person's own words."""
    return _texts(value, field, _is_telling)


def short_words(value: Any, field: Field) -> Iterator[tuple[str, str]]:
    """(JSON pointer, word) of the fields that take a word of the authority's form, and no reference or number."""
    found = _texts(value, field, _is_short)
    return ((place, word) for place, word in found if not place.endswith(("ref", "refs", "_id")))


def _is_narrative(text: Leaf) -> bool:
    return isinstance(text, Text) and text.klass in _PROSE and not text.words


def _may_be_passed_on(text: Leaf) -> bool:
    return isinstance(text, Text) and text.klass is not Klass.IDENTIFIER


def _is_telling(text: Leaf) -> bool:
    """By its length: a panel's own name is a text too, and a short one."""
    return isinstance(text, Text) and text.klass in _TELLING and not text.words and text.max > _SHORT


def _is_short(text: Leaf) -> bool:
    return isinstance(text, Token) and text.klass in {Klass.OPERATIONAL, Klass.SPECIAL}


def _texts(value: Any, field: Field, wanted: Wanted) -> Iterator[tuple[str, str]]:
    """In `value` as `field` describes it, but for what lies apart; mistyped parts are passed over."""
    found: Found = []
    finder = _kept_finder(field, wanted)
    if finder is not None:
        finder(value, "", found)
    return iter(found)


_finders: dict[tuple[int, Wanted], tuple[Field, Finder | None]] = {}
"""By the description's identity, because a description has no hash; it is kept beside, so that no other gets its id."""


def _kept_finder(field: Field, wanted: Wanted) -> Finder | None:
    kept = _finders.get((id(field), wanted))
    if kept is None:
        kept = _finders[id(field), wanted] = (field, _finder(field, wanted))
    return kept[1]


def _finder(field: Field, wanted: Wanted) -> Finder | None:
    """A way straight to the texts that are wanted; None where the description has none, so nobody looks there."""
    match field:
        case Group():
            inner = {pointer(name): (name, _finder(each, wanted)) for name, each in _near(field)}
            return _in_group([(place, name, find) for place, (name, find) in inner.items() if find])
        case Many():
            item = _finder(field.item, wanted)
            return _in_list(item) if item else None
        case Text() | Token() if wanted(field):
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
