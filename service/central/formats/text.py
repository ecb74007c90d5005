"""CSV and JSON as bytes, each in one form only."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

_STEERING = ("=", "+", "-", "@", "\t", "\r")


def as_json(value: Any) -> bytes:
    """UTF-8, members in the order given, indented for readers, ended by one line feed."""
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def as_csv(header: Sequence[str], rows: Iterable[Sequence[str | int | None]]) -> bytes:
    """RFC 4180 in UTF-8 without a byte order mark: one header line, lines ended by CR LF. None is an empty cell."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([harmless(name) for name in header])
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue().encode()


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula: what begins like one is put behind an apostrophe."""
    return f"'{text}" if text.startswith(_STEERING) else text


def _cell(value: str | int | None) -> str | int:
    if value is None:
        return ""
    return harmless(value) if isinstance(value, str) else value
