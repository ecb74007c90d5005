"""The phrase banks under `data/`, read once. A bank is a list of phrases; `areas.young_person.hopes` names one."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

_DATA = Path(__file__).parent / "data"


@cache
def _file(name: str) -> Mapping[str, Any]:
    with (_DATA / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


def phrases(bank: str) -> list[str]:
    """The phrases of a bank. `KeyError` when there is none of that name."""
    found: Any = _file(bank.split(".", 1)[0])
    for part in bank.split(".")[1:]:
        found = found[part]
    return list(found)


def tables(bank: str) -> list[dict[str, Any]]:
    """A bank whose entries are tables, such as the kinds of plan items."""
    name, part = bank.split(".")
    return list(_file(name)[part])
