"""Whether a narrative was pasted (X-7): in its own record by its text, from an earlier one by its sketch."""

from __future__ import annotations

import random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from service.domain.text.copies import (
    COPY_MIN,
    DIGEST_BYTES,
    SKETCH_BYTES,
    SLOTS,
    is_copy,
    likeness,
    packed,
    same_text,
    sketch,
    unpacked,
)

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
    assert same_text("a" * 40, "A" * 40)
    assert not same_text("a" * 39, "a" * 39)
    assert not same_text("a" * 39 + " ." * 20, "a" * 39)


@pytest.mark.parametrize(("one", "other"), [("Zo\u00eb", "Zoe\u0308"), ("ｆｉｎｅ", "fine"), ("STRASSE", "straße")])
def test_letters_written_either_way_are_the_same(one: str, other: str) -> None:
    assert same_text(f"{LONG} {one}", f"{LONG} {other}")
    assert sketch(f"{LONG} {one}") == sketch(f"{LONG} {other}")


def test_a_sketch_is_no_longer_than_it_may_be() -> None:
    assert len(sketch(made_of(WORDS))) == SKETCH_BYTES == 257
    assert len(sketch(made_of(WORDS[:12]))) == 1 + 4 * 9
    assert len(sketch(made_of(WORDS[:11]))) == DIGEST_BYTES == 17


def test_a_short_text_is_equal_or_not() -> None:
    kept = sketch("Attends school every day.")

    assert likeness(kept, sketch("attends SCHOOL, every day")) == 1.0
    assert likeness(kept, sketch("Attends school each day.")) == 0.0
    assert likeness(kept, sketch(LONG)) == 0.0


def test_likeness_follows_the_words_in_common() -> None:
    """Two texts of 400 words of which the half is the same: a third of all their groups of four are shared."""
    half = made_of(WORDS[:200])
    one, other = (sketch(f"{half} {made_of([f'{each}{side}' for each in WORDS[:200]])}") for side in "ab")

    assert likeness(one, other) == pytest.approx(1 / 3, abs=0.2)
    assert likeness(sketch(made_of(WORDS[:200])), sketch(made_of(WORDS[200:]))) < 0.1


def test_the_order_of_words_counts() -> None:
    shuffled = list(WORDS)
    random.Random(1).shuffle(shuffled)

    assert likeness(sketch(made_of(WORDS)), sketch(made_of(shuffled))) < 0.1


def test_a_word_changed_is_still_a_copy_and_a_text_rewritten_is_none() -> None:
    text = made_of(WORDS)

    assert is_copy(sketch(text), sketch(changed(text, 1)))
    assert not is_copy(sketch(text), sketch(changed(text, 40)))


def test_what_counts_as_a_copy_begins_at_the_limit() -> None:
    """Texts that have up to 64 groups between them are compared exactly: here 28 of 30 or of 32."""
    words = WORDS[:31]
    kept = sketch(made_of(words))
    (just, share), (too_few, less) = (
        (sketch(made_of(other)), float(common / either))
        for other, common, either in (([*words, "more"], 28, 29), ([*words[:-1], "a", "b", "c", "d"], 27, 32))
    )

    assert (likeness(kept, just), is_copy(kept, just)) == (pytest.approx(share), True)
    assert (likeness(kept, too_few), is_copy(kept, too_few)) == (pytest.approx(less), False)
    assert less < COPY_MIN <= share


@given(st.integers(0, 60), st.lists(st.sampled_from(WORDS[:60]), min_size=12, max_size=67))
def test_short_texts_are_compared_exactly(swapped: int, words: list[str]) -> None:
    other = [*words]
    other[swapped % len(words)] = "another"
    one, two = ({tuple(each[at : at + 4]) for at in range(len(each) - 3)} for each in (words, other))
    assume(len(one | two) <= SLOTS)

    assert likeness(sketch(made_of(words)), sketch(made_of(other))) == pytest.approx(len(one & two) / len(one | two))


def test_long_texts_are_compared_as_nearly_as_promised() -> None:
    """By chance, and the same chance in every run: over a hundred pairs of 300 words, of which some were changed."""
    chance, errors = random.Random(5), []
    for _ in range(100):
        words = chance.choices(WORDS, k=300)
        other = [f"x{each}" if chance.random() < 0.03 else each for each in words]
        one, two = ({tuple(each[at : at + 4]) for at in range(len(each) - 3)} for each in (words, other))
        errors.append(likeness(sketch(made_of(words)), sketch(made_of(other))) - len(one & two) / len(one | two))

    assert abs(sum(errors) / len(errors)) < 0.02
    assert (sum(each * each for each in errors) / len(errors)) ** 0.5 < 0.07


def test_no_words_of_the_text_are_in_a_sketch() -> None:
    assert not any(word.encode() in sketch(LONG) for word in LONG.split() if len(word) > 3)


def test_sketches_put_together_come_apart_again() -> None:
    sketches = {"/analysis_narrative": sketch(LONG), "/plan/é~1": sketch("short"), "": sketch("")}

    assert unpacked(packed(sketches)) == sketches
    assert unpacked(b"") == {}


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        b"x",
        b"l",
        bytes(257),
        *(b"l" + bytes(each) for each in (255, 260)),
        *(b"s" + bytes(each) for each in (15, 17)),
    ],
)
def test_what_is_no_sketch_is_refused(wrong: bytes) -> None:
    for pair in ((wrong, sketch(LONG)), (sketch(LONG), wrong), (wrong, wrong)):
        with pytest.raises(ValueError, match="not a sketch"):
            likeness(*pair)


TEXTS = st.lists(st.sampled_from(WORDS[:30]) | st.text(max_size=6), max_size=40).map(made_of)


@given(TEXTS)
def test_the_same_text_has_the_same_sketch(text: str) -> None:
    assert sketch(text) == sketch(f"  {text} ...")
    assert likeness(sketch(text), sketch(text)) == 1.0


@given(TEXTS, TEXTS)
def test_likeness_is_the_same_both_ways_and_between_nought_and_one(one: str, other: str) -> None:
    kept, given_ = sketch(one), sketch(other)

    assert likeness(kept, given_) == likeness(given_, kept)
    assert 0.0 <= likeness(kept, given_) <= 1.0
