"""The words in which a record is described, once, for everything that needs to know its fields.

Validation, the mapping's completeness check, the document and the privacy tests all read the same description, so a new
field cannot be known to one and unknown to another. A field cannot be written down without its class (`Klass`), because
what may be done with it follows from that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

TEXT_MAX = 8_000
"""Characters in one text field. The WISE form asks for a brief narrative; model 3.3."""


class Klass(StrEnum):
    """What a field is about, and therefore who may ever see it (domain model, section 3)."""

    IDENTIFIER = "direct identifier"
    QUASI = "quasi-identifier"
    SPECIAL = "special category"
    ALLEGATION = "alleged offence"
    NARRATIVE = "free narrative"
    THIRD_PARTY = "third party"
    PROFESSIONAL = "staff personal data"
    CODED = "safe coded"
    OPERATIONAL = "operational"


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field: whether it must be there, whether `null` may stand for its absence, and its class.

    `since` is the record edition it came with: a record of an earlier one cannot have it.
    """

    klass: Klass
    required: bool = False
    nullable: bool = False
    since: str = "1.0"


@dataclass(frozen=True, kw_only=True)
class Text(Field):
    """Words. `words` marks a young person's own words: never judged, only checked for being there at all."""

    max: int = TEXT_MAX
    words: bool = False


@dataclass(frozen=True, kw_only=True)
class Token(Field):
    """A reference or number in letters and digits. The pattern keeps names and free text out of it."""

    pattern: str
    max: int
    example: str


@dataclass(frozen=True, kw_only=True)
class Code(Field):
    """One value of a closed list."""

    codes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Date(Field):
    """A calendar date in Europe/London, `YYYY-MM-DD`."""


@dataclass(frozen=True, kw_only=True)
class Instant(Field):
    """A moment with its offset, ISO 8601."""


@dataclass(frozen=True, kw_only=True)
class Whole(Field):
    """A whole number between `min` and `max`."""

    min: int
    max: int


@dataclass(frozen=True, kw_only=True)
class Flag(Field):
    """`true` or `false`; with `only_true`, a confirmation that must be `true`."""

    only_true: bool = False


@dataclass(frozen=True, kw_only=True)
class Group(Field):
    """An object with named fields. Its own class is that of the structure, not of what it holds."""

    fields: Mapping[str, Field]
    klass: Klass = Klass.OPERATIONAL


@dataclass(frozen=True, kw_only=True)
class Many(Field):
    """A list of `item`, between `min` and `max` long."""

    item: Field
    min: int = 0
    max: int = 50
    klass: Klass = field(default=Klass.OPERATIONAL)


def leaves(node: Field, path: str = "") -> Iterator[tuple[str, Field]]:
    """Every value-bearing field below `node` as (path, field); list positions are written `*`."""
    match node:
        case Group():
            for name, child in node.fields.items():
                yield from leaves(child, f"{path}/{name}")
        case Many():
            yield from leaves(node.item, f"{path}/*")
        case _:
            yield path, node
