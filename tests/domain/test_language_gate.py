"""The gate before the search for phrases never holds back a line that stands in the text."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.domain.language import Advice, Checker, parse_families
from service.domain.language.checker import _lines
from service.domain.text.reading import read
from tests.domain.test_language_advice import SMALL
from tests.domain.test_language_sentences import edition

FULL, FEW = edition(), parse_families(SMALL, "small.toml")
FORMS = sorted(
    {
        form.rstrip("*")
        for families in (FULL, FEW)
        for family in families.families
        for line in _lines(family, (*family.phrases, *family.not_when), counts=True)
        for need in line.needs
        for form in need
    }
)
BETWEEN = st.sampled_from(
    [" ", " ", " ", ", ", ". ", "\n", "\n\n- ", "-", "'", "’", "\u00ad", "\u0301", '"', " “", "” ", "_"]
)
WORD = st.sampled_from(FORMS) | st.sampled_from(["the", "ed", "s", "ing", "ſ", "ﬁ", "é", "straße", "ａｔ", "K", "İ"])
TEXTS = st.lists(st.tuples(WORD, st.sampled_from([str, str.upper, str.title]), BETWEEN), max_size=25).map(
    lambda parts: "".join(change(word) + between for word, change, between in parts)
)


class _NoGate(Checker):
    """Looks for everything everywhere."""

    def advice(self, text: str) -> tuple[Advice, ...]:
        excuses = [line for lines in self._excuses.values() for line in lines]
        return self._looked_at(text, [*self._all, *excuses])


@pytest.mark.parametrize("families", [FULL, FEW], ids=["full", "few"])
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=TEXTS | st.text())
def test_with_the_gate_the_same_is_found(families: object, text: str) -> None:
    assert CHECKERS[families is FULL][0].advice(text) == CHECKERS[families is FULL][1].advice(text)


CHECKERS = {
    True: (Checker(FULL), _NoGate(FULL)),
    False: (Checker(FEW), _NoGate(FEW)),
}


def test_every_phrase_comes_through_by_itself_and_among_others() -> None:
    """Each line once, with the first of its forms in each place."""
    for family in FULL.families:
        for line in _lines(family, family.phrases, counts=True):
            words = [min(need).rstrip("*") for need in line.needs]
            for text in (" ".join(words), f"On Monday {' '.join(words)} again and again, it was said."):
                assert CHECKERS[True][0]._gate.open_for(read(text)), text


def test_where_unseen_signs_part_words_everything_is_looked_for() -> None:
    text = "She keeps put\u00adting herself at ri\u00adsk."
    assert CHECKERS[True][0]._gate.open_for(read(text)) is None
    assert [advice.family for advice in CHECKERS[True][0].advice(text)] == ["self_endangering"]


def test_most_sentences_are_stopped_at_once() -> None:
    assert not CHECKERS[True][0]._gate.open_for(read("She goes to the garden project every Saturday with her nan."))
