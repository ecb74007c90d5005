"""The words that are safe, and what is known of those that may be names. Its files are passed in, never opened here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

ORDINARY, TERM, PERSON, TOWN, PASSED, VERB, THING = 1, 2, 4, 8, 16, 32, 1 << 21
"""What a word may be, as bits: an English word, a word of the work, also a person's name, also a town's name, a country
or the like, one that stands as a verb after "mum", and one that has an article where it is no name."""

SAFE = ORDINARY | TERM | PASSED
_SECTION = re.compile(r"^\[([a-z, ]+)\]\n", re.MULTILINE)
_SECTIONS = {"people": PERSON, "verbs": VERB, "things": THING, "towns": TOWN, "passed over": PASSED}
_EVERYDAY = "everyday words"
"""What the word lists lack and no work needs: with a capital it may be a nickname like any other word."""

_PARTS = re.compile(r"[a-z]+(?:'[a-z]+)*")


def these(words: str) -> frozenset[str]:
    """A set of words that are written one after the other."""
    return frozenset(words.split())


@dataclass(frozen=True)
class Vocabulary:
    """One edition of the words. `kinds` has the bits of each; `bodies` are public bodies, as words."""

    kinds: Mapping[str, int]
    bodies: Mapping[str, tuple[tuple[str, ...], ...]]


def parse_vocabulary(words: str, terms: str, names: str, places: str) -> Vocabulary:
    """The vocabulary of its four files; `config/deidentify/README.md` says what is in which."""
    kinds = dict.fromkeys(_words(words), ORDINARY)
    for title, body in _sections(terms):
        for word in _PARTS.findall(body):
            kinds[word] = kinds.get(word, 0) | (ORDINARY if title == _EVERYDAY else TERM)
    bodies: dict[str, list[tuple[str, ...]]] = {}
    for title, body in [*_sections(names), *_sections(places)]:
        if title == "public bodies":
            for line in filter(None, body.split("\n")):
                name = tuple(_PARTS.findall(line))
                bodies.setdefault(name[0], []).append(name)
            continue
        for word in body.replace("-", " ").split():
            kinds[word] = kinds.get(word, 0) | _SECTIONS[title]
    return Vocabulary(
        MappingProxyType(kinds), MappingProxyType({first: tuple(names) for first, names in bodies.items()})
    )


def _words(text: str) -> Iterator[str]:
    """Every word of a list of words with the endings each may take."""
    for line in _without_notes(text).split("\n"):
        stem, *endings = line.split() or [""]
        if stem:
            yield stem
            yield from (stem + ending for ending in endings)


def _without_notes(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if not line.startswith("#"))


def _sections(text: str) -> Iterable[tuple[str, str]]:
    _, *parts = _SECTION.split(_without_notes(text))
    return zip(parts[::2], parts[1::2], strict=True)
