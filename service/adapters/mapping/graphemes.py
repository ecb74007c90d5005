"""Where a text may be parted without breaking a character that a reader sees as one.

The standard library does not know Unicode's grapheme clusters (UAX 29), and a newer machine knows more of them than an
older one. So this errs to one side: it keeps together all that any cluster keeps together (marks, joiners, skin tones,
flags, Hangul, conjuncts of Indic scripts), and at times a little more.
"""

from __future__ import annotations

import unicodedata

_ZERO_WIDTH_JOINER = "\u200d"
_KEEPS_TO_WHAT_FOLLOWS = frozenset({_ZERO_WIDTH_JOINER, "\u0d4e", "\U000110bd", "\U000110cd"})
_MARKS = frozenset({"Mn", "Mc", "Me"})
_KEEPS_TO_WHAT_PRECEDES = frozenset({"\u0e33", "\u0eb3", "\uff9e", "\uff9f"})
"""Vowels and sound marks of Thai, Lao and Japanese that Unicode counts as letters."""

_VIRAMA = 9
"""The combining class of the sign that binds a consonant to the next one."""

_JAMO = ((0x1100, 0x11FF), (0xA960, 0xA97F), (0xD7B0, 0xD7FF))
_SYLLABLES = (0xAC00, 0xD7A3)
_FLAGS = (0x1F1E6, 0x1F1FF)
_SKIN_TONES = (0x1F3FB, 0x1F3FF)


def may_part(text: str, at: int) -> bool:
    """Whether `text[:at]` and `text[at:]` both begin and end with whole characters."""
    if at <= 0 or at >= len(text):
        return True
    before, after = text[at - 1], text[at]
    if before.isascii() and after.isascii():
        return not (before == "\r" and after == "\n")
    return not (_binds_back(after) or _binds_on(before) or _both(_FLAGS, before, after) or _hangul(before, after))


def last_part_before(text: str, at: int) -> int:
    """The last place up to `at` where the text may be parted; 0 when there is none."""
    while at > 0 and not may_part(text, at):
        at -= 1
    return at


def _binds_back(sign: str) -> bool:
    category = unicodedata.category(sign)
    return category in _MARKS or category == "Cf" or sign in _KEEPS_TO_WHAT_PRECEDES or _within(_SKIN_TONES, sign)


def _binds_on(sign: str) -> bool:
    """Format signs too: those that begin an Arabic number are drawn round what follows."""
    if sign in _KEEPS_TO_WHAT_FOLLOWS or unicodedata.category(sign) == "Cf":
        return True
    return unicodedata.combining(sign) == _VIRAMA


def _both(bounds: tuple[int, int], before: str, after: str) -> bool:
    """Two halves of a flag; in a row of flags no half can tell whose it is, so the row stays together."""
    return _within(bounds, before) and _within(bounds, after)


def _hangul(before: str, after: str) -> bool:
    """Letters of one syllable, also where some of them are composed. Two composed syllables are two characters."""
    if _both(_SYLLABLES, before, after):
        return False
    return all(any(_within(bounds, sign) for bounds in (*_JAMO, _SYLLABLES)) for sign in (before, after))


def _within(bounds: tuple[int, int], sign: str) -> bool:
    return bounds[0] <= ord(sign) <= bounds[1]
