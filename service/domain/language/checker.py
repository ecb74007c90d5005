"""Finds the phrases of the families in a text. One pass, and for each word a bounded number of looks ahead.

Never for a young person's own words (the caller passes none) and never within quotation marks (see `quotes`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from typing import NamedTuple

from service.domain.language.families import Families, Family
from service.domain.language.gate import Gate
from service.domain.language.notation import GAP_MAX, Gap, Phrase, Slot
from service.domain.language.words import Word, words
from service.domain.text.reading import Reading, read


@dataclass(frozen=True)
class Advice:
    """Where a writer may want to look again, and what to think of. It holds no word of the text.

    `start` and `end` count Unicode code points of the text as given.
    """

    family: str
    guidance: str
    start: int
    end: int


@dataclass(frozen=True, eq=False)
class _Line:
    """A phrase of a family. `needs` has for each of its words the forms it may take, stems with their star.

    `counts` is false for those that make a hit not count.
    """

    family: Family
    phrase: Phrase
    needs: tuple[frozenset[str], ...]
    counts: bool


@dataclass(frozen=True)
class _Hit:
    """A line found from word `first` to before word `after`."""

    line: _Line
    first: int
    after: int


class _Row(NamedTuple):
    """The words of a text as compared, and beside each whether a new sentence or stretch begins with it."""

    words: list[str]
    begins: list[bool]


class Checker:
    """One edition of the families, ready to look at texts. It keeps nothing of a text, and threads may share it."""

    def __init__(self, families: Families) -> None:
        counting = [line for family in families.families for line in _lines(family, family.phrases, counts=True)]
        self._all, self._gate = tuple(counting), Gate(counting)
        self._excuses = {each.id: list(_lines(each, each.not_when, counts=False)) for each in families.families}

    def advice(self, text: str) -> tuple[Advice, ...]:
        """One piece of advice for each hit, in order of place. Where hits overlap, the longest is kept."""
        return self.advice_on(read(text))

    def advice_on(self, reading: Reading) -> tuple[Advice, ...]:
        """The same, of a text that was read already. Excuses are looked for only where there is something to excuse."""
        possible = self._gate.open_for(reading)
        counting = self._all if possible is None else _in_a_row(possible, reading)
        if not counting:
            return ()
        excuses = [line for family in {line.family.id for line in counting} for line in self._excuses[family]]
        return self._looked_at(reading.text, [*counting, *excuses])

    def _looked_at(self, text: str, lines: Iterable[_Line]) -> tuple[Advice, ...]:
        found = list(words(text))
        row = _Row([word.folded for word in found], [word.begins for word in found])
        hits = list(_hits(row, lines))
        excused = {
            (hit.line.family.id, at) for hit in hits if not hit.line.counts for at in range(hit.first, hit.after)
        }
        counting = [hit for hit in hits if hit.line.counts and not _is_excused(hit, excused)]
        return tuple(_advice(hit, found) for hit in _longest(counting, found))


def _in_a_row(lines: Sequence[_Line], reading: Reading) -> Sequence[_Line]:
    """Those whose words follow each other, wherever sentences end and whoever is quoted.

    Where an apostrophe may stand, the reading has parts of words, and nothing can be said from it.
    """
    if not lines or not reading.text.isascii() or "'" in reading.text:
        return lines
    row = _Row(b" ".join(reading.words).decode().split(" "), [False] * len(reading.words))
    return list(dict.fromkeys(hit.line for hit in _hits(row, lines)))


def _hits(row: _Row, lines: Iterable[_Line]) -> Iterator[_Hit]:
    """Wherever one of the lines stands."""
    vocabulary = set(row.words)
    for line in lines:
        beginnings = _forms_there(line.phrase[0], vocabulary)
        for first, word in enumerate(row.words) if beginnings else ():
            after = word in beginnings and _end_of(line.phrase, row, first)
            if after:
                yield _Hit(line, first, after)


def _forms_there(part: Slot | Gap, vocabulary: Set[str]) -> Set[str]:
    """The words of the text that a phrase may begin with."""
    if isinstance(part, Gap):
        return set()
    begun = {word for word in vocabulary if word.startswith(tuple(part.stems))} if part.stems else set()
    return part.words & vocabulary | begun


def _lines(family: Family, phrases: Iterable[Phrase], *, counts: bool) -> Iterator[_Line]:
    return (_Line(family, phrase, _needs(phrase), counts) for phrase in phrases)


def _needs(phrase: Phrase) -> tuple[frozenset[str], ...]:
    slots = (part for part in phrase if isinstance(part, Slot))
    return tuple(slot.words | {f"{stem}*" for stem in slot.stems} for slot in slots)


def _end_of(phrase: Phrase, row: _Row, first: int) -> int:
    """The place after the phrase's last word if it stands at `first`, at its longest; 0 if it does not stand there.

    `reached` is a set of places, so that two `...` in a phrase cost their sum and not their product.
    """
    reached = {first}
    for part in phrase:
        if isinstance(part, Gap):
            reached = {place for start in reached for place in _gap(row, start)}
        else:
            reached = {at + 1 for at in reached if _stands(part, row, at, joined=at > first)}
        if not reached:
            return 0
    return max(reached)


def _gap(row: _Row, start: int) -> Iterator[int]:
    """Where the next part may stand: up to GAP_MAX words on, within the sentence."""
    yield start
    for at in range(start, min(start + GAP_MAX, len(row.words))):
        if row.begins[at]:
            return
        yield at + 1


def _stands(slot: Slot, row: _Row, at: int, *, joined: bool) -> bool:
    if at >= len(row.words) or (joined and row.begins[at]):
        return False
    word = row.words[at]
    return word in slot.words or any(word.startswith(stem) for stem in slot.stems)


def _is_excused(hit: _Hit, excused: set[tuple[str, int]]) -> bool:
    return any((hit.line.family.id, at) in excused for at in range(hit.first, hit.after))


def _longest(hits: Iterable[_Hit], found: Sequence[Word]) -> list[_Hit]:
    """Of overlapping hits the longest; of equals the first in the text, then the family with the lower number."""

    def rank(hit: _Hit) -> tuple[int, int, int]:
        return found[hit.first].start - found[hit.after - 1].end, hit.first, hit.line.family.number

    taken: set[int] = set()
    kept = []
    for hit in sorted(hits, key=rank):
        places = range(hit.first, hit.after)
        if taken.isdisjoint(places):
            taken.update(places)
            kept.append(hit)
    return sorted(kept, key=lambda hit: hit.first)


def _advice(hit: _Hit, found: Sequence[Word]) -> Advice:
    family = hit.line.family
    return Advice(family.id, family.guidance, found[hit.first].start, found[hit.after - 1].end)
