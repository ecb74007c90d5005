"""Long texts over several answers: no character is lost, none is broken, and no part goes without saying so."""

from __future__ import annotations

import re

import pytest
import wcwidth
from hypothesis import example, given, settings
from hypothesis import strategies as st

from service.adapters.mapping.graphemes import may_part
from service.adapters.mapping.splitting import BACK, IN_DOCUMENT, Pieces, Place, capacity, shorten, split
from service.adapters.mapping.values import MARKS, PARAGRAPH

NO_MARKS = ("", "")
CLUSTERS = (
    "👩🏽‍🍳", "👨‍👩‍👧‍👦", "🏴󠁧󠁢󠁷󠁬󠁳󠁿", "🇬🇧", "é", "e\u0301",
    "क्षि", "हिन्दी", "각", "\u1100\u1161\u11a8", "لا", "ن\u064e", "\u0600\u0661",
    "❤️", "1️⃣", "กำ", "தமிழ்", "a\u200db", "“", "”", ".", " ", "\n", "\r\n", "\t", "\u00a0", "word ", "ten letters ",
)  # fmt: skip
WORDS = st.lists(st.sampled_from(CLUSTERS) | st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300)
TEXTS = WORDS.map("".join).filter(bool)


def places(*most: int) -> list[Place]:
    return [Place(f"C{number}", each) for number, each in enumerate(most, 1)]


def unframed(parts: list[tuple[str, str]]) -> list[str]:
    """The parts without their fixed sentences, each of which must be there."""
    found = []
    for number, (_, said) in enumerate(parts):
        head = f"(continued from {parts[number - 1][0]}) " if number else ""
        tail = f" (continues in {parts[number + 1][0]})" if number < len(parts) - 1 else ""
        assert said.startswith(head) and said.endswith(tail)
        found.append(said[len(head) : len(said) - len(tail)])
    return found


def boundaries(text: str) -> set[int]:
    """Where a character that a reader sees begins, as another library has it."""
    at, found = 0, {0}
    for cluster in wcwidth.iter_graphemes(text):
        at += len(cluster)
        found.add(at)
    return found


@settings(max_examples=300, deadline=None)
@example("👩🏽‍🍳" * 60)
@example("x" * 400)
@example("a b " * 100)
@given(TEXTS)
def test_the_parts_together_are_the_text(text: str) -> None:
    parts = split(Pieces([text], "", NO_MARKS), places(120, 110, *[100] * 60))
    assert parts is not None
    bare = unframed(parts)
    assert "".join(bare) == text
    assert [code for code, _ in parts] == [f"C{number}" for number in range(1, len(parts) + 1)]
    at = 0
    for each in bare:
        at += len(each)
        assert at in boundaries(text)


@settings(max_examples=300, deadline=None)
@example(["“", "”", "“a” " * 90])
@given(st.lists(TEXTS, min_size=1, max_size=5))
def test_every_part_of_own_words_is_marked(texts: list[str]) -> None:
    pieces = Pieces(texts, PARAGRAPH, MARKS)
    parts = split(pieces, places(*[140] * 80))
    assert parts is not None
    whole = ""
    for each in unframed(parts):
        assert each.startswith(MARKS[0]) and each.removesuffix(PARAGRAPH).endswith(MARKS[1])
        parted_here = whole and not whole.endswith(MARKS[1] + PARAGRAPH)
        whole = f"{whole.removesuffix(MARKS[1])}{each.removeprefix(MARKS[0])}" if parted_here else whole + each
    assert whole == str(pieces)


@settings(max_examples=200, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=3), st.lists(st.integers(130, 400), min_size=1, max_size=6))
def test_no_part_is_longer_than_its_question(texts: list[str], most: list[int]) -> None:
    pieces, there = Pieces(texts, PARAGRAPH, MARKS), places(*most)
    parts = split(pieces, there)
    room = capacity(there, 2, len(PARAGRAPH))
    assert parts is not None or len(pieces) > room, "what fits for certain fits"
    for place, (code, said) in zip(there, parts or (), strict=False):
        assert (code, len(said) <= place.max) == (place.code, True)


@settings(max_examples=300, deadline=None)
@example("One. Two. " + "x" * 300)
@given(TEXTS)
def test_what_is_shortened_begins_the_text_and_says_so(text: str) -> None:
    said = shorten(Pieces([text], "", MARKS), 200)
    assert said is not None and len(said) <= 200
    if said != f"“{text}”":
        assert said.endswith(f"”{IN_DOCUMENT}")
        kept = said.removesuffix(f"”{IN_DOCUMENT}").removeprefix("“")
        assert text.startswith(kept) and kept
        assert len(kept) in boundaries(text)


@settings(max_examples=500, deadline=None)
@given(TEXTS)
def test_a_part_never_ends_within_a_character(text: str) -> None:
    assert {at for at in range(1, len(text)) if may_part(text, at)} <= boundaries(text)


def test_ordinary_writing_may_be_parted() -> None:
    """Keeping everything together would be no rule. Each of these has a place between two signs."""
    for text in ("ab", "한국", "سلام", "文字", "é.", "🍳🧁", "a b", "नम"):
        assert may_part(text, 1), text


@pytest.mark.parametrize(
    ("text", "room", "first"),
    [
        ("one two three", 9, "one two "),
        ("one two three", 8, "one two "),
        ("one\ntwo three", 5, "one\n"),
        ("onetwothree", 5, "onetw"),
        ("one tw", 6, "one tw"),
        (f"one {'x' * BACK}yz", BACK + 5, f"one {'x' * BACK}y"),
    ],
)
def test_a_word_is_kept_whole_where_it_can_be(text: str, room: int, first: str) -> None:
    assert Pieces([text], "", NO_MARKS).part(room)[0] == first


def test_whole_sentences_where_some_fit() -> None:
    text = "I like it here. It is quiet. " + "Nobody shouts and the door has a lock on it. " * 9
    said = shorten(Pieces([text], "", NO_MARKS), 150)
    assert said is not None
    assert re.fullmatch(r"I like it here\. It is quiet\. .*lock on it\.  \(continues in .*", said)


def test_between_two_texts_the_parts_are_whole() -> None:
    parts = split(Pieces(["a" * 30, "b" * 30], PARAGRAPH, MARKS), places(60, 60))
    assert parts == [("C1", f"“{'a' * 30}”\n\n“bbbbbb” (continues in C2)"), ("C2", f"(continued from C1) “{'b' * 24}”")]


def test_a_text_that_fits_without_the_gap_goes_on_with_its_last_character() -> None:
    """An empty pair of marks would look like words that somebody took out."""
    said, rest = Pieces(["ab", "c"], PARAGRAPH, MARKS).part(5)
    assert (said, rest.texts) == ("“a”", ("b", "c"))


@pytest.mark.parametrize("most", [(140, 140), (150, 150, 150), (200, 160, 180, 300)])
def test_what_fits_for_certain_fits_also_where_words_are_long(most: tuple[int, ...]) -> None:
    there = places(*most)
    for length in range(1, capacity(there, 2, len(PARAGRAPH)) - 1):
        for word in range(BACK - 5, BACK + 1):
            text = (f"{'x' * (word - 1)} " * 20)[:length]
            assert split(Pieces([text], PARAGRAPH, MARKS), there) is not None, (length, word)


@pytest.mark.parametrize("most", [(10, 10), (100, 30)])
def test_what_does_not_fit_is_not_cut(most: tuple[int, ...]) -> None:
    assert split(Pieces(["word " * 100], "", NO_MARKS), places(*most)) is None


def test_a_character_longer_than_the_question_is_for_a_person() -> None:
    endless = "a" + "\u0301" * 400
    assert split(Pieces([endless], "", NO_MARKS), places(100, 1_000)) is None
    assert shorten(Pieces([endless], "", NO_MARKS), 100) is None
