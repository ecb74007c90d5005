"""Texts of a catalogue as people and their spreadsheets read them, and the short names of its parts."""

from __future__ import annotations

import re

from service.central.catalogue.written import Entry, items, text
from service.central.published import TOTAL

_CODE = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")
_TABLE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_BEGINS = re.compile(r"[A-Za-z0-9]")


def label(entry: Entry | None) -> str:
    """One line that begins with a letter or a digit: a spreadsheet takes `=`, `+`, `-` and `@` for a formula."""
    said = text(entry)
    if entry and said and (not _BEGINS.match(said) or "\n" in said):
        entry.fault("This is no title of one line.", "Begin with a letter or a digit, and write one line.")
    return said


def question(entry: Entry | None) -> str:
    """What a table answers, as a question."""
    said = label(entry)
    if entry and said and not (said.endswith("?") and " " in said):
        entry.fault("This is no question in words.", "Write a question that ends with '?'.")
    return said


def sentences(entry: Entry | None) -> tuple[str, ...]:
    """At least one note, each a sentence."""
    found = items(entry)
    if entry and not found:
        entry.fault("There is no note here.", "Say in a sentence what a reader has to know.")
    return tuple(_sentence(each) for each in found)


def _sentence(entry: Entry) -> str:
    said = label(entry)
    if said and not (said.endswith(".") and " " in said):
        entry.fault("This is no sentence.", "Write a sentence that ends with a full stop.")
    return said


def check_code(entry: Entry, name: str) -> None:
    """Names of axes, universes and groups are small letters, digits and `_`; `total` is taken."""
    if not _CODE.fullmatch(name) or name == TOTAL:
        entry.fault("This is no name for it.", f"Use small letters, digits and '_'; '{TOTAL}' is taken.")


def check_table(entry: Entry, name: str) -> None:
    """A table's name stands in addresses and file names: small letters, digits and `-`."""
    if not _TABLE.fullmatch(name):
        entry.fault("This is no name of a table.", "Use small letters, digits and '-'.")
