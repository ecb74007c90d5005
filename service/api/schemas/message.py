"""A marshmallow message that keeps its rule code and its fix beside its words."""

from __future__ import annotations


class Message(str):
    """Text of a fault; marshmallow passes the object through untouched, so `code` and `fix` arrive with it."""

    code: str
    fix: str

    def __new__(cls, code: str, detail: str, fix: str) -> Message:
        """The detail as a string, with its companions."""
        message = super().__new__(cls, detail)
        message.code, message.fix = code, fix
        return message


UNKNOWN = Message("X-1", "unknown", "")
MISSING = Message("F-missing", "This is missing.", "Add it.")
NULL = Message("F-null", "This can't be null.", "Leave the field out, or fill it in.")
OBJECT = Message("F-type", "This should be an object.", "Send an object with named fields.")
LIST = Message("F-type", "This should be a list.", "Send a list, even for one item.")
TEXT = Message("F-type", "This should be text.", "Send a string.")
BLANK = Message("X-6", "This is empty.", "A short paragraph is enough.")
NO_SCORE = Message(
    "X-2",
    "WISE doesn't use scores or high/medium/low.",
    "Record what is happening in `/exploitation/category` and explain in `/exploitation/narrative`.",
)
NO_SCORE_IN_NWG = "Record what is happening in `/analysis` and choose one of the five boxes in `/professional_opinion`."
"""The fix of X-2 where there is no exploitation statement to point to."""
DATE = Message("F-date", "This isn't a calendar date.", "Write it as year-month-day, for example 2026-09-14.")
INSTANT = Message(
    "F-date", "This isn't a moment with its offset.", "Write it like 2026-09-14T10:12:00+01:00 or 2026-09-14T09:12:00Z."
)
TRUE_OR_FALSE = Message("F-type", "This should be true or false.", "Send true or false, without quotation marks.")
CONFIRM = Message("F-confirm", "This has to be confirmed.", "Send true once it is so.")
