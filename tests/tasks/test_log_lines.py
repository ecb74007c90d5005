"""A line of the log is never worth more than what it tells of."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path

import pytest

from service.observability import Lines


def test_a_line_that_nobody_takes_is_lost_and_nothing_else() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with suppress(BrokenPipeError), os.fdopen(writing, "w", encoding="utf-8") as nowhere:  # closing it tries once more
        for say in (Lines(nowhere).info, Lines(nowhere).error, Lines(nowhere).exception):
            say("{}")
        with pytest.raises(BrokenPipeError):
            nowhere.flush()


def test_a_line_with_room_is_there_at_once(tmp_path: Path) -> None:
    with (tmp_path / "log").open("w", encoding="utf-8") as file:
        Lines(file).warning(json.dumps({"event": "swept"}))
        assert (tmp_path / "log").read_text() == '{"event": "swept"}\n'
