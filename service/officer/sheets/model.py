"""What the sheets hold: their names, their columns, and one line of a mapping."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Column(StrEnum):
    """The columns of a record's sheet, in order."""

    TO = "To"
    FROM = "From"
    AS = "As"
    CODES = "Codes"
    OTHER_CODES = "Other codes"
    REQUIRED = "Required"
    CONTINUES_IN = "Continues in"
    REASON = "Not sent reason"
    HELP = "Help text"
    COMMENT = "Comment"


HELP: dict[Column, str] = {
    Column.TO: "The question's code in your form. Empty for what is not sent.",
    Column.FROM: "The field of the record; * stands for every item of a list. Choose from the list.",
    Column.AS: "How it is written down. Choose from the list; docs/mapping.md explains each.",
    Column.CODES: "The name of a table on the sheet Codes, where your form has its own words for codes.",
    Column.OTHER_CODES: "What becomes of codes that the table leaves out: words, or refuse (a person decides).",
    Column.REQUIRED: "yes: a record without it waits for a person.",
    Column.CONTINUES_IN: "Where a long text goes on: codes with commas between, or: the document",
    Column.REASON: "Why it stays behind. Fill in From and this, and nothing else.",
    Column.HELP: "What the field and the question are called. Not read back.",
    Column.COMMENT: "Kept as a comment above the row.",
}

README, CODES, SETTINGS, LISTS = "Read me", "Codes", "Settings", "Lists"
CODE_COLUMNS = ("Table", "Code", "Words")
SETTING_COLUMNS = ("Key", "Value", "Read back")
DOCUMENT = "the document"
YES = "yes"


@dataclass(frozen=True)
class Line:
    """One line of a record's sheet as text. With a `reason` it says what is not sent."""

    to: str = ""
    source: str = ""
    rendering: str = ""
    codes: str = ""
    other_codes: str = ""
    required: str = ""
    continues_in: str = ""
    reason: str = ""
    help: str = ""
    comment: str = ""

    def cells(self) -> tuple[str, ...]:
        """In the order of the columns."""
        return tuple(getattr(self, name) for name in FIELDS.values())


FIELDS: dict[Column, str] = {
    Column.TO: "to",
    Column.FROM: "source",
    Column.AS: "rendering",
    Column.CODES: "codes",
    Column.OTHER_CODES: "other_codes",
    Column.REQUIRED: "required",
    Column.CONTINUES_IN: "continues_in",
    Column.REASON: "reason",
    Column.HELP: "help",
    Column.COMMENT: "comment",
}


def form_key(record: str) -> str:
    """The line of the settings that names a record's form."""
    return f"mapping.{record}.form"


def comment_key(record: str) -> str:
    """The line of the settings that holds the comment at the head of a mapping file."""
    return f"mapping.{record}.comment"
