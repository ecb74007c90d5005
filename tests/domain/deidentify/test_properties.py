"""What holds for every text: findings lie within it, in order and apart, and a long text takes no longer per word."""

from __future__ import annotations

import time
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from service.domain.deidentify.finder import Deidentifier
from service.domain.deidentify.finding import Finding, Kind
from service.domain.deidentify.shipped import find
from service.domain.deidentify.vocabulary import parse_vocabulary

PIECES = st.sampled_from(
    [
        "Will", "may", "Grace", "keiron", "Zoë", "Łukasz", "Mr", "his", "dad", "said", "A", "J.", "O'", "'s", "St",
        "Park", "School", "07700 900123", "5", "12/3", "@a.b", "_", "#", "NHS no", "999", "-", ",", ". ", "\n", "(9)",
        '"', "’", "\u0301", "\u00ad", "ﬁ", "İ", "١٢", "李", "reg", "log", "ref", "Operation", "  ", "\t", "A/", "T/",
    ]
)  # fmt: skip
TEXTS = st.text(max_size=80) | st.lists(PIECES | st.text(max_size=3), max_size=30).map(" ".join)
FEW = settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])


@FEW
@example(text="0A¼A0", known=[])
@given(text=TEXTS, known=st.lists(st.text(max_size=12), max_size=3))
def test_findings_lie_within_the_text_in_order_and_apart(text: str, known: list[str]) -> None:
    findings = find(text, known)

    assert all(0 <= each.start < each.end <= len(text) for each in findings)
    assert all(one.end <= other.start for one, other in pairwise(findings))


@FEW
@given(text=TEXTS)
def test_it_does_not_matter_how_accents_are_written(text: str) -> None:
    composed, apart = unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)

    assert _found(composed) == _found(apart)


def _found(text: str) -> list[tuple[Kind, str]]:
    return [(each.kind, unicodedata.normalize("NFD", text[each.start : each.end])) for each in find(text)]


@FEW
@given(text=TEXTS)
def test_the_same_text_gives_the_same(text: str) -> None:
    assert find(text) == find(text)


LONG = ["A ", "A", "a.", "1/2 ", "1 ", "9", "St ", "NHS ", "ref ", "Mr ", " ", "\n", "\nA", "'", "'s ", "@a ", "_", "-",
        "Hope ", "hope, ", "zq ", "Zq ", "Zq, ", "zqzqzqzqzqz ", "aaa ", "B.", "5 Poplar ", "flat ", "é", "\u0301",
        "snap ", "0 ", "M6 ", "of the ", "Zq of ", "born ", "Greater ", '"Z" ', "a1", "1st and "]  # fmt: skip


@pytest.mark.parametrize("piece", LONG)
def test_a_long_text_of_whatever_takes_no_longer_per_word(piece: str) -> None:
    short, long = (_seconds(piece * (size // len(piece))) for size in (2_000, 16_000))

    assert long < 30 * short + 0.5


def test_a_very_long_text_is_looked_through() -> None:
    assert find("A " * 60_000) is not None


def _seconds(text: str) -> float:
    """The least of three: other work of the same process, such as its clearing up of memory, is not the text's."""
    return min(_once(text) for _ in range(3))


def _once(text: str) -> float:
    began = time.process_time()
    find(text)
    return time.process_time() - began


class _Model:
    def findings(self, text: str) -> list[Finding]:
        return [Finding(Kind.PERSON, 0, 3), Finding(Kind.PERSON, -5, 2), Finding(Kind.PLACE, 8, 99)]


def test_a_model_adds_and_takes_nothing_away() -> None:
    small = Deidentifier(parse_vocabulary("the\ncame\n", "", "", ""), _Model())

    assert small.find("the wug came Keziah") == (
        Finding(Kind.PERSON, 0, 3),
        Finding(Kind.PERSON, 4, 7),
        Finding(Kind.PLACE, 8, 13),
        Finding(Kind.PERSON, 13, 19),
    )
