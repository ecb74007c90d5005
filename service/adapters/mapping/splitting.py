"""One text over several answers, or as much of it as one answer takes: never in silence, never within a character.

Each part but the last ends by saying where the text goes on, and each but the first begins by saying where it comes
from. Somebody's own words keep their quotation marks in every part. Without these sentences, and without the marks
where a quotation was parted, the parts one after another are the text again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.adapters.mapping.graphemes import last_part_before

CONTINUES = " (continues in {})"
CONTINUED = "(continued from {}) "
IN_DOCUMENT = " (continues in the attached document, which has the full words)"

BACK = 80
"""How far back a word's end is looked for; a longer word is parted between two characters."""

_ENDS = ".!?…؟۔।"


@dataclass(frozen=True)
class Pieces:
    """The texts of one answer: `marks` stand round each, `gap` between two."""

    texts: Sequence[str]
    gap: str
    marks: tuple[str, str]

    def __len__(self) -> int:
        return sum(map(len, self.texts)) + len(self.texts) * self._marked + len(self.gap) * (len(self.texts) - 1)

    @property
    def _marked(self) -> int:
        return len(self.marks[0]) + len(self.marks[1])

    def __str__(self) -> str:
        return self.gap.join(each.join(self.marks) for each in self.texts)

    def part(self, room: int, *, sentences: bool = False) -> tuple[str, Pieces]:
        """What fits into `room` characters, and the rest. Between two texts, the gap stays with the former."""
        said, left = "", room
        for number, text in enumerate(self.texts):
            whole = text.join(self.marks) + (self.gap if number < len(self.texts) - 1 else "")
            if len(whole) > left:
                cut = _cut(text, left - self._marked, sentences=sentences)
                said += text[:cut].join(self.marks) if cut else ""
                return said, Pieces((text[cut:], *self.texts[number + 1 :]), self.gap, self.marks)
            said, left = said + whole, left - len(whole)
        return said, Pieces((), self.gap, self.marks)


@dataclass(frozen=True)
class Place:
    """A question that takes a part: its code and how many characters it takes."""

    code: str
    max: int


def split(pieces: Pieces, places: Sequence[Place]) -> list[tuple[str, str]] | None:
    """The parts as (code, words), or None when they do not all fit. `places` are in the order of reading."""
    parts: list[tuple[str, str]] = []
    for number, place in enumerate(places):
        head = CONTINUED.format(places[number - 1].code) if number else ""
        if len(head) + len(pieces) <= place.max:
            return [*parts, (place.code, f"{head}{pieces}")]
        if place is places[-1]:
            break
        tail = CONTINUES.format(places[number + 1].code)
        said, pieces = pieces.part(place.max - len(head) - len(tail))
        if not said:
            break
        parts.append((place.code, f"{head}{said}{tail}"))
    return None


def shorten(pieces: Pieces, room: int) -> str | None:
    """As many whole sentences or words as fit, and where the rest is; None when not one fits."""
    if len(pieces) <= room:
        return str(pieces)
    said, _ = pieces.part(room - len(IN_DOCUMENT), sentences=True)
    return f"{said}{IN_DOCUMENT}" if said else None


def capacity(places: Sequence[Place], marked: int, gap: int) -> int:
    """How many characters fit for certain, wherever words end. `marked` and `gap` are the lengths of marks and gap."""
    room = 0
    for number, place in enumerate(places):
        room += place.max - (len(CONTINUED.format(places[number - 1].code)) if number else 0)
        if number < len(places) - 1:
            room -= len(CONTINUES.format(places[number + 1].code)) + BACK + marked + gap
    return room


def _cut(text: str, room: int, *, sentences: bool) -> int:
    """Where to part: after a sentence if that is wanted and one ends in the second half, a word, or a character.

    Something is always left: a text that fits only without the gap behind it goes on with its last word.
    """
    room = min(room, len(text) - 1)
    if room <= 0:
        return 0
    if sentences and (end := _last_sentence(text, room)):
        return end
    for at in range(room, max(room - BACK, 0), -1):
        if text[at - 1].isspace() and last_part_before(text, at) == at:
            return at
    return last_part_before(text, room)


def _last_sentence(text: str, room: int) -> int:
    """Behind the space after the last full stop, or 0."""
    for at in range(room, room // 2, -1):
        if at > 1 and text[at - 1].isspace() and text[at - 2] in _ENDS and last_part_before(text, at) == at:
            return at
    return 0
