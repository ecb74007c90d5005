"""A text as its words, however they are capitalised, spaced and punctuated: read once, for every rule that compares."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

_WORD = re.compile(r"[^\W_]+")
_SPACED = bytes(ord(chr(code).lower()) if chr(code).isalnum() else 32 for code in range(128)).ljust(256, b" ")


class Reading(NamedTuple):
    """`words` are the runs of letters and digits in order, in compatible small letters and UTF-8."""

    text: str
    words: list[bytes]


def read(text: str) -> Reading:
    """The reading of a text. Plain English, which nearly every text is, takes a short cut to the same words."""
    if text.isascii():
        return Reading(text, text.encode().translate(_SPACED).split())
    folded = unicodedata.normalize("NFKC", text).casefold()
    return Reading(text, [word.encode() for word in _WORD.findall(folded)])
