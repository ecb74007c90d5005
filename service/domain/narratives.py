"""The texts of a record, each with its place: those of professionals, and all that somebody else may come to read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from service.domain.faults import pointer
from service.domain.fields import Field, Group, Klass, Many, Text

_PROSE = frozenset({Klass.NARRATIVE, Klass.THIRD_PARTY})
_APART = frozenset({"risk_subjects"})
"""What lies apart from the record is not compared, sketched or advised on: it is a list of facts, not a story."""


def narratives(value: Any, field: Field) -> Iterator[tuple[str, str]]:
    """(JSON pointer, text) of what professionals wrote. Never a young person's own words: those are not judged."""
    return _texts(value, field, lambda text: text.klass in _PROSE and not text.words)


def every_text(value: Any, field: Field) -> Iterator[tuple[str, str]]:
    """(JSON pointer, text) of all but identifiers, own words too: for rules that ask only what may be passed on."""
    return _texts(value, field, lambda text: text.klass is not Klass.IDENTIFIER)


def _texts(value: Any, field: Field, wanted: Callable[[Text], bool], *path: str | int) -> Iterator[tuple[str, str]]:
    """In `value` as `field` describes it, but for what lies apart; mistyped parts are passed over."""
    match field:
        case Group() if isinstance(value, dict):
            for name, inner in field.fields.items():
                if name in value and name not in _APART:
                    yield from _texts(value[name], inner, wanted, *path, name)
        case Many() if isinstance(value, list):
            for index, item in enumerate(value):
                yield from _texts(item, field.item, wanted, *path, index)
        case Text() if isinstance(value, str) and wanted(field):
            yield pointer(*path), value
        case _:
            return
