"""The narratives of a record: what professionals wrote, with the place of each. Never a young person's own words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from service.domain.faults import pointer
from service.domain.fields import Field, Group, Klass, Many, Text

_PROSE = frozenset({Klass.NARRATIVE, Klass.THIRD_PARTY})
_APART = frozenset({"risk_subjects"})
"""What lies apart from the record is not compared, sketched or advised on: it is a list of facts, not a story."""


def narratives(value: Any, field: Field, *path: str | int) -> Iterator[tuple[str, str]]:
    """(JSON pointer, text) of every narrative in `value`, as `field` describes it; mistyped parts are passed over."""
    match field:
        case Group() if isinstance(value, dict):
            for name, inner in field.fields.items():
                if name in value and name not in _APART:
                    yield from narratives(value[name], inner, *path, name)
        case Many() if isinstance(value, list):
            for index, item in enumerate(value):
                yield from narratives(item, field.item, *path, index)
        case Text() if isinstance(value, str) and field.klass in _PROSE and not field.words:
            yield pointer(*path), value
        case _:
            return
