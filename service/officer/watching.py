"""A pytest plugin that says what each test came to, a JSON line each: `pytest -p service.officer.watching`.

It is loaded by the pytest that `wise-bridge adapter conformance` starts, and imports nothing of it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

OPTION = "--wise-results"


def pytest_addoption(parser: Any) -> None:
    """Where the lines go."""
    parser.addoption(OPTION, help="File for a JSON line per test.")


def pytest_configure(config: Any) -> None:
    """Nothing is written without the option."""
    if file := config.getoption(OPTION):
        config.pluginmanager.register(_Watch(Path(file)), "wise-results")


class _Watch:
    def __init__(self, file: Path) -> None:
        self._file = file

    def pytest_collection_finish(self, session: Any) -> None:
        """How many there are, and what the world says cannot happen."""
        items: Sequence[Any] = session.items
        worlds = [world for item in items if (world := getattr(getattr(item, "cls", None), "World", None))]
        reasons: dict[str, dict[str, None]] = {}
        for name, why in ((name, why) for world in worlds for name, why in world.cannot_happen.items()):
            reasons.setdefault(name, {})[why] = None
        told = {name: " Or: ".join(found) for name, found in reasons.items()}
        self._write({"count": len(items), "cannot_happen": told})

    def pytest_runtest_logreport(self, report: Any) -> None:
        """The call itself, and a set-up or an end that went wrong. Never what a test printed."""
        if report.when == "call" or not report.passed:
            self._write({"test": report.nodeid, "outcome": report.outcome, "when": report.when})

    def _write(self, what: dict[str, Any]) -> None:
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(what) + "\n")
