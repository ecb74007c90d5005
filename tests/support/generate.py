"""Records from their own description: good ones, and good ones with one thing changed. Nothing in them is anybody's.

A change may leave a record good. Who says so is the service; here is only what is worth asking it about.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import UTC, date, timedelta, timezone
from typing import Any

from hypothesis import strategies as st

from service.domain.fields import Code, Date, Field, Flag, Group, Instant, Many, Text, Token, Whole
from service.domain.scores import is_band
from tests.support.records import MISSING, put

Path = tuple[str | int, ...]

NARRATIVES = ["A", "7", "٣", "کل پھر چلیں گے", "He got high marks.", "𞤀", "½", "low\u200b", "Line\nand line"]
OWN_WORDS = [*NARRATIVES, "🙂", "…", "low", "High!", "-", "\u200b", "\ufeff"]

HOSTILE: list[Any] = [
    None, True, False, 0, 1, -1, 15, 26, 100, 10**14, 3.5, -0.5, 15.25, [], [None], ["x"], [["x"]], [{}], {}, {"a": 1},
    # blank, for some alphabet or other
    "", " ", "\n", "\t\u00a0\u3000", "\x1c\x1d", "\x85", "\u180e", "\u200b", "\ufeff", "\u2028", "...", "--", "_", "🙂",
    "\u0301", "€", "\U000e0001", "\ue000", "a", "0", "²", "𝟘", "Ⅷ", "𐀀", "ª",
    # scores, nearly scores
    "high", "HIGH", " Medium. ", "low-risk", "LOW_RISK!", "high\u00a0risk", "high ris\u212a", "h\u0130gh",
    "high/medium/low", "high / medium / low", "high.", ".high", "-- low --", "high\n", "high,", "highrisk",
    "low risk s", "medium.risk", "\u1680low\u2029", "low\u200b", "\ufefflow",
    # codes and references
    "yes", "YES", "no", "unknown", "not_known", "other", "NONE", "new", "withdrawal", "1.0", "1.1", "wise_assessment",
    "E08000007", "E08000007\n", "e08000007", "E0800000٧", "STK0000417", "stk-sw-21", "two words", "naïve", "-x",
    "x" * 64, "x" * 65, "1" * 20, "1" * 21, "A123456789012", "I123456789012", "123456", "12345", "１２３４５６", "SW1",
    "SW" + "1" * 11,
    # dates and moments
    "2026-09-14", "2024-02-29", "2026-02-29", "1900-02-29", "2000-02-29", "2026-02-30", "2026-04-31", "2026-13-01",
    "2026-00-10", "2026-01-00", "2026-01-32", "0000-01-01", "0000-02-29", "0001-01-01", "0004-02-29", "9999-12-31",
    "10000-01-01", "2026-9-14", "20260914", "2026-W37-1", "14/09/2026", "2026-09-14\n", "２０２６-09-14", "2026-09-1٤",
    "2026-09-14T10:12:00+01:00", "2026-09-14T09:12:00Z", "2026-09-14T09:12Z", "2026-09-14T09:12:00.1234567+01:00",
    "2026-09-14T09:12:00", "2026-09-14 09:12:00Z", "2026-09-14t09:12:00z", "2026-09-14T24:00:00Z",
    "2026-09-14T09:12:60Z", "2026-09-14T09:12:00+0100", "2026-09-14T09:12:00+01", "2026-09-14T09:12:00+24:00",
    "2026-09-14T09:12:00-23:59", "2026-09-14T09:12:00+01:60", "2026-09-14T09:12:00,5Z", "2026-09-14T09:12:00.Z",
    "2026-09-14T09:12:00Z\n", "2026-02-29T09:12:00Z", "20260914T091200Z", "2026-W37-1T09:12:00Z",
    "2026-09-14T09:12:00.1234567890Z", "T09:12:00Z", "15", "true", "1.0 ",
]  # fmt: skip
"""Values that some parser, alphabet, calendar or regular expression takes for something that they are not."""

SIGNS = [*"\n 0٣１aA-_.!/:TZ+\u212a\u200bé𞤀", ""]
OFFSETS = [UTC, timezone(timedelta(hours=1)), timezone(-timedelta(hours=9, minutes=30))]
KEYS = ["name", "score", "riskLevel", "level", "_schema", "", "text", "reason", "$ref", "__proto__", "Authority"]


def values(field: Field) -> st.SearchStrategy[Any]:
    """What the service should take there."""
    found = _values(field)
    return found | st.none() if field.nullable else found


def _values(field: Field) -> st.SearchStrategy[Any]:  # noqa: C901 - one line for each kind
    match field:
        case Group():
            parts = {name: values(child) for name, child in field.fields.items()}
            required = {name: part for name, part in parts.items() if field.fields[name].required}
            return st.fixed_dictionaries(
                required, optional={name: part for name, part in parts.items() if name not in required}
            )
        case Many():
            return st.lists(values(field.item), min_size=field.min, max_size=min(field.max, field.min + 2))
        case Text():
            return st.sampled_from(
                [text for text in (OWN_WORDS if field.words else NARRATIVES) if len(text) <= field.max]
            )
        case Token():
            return st.from_regex(field.pattern, fullmatch=True).filter(
                lambda text: text.isascii() and not is_band(text)
            )
        case Code():
            return st.sampled_from(field.codes)
        case Date():
            return st.dates().map(date.isoformat)
        case Instant():
            return st.datetimes(timezones=st.sampled_from(OFFSETS)).map(lambda moment: moment.isoformat())
        case Whole():
            return st.integers(field.min, field.max)
        case Flag():
            return st.just(True) if field.only_true else st.booleans()
    raise TypeError(f"no values for {type(field).__name__}")


def places(value: Any, field: Field, path: Path = ()) -> Iterator[tuple[Path, Field]]:
    """Every object, list and leaf of a good record, with what it should be."""
    yield path, field
    if isinstance(field, Group):
        for name, below in value.items():
            yield from places(below, field.fields[name], (*path, name))
    elif isinstance(field, Many):
        for index, below in enumerate(value):
            yield from places(below, field.item, (*path, index))


@st.composite
def changed(draw: st.DrawFn, record: dict[str, Any], group: Group) -> dict[str, Any]:
    """A copy of this good record with one thing changed somewhere."""
    path, field = draw(st.sampled_from(list(places(record, group))))
    copied: dict[str, Any] = copy.deepcopy(record)
    if not path or (isinstance(field, Group) and draw(st.booleans())):
        at(copied, path)[draw(st.sampled_from(KEYS) | st.text(max_size=4))] = draw(st.sampled_from(HOSTILE))
    else:
        put(copied, [str(part) for part in path], draw(others(field, at(record, path))))
    return copied


def others(field: Field, value: Any) -> st.SearchStrategy[Any]:
    """What could stand there instead of `value`; `MISSING` for nothing."""
    ways = [st.just(MISSING), st.sampled_from(HOSTILE)]
    if isinstance(field, Many):
        ways.append(st.sampled_from([value * 2, [*value, None], value * 26, (value or [None]) * field.max, value[1:]]))
    if isinstance(field, Text):
        ways.append(st.sampled_from(["x" * field.max, "x" * (field.max + 1), "🙂" * field.max + "x", " " * field.max]))
    if isinstance(value, str):
        ways.append(nearly(value))
    if isinstance(value, int):
        ways.append(st.sampled_from([str(value), bool(value), int(value), value + 0.5, [value]]))
    return st.one_of(ways)


@st.composite
def nearly(draw: st.DrawFn, text: str) -> str:
    """The text with a sign put in, replaced or taken away; or in other letters."""
    start = draw(st.integers(0, len(text)))
    stop = draw(st.integers(start, min(start + 1, len(text))))
    near = text[:start] + draw(st.sampled_from(SIGNS)) + text[stop:]
    return draw(st.sampled_from([near, near, near, text.upper(), text.lower(), text + text]))


def at(record: Any, path: Path) -> Any:
    """What is at a path."""
    for part in path:
        record = record[part]
    return record
