"""The third tier: the names a record knows already, however they are written in its narratives."""

from __future__ import annotations

from collections.abc import Iterable

from service.domain.deidentify.context import FUNCTION
from service.domain.deidentify.plain import plain
from service.domain.deidentify.row import Row
from service.domain.deidentify.vocabulary import VERB

_SHORTEST_NICKNAME = 4


class Known:
    """The words of the known names, for one text."""

    def __init__(self, names: Iterable[str]) -> None:
        words = {word.lower() for name in names for word in _words(plain(name).text)}
        self._words = {word for word in words if len(word) > 1}
        self._near = {length: [word for word in self._words if abs(len(word) - length) < 3] for length in range(4, 40)}
        self._asked: dict[str, bool] = {}

    def words_of(self, row: Row) -> set[int]:
        """The words of a text that are among them."""
        return {at for at in range(len(row.words)) if self._has(row, at)}

    def _has(self, row: Row, at: int) -> bool:
        """An everyday word is a known name only as it is written, and "will" or "an" only with its capital."""
        word, kinds = row.words[at], row.kinds[at]
        if not kinds:
            return self._resembles(word)
        if word not in self._words and not (word.endswith("s") and word[:-1] in self._words and row.capital[at]):
            return False
        return row.capital[at] and not (kinds & FUNCTION and row.begins(at)) if kinds & (FUNCTION | VERB) else True

    def _resembles(self, word: str) -> bool:
        if word not in self._asked:
            self._asked[word] = word in self._words or any(map(self._is_form_of_one, _forms(word)))
        return self._asked[word]

    def _is_form_of_one(self, word: str) -> bool:
        if word in self._words:
            return True
        if len(word) >= _SHORTEST_NICKNAME and any(name.startswith(word) for name in self._words):
            return True
        return any(_is_misspelt(word, name) for name in self._near.get(len(word), ()))


def _words(name: str) -> list[str]:
    return "".join(sign if sign.isalpha() or sign == "'" else " " for sign in name).split()


def _forms(word: str) -> set[str]:
    """The word itself, without the "s" of a plural or a forgotten apostrophe, and without apostrophes."""
    return {word, word.replace("'", ""), word.removesuffix("s"), word.removesuffix("es")} - {""}


def _is_misspelt(word: str, name: str) -> bool:
    """Whether one slip made the word of the name, or two of a name of eight letters."""
    allowed = 0 if min(len(word), len(name)) < _SHORTEST_NICKNAME else 1 + (min(len(word), len(name)) > 7)
    return bool(allowed) and _slips(word, name, allowed) <= allowed


def _slips(one: str, other: str, most: int) -> int:
    """Letters left out, put in, put for another or changed about, at most one more than `most`."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        oldest, before, row = before, row, [at]
        for place, another in enumerate(other, 1):
            cost = min(before[place] + 1, row[-1] + 1, before[place - 1] + (letter != another))
            if at > 1 < place and letter == other[place - 2] and one[at - 2] == another:
                cost = min(cost, oldest[place - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]
