"""Advice on wording: what a hit is, what is never judged, how the file is read, and that no text makes it slow."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import fields

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from service.domain.language import Advice, Checker, FamiliesInvalid, parse_families
from service.domain.language.notation import Slot
from tests.domain.test_language_sentences import edition

SMALL = """
version = "1"
source = "made up"
[[family]]
id = "risk"
number = 2
title = "Risk"
guidance = "Say what is feared."
phrases = ["high risk", "at high ... risk", "danger*", "risk"]
not_when = ["high risk of flooding", "dangerous dog"]
[[family]]
id = "going_back"
number = 1
title = "Going back"
guidance = "Say what draws them."
phrases = ["keeps|kept going back", "high risk house", "won't stay", "risk taking"]
"""
CHECKER = Checker(parse_families(SMALL, "small.toml"))
FULL = Checker(edition())


def hits(text: str, checker: Checker = CHECKER) -> list[tuple[str, str]]:
    return [(advice.family, text[advice.start : advice.end]) for advice in checker.advice(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A HIGH Risk.", [("risk", "HIGH Risk")]),
        ("A high-risk plan", [("risk", "high-risk")]),
        ("at high and rising risk", [("risk", "at high and rising risk")]),
        ("at high one two three risk", [("risk", "at high one two three risk")]),
        ("at high one two three four risk", [("risk", "risk")]),
        ("at high risk or risk", [("risk", "at high risk or risk")]),
        ("at high. Then risk", [("risk", "risk")]),
        ("at high risk", [("risk", "at high risk")]),
        ("endangered", []),
        ("dangers", [("risk", "dangers")]),
        ("highrisk, asterisk, risky", []),
        ("a high\nrisk", [("risk", "high\nrisk")]),
        ("high.\n\nDanger", [("risk", "Danger")]),
        ("It was high. Risk", [("risk", "Risk")]),
        ("- so high\n- risk", [("risk", "risk")]),
        ("keeps going back, kept going back", [("going_back", "keeps going back"), ("going_back", "kept going back")]),
        ("won’t stay and won't stay", [("going_back", "won’t stay"), ("going_back", "won't stay")]),
        ("a high risk house", [("going_back", "high risk house")]),
        ("high risk taking", [("going_back", "risk taking")]),
        ("high risk of flooding", []),
        ("high risk of flooding, and danger", [("risk", "danger")]),
        ("a dangerous dog is a risk", [("risk", "risk")]),
        ("ｈｉｇｈ ｒｉｓｋ", [("risk", "ｈｉｇｈ ｒｉｓｋ")]),
        ("ri\u00adsk", [("risk", "ri\u00adsk")]),
        ("🙂🙂 risk 🙂", [("risk", "risk")]),
        ("rıſk and İrisk", []),
        ("خطر risk خطر", [("risk", "risk")]),
        ("", []),
    ],
)
def test_what_is_a_hit(text: str, expected: list[tuple[str, str]]) -> None:
    assert hits(text) == expected


def test_advice_has_the_family_its_guidance_and_the_place_and_no_text() -> None:
    assert CHECKER.advice("A risk.") == (Advice("risk", "Say what is feared.", 2, 6),)
    assert [field.name for field in fields(Advice)] == ["family", "guidance", "start", "end"]


@pytest.mark.parametrize(
    "text",
    [
        "He said “risk”.",
        'He said "high risk" and "danger".',
        "He said: ‘high risk’.",
        "He said 'high risk'.",
        "«risk» and „risk”",
        'A long one: "high\n\nrisk".',
        'Left open: "high risk, and on to the end',
        "Left open: “danger. High risk\nand on",
        "They said ‘my parents' rules are a risk’.",
        "They said 'my parents' rules are a risk'.",
        "They said 'no, the lads' risk' and 'my mates' risk'.",
        "She said ‘I left ’cause of the danger’.",
        "She said 'I left 'cause of the danger'.",
        "She said 'my parents' risk was 'cause of danger'.",
        'She said "it\'s a risk".',
        "She said ‘he called me “danger” and a risk’.",
        "She said ‘he called me “danger”, “high risk” and a risk’ and “risk”.",
        '("risk")',
        '" risk "',
        'It was 5\'4". He said "risk".',
        "‘risk’, ‘danger’ and ‘high risk’",
    ],
)
def test_quoted_speech_is_never_judged(text: str) -> None:
    assert hits(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "He said “no”. There is risk.",
        'He said "no". There is risk.',
        "It's a parent's view: risk.",
        "The parents' risk, the carers' house.",
        "His parents’ risk, the lads’ house.",
        "Back in the '90s a risk, said the '80s.",
        "She's 5'4\" and there is risk.",
        'Left open: "no\n\nThere is risk.',
        "He said 'no' and that is a risk.",
        "He said 'yes' and the lads said 'no' and there is risk.",
        "Don't, won't, can't: risk",
        "rock 'n' roll is a risk for 'em",
        "He left 'cause of the risk at the lads' house.",
        "She's 5'4\", and there is risk.",
        "He said 'yes' at risk, and the lads said 'no'.",
        "“'sure” he said at risk, the lads' way.",
        "‘no’ is a risk, ‘yes’",
    ],
)
def test_what_stands_beside_a_quotation_or_an_apostrophe_is_seen(text: str) -> None:
    assert [found for _, found in hits(text)] == ["risk"]


def test_a_phrase_does_not_run_on_through_a_quotation() -> None:
    assert hits("He keeps “never” going back") == []


@given(st.text(alphabet=st.sampled_from("high risk danger\n.-'\"‘’“”é\u0301🙂ｈ")))
@example("high risk")
def test_places_are_within_the_text_in_order_and_apart(text: str) -> None:
    found = CHECKER.advice(text)

    edges = [edge for advice in found for edge in (advice.start, advice.end)]
    assert edges == sorted(edges)
    assert all(0 <= advice.start < advice.end <= len(text) for advice in found)


@given(st.text())
def test_text_between_quotation_marks_gets_no_advice_whatever_it_is(text: str) -> None:
    said = text.replace('"', "").replace("“", "").replace("”", "").replace("„", "").replace("«", "").replace("»", "")

    assert CHECKER.advice(f"“{said} high risk”") == ()
    assert len(CHECKER.advice(f"“{said}” high risk")) == 1


def repeated(text: str, length: int) -> str:
    return (text * (length // len(text) + 1))[:length]


def hostile() -> list[str]:
    """What could make a search slow: marks that never close, and the beginnings of phrases without their ends."""
    phrases = [phrase for family in edition().families for phrase in (*family.phrases, *family.not_when)]
    slots = [[min(part.words | part.stems) for part in phrase if isinstance(part, Slot)] for phrase in phrases]
    marks = ["a", "'a ", '"a ', '"', "'", "a' ", "'ls' a ", "\n", "'a\n \n", "“a\n\n", " ", "a\u0301", "\u0301", "ﷺ"]
    return [*marks, *(" ".join(words) + " " for words in slots), *(words[0] + " " for words in slots)]


def seconds(work: Callable[[str], object], text: str) -> float:
    """Processor time, so that a busy machine does not count."""
    start = time.process_time()
    work(text)
    return time.process_time() - start


def test_no_text_makes_it_slow() -> None:
    """Four times the text may take little more than four times as long; a square would take sixteen times."""
    slowest = max(hostile(), key=lambda each: seconds(FULL.advice, repeated(each, 1_500)))
    quarter = min(seconds(FULL.advice, repeated(slowest, 15_000)) for _ in range(3))
    whole = min(seconds(FULL.advice, repeated(slowest, 60_000)) for _ in range(3))

    print(f"\n60,000 characters at worst: {whole * 1000:.0f} ms, a quarter of them {quarter * 1000:.0f} ms")  # noqa: T201 (shown with -s)
    assert whole < 8 * quarter


@pytest.mark.parametrize("text", ["'a ", '"a ', "'", "'ls' a ", "'a\n \n", "“a\n\n", "‘a"])
def test_no_marks_make_it_slow(text: str) -> None:
    quarter, whole = (min(seconds(FULL.advice, repeated(text, size)) for _ in range(3)) for size in (15_000, 60_000))
    assert whole < 8 * max(quarter, 0.01)


def test_the_edition_has_all_families_in_order_and_says_where_it_comes_from() -> None:
    families = edition()

    assert [family.number for family in families.families] == list(range(1, 22))
    assert families.version == "2024-11"
    assert "Children's Society" in families.source


def test_guidance_gets_no_advice_itself() -> None:
    spoken = [family.guidance for family in edition().families]

    assert [found for text in spoken for found in hits(text, FULL)] == []


def test_every_phrase_of_the_edition_finds_itself() -> None:
    """A phrase that nothing can match, or that its own family always excuses, is dead data."""
    dead = []
    for family in edition().families:
        others = [each.id for each in edition().families if each.id != family.id]
        checker = Checker(edition().without(others))
        for number, phrase in enumerate(family.phrases):
            words = " ".join(min(part.words or part.stems) for part in phrase if isinstance(part, Slot))
            dead += [] if checker.advice(words) else [f"{family.id}.phrases[{number}]"]

    assert dead == []


def test_families_can_be_left_out() -> None:
    without = parse_families(SMALL, "small.toml").without(["risk"])

    assert hits("high risk, kept going back", Checker(without)) == [("going_back", "kept going back")]
    with pytest.raises(ValueError, match="Not in edition 1: lifestyle"):
        without.without(["lifestyle"])


def faults(text: str) -> list[str]:
    with pytest.raises(FamiliesInvalid) as refused:
        parse_families(text, "f.toml")
    assert str(refused.value) == "\n".join(map(str, refused.value.faults))
    return [fault.key for fault in refused.value.faults]


def test_every_fault_of_the_file_is_told_at_once() -> None:
    text = """
    version = 3
    colour = "red"
    [[family]]
    id = "Risk Level"
    number = true
    title = " "
    phrases = ["high risk", "", "...", "high ...", "a ... ... b", "ab*", "a|", "High", "self-harm", 7]
    rank = 1
    [[family]]
    id = "one"
    number = 1
    title = "One"
    guidance = "Do"
    phrases = ["high risk"]
    not_when = ["x y", "*"]
    [[family]]
    id = "one"
    number = 1
    title = "One"
    guidance = "Do"
    phrases = []
    not_when = "x"
    """
    first, second, third = "family[0]", "family[1]", "family[2]"

    assert sorted(faults(text)) == sorted(
        ["version", "source", "colour"]
        + [f"{first}.{name}" for name in ("id", "number", "title", "guidance", "rank")]
        + [f"{first}.phrases[{number}]" for number in range(1, 10)]
        + [f"{second}.phrases[0]", f"{second}.not_when[1]"]
        + [f"{third}.{name}" for name in ("id", "number", "phrases", "not_when")]
    )


@pytest.mark.parametrize("text", ["family = []", "family = [1]", "family = {}", ""])
def test_a_file_without_families_is_refused(text: str) -> None:
    assert faults(f'version = "1"\nsource = "s"\n{text}') == ["family"]


def test_what_is_not_toml_says_where() -> None:
    with pytest.raises(FamiliesInvalid, match=r"f.toml.*line 2"):
        parse_families("version = '1'\nsource = = 2", "f.toml")


@pytest.mark.parametrize("phrase", ["a b c d e f g h i j", "a ... b ... c", "can't|won't stop*", "24 hour"])
def test_phrases_that_are_fine(phrase: str) -> None:
    text = SMALL.replace('"danger*"', f'"{phrase}"')

    assert len(parse_families(text, "f.toml").families[1].phrases) == 4


@pytest.mark.parametrize("phrase", ["a b c d e f g h i j k", "(a)", "a+", "a.b", "don’t", "*", "|", "a..."])
def test_phrases_that_are_none(phrase: str) -> None:
    assert faults(SMALL.replace('"danger*"', f'"{phrase}"')) == ["family[0].phrases[2]"]
