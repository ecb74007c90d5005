"""The two formats of an answer, read strictly. Not every target can rename: an answer may be found half written."""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections.abc import Callable, Mapping

from service.adapters.shared.strict import UnreadableError

_HEADER = "name,value\r\n"
_END = "end,\r\n"
_ENDINGS = ("}", '"}', '":""}', ':""}', '""}', '"":""}')
"""What would close one flat object of texts, wherever it was cut short."""


def from_json(data: bytes) -> Mapping[str, str] | None:
    """One flat object of texts, no key twice. None when it ends too early."""
    text = _text(data)
    values = _object(text)
    if values is None and (not text.strip() or any(_object(text + ending) is not None for ending in _ENDINGS)):
        return None
    if values is None or not all(isinstance(value, str) for _, value in values):
        raise UnreadableError
    return _once([(name, str(value)) for name, value in values])


def _object(text: str) -> list[tuple[str, object]] | None:
    """The pairs of an object, in order; None for any other text."""
    try:
        found = json.loads(text, object_pairs_hook=lambda pairs: pairs)
    except (ValueError, RecursionError):
        return None
    return found if text.lstrip().startswith("{") else None


def from_csv(data: bytes) -> Mapping[str, str] | None:
    """Records of two fields under the header line, the last one `end`. None when that is not there yet."""
    text = _text(data)
    if not text.startswith(_HEADER[: len(text)]):
        raise UnreadableError
    if not text.startswith(_HEADER) or not text.endswith(f"\r\n{_END}"):
        return None
    rows = _rows(text)
    if any(len(row) != 2 for row in rows):
        raise UnreadableError
    return _once([(name, value) for name, value in rows[1:-1]])


def _rows(text: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        raise UnreadableError from None


def _text(data: bytes) -> str:
    """UTF-8; a character cut in two at the end is one still to come."""
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        raise UnreadableError from None


def _once(pairs: list[tuple[str, str]]) -> Mapping[str, str]:
    """A field that comes twice says two things."""
    if len(dict(pairs)) != len(pairs):
        raise UnreadableError
    return dict(pairs)


READERS: Mapping[str, Callable[[bytes], Mapping[str, str] | None]] = {"json": from_json, "csv": from_csv}
