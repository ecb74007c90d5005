"""Rules kept by the structure: nothing unknown (X-1), no score (X-2, X-10), nothing blank (X-6)."""

from __future__ import annotations

import pytest

from service.domain.scores import is_band, is_score_key
from tests.domain.test_rules_case import Case, assert_only_this_is_refused, findings, ids, places
from tests.support.records import example, put

NO_SCORE = (
    "WISE doesn't use scores or high/medium/low. Record what is happening in `/exploitation/category` and explain in "
    "`/exploitation/narrative`."
)
NOT_OURS = "isn't a field we accept. Names, addresses and phone numbers stay in your case system. Remove it"
EMPTY = "This is empty. A short paragraph is enough."
WORDS = "areas__young_person__own_words__0__text"

CASES = [
    Case("X-1", "wise", {"young_person__name": "Nobody"}, "/young_person/name", f"`/young_person/name` {NOT_OURS}"),
    Case("X-1", "wise", {"nickname": "x"}, "/nickname", NOT_OURS),
    Case("X-1", "rise", {"attendees__2__telephone": "x"}, "/attendees/2/telephone", NOT_OURS),
    Case("X-1", "nwg", {"questions__trafficking__who": {"a": [1]}}, "/questions/trafficking/who", NOT_OURS),
    Case("X-1", "wise", {"a/b~c": 1}, "/a~1b~0c", "`/a~1b~0c` isn't"),
    Case("X-1", "wise", {"_schema": 1}, "/_schema", NOT_OURS),
    Case("X-1", "rise", {"attendees__0___schema": 1}, "/attendees/0/_schema", NOT_OURS),
    Case("X-2", "wise", {"risk_level": "medium"}, "/risk_level", NO_SCORE),
    Case("X-2", "wise", {"riskScore": 7}, "/riskScore", NO_SCORE),
    Case("X-2", "wise", {"exploitation__RAG": "red"}, "/exploitation/RAG", NO_SCORE),
    Case("X-2", "rise", {"support_plan__items__1__Risk-Rating": 3}, "/support_plan/items/1/Risk-Rating", NO_SCORE),
    Case("X-2", "rise", {"attendees__0__level": 1}, "/attendees/0/level", NO_SCORE),
    Case("X-2", "nwg", {"questions__trafficking__score": 1}, "/questions/trafficking/score", "in `/analysis`"),
    Case("X-2", "wise", {"exploitation__category": "high"}, "/exploitation/category", NO_SCORE),
    Case("X-2", "wise", {"analysis_narrative": "  Medium. "}, "/analysis_narrative", NO_SCORE),
    Case("X-2", "wise", {"areas__young_person__strengths__1": "LOW RISK"}, "/areas/young_person/strengths/1", NO_SCORE),
    Case("X-2", "rise", {"meeting_ref": "high"}, "/meeting_ref", NO_SCORE),
    Case("X-2", "nwg", {"professional_opinion": "medium"}, "/professional_opinion", "in `/analysis`"),
    Case("X-2", "nwg", {"plan__how_will_you_know": "low"}, "/plan/how_will_you_know", "in `/analysis`"),
    Case("X-10", "wise", {"stability__home__level": 2}, "/stability/home/level", NO_SCORE),
    Case("X-10", "rise", {"stability__level": "low"}, "/stability/level", NO_SCORE),
    Case("X-10", "rise", {"stability__professionals__stabilityScore": 2}, "/stability/professionals/stabilityScore"),
    Case("X-6", "wise", {"analysis_narrative": ""}, "/analysis_narrative", EMPTY),
    Case("X-6", "wise", {"analysis_narrative": " \t\n\u00a0\u3000"}, "/analysis_narrative", EMPTY),
    Case("X-6", "wise", {"analysis_narrative": "… - . ?!"}, "/analysis_narrative", EMPTY),
    Case("X-6", "wise", {"analysis_narrative": "🙂"}, "/analysis_narrative", EMPTY),
    Case("X-6", "wise", {"stability__home__narrative": "--"}, "/stability/home/narrative", EMPTY),
    Case("X-6", "rise", {"areas__young_person__strengths__0": "."}, "/areas/young_person/strengths/0", EMPTY),
    Case("X-6", "nwg", {"analysis": "\u200b"}, "/analysis", EMPTY),
    Case("X-6", "nwg", {"child_views__short_term_want": " "}, "/child_views/short_term_want", EMPTY),
    Case("X-6", "wise", {WORDS: " \n"}, "/areas/young_person/own_words/0/text", EMPTY),
]


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_a_record_that_breaks_one_of_these_is_told_just_that(case: Case) -> None:
    assert_only_this_is_refused(case)


@pytest.mark.parametrize("text", ["low", "High!", "medium", "🙂", "…", "no", "گھر"])
def test_a_young_persons_own_words_are_never_judged(text: str) -> None:
    record = example("wise")
    put(record, WORDS.split("__"), text)
    put(record, ["participation", "young_person", "views_of_process"], text)
    put(record, ["areas", "young_person", "identities", "0", "self_description"], text)
    assert places(findings(record)) == []
    assert places(findings(example("nwg", child_views__needs_and_risks=text))) == []


@pytest.mark.parametrize(
    "text", ["The risk is low at home and high at night.", "He got high marks.", "Medium-sized dog"]
)
def test_the_words_high_medium_and_low_may_stand_inside_a_sentence(text: str) -> None:
    assert places(findings(example("wise", analysis_narrative=text))) == []


@pytest.mark.parametrize("text", ["A", "7", "کل پھر چلیں گے", "Ok."])
def test_a_narrative_may_be_very_short(text: str) -> None:
    assert places(findings(example("wise", analysis_narrative=text))) == []


@pytest.mark.parametrize(
    "key",
    ["score", "Scores", "scoring", "rag", "RAG", "ragStatus", "rating", "riskRating", "risk_level", "riskLevel",
     "RISK_SCORE", "risk-band", "risk category", "severity", "overallGrade", "level_of_risk", "level", "ranking"],
)  # fmt: skip
def test_a_key_that_asks_for_a_score_is_seen(key: str) -> None:
    assert is_score_key(key)


@pytest.mark.parametrize(
    "key", ["dragon", "fragment", "underscored", "levelling", "risk_subjects", "upgrade", "storage"]
)
def test_a_key_that_only_looks_like_one_is_not(key: str) -> None:
    assert not is_score_key(key)


@pytest.mark.parametrize("text", ["high", "HIGH", " low ", "Medium.", "high_risk", "low-risk", "high  risk", "Low!"])
def test_a_value_that_is_nothing_but_a_band_is_seen(text: str) -> None:
    assert is_band(text)


def test_a_long_unknown_name_is_shown_shortened() -> None:
    fault = findings(example("wise", **{"n" * 5_000: 1})).errors[0]
    assert fault.code == "X-1"
    assert len(fault.detail) < 400


def test_what_is_too_long_is_not_called_empty() -> None:
    for record in (
        example("nwg", plan__how_will_you_know="a" * 8_001),
        example("wise", analysis_narrative="a" * 8_001),
    ):
        assert [fault.code for fault in findings(record).errors] == ["F-length"]
        assert "8,001 characters; up to 8,000" in findings(record).errors[0].detail
    assert findings(example("wise", analysis_narrative="a" * 8_000)).valid
