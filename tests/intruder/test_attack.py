"""The attacker finds each leak in tables that leak. What it cannot find here it would not find in ours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from itertools import combinations

import pytest

from tests.intruder.channels import Listener, same_kind
from tests.intruder.claims import Claims, Knowledge, Row, Rule
from tests.intruder.client import Client
from tests.intruder.codes import FIELDS
from tests.intruder.cohort import RELEASES, cohort
from tests.intruder.intruder import intrude, menu
from tests.intruder.judge import Breach, Truth, judged
from tests.intruder.knowing import knowledge
from tests.intruder.leaky import (
    ASKED,
    BY_AGE,
    BY_AUTHORITY,
    BY_SEX,
    BY_STATEMENT,
    BY_WIDE_AGE,
    OLDER,
    SEVEN,
    Served,
    Shown,
    Spec,
    exact_over_five,
    nothing,
    published,
    serving,
    seven_and_five,
    ten_and_five,
)
from tests.intruder.narrowing import Rows
from tests.intruder.probing import Prober
from tests.intruder.reading import Where
from tests.intruder.system import ASSESSMENTS, CUBE_MAX, PEOPLE

SPECS = (
    Spec("by-authority", PEOPLE, (BY_AUTHORITY,)),
    Spec("authority-statement", PEOPLE, (BY_AUTHORITY, BY_STATEMENT), ASKED),
    Spec("age-statement", PEOPLE, (BY_AGE, BY_STATEMENT), ASKED),
    Spec("age", PEOPLE, (BY_WIDE_AGE,), ASKED),
    Spec("sex", ASSESSMENTS, (BY_SEX,)),
)
ONE = cohort(0, 10).steps[-1].handed_over
BASE: Row = next(row for row in sorted(ONE) if row[FIELDS.index("record_type")] == "wise_assessment")
RELEASE = "2025Q1"


def facts(*groups: tuple[int, Mapping[str, str]]) -> Counter[Row]:
    """So many facts that differ from a usual one as said."""
    found: Counter[Row] = Counter()
    for number, codes in groups:
        row = dict(zip(FIELDS, BASE, strict=True)) | {"quarter": RELEASE, "succeeded_in": "not_yet"} | codes
        found[tuple(row[name] for name in FIELDS)] += number
    return found


def seen_by(address: str, known: Knowledge) -> Claims:
    with closing(Client(address, "one")) as one, closing(Client(address, "other")) as other:
        return intrude(one, other, known)


def tried(
    counted: Mapping[str, Counter[Row]], specs: Sequence[Spec], shown: Shown, rule: Rule | None = None
) -> tuple[Claims, list[Breach]]:
    truth = Truth(counted)
    with serving(Served(published(counted, specs, shown))) as address:
        claims = seen_by(address, knowledge(truth, rule=rule or Rule()))
    return claims, judged(claims, truth)


def kinds(breaches: Sequence[Breach]) -> Counter[str]:
    return Counter(each.test for each in breaches)


@pytest.mark.parametrize("seed", [3, 4])
@pytest.mark.parametrize(("shown", "rule"), [(exact_over_five, OLDER), (seven_and_five, SEVEN)])
def test_rules_that_show_none_give_people_away(seed: int, shown: Shown, rule: Rule) -> None:
    made = cohort(seed)
    counted = {RELEASES[0]: made.counted(RELEASES[0])}
    found = kinds(tried(counted, SPECS, shown, rule)[1])
    assert found["T1"] > 5
    assert found["T2"] > 5
    assert not found["wrong"]
    assert not found["doubt"]


def test_our_rule_alone_is_not_enough() -> None:
    made = cohort(6)
    found = kinds(tried({RELEASES[0]: made.counted(RELEASES[0])}, SPECS, ten_and_five)[1])
    assert found["T1"]
    assert found["T2"]
    assert not found["wrong"]


@pytest.mark.parametrize("seed", [0, 2, 5, 8, 12])
def test_where_everything_is_hidden_nothing_is_found(seed: int) -> None:
    made = cohort(seed)
    claims, breaches = tried({each: made.counted(each) for each in RELEASES}, SPECS, nothing)
    assert breaches == []
    assert claims.tried["T1 counts"] > 100
    assert claims.tried["T6 questions"] > 100


def test_one_hidden_cell_in_a_row_is_found() -> None:
    counted = {
        RELEASE: facts(
            *((n, {"exploitation": each}) for n, (each,) in zip((22, 22, 8), BY_STATEMENT[1].values(), strict=True))
        )
    }
    _, breaches = tried(counted, [Spec("statement", PEOPLE, (BY_STATEMENT,), ASKED)], ten_and_five)
    assert [each.test for each in breaches if each.test == "T1"] == ["T1"]
    assert "no_known_risk_or_manageable" in next(each.place for each in breaches if each.test == "T1")


def test_two_bandings_of_one_field_are_laid_over_each_other() -> None:
    counted = {RELEASE: facts((31, {"age_band": "14_15"}), (2, {"age_band": "10_13"}), (33, {"age_band": "16_17"}))}
    specs = [Spec("fine", PEOPLE, (BY_AGE,)), Spec("coarse", PEOPLE, (BY_WIDE_AGE,))]
    alone, both = (tried(counted, each, exact_over_five, Rule(0, None, 0, 0))[1] for each in (specs[:1], specs))
    assert kinds(both)["T1"] >= kinds(alone)["T1"] > 0


def test_three_sides_of_a_cube_bind_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """103 people of 14 or 15, of whom 50 are girls and 56 at risk: three at least are both, though no table says so."""
    age, risk, harm = {"age_band": "14_15"}, {"exploitation": "at_risk"}, {"exploitation": "experiencing"}
    counted = {
        RELEASE: facts(
            (47, {"sex": "F"} | age | harm),
            (3, {"sex": "F"} | age | risk),
            (53, {"sex": "M"} | age | risk),
            (60, {"sex": "M", "age_band": "16_17"} | harm),
            (4, {"sex": "M", "age_band": "16_17"} | risk),
        )
    }
    three = (BY_SEX, BY_AGE, BY_STATEMENT)
    sides = [Spec(f"{one[0]}-{other[0]}", ASSESSMENTS, (one, other), ASKED) for one, other in combinations(three, 2)]
    found = []
    for most in (CUBE_MAX, 0):
        monkeypatch.setattr("tests.intruder.system.CUBE_MAX", most)
        breaches = tried(counted, sides, lambda count: count if count in (50, 56, 103) else None, Rule(0, None, 0, 0))[
            1
        ]
        found.append(any(each.test == "T1" and "exploitation=at_risk" in each.place for each in breaches))
    assert found == [True, False]


def test_a_group_that_is_all_alike_is_found() -> None:
    counted = {
        RELEASE: facts(
            (100, {"sex": "F", "exploitation": "at_risk"}), (30, {"sex": "M", "exploitation": "experiencing"})
        )
    }
    _, breaches = tried(counted, [Spec("sex-statement", PEOPLE, (BY_SEX, BY_STATEMENT), ASKED)], ten_and_five)
    assert any(each.test == "T4" and "sex=F" in each.place for each in breaches)


def test_an_insider_takes_their_own_off() -> None:
    here, there = {"authority": "E08000001"}, {"authority": "E08000002"}
    counted = {RELEASE: facts((20, {**here, "sex": "F"}), (3, {**there, "sex": "F"}), (40, {**there, "sex": "M"}))}
    _, breaches = tried(counted, [Spec("sex", PEOPLE, (BY_SEX,))], ten_and_five)
    assert any(each.test == "T2" and "sex=F as E08000001" in each.place for each in breaches)
    assert not kinds(breaches)["T1"]


@pytest.mark.parametrize("joiners", [1, 2, 9])
def test_a_joiner_is_found_in_exact_figures(joiners: int) -> None:
    before = facts((40, {"sex": "F", "quarter": "2024Q4"}), (40, {"sex": "M", "quarter": "2024Q4"}))
    counted = {"2024Q4": before, RELEASE: before + facts((joiners, {"sex": "F"}))}
    _, breaches = tried(
        counted, [Spec("sex", ASSESSMENTS, (BY_SEX,))], lambda count: count or None, Rule(0, None, 0, 1)
    )
    assert any(each.test == "T3" and "sex=F" in each.place for each in breaches)
    assert not kinds(breaches)["wrong"]


def test_a_joiner_is_found_where_rounding_tips_over() -> None:
    before = facts((42, {"sex": "F", "quarter": "2024Q4"}), (40, {"sex": "M", "quarter": "2024Q4"}))
    counted = {"2024Q4": before, RELEASE: before + facts((1, {"sex": "F"}))}
    _, breaches = tried(counted, [Spec("sex", ASSESSMENTS, (BY_SEX,))], ten_and_five)
    assert kinds(breaches)["T3"]


def test_who_left_was_there_before_and_who_joined_is_there_after() -> None:
    """At least 33 and at most 22 before of those who are stated, 22 and 33 of all: who knows that 24 joined and 13 left
    knows that nobody else is there now, and so that nobody else has joined."""
    nwg = {"record_type": "nwg_assessment", "exploitation": "not_asked", "own_words": "not_asked"}
    before = facts((20, {"quarter": "2024Q4"}), (2, {"quarter": "2024Q4"} | nwg))
    after = before - facts((11, {"quarter": "2024Q4"}), (2, {"quarter": "2024Q4"} | nwg)) + facts((24, {}))
    specs = [Spec("all", PEOPLE, ()), Spec("stated", PEOPLE, (), ASKED)]
    _, breaches = tried({"2024Q4": before, RELEASE: after}, specs, ten_and_five)
    assert {each.test for each in breaches} == {"T3"}
    assert not any("left" in each.what for each in breaches)


def test_which_kinds_of_record_are_used_is_no_secret() -> None:
    before = facts((20, {"quarter": "2024Q4"}))
    after = before - facts((11, {"quarter": "2024Q4"})) + facts((24, {}))
    specs = [Spec("all", PEOPLE, ()), Spec("stated", PEOPLE, (), ASKED)]
    assert tried({"2024Q4": before, RELEASE: after}, specs, ten_and_five)[1] == []


def test_absent_rows_reasons_and_wrong_figures_are_odd() -> None:
    bodies = published({RELEASE: facts((40, {}))}, SPECS[:1], ten_and_five)
    body = bodies[RELEASE, "by-authority"]
    body["figures"] = body["figures"][1:]
    body["figures"][0] |= {"reason": "protects_another"}
    body["figures"][1] |= {"value": 12, "status": "rounded", "symbol": ""}
    with serving(Served(bodies)) as address:
        claims = seen_by(address, Knowledge())
    what = " ".join(each.what for each in claims.oddities if each.test == "T5")
    assert all(each in what for each in ("1 rows are absent", "reason", "no multiple of five"))


def test_a_hub_that_takes_any_question_is_found() -> None:
    served = Served(published({RELEASE: facts((40, {}))}, SPECS[:1], nothing), takes_any_question=True)
    with serving(served) as address:
        claims = seen_by(address, Knowledge())
    assert sum(each.test == "T6" for each in claims.oddities) > 20


def test_an_answer_that_changes_with_what_is_unreleased_is_found() -> None:
    served = Served(published({RELEASE: facts((40, {}))}, SPECS[:1], nothing))
    with serving(served) as address, closing(Client(address, "one")) as client:
        claims = Claims()
        listener = Listener(client, menu(client), samples=10)
        listener.listen()
        assert listener.compare(claims) >= 0
        assert claims.oddities == []
        served.etag_salt = "another"
        listener.compare(claims)
    assert {each.test for each in claims.oddities} == {"T7"}


def test_two_samples_of_one_kind_and_of_two() -> None:
    one = [index / 100 for index in range(100)]
    assert same_kind(one, one) == 1.0
    assert same_kind(one, [each + 0.004 for each in one]) > 0.9
    assert same_kind(one, [each + 0.5 for each in one]) < 1e-6
    # 100 and 100 values, the greatest gap 0.19: about one in twenty (tables of the Kolmogorov distribution)
    assert 0.03 < same_kind(one, [each + 0.19 for each in one]) < 0.07


def test_a_fact_may_cease_to_stand_for_somebody_without_leaving() -> None:
    """Who is assessed again is counted by the new record: one person left that count, and no assessment left."""
    first, again = {"quarter": "2024Q4", "succeeded_in": RELEASE}, {"sex": "M"}
    before = facts((40, {"quarter": "2024Q4"}), (40, {"quarter": "2024Q4"} | again))
    after = facts((40, {"quarter": "2024Q4"}), (40, first | again), (40, again))
    specs = [Spec("people", PEOPLE, (BY_SEX,)), Spec("assessments", ASSESSMENTS, (BY_SEX,))]
    _, breaches = tried({"2024Q4": before, RELEASE: after}, specs, ten_and_five)
    assert not kinds(breaches)["doubt"]
    assert not kinds(breaches)["wrong"]


def test_every_pair_of_insiders_is_tried() -> None:
    made = cohort(3)
    counted = {RELEASES[0]: made.counted(RELEASES[0])}
    known = knowledge(Truth(counted))
    authorities = {who for _, who in known.own}
    assert set(known.pairs) == set(combinations(sorted(authorities), 2))
    claims, _ = tried(counted, SPECS, exact_over_five, OLDER)
    assert {each.insiders for each in claims.bounds if len(each.insiders) == 2} == set(known.pairs)


@pytest.mark.parametrize("seed", [3, 6])
def test_what_is_inherited_and_what_follows_from_rows_leaves_no_count_untried(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without inheritance and without the bounds by rows, every claim is the same: they only save work."""
    made = cohort(seed)
    counted = {RELEASES[0]: made.counted(RELEASES[0])}
    quick, _ = tried(counted, SPECS, ten_and_five)
    monkeypatch.setattr(Prober, "inherit", lambda *_: None)
    monkeypatch.setattr(Rows, "narrowed", lambda _, low, high: (low, high))
    slow, _ = tried(counted, SPECS, ten_and_five)
    assert told(quick) == told(slow) != (set(), set())
    assert quick.tried["linear programs"] < slow.tried["linear programs"]


def told(claims: Claims) -> tuple[object, object]:
    """The claims of bounds and of all alike, to the thousandth."""
    bounds = {
        (each.insiders, each.unit, _words(each.where), round(each.low, 3), round(each.high, 3))
        for each in claims.bounds
    }
    alike = {(each.insiders, each.unit, _words(each.where), each.share) for each in claims.everybody}
    return bounds, alike


def _words(where: Where) -> str:
    return str({name: sorted(values) for name, values in sorted(where.items())})
