"""Writes the table of keys into docs/profiles.md: `.venv/bin/python -m tests.adapters.profile_page`."""

from __future__ import annotations

from pathlib import Path

from service.adapters.profiles.page import tables
from service.adapters.registry import document_schemas, schemas

PAGE = Path(__file__).parents[2] / "docs" / "profiles.md"
MARK = "<!-- what follows is generated -->\n"


def main() -> None:
    """Everything behind the mark is made anew."""
    before, _, _ = PAGE.read_text("utf-8").partition(MARK)
    PAGE.write_text(f"{before}{MARK}\n{tables(schemas(), document_schemas())}\n", "utf-8")


if __name__ == "__main__":
    main()
