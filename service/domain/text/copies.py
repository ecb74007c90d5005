"""Whether a narrative was pasted (rule X-7): from another field of its record, or from an earlier record.

An earlier record's text is not kept for this. What is kept is a sketch under the authority's key: two sketches tell how
much of their wording the texts share, and without the key nobody can make one to test a guess against.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from struct import Struct, pack

SAME_MIN = 40
"""Letters and digits from which two equal narratives are a paste; below, "Attends school every day" is just brief."""

COPY_MIN = 0.9
"""Likeness from which a text counts as copied: up to about one word in a hundred was changed."""

SHINGLE = 4
"""Words that are looked at together, so that the same words in another order are another text."""

WORDS_MIN = 12
"""Below, too few groups of words would be compared; a short text is only ever equal or not."""

SLOTS, SLOT_BYTES = 64, 4
SKETCH_BYTES = SLOTS * SLOT_BYTES
DIGEST_BYTES = 32
KEY_BYTES = range(32, 65)
"""Lengths of a key: enough that it cannot be tried out, and no more than BLAKE2b takes."""

_ALL = Struct(f">{SLOTS}I")
_ROUNDS = SKETCH_BYTES // blake2b.MAX_DIGEST_SIZE
_WORD = re.compile(r"[^\W_]+")


def same_text(one: str, other: str) -> bool:
    """Whether two narratives of one record are the same but for capitals, spacing and punctuation."""
    letters = comparable(one)
    return letters is not None and letters == comparable(other)


def comparable(text: str) -> str | None:
    """What `same_text` compares, to look among many texts without comparing each with each; None if too short."""
    letters = "".join(_words(text))
    return letters if len(letters) >= SAME_MIN else None


def sketch(text: str, key: bytes) -> bytes:
    """What to keep of a text in order to know its copy: 256 bytes, or 32 for a text of less than twelve words.

    The same text under the same key gives the same sketch, whatever its capitals, spacing and punctuation. It can be
    compared only with sketches under that key. It tells nothing of the text but this likeness and which of the two
    lengths it has, so derive a key for each young person and field: then two people's texts cannot be compared at all.
    Raises ValueError for a key that is too short to protect anything.
    """
    if len(key) not in KEY_BYTES:
        raise ValueError(f"A sketch needs a key of {KEY_BYTES.start} to {KEY_BYTES.stop - 1} bytes.")
    words = _words(text)
    if len(words) < WORDS_MIN:
        return _keyed(key, b"short", DIGEST_BYTES, " ".join(words).encode()).digest()
    return b"".join(_sealed(key, slot, least) for slot, least in enumerate(_minima(_shingles(words), key)))


def likeness(one: bytes, other: bytes) -> float:
    """The estimated share of four-word groups that two texts have in common, from 0 to 1 (standard error up to 0.06).

    A short and a long text have none. Raises ValueError for bytes that are no sketch.
    """
    if {len(one), len(other)} - {SKETCH_BYTES, DIGEST_BYTES}:
        raise ValueError("This is not a sketch: its length is wrong.")
    if len(one) != len(other) or len(one) == DIGEST_BYTES:
        return float(one == other)
    return sum(here == there for here, there in zip(_slots(one), _slots(other), strict=True)) / SLOTS


def is_copy(one: bytes, other: bytes) -> bool:
    """Whether one text is the other, or nearly."""
    return likeness(one, other) >= COPY_MIN


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def _shingles(words: list[str]) -> set[bytes]:
    return {" ".join(words[at : at + SHINGLE]).encode() for at in range(len(words) - SHINGLE + 1)}


def _minima(shingles: Iterable[bytes], key: bytes) -> list[int]:
    """For each slot the least of its keyed hashes (Broder's min-wise sampling)."""
    rounds = [_keyed(key, b"round %d" % number, blake2b.MAX_DIGEST_SIZE) for number in range(_ROUNDS)]
    return [min(column) for column in zip(*(_hashes(shingle, rounds) for shingle in shingles), strict=True)]


def _hashes(shingle: bytes, rounds: list[blake2b]) -> tuple[int, ...]:
    """All of a shingle's hashes. The keyed beginnings are copied, because making them costs more than hashing."""
    begun = [each.copy() for each in rounds]
    for each in begun:
        each.update(shingle)
    return _ALL.unpack(b"".join(each.digest() for each in begun))


def _sealed(key: bytes, slot: int, least: int) -> bytes:
    """The slot as it is kept. Bare minima would be smaller the longer the text, and so tell its length."""
    return _keyed(key, b"slot", SLOT_BYTES, pack(">2I", slot, least)).digest()


def _keyed(key: bytes, purpose: bytes, size: int, content: bytes = b"") -> blake2b:
    return blake2b(content, key=key, person=purpose, digest_size=size)


def _slots(whole: bytes) -> Iterator[bytes]:
    return (whole[at : at + SLOT_BYTES] for at in range(0, SKETCH_BYTES, SLOT_BYTES))
