"""Words of a record as a screen may show them: nothing in them steers a terminal or turns the direction of reading."""

from __future__ import annotations

import unicodedata

_JOINERS = "\u200c\u200d"
"""They join or part letters in Arabic and Indic scripts, and in emoji."""


def shown(text: str) -> str:
    """The text with every other control or format character as its number: `⟨202E⟩`."""
    return "".join(each if _harmless(each) else f"⟨{ord(each):04X}⟩" for each in text)


def _harmless(character: str) -> bool:
    if character == "\n" or character in _JOINERS:
        return True
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Zl", "Zp")
