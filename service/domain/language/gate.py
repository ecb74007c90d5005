"""Which lines could possibly stand in a text, from its words alone: nearly always none, and then nobody looks closer.

It may let a line through that does not stand there. It never holds one back that does: a test tries.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set
from operator import itemgetter
from typing import Generic, NamedTuple, Protocol, TypeVar

from service.domain.text.reading import Reading

_UNSEEN = re.compile("[\u00ad\u200c\u200d\u2060\ufeff]")
"""Signs inside words that the closer look leaves out, and that part words for this one."""


class Needing(Protocol):
    """Something that can stand only where, for each of its needs, one of these forms does; stems with their star."""

    @property
    def needs(self) -> tuple[frozenset[str], ...]:
        """The forms."""


L = TypeVar("L", bound=Needing)

_COMMON = frozenset(
    b"a about all also an and any are as at away back be been but by for from had has have he her him his i if in into"
    b" is it its more no not of off on or out own she so that the their them then there they this to up very was we"
    b" were what when which who will with work worker would you family home".split()
)
"""Words that stand in nearly every narrative. A line that hung on one of them would be looked for everywhere."""


class _Need(NamedTuple):
    """`stems` have a space before them, as the words of a text put together have."""

    words: frozenset[bytes]
    stems: tuple[bytes, ...]

    def met(self, vocabulary: Set[bytes], together: bytes) -> bool:
        if not self.words.isdisjoint(vocabulary):
            return True
        return any(stem in together for stem in self.stems) if self.stems else False


Hanging = tuple[L, list[_Need]]
"""A line, and what it needs besides the word it hangs on."""


class Gate(Generic[L]):
    """Each line hangs on its rarest need, so that most texts are done with after one look at each word."""

    def __init__(self, lines: Iterable[L]) -> None:
        self._by_word: dict[bytes, list[Hanging[L]]] = {}
        self._by_stem: dict[bytes, list[Hanging[L]]] = {}
        for line in lines:
            self._hang(line)
        self._words, length = frozenset(self._by_word), min(map(len, self._by_stem), default=1)
        self._starts, self._start = frozenset(stem[:length] for stem in self._by_stem), itemgetter(slice(length))

    def open_for(self, reading: Reading) -> Sequence[L] | None:
        """The lines that may stand in the text; None where that can't be said, so that all of them may."""
        if not reading.text.isascii() and _UNSEEN.search(reading.text):
            return None
        hanging = [pair for word in self._words.intersection(reading.words) for pair in self._by_word[word]]
        if not self._starts.isdisjoint(map(self._start, reading.words)):
            hanging += self._begun(reading.words)
        return _possible(hanging, reading.words) if hanging else ()

    def _begun(self, words: Iterable[bytes]) -> list[Hanging[L]]:
        near = [word for word in words if self._start(word) in self._starts]
        begun = [stem for stem in self._by_stem if any(word.startswith(stem) for word in near)]
        return [pair for stem in begun for pair in self._by_stem[stem]]

    def _hang(self, line: L) -> None:
        needs = [_need(forms) for forms in line.needs]
        rarest = max(range(len(needs)), key=lambda index: _rarity(needs[index]))
        others = needs[:rarest] + needs[rarest + 1 :]
        pair = (line, sorted(others, key=_rarity, reverse=True))
        for word in needs[rarest].words:
            self._by_word.setdefault(word, []).append(pair)
        for stem in needs[rarest].stems:
            self._by_stem.setdefault(stem.strip(), []).append(pair)


def _possible(hanging: Iterable[Hanging[L]], words: list[bytes]) -> list[L]:
    vocabulary, together = set(words), b" " + b" ".join(words)
    found: dict[L, None] = {}
    for line, others in hanging:
        for need in others:
            if not need.met(vocabulary, together):
                break
        else:
            found[line] = None
    return list(found)


def _need(forms: frozenset[str]) -> _Need:
    """As readings have words: an apostrophe parts them there, so of "mother's" the first part is asked for."""
    stems = {form[:-1] for form in forms if form.endswith("*")}
    whole = {form for form in forms if not form.endswith("*")} | {stem for stem in stems if "'" in stem}
    return _Need(
        frozenset(form.partition("'")[0].encode() for form in whole),
        tuple(sorted(f" {stem}".encode() for stem in stems if "'" not in stem)),
    )


def _rarity(need: _Need) -> tuple[bool, int]:
    """Long words are rarer than short ones, and some are everywhere."""
    return need.words.isdisjoint(_COMMON), min(map(len, (*need.words, *need.stems)))
