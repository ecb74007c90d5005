"""Finds the phrases of the families in a text. One pass, and for each word a bounded number of looks ahead.

Never for a young person's own words (the caller passes none) and never within quotation marks (see `quotes`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from service.domain.language.families import Families, Family
from service.domain.language.notation import GAP_MAX, Gap, Phrase, Slot
from service.domain.language.words import Word, words


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


class Checker:
    """One edition of the families, ready to look at texts. It keeps nothing of a text, and threads may share it."""

    def __init__(self, families: Families) -> None:
        self._by_first: dict[str, list[_Line]] = defaultdict(list)
        lines = list(_lines(families))
        for line in lines:
            for form in line.needs[0]:
                self._by_first[form].append(line)
        stems = {form for line in lines for need in line.needs for form in need if form.endswith("*")}
        self._stems = {length: {stem for stem in stems if len(stem) == length + 1} for length in _lengths(stems)}

    def advice(self, text: str) -> tuple[Advice, ...]:
        """One piece of advice for each hit, in order of place. Where hits overlap, the longest is kept."""
        found = list(words(text))
        hits = list(self._hits(found))
        excused = {
            (hit.line.family.id, at) for hit in hits if not hit.line.counts for at in range(hit.first, hit.after)
        }
        counting = [hit for hit in hits if hit.line.counts and not _is_excused(hit, excused)]
        return tuple(_advice(hit, found) for hit in _longest(counting, found))

    def _hits(self, found: Sequence[Word]) -> Iterator[_Hit]:
        starting = self._starting({word.folded for word in found})
        for first, word in enumerate(found):
            for line in starting.get(word.folded, ()):
                after = _end_of(line.phrase, found, first)
                if after:
                    yield _Hit(line, first, after)

    def _starting(self, vocabulary: set[str]) -> dict[str, list[_Line]]:
        """The lines that may stand at each word; those that need a word the text does not have are left out early."""
        forms = {word: self._forms(word) for word in vocabulary}
        present = set(chain.from_iterable(forms.values()))
        return {word: self._possible(beginnings, present) for word, beginnings in forms.items()}

    def _possible(self, beginnings: Iterable[str], present: set[str]) -> list[_Line]:
        lines = dict.fromkeys(line for form in beginnings for line in self._by_first.get(form, ()))
        return [line for line in lines if not any(present.isdisjoint(need) for need in line.needs)]

    def _forms(self, word: str) -> list[str]:
        """The word, and the stems of the phrases that it begins with, with their star."""
        starred = (f"{word[:length]}*" for length in self._stems if length <= len(word))
        return [word, *(stem for stem in starred if stem in self._stems[len(stem) - 1])]


def _lengths(stems: Iterable[str]) -> list[int]:
    return sorted({len(stem) - 1 for stem in stems})


def _lines(families: Families) -> Iterator[_Line]:
    for family in families.families:
        for phrases, counts in ((family.phrases, True), (family.not_when, False)):
            yield from (_Line(family, phrase, _needs(phrase), counts) for phrase in phrases)


def _needs(phrase: Phrase) -> tuple[frozenset[str], ...]:
    slots = (part for part in phrase if isinstance(part, Slot))
    return tuple(slot.words | {f"{stem}*" for stem in slot.stems} for slot in slots)


def _end_of(phrase: Phrase, found: Sequence[Word], first: int) -> int:
    """The place after the phrase's last word if it stands at `first`, at its longest; 0 if it does not stand there.

    `reached` is a set of places, so that two `...` in a phrase cost their sum and not their product.
    """
    reached = {first}
    for part in phrase:
        if isinstance(part, Gap):
            reached = {place for start in reached for place in _gap(found, start)}
        else:
            reached = {at + 1 for at in reached if _stands(part, found, at, joined=at > first)}
        if not reached:
            return 0
    return max(reached)


def _gap(found: Sequence[Word], start: int) -> Iterator[int]:
    """Where the next part may stand: up to GAP_MAX words on, within the sentence."""
    yield start
    for at in range(start, min(start + GAP_MAX, len(found))):
        if found[at].begins:
            return
        yield at + 1


def _stands(slot: Slot, found: Sequence[Word], at: int, *, joined: bool) -> bool:
    if at >= len(found) or (joined and found[at].begins):
        return False
    word = found[at].folded
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
