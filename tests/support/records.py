"""The example records, and copies of them with one thing changed."""

from __future__ import annotations

import copy
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from service.domain.london import LONDON

EXAMPLES = Path(__file__).parents[1] / "examples"
NAMES = {
    "wise": "wise_assessment-stockport",
    "rise": "rise_meeting_output-salford",
    "nwg": "nwg_assessment-tameside",
    "oldham": "wise_assessment-oldham",
}
ADDRESS = {
    "wise_assessment": "/v1/wise-assessments",
    "rise_meeting_output": "/v1/rise-meeting-outputs",
    "nwg_assessment": "/v1/nwg-assessments",
}


class Missing:
    """Stands for a field that is to be removed; always written alike, so that a test keeps its name."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING = Missing()


def raw(name: str) -> bytes:
    """An example's exact bytes."""
    return (EXAMPLES / f"{NAMES[name]}.json").read_bytes()


def example(name: str, **changes: Any) -> dict[str, Any]:
    """A copy of an example; changes are `path__to__field=value`, with `MISSING` to remove and numbers for positions."""
    record: dict[str, Any] = copy.deepcopy(json.loads(raw(name)))
    for path, value in changes.items():
        put(record, path.split("__"), value)
    return record


def recent(name: str, **changes: Any) -> dict[str, Any]:
    """An example completed yesterday, so that its review is not due while a test runs, whenever that is."""
    yesterday = (datetime.now(LONDON) - timedelta(days=1)).date().isoformat()
    plan = [{"what": "A bus pass", "who_will": "third_sector"}]
    return example(name, completed_on=yesterday, review__due_on=MISSING, support_plan__items=plan, **changes)


def put(record: Any, path: list[str], value: Any) -> None:
    """Sets, or with `MISSING` removes, what is at a path."""
    *above, last = path
    for part in above:
        record = record[int(part)] if isinstance(record, list) else record[part]
    key: Any = int(last) if isinstance(record, list) else last
    if value is MISSING:
        record.pop(key, None) if isinstance(record, dict) else record.pop(key)
    else:
        record[key] = value
