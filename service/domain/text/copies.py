"""Whether a narrative was pasted (rule X-7): from another field of its record, or from an earlier record.

An earlier record's text is not kept for this. What is kept is a sketch of each narrative, which tells how much of their
wording two texts share. A sketch is no secret in itself: whoever guesses a text can make its sketch and compare. So it
is kept only within what `pack` makes of a record's sketches, encrypted under the young person's own key.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import blake2b
from heapq import nsmallest
from struct import Struct, pack, unpack
from zlib import crc32

from service.domain.text.reading import Reading, read

SAME_MIN = 40
"""Letters and digits from which two equal narratives are a paste; below, "Attends school every day" is just brief."""

COPY_MIN = 0.9
"""Likeness from which a text counts as copied: up to about one word in a hundred was changed."""

WORDS_MIN = 12
"""Below, too few groups of four words would be compared; a short text is only ever equal or not."""

SLOTS, SLOT_BYTES = 64, 4
SKETCH_BYTES = 1 + SLOTS * SLOT_BYTES
DIGEST_BYTES = 17
"""The most a sketch has, and what one of a short text has."""

_SHORT, _LONG = b"s", b"l"
_HEAD = Struct(">HH")


def same_text(one: str, other: str) -> bool:
    """Whether two narratives of one record are the same but for capitals, spacing and punctuation."""
    letters = comparable(read(one))
    return letters is not None and letters == comparable(read(other))


def comparable(reading: Reading) -> bytes | None:
    """What `same_text` compares, to look among many texts without comparing each with each; None if too short."""
    letters = b"".join(reading.words)
    if len(letters) < SAME_MIN:
        return None
    return letters if reading.text.isascii() or len(letters.decode()) >= SAME_MIN else None


def sketch(text: str) -> bytes:
    """What to keep of a text in order to know its copy: up to 257 bytes, or 17 for one of less than twelve words.

    The same text gives the same sketch, whatever its capitals, spacing and punctuation.
    """
    return sketch_of(read(text))


def sketch_of(reading: Reading) -> bytes:
    """The same, of a text that was read already."""
    words = reading.words
    if len(words) < WORDS_MIN:
        return _SHORT + blake2b(b" ".join(words), digest_size=DIGEST_BYTES - 1).digest()
    groups = _groups(words)
    least = sorted(groups)[:SLOTS]
    return _LONG + pack(f">{len(least)}I", *least)


def likeness(one: bytes, other: bytes) -> float:
    """The share of four-word groups that two texts have in common, from 0 to 1.

    Exact for texts that have up to 64 groups between them, and for longer ones estimated from the 64 that happen to
    have the least hashes (standard error up to 0.06). A short and a long text have none in common. Raises ValueError
    for bytes that are no sketch.
    """
    if not (_is_sketch(one) and _is_sketch(other)):
        raise ValueError("This is not a sketch: its length is wrong.")
    if one[:1] == _SHORT or other[:1] == _SHORT:
        return float(one == other)
    mine, others = _hashes(one), _hashes(other)
    looked_at = nsmallest(SLOTS, mine | others)
    return len(mine & others & set(looked_at)) / len(looked_at)


def is_copy(one: bytes, other: bytes) -> bool:
    """Whether one text is the other, or nearly."""
    return likeness(one, other) >= COPY_MIN


def packed(sketches: Mapping[str, bytes]) -> bytes:
    """All of a record's sketches, by their pointers, as one run of bytes to be encrypted."""
    return b"".join(
        _HEAD.pack(len(place), len(each)) + place + each
        for place, each in ((pointer.encode(), each) for pointer, each in sketches.items())
    )


def unpacked(together: bytes) -> dict[str, bytes]:
    """What `packed` put together."""
    return dict(_each(together))


def _each(together: bytes) -> Iterator[tuple[str, bytes]]:
    at = 0
    while at < len(together):
        place, size = _HEAD.unpack_from(together, at)
        middle = at + _HEAD.size + place
        yield together[at + _HEAD.size : middle].decode(), together[middle : middle + size]
        at = middle + size


def _groups(words: list[bytes]) -> set[int]:
    """A hash of every four words that follow each other: each word goes on from where the one before it ended.

    A checksum will do to choose groups by chance, and needs no step of Python's own for each.
    """
    first = map(crc32, words)
    second = map(crc32, words[1:], first)
    third = map(crc32, words[2:], second)
    return set(map(crc32, words[3:], third))


def _hashes(whole: bytes) -> set[int]:
    return set(unpack(f">{len(whole) // SLOT_BYTES}I", whole[1:]))


def _is_sketch(whole: bytes) -> bool:
    if whole[:1] == _SHORT:
        return len(whole) == DIGEST_BYTES
    return whole[:1] == _LONG and 1 < len(whole) <= SKETCH_BYTES and len(whole) % SLOT_BYTES == 1
