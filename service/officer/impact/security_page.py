"""What SECURITY.md says: how things are protected, and what is not, yet. Read, so that nothing is said twice."""

from __future__ import annotations

import re
from pathlib import Path

from service.officer.errors import CannotRun

PROTECTED = "What is protected, and how"
OPEN = "What is not, yet"
_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")


def protected(page: Path) -> tuple[tuple[str, str], ...]:
    """(what, how) of every row. Raises `CannotRun` where there is no such page or table."""
    rows = [line.strip("|").split("|", 1) for line in _section(page, PROTECTED).splitlines() if line.startswith("|")]
    found = tuple((what.strip(), _plain(how)) for what, how in rows[2:])
    return found or _missing(page, PROTECTED)


def still_open(page: Path) -> tuple[str, ...]:
    """Every residual risk, one a point. Raises `CannotRun` where there is no such page or list."""
    points = re.split(r"^\* ", _section(page, OPEN), flags=re.MULTILINE)[1:]
    return tuple(map(_plain, points)) or _missing(page, OPEN)


def _section(page: Path, title: str) -> str:
    if not page.is_file():
        raise CannotRun(f"There is no {page.name} here: this needs a checkout of the project, not an installed copy.")
    _, _, rest = page.read_text(encoding="utf-8").partition(f"\n## {title}\n")
    return rest.partition("\n## ")[0]


def _plain(text: str) -> str:
    """On one line, links as their words."""
    return " ".join(_LINK.sub(r"\1", text).split()).rstrip("| ")


def _missing(page: Path, title: str) -> tuple[()]:
    raise CannotRun(
        f"{page.name} has nothing under '{title}'. Write it there: the pack has its risks from that section."
    )
