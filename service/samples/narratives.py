"""Texts from the phrase banks. Within one record no phrase comes twice before its bank is used up."""

from __future__ import annotations

import re

from service.samples.banks import phrases
from service.samples.dice import Dice

LENGTHS = ("brief", "middling", "long")
_SENTENCES = {"brief": (2, 2), "middling": (3, 4), "long": (5, 7)}
_PLACE = re.compile(r"\{([a-z]+)[0-9]?\}")
_BEGINNING = re.compile(r"(^|[.?!] )([a-z])")


class Teller:
    """Tells one record. Brief and long records differ in how many sentences a text has; all stay under 2,500 signs."""

    def __init__(self, dice: Dice) -> None:
        self.length = dice.choice(LENGTHS)
        self._dice = dice
        self._left: dict[str, list[str]] = {}

    def phrase(self, bank: str) -> str:
        """One phrase with its places filled, as it stands in the bank: a young person's words are not tidied."""
        return self._filled(self._next(bank))

    def line(self, bank: str) -> str:
        """One phrase that begins with a capital letter."""
        return self.filled(self._next(bank))

    def filled(self, phrase: str) -> str:
        """A phrase that is given, with its places filled and its sentences begun with capital letters."""
        return _BEGINNING.sub(lambda found: found[1] + found[2].upper(), self._filled(phrase))

    def text(self, *banks: str) -> str:
        """A paragraph as long as this record's texts are: sentences from the banks in turn, each at least once."""
        low, high = _SENTENCES[self.length]
        wanted = max(len(banks), min(self._dice.randint(low, high), sum(len(phrases(bank)) for bank in banks)))
        turns = sorted(index % len(banks) for index in range(wanted))
        return " ".join(self.line(banks[turn]) for turn in turns)

    def _filled(self, phrase: str) -> str:
        return _PLACE.sub(lambda place: self.phrase(f"words.{place[1]}"), phrase)

    def _next(self, bank: str) -> str:
        if not self._left.get(bank):
            self._left[bank] = phrases(bank)
            self._dice.shuffle(self._left[bank])
        return self._left[bank].pop()
