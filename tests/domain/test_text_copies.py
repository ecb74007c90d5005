"""Whether a narrative was pasted (X-7): in its own record by its text, from an earlier one by its keyed sketch."""

from __future__ import annotations

import random
from hashlib import blake2b

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from service.domain.text.copies import (
    COPY_MIN,
    DIGEST_BYTES,
    SKETCH_BYTES,
    comparable,
    is_copy,
    likeness,
    same_text,
    sketch,
)

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
LONG = (
    "She has started to come to the garden project on Saturdays and says that it is the calmest part of her week. "
    "Her nan walks her there and they stop for chips on the way home. The worker at the project knows when to leave "
    "her alone and when to ask, and she has asked whether her brother may come along in the summer."
)
WORDS = [f"word{number}" for number in range(400)]


def made_of(words: list[str]) -> str:
    return " ".join(words)


def changed(text: str, times: int) -> str:
    """The text with so many of its words, evenly spread, replaced."""
    words = text.split()
    for number in range(times):
        words[number * len(words) // times] = f"other{number}"
    return made_of(words)


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (LONG, True),
        (LONG.upper(), True),
        (LONG.replace(" ", "\n\n").replace(".", " -- "), True),
        (LONG.replace("garden project", "garden  pro-ject"), True),
        (LONG.replace("Saturdays", "Sundays"), False),
        (LONG[:-20], False),
    ],
)
def test_the_same_text_in_one_record(other: str, same: bool) -> None:
    assert same_text(LONG, other) is same
    assert same_text(other, LONG) is same


def test_short_texts_may_be_the_same_by_chance() -> None:
    assert comparable("A" * 40) == "a" * 40
    assert comparable("A " * 39) is None
    assert same_text("a" * 40, "A" * 40)
    assert not same_text("a" * 39, "a" * 39)
    assert not same_text("a" * 39 + " ." * 20, "a" * 39)


@pytest.mark.parametrize(("one", "other"), [("Zo\u00eb", "Zoe\u0308"), ("ｆｉｎｅ", "fine"), ("STRASSE", "straße")])
def test_letters_written_either_way_are_the_same(one: str, other: str) -> None:
    assert same_text(f"{LONG} {one}", f"{LONG} {other}")
    assert sketch(f"{LONG} {one}", KEY) == sketch(f"{LONG} {other}", KEY)


def test_a_sketch_is_one_of_two_lengths() -> None:
    assert len(sketch(made_of(WORDS[:12]), KEY)) == SKETCH_BYTES == 256
    assert len(sketch(made_of(WORDS[:11]), KEY)) == DIGEST_BYTES == 32


def test_a_short_text_is_equal_or_not() -> None:
    kept = sketch("Attends school every day.", KEY)

    assert likeness(kept, sketch("attends SCHOOL, every day", KEY)) == 1.0
    assert likeness(kept, sketch("Attends school each day.", KEY)) == 0.0
    assert likeness(kept, sketch(LONG, KEY)) == 0.0


def test_likeness_follows_the_words_in_common() -> None:
    """Two texts of 400 words of which the half is the same: a third of all their groups of four are shared."""
    half = made_of(WORDS[:200])
    one, other = (sketch(f"{half} {made_of([f'{each}{side}' for each in WORDS[:200]])}", KEY) for side in "ab")

    assert likeness(one, other) == pytest.approx(1 / 3, abs=0.2)
    assert likeness(sketch(made_of(WORDS[:200]), KEY), sketch(made_of(WORDS[200:]), KEY)) < 0.1


def test_the_order_of_words_counts() -> None:
    shuffled = list(WORDS)
    random.Random(1).shuffle(shuffled)

    assert likeness(sketch(made_of(WORDS), KEY), sketch(made_of(shuffled), KEY)) < 0.1


def test_a_word_changed_is_still_a_copy_and_a_text_rewritten_is_none() -> None:
    text = made_of(WORDS)

    assert is_copy(sketch(text, KEY), sketch(changed(text, 1), KEY))
    assert not is_copy(sketch(text, KEY), sketch(changed(text, 40), KEY))


def test_what_counts_as_a_copy_begins_at_the_limit() -> None:
    kept = sketch(LONG, KEY)
    slots = int((1 - COPY_MIN) * 64)
    just, too_few = (bytes(4 * number) + kept[4 * number :] for number in (slots, slots + 1))

    assert is_copy(kept, just)
    assert not is_copy(kept, too_few)


def test_without_the_key_a_guess_cannot_be_tested() -> None:
    """Another key, or none, makes sketches of the same text that have nothing in common with the one that is kept."""
    for text in (LONG, "Attends school every day."):
        kept = sketch(text, KEY)
        plain = {blake2b(text.encode(), digest_size=size).digest() for size in (4, 32)}

        assert likeness(kept, sketch(text, OTHER_KEY)) == 0.0
        assert kept not in plain
        assert not plain & {kept[at : at + 4] for at in range(0, len(kept), 4)}


def test_a_sketch_does_not_tell_how_long_the_text_is() -> None:
    """Bare minima would be near nought for a long text: here they are spread over all their range."""
    slots = [int.from_bytes(kept[at : at + 4]) for kept in [sketch(made_of(WORDS), KEY)] for at in range(0, 256, 4)]

    assert sum(slots) / len(slots) == pytest.approx(2**31, rel=0.4)


def test_no_words_of_the_text_are_in_a_sketch() -> None:
    assert not any(word.encode() in sketch(LONG, KEY) for word in LONG.split() if len(word) > 3)


@pytest.mark.parametrize("key", [b"", b"k" * 31, b"k" * 65])
def test_a_key_that_protects_nothing_is_refused(key: bytes) -> None:
    with pytest.raises(ValueError, match="32 to 64 bytes"):
        sketch(LONG, key)


@pytest.mark.parametrize("wrong", [b"", b"x", bytes(255), bytes(257)])
def test_what_is_no_sketch_is_refused(wrong: bytes) -> None:
    for pair in ((wrong, sketch(LONG, KEY)), (sketch(LONG, KEY), wrong), (wrong, wrong)):
        with pytest.raises(ValueError, match="not a sketch"):
            likeness(*pair)


TEXTS = st.lists(st.sampled_from(WORDS[:30]) | st.text(max_size=6), max_size=40).map(made_of)


@given(TEXTS, st.binary(min_size=32, max_size=64))
def test_the_same_text_has_the_same_sketch(text: str, key: bytes) -> None:
    assert sketch(text, key) == sketch(text, key)
    assert sketch(text, key) == sketch(f"  {text} ...", key)
    assert likeness(sketch(text, key), sketch(text, key)) == 1.0


@given(TEXTS, st.binary(min_size=32, max_size=64), st.binary(min_size=32, max_size=64))
def test_another_key_gives_another_sketch(text: str, key: bytes, other: bytes) -> None:
    """BLAKE2b fills short keys with zeros, so two that differ in those only are one; random ones never do."""
    assume(key.ljust(64, b"\0") != other.ljust(64, b"\0"))

    assert sketch(text, key) != sketch(text, other)


@given(TEXTS, TEXTS)
def test_likeness_is_the_same_both_ways_and_between_nought_and_one(one: str, other: str) -> None:
    kept, given_ = sketch(one, KEY), sketch(other, KEY)

    assert likeness(kept, given_) == likeness(given_, kept)
    assert 0.0 <= likeness(kept, given_) <= 1.0
