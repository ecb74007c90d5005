"""What really arrived: the receiver's journal, read by nobody but the checker."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Arrived:
    """`opened` counts records by our reference, `numbers` are theirs; `finished` holds numbers by `Paper.key`.

    `order` are the senders' ids, as they were finished, by authority and person.
    """

    opened: Counter[str] = field(default_factory=Counter)
    numbers: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    finished_at: dict[str, float] = field(default_factory=dict)
    finished: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    order: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


def read_journal(file: Path) -> Arrived:
    """Everything so far. A last line that is still being written is left for later."""
    arrived = Arrived()
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    for line in text[: text.rfind("\n") + 1].splitlines():
        entry = json.loads(line)
        if entry["what"] == "opened":
            arrived.opened[entry["reference"]] += 1
            arrived.numbers[entry["reference"]].add(entry["record"])
        elif entry["what"] == "finished" and entry["sender"]:
            key = f"{entry['authority']}/{entry['sender']}"
            arrived.finished[key].add(entry["record"])
            arrived.finished_at.setdefault(key, entry["at"])
            arrived.order[entry["authority"] + entry["person"]].append(entry["sender"])
    return arrived
