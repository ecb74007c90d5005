"""What says that bodies were shredded: the list for after a restore, and one day's certificate. Ids and times only."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from service.domain.retention import BODY_DAYS_MAX
from service.ports.retention import Shredded

KIND = "wise-bridge shredded bodies"
CERTIFICATE = "wise-bridge certificate of shredding"


class NotOurList(ValueError):
    """The text is no list of shredded bodies, or was cut off."""


def written(entries: Iterable[Shredded], made_at: datetime) -> str:
    """The list as JSON, with a digest of its lines."""
    lines = [_plain(each) for each in entries]
    whole = {"kind": KIND, "made_at": made_at.isoformat(), "sha256": _digest(lines), "shredded": lines}
    return json.dumps(whole, indent=1) + "\n"


def read(text: str) -> list[Shredded]:
    """Raises `NotOurList`; a list that was changed or cut off is not applied by halves."""
    try:
        whole = json.loads(text)
        lines = whole["shredded"]
        if whole["kind"] != KIND or whole["sha256"] != _digest(lines):
            raise NotOurList
        return [_entry(each) for each in lines]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotOurList from error


def certificate(authority: str, day: date, entries: Sequence[Shredded]) -> dict[str, Any]:
    """What was shredded on one London day: how many, from which receipt to which, and a digest over all of them."""
    lines = [_plain(each) for each in entries]
    return {
        "kind": CERTIFICATE,
        "authority": authority,
        "day": day.isoformat(),
        "bodies": len(lines),
        "by_reason": dict(Counter(each.why for each in entries)),
        "windows_in_days": sorted({each.days for each in entries}),
        "first": _ends(entries[:1]),
        "last": _ends(entries[-1:]),
        "sha256": _digest(lines),
    }


def _ends(entry: Sequence[Shredded]) -> dict[str, str] | None:
    return {"receipt_id": str(entry[0].submission_id), "at": entry[0].at.isoformat()} if entry else None


def _plain(entry: Shredded) -> dict[str, Any]:
    return {
        "authority": entry.authority,
        "receipt_id": str(entry.submission_id),
        "at": entry.at.isoformat(),
        "why": entry.why,
        "days": entry.days,
    }


def _entry(line: dict[str, Any]) -> Shredded:
    at, days = datetime.fromisoformat(line["at"]), int(line["days"])
    if at.tzinfo is None or not 0 <= days <= BODY_DAYS_MAX:
        raise NotOurList
    return Shredded(str(line["authority"]), UUID(line["receipt_id"]), at, str(line["why"]), days)


def _digest(lines: Sequence[Any]) -> str:
    """Of the lines in their order, each as canonical JSON."""
    each = (json.dumps(line, sort_keys=True, separators=(",", ":"), ensure_ascii=True) for line in lines)
    return hashlib.sha256("\n".join(each).encode()).hexdigest()
