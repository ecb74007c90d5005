"""A line of the log is never worth more than what it tells of."""

from __future__ import annotations

import json
from pathlib import Path

from service.observability import Lines


def test_a_line_without_room_is_lost_and_nothing_else() -> None:
    with Path("/dev/full").open("w", encoding="utf-8", buffering=1) as full:
        Lines(full).info("{}")
        Lines(full).error("{}")
        full.detach()  # or closing it would try once more


def test_a_line_with_room_is_there_at_once(tmp_path: Path) -> None:
    with (tmp_path / "log").open("w", encoding="utf-8") as file:
        Lines(file).warning(json.dumps({"event": "swept"}))
        assert (tmp_path / "log").read_text() == '{"event": "swept"}\n'
