"""How often the advice is right, measured on sentences; those held out were never tuned on. `-s` shows the figures."""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from service.domain.language import Checker, Families, parse_families
from tests.architecture.project import ROOT

EDITION = "config/language/2024-11.toml"
SENTENCES = Path(__file__).with_name("language_sentences.toml")

PRECISION_MIN, RECALL_MIN = 0.9, 0.85
"""Below these, more than one piece of advice in ten is noise, or so much is missed that silence misleads."""


@dataclass(frozen=True)
class Sentence:
    text: str
    families: frozenset[str]
    held_out: bool
    neutral: bool


@dataclass(frozen=True)
class Figures:
    """Counted in pairs of sentence and family."""

    right: int
    noise: int
    missed: int

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.noise)

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed)

    def __str__(self) -> str:
        counts = f"{self.right} right, {self.noise} noise, {self.missed} missed"
        return f"precision {self.precision:.2f}, recall {self.recall:.2f} ({counts})"


@cache
def edition() -> Families:
    return parse_families((ROOT / EDITION).read_text(), EDITION)


def sentences() -> list[Sentence]:
    kinds = tomllib.loads(SENTENCES.read_text())
    return [
        Sentence(each["text"], frozenset(each.get("families", [])), each.get("held_out", False), kind == "neutral")
        for kind, listed in kinds.items()
        for each in listed
    ]


def measured(chosen: list[Sentence]) -> Figures:
    checker = Checker(edition())
    pairs = [({advice.family for advice in checker.advice(each.text)}, each.families) for each in chosen]
    return Figures(
        right=sum(len(found & wanted) for found, wanted in pairs),
        noise=sum(len(found - wanted) for found, wanted in pairs),
        missed=sum(len(wanted - found) for found, wanted in pairs),
    )


@pytest.mark.parametrize("held_out", [False, True], ids=["tuned on", "held out"])
def test_advice_is_mostly_right(held_out: bool) -> None:
    figures = measured([each for each in sentences() if each.held_out is held_out])

    print(f"\n{'held out' if held_out else 'tuned on'}: {figures}")  # noqa: T201 (shown with -s)
    assert figures.precision >= PRECISION_MIN
    assert figures.recall >= RECALL_MIN


def test_advice_is_mostly_right_overall() -> None:
    figures = measured(sentences())

    print(f"\noverall: {figures}")  # noqa: T201 (shown with -s)
    assert figures.precision >= PRECISION_MIN
    assert figures.recall >= RECALL_MIN


def test_the_sentences_show_every_family_and_enough_that_is_fine() -> None:
    flagged = [each for each in sentences() if not each.neutral]
    neutral = [each for each in sentences() if each.neutral]
    shown = Counter(family for each in flagged for family in each.families)

    assert shown.keys() == {family.id for family in edition().families}
    assert min(shown.values()) >= 3
    assert len(flagged) >= 65
    assert len(neutral) >= 65
    assert len({each.text for each in sentences()}) == len(flagged) + len(neutral)


@pytest.mark.parametrize("neutral", [False, True])
def test_a_third_is_held_out(neutral: bool) -> None:
    listed = [each for each in sentences() if each.neutral is neutral]

    assert sum(each.held_out for each in listed) / len(listed) == pytest.approx(1 / 3, abs=0.02)


def test_neutral_sentences_expect_nothing_and_the_others_something() -> None:
    assert all(bool(each.families) is not each.neutral for each in sentences())


def test_an_empty_edition_would_not_pass() -> None:
    """The floor is one that a checker which says nothing cannot reach."""
    checker = Checker(edition().without(family.id for family in edition().families))

    assert [each for each in sentences() if checker.advice(each.text)] == []
