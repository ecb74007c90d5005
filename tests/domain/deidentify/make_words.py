"""Makes `config/deidentify/words.txt` from Debian's package `scowl`: see `config/deidentify/README.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from service.settings import ROOT

TARGET = ROOT / "config" / "deidentify" / "words.txt"
FOREMOST_NAMES = Path(__file__).with_name("foremost-names.txt")
SPELLINGS = ("english", "british", "british_z", "british_variant_1")
COMMON, RARER = (10, 20, 35, 40), (50, 55, 60)
NAMES = ("english-proper-names.50", "english-proper-names.60", "english-proper-names.80", "english-upper.50")
PREFIXES = ("un", "re", "non", "over", "under", "out", "mis", "dis", "pre", "in", "im", "inter", "sub")
SUFFIXES = ("ness", "ly", "less", "fulness", "lessness", "able", "ability", "ably", "ment", "ments", "ish", "ism")
ENDINGS = ("s", "es", "d", "ed", "ing", "r", "er", "rs", "ers", "ly", "ness", "st", "est")
HEADER = """\
# Ordinary English words, British spelling: made by tests/domain/deidentify/make_words.py from Debian's package scowl
# (Spell Checker Oriented Word Lists); README.md has its licence. A line is a word and endings it may take: "walk s ed".
"""


def main(folder: Path) -> None:
    """Writes the list."""
    words = {word for tier in COMMON for word in _tier(folder, "words", tier)}
    names = {name.lower() for file in NAMES for name in _lines(folder / file)}
    rarer = {word for tier in RARER for word in _tier(folder, "words", tier)}
    words |= {word for word in rarer - names if _is_derived(word, words)}
    words -= set(" ".join(_lines(FOREMOST_NAMES, "utf-8")).split())
    lines = [" ".join([stem, *endings]) for stem, endings in _folded(words)]
    TARGET.write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(words):,} words in {len(lines):,} lines\n")


def _tier(folder: Path, kind: str, tier: int) -> Iterator[str]:
    """The words of one size in every spelling that Britain uses. One letter alone is an initial, not a word."""
    for spelling in SPELLINGS:
        file = folder / f"{spelling}-{kind}.{tier}"
        yield from (word for word in _lines(file) if word.islower() and word.isascii() and word.isalpha())


def _lines(file: Path, encoding: str = "latin-1") -> list[str]:
    if not file.exists():
        return []
    lines = (line.strip() for line in file.read_text(encoding).splitlines())
    return [line for line in lines if len(line) > 1 and not line.startswith("#")]


def _is_derived(word: str, common: set[str]) -> bool:
    """Whether a rarer word is a common one with something before or after it that no name has."""
    before = any(word.startswith(prefix) and word[len(prefix) :] in common for prefix in PREFIXES if len(word) > 6)
    return before or any(
        stem in common
        for suffix in SUFFIXES
        if word.endswith(suffix) and len(word) > 6
        for stem in (word.removesuffix(suffix), word.removesuffix(suffix) + "e")
    )


def _folded(words: set[str]) -> Iterable[tuple[str, list[str]]]:
    """Each word with its endings, and no word twice."""
    taken: set[str] = set()
    for stem in sorted(words, key=lambda word: (len(word), word)):
        if stem not in taken:
            endings = [ending for ending in ENDINGS if stem + ending in words and stem + ending not in taken]
            taken.update(stem + ending for ending in endings)
            yield stem, endings if len(stem) > 2 else []
            if len(stem) <= 2:
                taken.difference_update(stem + ending for ending in endings)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
