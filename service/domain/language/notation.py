"""The small notation in which phrases are written down: words, `word*`, `one|another`, and `...` for a few words.

It is data for people who know the field, not a regular expression: it cannot loop, so no phrase and no text can make
the search slow.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

GAP_MAX = 3
"""Words that `...` may stand for, none included."""

PARTS_MAX = 10
STEM_MIN = 3
_WORD = re.compile(r"[a-z0-9]+(?:'[a-z0-9]+)*\*?")


@dataclass(frozen=True)
class Slot:
    """One place in a phrase: any of these words, or any word that begins with one of these stems."""

    words: frozenset[str] = frozenset()
    stems: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Gap:
    """Up to `GAP_MAX` words that do not matter."""


Phrase = tuple[Slot | Gap, ...]


def parse_phrase(text: str) -> Phrase:
    """The parts of one phrase. Raises ValueError, saying what is wrong with it."""
    parts = tuple(Gap() if part == "..." else _slot(part) for part in text.split())
    if not parts or len(parts) > PARTS_MAX:
        raise ValueError(f"a phrase has between one and {PARTS_MAX} parts")
    if isinstance(parts[0], Gap) or isinstance(parts[-1], Gap):
        raise ValueError("`...` stands between words, not at an end")
    if any(isinstance(one, Gap) and isinstance(two, Gap) for one, two in pairwise(parts)):
        raise ValueError("`...` stands between words, not beside another `...`")
    return parts


def _slot(part: str) -> Slot:
    choices = part.split("|")
    if not all(_WORD.fullmatch(choice) for choice in choices):
        raise ValueError("words are in small letters and digits, with `*` at the end only and `|` between; no hyphens")
    stems = frozenset(choice[:-1] for choice in choices if choice.endswith("*"))
    if any(len(stem) < STEM_MIN for stem in stems):
        raise ValueError(f"at least {STEM_MIN} letters stand before `*`")
    return Slot(frozenset(choice for choice in choices if not choice.endswith("*")), stems)
