"""The blocks a document is made of, as the JSON that the Typst template reads. Words are data in it, never markup."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

Words = list[dict[str, Any]]
"""Paragraphs: each with its `text` and whether it reads right to left."""

Block = dict[str, Any]

CARD = 900
"""Characters in a card that surely fit on one page."""


def words_of(text: str) -> Words:
    """The paragraphs of a text. Each takes its direction from its own first letter, as a reader does."""
    return [{"text": part, "rtl": _reads_rtl(part)} for part in re.split(r"\n(?:[ ]*\n)+", text.strip("\n"))]


def _reads_rtl(text: str) -> bool:
    strong = (unicodedata.bidirectional(char) for char in text)
    return next((kind for kind in strong if kind in ("L", "R", "AL")), "L") != "L"


def heading(title: str, level: int) -> Block:
    """A heading below the section's own; `level` 2 is shown among the bookmarks."""
    return {"kind": "heading", "title": title, "level": level}


def prose(text: Words) -> Block:
    """Paragraphs in a professional's words."""
    return {"kind": "prose", "words": text}


def bullets(items: list[Words]) -> Block:
    """A list."""
    return {"kind": "bullets", "items": items}


def quote(text: Words, *, notes: list[Words] | None = None, choice: Words | None = None) -> Block:
    """Somebody's own words, what is known about how they came, and what they want done with them."""
    return {"kind": "quote", "words": text, "notes": notes or [], "choice": choice}


def facts(rows: list[tuple[str, Words]]) -> Block:
    """Labels with short values."""
    return {"kind": "facts", "rows": [{"label": label, "words": text} for label, text in rows]}


def cell(text: Words, details: list[tuple[str, Words]] | None = None) -> Block:
    """One cell of a table, with small labelled details below its words."""
    return {"words": text, "details": [{"label": label, "words": value} for label, value in details or []]}


def table(head: list[str], rows: list[list[Block]], widths: list[float]) -> Block:
    """A table with a header row that is repeated on every page it reaches."""
    return {"kind": "table", "head": head, "rows": rows, "widths": widths}


def card(text: Words, rows: list[tuple[str, Words]]) -> Block:
    """One thing that will happen, with what is known of it. A short one stays on one page, a long one may not."""
    rest = facts(rows)["rows"]
    length = sum(len(part["text"]) for words in (text, *(row["words"] for row in rest)) for part in words)
    return {"kind": "card", "words": text, "rows": rest, "whole": length < CARD}


def statement(text: Words) -> Block:
    """A statement as words: no level, no colour."""
    return {"kind": "statement", "words": text}


def banner(text: Words) -> Block:
    """Something nobody may overlook."""
    return {"kind": "banner", "words": text}


def section(title: str, blocks: list[Block], *, restricted: bool) -> Block:
    """A chapter of the document. A restricted one comes last, on pages of its own."""
    return {"title": title, "blocks": blocks, "restricted": restricted}
