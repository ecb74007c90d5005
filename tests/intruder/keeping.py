"""Keeps the results of a run in a file as they come, so that a run of hours can be stopped and gone on with."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.intruder.run import Result


class Unfit(Exception):
    """What was kept is of no use to this run. Says why, and what to do."""


def keep(results: Sequence[Result], without: Sequence[str], into: Path) -> None:
    """Writes all of them, by their seeds. Whoever reads the file, or stops the run, finds it whole: old or new.

    What was left out of the protection stands in every result, since one found without it is none of another run.
    """
    said = [{**each.as_dict(), **_left_out(without)} for each in sorted(results, key=lambda each: each.seed)]
    beside = into.with_name(f".{into.name}.{os.getpid()}")
    try:
        with beside.open("w", encoding="utf-8") as file:
            file.write(json.dumps(said, indent=1) + "\n")
            file.flush()
            os.fsync(file.fileno())
        beside.replace(into)
    finally:
        beside.unlink(missing_ok=True)


def read(kept: Path) -> list[Result]:
    """What a run has kept. Raises `Unfit` for a file that is none of ours."""
    return [Result.of({name: said for name, said in each.items() if name != "without"}) for each in _said(kept)]


def resumed(kept: Path, without: Sequence[str]) -> list[Result]:
    """What a run with the same steps left out has kept; nothing where there is no file yet. Raises `Unfit`."""
    if not kept.exists():
        return []
    if any(each.get("without", []) != sorted(without) for each in _said(kept)):
        raise Unfit(f"{kept.name} is of a run with other steps left out. Give the same --without, or another file.")
    return read(kept)


def _left_out(without: Sequence[str]) -> dict[str, list[str]]:
    return {"without": sorted(without)} if without else {}


def _said(kept: Path) -> list[dict[str, Any]]:
    try:
        said = json.loads(kept.read_text("utf-8"))
        for each in said:
            Result.of({name: value for name, value in each.items() if name != "without"})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise Unfit(f"{kept.name} holds no results of this program. Give the file of an earlier --json.") from None
    return list(said)
