"""A text in plain letters, so that a name is the same with its accents or without, and however they are written."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache

_LETTERS = {
    "ł": "l",
    "Ł": "L",
    "ø": "o",
    "Ø": "O",
    "đ": "d",
    "Đ": "D",
    "ħ": "h",
    "ı": "i",
    "ß": "ss",
    "æ": "ae",
    "Æ": "AE",
    "œ": "oe",
    "Œ": "OE",
    "þ": "th",
    "Þ": "Th",
    "ð": "d",
    "Ð": "D",
    "ə": "e",
    "’": "'",
    "‘": "'",
    "ʼ": "'",
    "ʻ": "'",
    "`": "'",
    "“": '"',
    "”": '"',
    "„": '"',
    "«": '"',
    "»": '"',
    "‐": "-",
    "‑": "-",
    "‒": "-",
    "–": "-",
    "—": " - ",
    "−": "-",
    "…": ". ",
}
"""Letters that Unicode does not take apart, and the marks that word processors put for others."""


@dataclass(frozen=True, slots=True)
class Plain:
    """The plain letters, and for each where it stands in the text as given. None is: at the same place."""

    text: str
    places: list[int] | None
    given: str

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the text as given that a stretch of the plain one is made of, with the accents after it."""
        if self.places is None:
            return start, end
        last = self.places[end - 1] + 1
        while last < len(self.given) and unicodedata.category(self.given[last]) == "Mn":
            last += 1
        return self.places[start], last


def plain(text: str) -> Plain:
    """Takes accents and unseen characters out. Plain English, which nearly every text is, stays as it is."""
    if text.isascii():
        return Plain(text, None, text)
    parts: list[str] = []
    places: list[int] = []
    for at, character in enumerate(text):
        letters = character if character < "\x7f" and character != "`" else _plain(character)
        parts.append(letters)
        places.extend([at] * len(letters))
    return Plain("".join(parts), places, text)


@cache
def _plain(character: str) -> str:
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    if character in _LETTERS:
        return _LETTERS[character]
    parts = unicodedata.normalize("NFKD", character)
    kept = "".join(_LETTERS.get(part, part) for part in parts if unicodedata.category(part) not in {"Mn", "Cf", "Cc"})
    return kept if character not in "\r\n\t\x85\u2028\u2029" else "\n"
