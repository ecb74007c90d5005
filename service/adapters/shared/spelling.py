"""The words of one of our protocol pages as a product spells them, one to one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

Finding = tuple[str, str]
"""What is wrong, and what to do; never a word that was given."""

NOT_A_PAIR = ("Not a word of the page and its new spelling.", "Write ours=theirs, one entry a word.")
ALIKE = ("Two words would be spelt alike.", "Give every word a spelling of its own.")


class Spelling:
    """Ours and theirs. A word that was replaced is no word of theirs any more."""

    def __init__(self, theirs: Mapping[str, str]) -> None:
        self._theirs = dict(theirs)
        self._ours = {word: ours for ours, word in theirs.items()}

    def theirs(self, ours: str) -> str:
        """As the product spells it."""
        return self._theirs[ours]

    def ours(self, theirs: object) -> str:
        """As our page spells it; empty for what is no text, or none of its words."""
        return self._ours.get(theirs, "") if isinstance(theirs, str) else ""


def read_spelling(given: str, known: Iterable[str], allowed: re.Pattern[str]) -> tuple[Spelling, list[Finding]]:
    """The spelling from a setting of several `ours=theirs`, joined by commas, and what is wrong in it."""
    theirs, findings = {word: word for word in known}, []
    for entry in filter(None, (each.strip() for each in given.split(","))):
        ours, _, word = (part.strip() for part in entry.partition("="))
        if ours in theirs and allowed.fullmatch(word):
            theirs[ours] = word
        else:
            findings.append(NOT_A_PAIR)
    if len(set(theirs.values())) < len(theirs):
        findings.append(ALIKE)
    return Spelling(theirs), findings
