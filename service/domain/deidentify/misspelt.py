"""Slips of the pen in long words, so that "recieved" is not taken for somebody's name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

_SHORTEST, _LONGEST = 8, 24
_LETTERS = "aeioustlrncmdp"
"""Letters that are left out most. A name ends otherwise than the word it resembles: the last letter has to be right."""


def is_misspelt(word: str, known: Mapping[str, int]) -> bool:
    """Whether a word becomes an everyday one when two letters change places, or one is put in, taken out or changed."""
    if len(word) >= _SHORTEST - 1 and word.endswith("in") and word + "g" in known:
        return True
    return _SHORTEST <= len(word) <= _LONGEST and any(known.get(each, 0) & 3 for each in _written_right(word))


def _written_right(word: str) -> Iterator[str]:
    for at in range(1, len(word) - 1):
        before, after = word[:at], word[at + 1 :]
        yield before + after
        if at < len(word) - 2:
            yield before + word[at + 1] + word[at] + word[at + 2 :]
        for letter in _LETTERS:
            yield before + letter + word[at:]
        if word[at] in "aeiou":
            for letter in "aeiou":
                yield before + letter + after
