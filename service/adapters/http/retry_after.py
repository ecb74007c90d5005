"""The `Retry-After` header: seconds or a date, never trusted with more than a quarter of an hour."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST = 900


def seconds_of(header: str | None) -> int | None:
    """Seconds to wait, from 0 to `LONGEST`; None when the header is missing or unreadable."""
    if header is None:
        return None
    text = header.strip()
    if text.isascii() and text.isdigit():
        return LONGEST if len(text) > 6 else min(int(text), LONGEST)
    return _until(text)


def _until(text: str) -> int | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):  # a year or an offset beyond every calendar
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0, min(LONGEST, round((moment - datetime.now(UTC)).total_seconds())))
