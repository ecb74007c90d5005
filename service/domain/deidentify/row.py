"""The words of a plain text, with what is known of each and how they stand to each other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property

from service.domain.deidentify.context import FUNCTION, TITLE
from service.domain.deidentify.vocabulary import ORDINARY, PERSON, TERM, these

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_ENDING = re.compile(r"'(?:s|d|m|t|ll|ve|re)$", re.IGNORECASE)
_BEGINS = frozenset('.!?:;"\n•·*\t|')
_JOINS = frozenset((" ", "-", "\n", "  "))
_ABBREVIATED = these("st vs nr ave rd approx tel")


class Row:
    """The words in order: as compared, their places without an "'s", what is known of each, and its capital."""

    __slots__ = ("__dict__", "capital", "end", "kinds", "known", "start", "text", "until", "words")

    def __init__(self, text: str, kinds: Mapping[str, int]) -> None:
        self.text, self.known = text, kinds
        self.words: list[str] = []
        self.start: list[int] = []
        self.end: list[int] = []
        self.until: list[int] = []
        add_word, add_start, add_end, add_until = (
            self.words.append,
            self.start.append,
            self.end.append,
            self.until.append,
        )
        for match in _WORD.finditer(text):
            start, until = match.span()
            word, end = match[0].lower(), until
            if "'" in word and word not in kinds:
                word, end = self._without_ending(word, start, until)
            add_word(word)
            add_start(start)
            add_end(end)
            add_until(until)
        find = kinds.get
        self.kinds = [find(word, 0) for word in self.words]
        self.capital = [text[start].isupper() for start in self.start]

    def _without_ending(self, word: str, start: int, until: int) -> tuple[str, int]:
        """A word without its "'s" or "'ll" and the place where it ends then; "isn't" is known as "is"."""
        ending = _ENDING.search(word)
        if ending is None:
            return word, until
        end = until - len(ending[0])
        word = word[: end - start]
        negated = word.removesuffix("n") if ending[0] == "'t" else word
        return negated if negated in self.known else word, end

    def gap(self, at: int) -> str:
        """What stands between a word and the next one, or after the last."""
        return self.text[self.until[at] : self.start[at + 1] if at + 1 < len(self.start) else len(self.text)]

    def word(self, at: int) -> str:
        """The word at a place, or nothing before the first and after the last."""
        return self.words[at] if 0 <= at < len(self.words) else ""

    def kind(self, at: int) -> int:
        """What is known of the word at a place; nothing before the first and after the last."""
        return self.kinds[at] if 0 <= at < len(self.words) else 0

    def owns(self, at: int) -> bool:
        """Whether a word has an "'s"."""
        return self.text[self.end[at] : self.until[at]].lower() == "'s"

    def stands_alone(self, at: int) -> bool:
        """Whether the word is all that its line holds, or all that follows a colon."""
        before = self.gap(at - 1) if at else "\n"
        after = self.gap(at) if at + 1 < len(self.words) else "\n"
        return "\n" in after and not after.strip(" \n.'\"") and ("\n" in before or ":" in before)

    def dotted(self, at: int) -> str:
        """The short form that a letter is part of, without its full stops; empty if it stands by itself."""
        first = last = at
        while first and at - first < 8 and len(self.words[first - 1]) == 1 and self.gap(first - 1) in _SHORTENS:
            first -= 1
        while (
            last - at < 8
            and last + 1 < len(self.words)
            and len(self.words[last + 1]) == 1
            and self.gap(last) in _SHORTENS
        ):
            last += 1
        return "".join(self.words[first : last + 1]) if last > first else ""

    def joined(self, at: int) -> bool:
        """Whether nothing but a space or a hyphen stands between a word and the next one."""
        return at + 1 < len(self.words) and self.gap(at) in _JOINS

    def begins(self, at: int) -> bool:
        """Whether a sentence, an item or a quotation begins with the word."""
        if at == 0:
            return True
        gap = self.gap(at - 1)
        if gap == " " or _BEGINS.isdisjoint(gap):
            return False
        short = gap == ". " and (
            self.kinds[at - 1] & TITLE or len(self.words[at - 1]) == 1 or self.words[at - 1] in _ABBREVIATED
        )
        return not short

    def shouts(self, at: int) -> bool:
        """Whether a word of two letters or more is in capitals only."""
        return self.end[at] - self.start[at] > 1 and self.text[self.start[at] : self.end[at]].isupper()

    def before(self, at: int, bits: int) -> bool:
        """Whether the word before, in the same stretch, is one of these."""
        return at > 0 and bool(self.kinds[at - 1] & bits) and self.gap(at - 1) in _NEAR

    def after(self, at: int, bits: int) -> bool:
        """Whether the word after is one of these."""
        return at + 1 < len(self.words) and bool(self.kinds[at + 1] & bits) and self.gap(at) in _JOINS

    def lonely(self, at: int) -> bool:
        """Whether its neighbours are in small letters, so that it is no part of a heading."""
        last = len(self.words) - 1
        return not (at > 0 and self.capital[at - 1] and not self.begins(at - 1)) and not (
            at < last and self.capital[at + 1] and self.joined(at)
        )

    @cached_property
    def headings(self) -> list[bool]:
        """Of each word, whether its line is a heading: each ordinary word has a capital, and there are two at least."""
        if "\n" not in self.text:
            return [self._is_heading(range(len(self.words)))] * len(self.words)
        found: list[bool] = []
        first = 0
        for at in range(1, len(self.words) + 1):
            if at == len(self.words) or "\n" in self.gap(at - 1):
                found += [self._is_heading(range(first, at))] * (at - first)
                first = at
        return found

    def _is_heading(self, line: range) -> bool:
        if not all(
            self.capital[at] or self.kinds[at] & (FUNCTION | PERSON) or not self.kinds[at] & (ORDINARY | TERM)
            for at in line[1:3]
        ):
            return False
        plain = [at for at in line if self.kinds[at] & (ORDINARY | TERM) and not self.kinds[at] & (FUNCTION | PERSON)]
        return len(plain) > 1 and all(self.capital[at] for at in plain)

    def in_heading(self, at: int) -> bool:
        """Whether a word stands in a heading."""
        return self.headings[at]


_SHORTENS = frozenset("./&")
_NEAR = frozenset((" ", ' "', " '", ". ", " - ", ": ", '."', " (", ' ("', "-", "  "))
