"""Whether what was exported does nothing when it is opened: a page, a CSV file, a PDF."""

from __future__ import annotations

from collections.abc import Sequence
from html.parser import HTMLParser
from typing import Any

import pikepdf

ACTIVE_TAGS = {"script", "img", "svg", "iframe", "object", "embed", "link", "form", "base", "audio", "video"}
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "|")
ACTIVE_KEYS = ("/JS", "/JavaScript", "/AA", "/OpenAction", "/Launch", "/EmbeddedFiles", "/URI", "/SubmitForm", "/GoToR")


class _Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.active: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        loud = [name for name, value in attrs if name.startswith("on") or "javascript:" in str(value)]
        self.active += ([tag] if tag in ACTIVE_TAGS else []) + loud


def page_faults(text: str) -> list[str]:
    """Whatever a browser would run or fetch."""
    return [f"<{each}>" for each in _Tags(text).active]


def cell_faults(rows: Sequence[Sequence[str]]) -> list[str]:
    """Cells that a spreadsheet takes for a formula. -2.5 is a number and nothing else."""
    return [f"a cell begins with {each[0]!r}" for row in rows for each in row if each.startswith(FORMULA_STARTS)]


def pdf_faults(pdf: pikepdf.Pdf) -> list[str]:
    """Whatever a reader would run, open or fetch, in any object."""
    found = {key for each in pdf.objects for key in _keys(each)}
    return sorted(f"has {key}" for key in found & set(ACTIVE_KEYS))


def _keys(found: Any) -> list[str]:
    if isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
        inner = found.items()
        return [key for name, value in inner for key in (name, *_name(value))]
    return []


def _name(value: Any) -> list[str]:
    return [str(value)] if isinstance(value, pikepdf.Name) else []
