"""Every text of a record that somebody else may come to read, a young person's own words among them.

Rules that judge or compare wording use `service.domain.narratives`, which has no own words. This is for the rules that
only look whether a text may be passed on.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from service.domain.faults import pointer
from service.domain.fields import Field, Group, Klass, Many, Text

APART = frozenset({"risk_subjects"})


def every_text(value: Any, field: Field, *path: str | int) -> Iterator[tuple[str, str]]:
    """(JSON pointer, text) of each in `value`, as `field` describes it, but for the restricted part and identifiers."""
    match field:
        case Group() if isinstance(value, dict):
            for name, inner in field.fields.items():
                if name in value and name not in APART:
                    yield from every_text(value[name], inner, *path, name)
        case Many() if isinstance(value, list):
            for index, item in enumerate(value):
                yield from every_text(item, field.item, *path, index)
        case Text() if isinstance(value, str) and field.klass is not Klass.IDENTIFIER:
            yield pointer(*path), value
        case _:
            return
