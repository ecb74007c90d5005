"""A record comes down to codes: every code of every edition has its group, and what is not known stays unknown."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from service.domain import codes
from service.domain.codes import EDITIONS, NWG_OPINIONS
from service.domain.fact import CODES, NOT_ASKED, NOT_RECORDED, Fact, FactRefused
from service.domain.projection import groupings as by
from service.domain.projection import project, training_current
from service.domain.projection.parts import HEADINGS
from service.domain.rules.areas import NARRATIVES
from service.domain.training.standing import Trained
from tests.support.records import MISSING, example

DAYS = {"wise": date(2026, 9, 14), "rise": date(2026, 10, 6), "nwg": date(2026, 10, 20)}
TABLES = {
    "ETHNICITY": ("ethnic_group", by.ETHNIC_GROUP),
    "SEX": ("sex", by.SEX),
    "YES_NO_UNKNOWN": ("looked_after", by.LOOKED_AFTER),
    "PARTICIPATION": ("took_part", by.TOOK_PART),
    "EDUCATION_TRAINING_EMPLOYMENT": ("education", by.EDUCATION),
    "PANEL_DECISIONS": ("panel_decision", by.PANEL_DECISION),
    "REVIEW_TRIGGERS": ("review_trigger", by.REVIEW_TRIGGER),
    "EXPLOITATION_FORMS": ("forms", by.FORM),
    "DISABILITY": ("disability", by.DISABILITY),
    "CARER_METHODS": ("carer_involved", by.CARER_METHOD),
}


def fact(name: str = "wise", **changes: Any) -> Fact:
    record = example(name, **changes)
    kind, authority = record["record_type"], record["authority"]
    return project(record, authority=authority, record_type=kind, completed_on=DAYS[name])


@pytest.mark.parametrize("edition", EDITIONS.values(), ids=lambda each: each.name)
@pytest.mark.parametrize("name", TABLES)
def test_every_code_of_every_edition_has_a_group(name: str, edition: Any) -> None:
    field, table = TABLES[name]
    assert set(edition.codes.get(name, ())) <= set(table)
    assert set(table) == set(getattr(codes, name))
    assert set(table.values()) <= set(CODES[field])


def test_the_groups_are_those_of_the_study() -> None:
    white = [code for code, group in by.ETHNIC_GROUP.items() if group == "white_minority"]
    assert white == ["WIRI", "WIRT", "WROM", "WOTH"]
    assert {code for code, group in by.EDUCATION.items() if group == "not_attending"} == {
        "excluded_or_suspended", "home_educated", "not_on_roll", "G4", "G5", "G6",
    }  # fmt: skip
    assert [code for code, group in by.TOOK_PART.items() if group == "by_other_means"] == ["PN5", "PN6"]


@pytest.mark.parametrize("name", ["wise", "rise", "nwg", "oldham"])
def test_a_record_of_the_examples_comes_down_to_its_fact(name: str) -> None:
    kind = "wise" if name == "oldham" else name
    record = example(name)
    found = project(record, authority=record["authority"], record_type=record["record_type"], completed_on=DAYS[kind])
    assert (found.authority, found.record_type, found.succeeded_in) == (
        record["authority"],
        record["record_type"],
        "not_yet",
    )


def test_the_wise_example_in_full() -> None:
    assert fact() == Fact(
        quarter="2026Q3",
        authority="E08000007",
        record_type="wise_assessment",
        first_or_review="review",
        review_trigger="significant_event",
        exploitation="at_risk",
        forms="criminal",
        age_band="14_15",
        sex="F",
        ethnic_group="white_minority",
        disability="yes",
        looked_after="no",
        review_timeliness=NOT_RECORDED,
        took_part="by_other_means",
        carer_involved="yes",
        own_words="yes",
        areas_complete="some",
        plan_items="4_to_6",
        panel_decision="referred",
        agencies=NOT_ASKED,
        supervision=NOT_RECORDED,
        training_current=NOT_RECORDED,
        characteristics="all_recorded",
        education=NOT_RECORDED,
        exploitation_before=NOT_RECORDED,
        education_before=NOT_RECORDED,
        succeeded_in="not_yet",
    )


@pytest.mark.parametrize("opinion", NWG_OPINIONS)
def test_no_statement_is_invented_for_an_nwg_opinion(opinion: str) -> None:
    assert fact("nwg", professional_opinion=opinion).exploitation == NOT_ASKED


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("young_person__sex", "sex"),
        ("young_person__ethnicity", "ethnic_group"),
        ("young_person__disabilities", "disability"),
        ("young_person__looked_after", "looked_after"),
        ("young_person__age_at_completion", "age_band"),
        ("panel_referral", "panel_decision"),
        ("participation", "took_part"),
        ("evaluation_outcome", "education"),
        ("exploitation__forms", "forms"),
    ],
)
def test_what_is_not_said_is_not_recorded_and_never_no(path: str, field: str) -> None:
    assert getattr(fact(**{path: MISSING}), field) == NOT_RECORDED


@pytest.mark.parametrize(
    ("disabilities", "group"), [([], NOT_RECORDED), (["NONE"], "no"), (["LD"], "yes"), (["DDA", "MOB"], "yes")]
)
def test_an_empty_list_of_disabilities_says_nothing(disabilities: list[str], group: str) -> None:
    assert fact(young_person__disabilities=disabilities).disability == group


@pytest.mark.parametrize(
    ("said", "group"),
    [
        ([], NOT_RECORDED),
        (["not_yet_known"], NOT_RECORDED),
        (["sexual"], "sexual"),
        (["county_lines"], "criminal"),
        (["criminal", "county_lines"], "criminal"),
        (["sexual", "county_lines"], "sexual_and_criminal"),
        (["online", "sexual"], "sexual"),
        (["online"], "other"),
        (["other", "not_yet_known"], "other"),
    ],
)
def test_forms(said: list[str], group: str) -> None:
    assert fact(exploitation__forms=said).forms == group


@pytest.mark.parametrize(
    ("age", "band"),
    [
        (0, "under_10"), (9, "under_10"), (10, "10_13"), (13, "10_13"), (14, "14_15"), (15, "14_15"), (16, "16_17"),
        (17, "16_17"), (18, "18_plus"), (25, "18_plus"), (-1, NOT_RECORDED), (None, NOT_RECORDED),
    ],
)  # fmt: skip
def test_ages(age: int | None, band: str) -> None:
    assert by.age_band(age) == band


def test_the_date_of_birth_goes_before_the_age_that_is_said() -> None:
    assert fact(young_person__date_of_birth="2010-09-15", young_person__age_at_completion=16).age_band == "14_15"
    assert fact(young_person__date_of_birth="2010-09-14", young_person__age_at_completion=14).age_band == "16_17"


@pytest.mark.parametrize(
    ("area", "taking_part", "group"),
    [
        ({"safe_to_involve": "yes", "done": "yes"}, {}, "yes"),
        ({"safe_to_involve": "yes", "done": "no"}, {}, "no"),
        ({"safe_to_involve": "yes"}, {}, NOT_RECORDED),
        ({"safe_to_involve": "unknown"}, {"method": "phone_or_video"}, "yes"),
        ({"safe_to_involve": "yes", "done": "no"}, {"method": "writing"}, "yes"),
        ({"safe_to_involve": "yes"}, {"method": "none"}, "no"),
        ({"safe_to_involve": "no", "done": "no"}, {}, "not_safe"),
        ({"safe_to_involve": "yes", "done": "yes"}, {"safe_to_involve": "no"}, "not_safe"),
    ],
)
def test_carers(area: dict[str, str], taking_part: dict[str, str], group: str) -> None:
    changes = {"areas__family_friends__carer_involvement": area, "participation__parent_carer": taking_part}
    assert fact(**changes).carer_involved == group


@pytest.mark.parametrize(
    ("items", "band"), [(0, "none"), (1, "1_to_3"), (3, "1_to_3"), (4, "4_to_6"), (6, "4_to_6"), (7, "7_or_more")]
)
def test_a_plan_counts_what_is_still_to_be_done(items: int, band: str) -> None:
    over = [{"what": "Done", "who_will": "x", "status": status} for status in ("done", "not_taken_forward")]
    plan = [{"what": "Bus pass", "who_will": "x"}] * items + over
    assert fact(support_plan__items=plan).plan_items == band


def test_areas_are_complete_when_every_heading_says_something() -> None:
    assert {area: HEADINGS[area] for area in NARRATIVES} == NARRATIVES
    full: dict[str, Any] = {area: dict.fromkeys(names, "words") for area, names in HEADINGS.items()}
    assert fact(areas=full).areas_complete == "all"
    assert fact(areas={**full, "people_places": {"context_summary": "words"}}).areas_complete == "some"
    assert fact(areas={area: {} for area in full}).areas_complete == "none"


@pytest.mark.parametrize(
    ("agencies", "band"),
    [(1, "one"), (2, "two_or_three"), (3, "two_or_three"), (4, "four_or_more"), (9, "four_or_more")],
)
def test_agencies_are_counted_once_each(agencies: int, band: str) -> None:
    met = [{"agency": agency} for agency in codes.AGENCIES[:agencies]] * 2
    assert fact("rise", attendees=met).agencies == band


def test_a_reflection_in_the_meeting_is_the_only_supervision_a_record_tells() -> None:
    assert fact("rise", reflection_in_meeting=MISSING).supervision == NOT_RECORDED
    assert fact("rise", reflection_in_meeting="Fictional words.").supervision == "yes"


def test_a_first_record_has_no_other_trigger_and_a_review_no_initial_one() -> None:
    first = fact(first_or_review="first", review_trigger="scheduled")
    assert (first.review_trigger, first.review_timeliness, first.exploitation_before) == (
        "initial",
        "not_a_review",
        "first",
    )
    assert fact(first_or_review="review", review_trigger="initial").review_trigger == NOT_RECORDED


@pytest.mark.parametrize(("kind", "expected"), [("new", "first"), ("review", "review"), ("correction", "first")])
def test_a_rise_is_a_review_when_it_was_sent_as_one(kind: str, expected: str) -> None:
    assert fact("rise", submission_kind=kind).first_or_review == expected


@pytest.mark.parametrize(
    "path", ["young_person__ethnicity", "young_person__sex", "participation__young_person__method"]
)
def test_a_code_without_a_group_is_refused_by_its_field(path: str) -> None:
    with pytest.raises(FactRefused) as caught:
        fact(**{path: "ZZZZ"})
    assert len(caught.value.fields) == 1
    assert "ZZZZ" not in str(caught.value)


TRAINED, ENDED = Trained("wise_core", date(2026, 1, 1)), Trained("wise_core", date(2025, 1, 1), date(2026, 1, 1))


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        (None, NOT_RECORDED),
        ((), NOT_RECORDED),
        ((Trained("other", date(2026, 1, 1)),), NOT_RECORDED),
        ((TRAINED,), "yes"),
        ((ENDED,), "no"),
        ((ENDED, TRAINED), "yes"),
    ],
)
def test_training(records: tuple[Trained, ...] | None, expected: str) -> None:
    found = training_current(records, record_type="wise_assessment", completed_on=DAYS["wise"], same_day_counts=False)
    assert found == expected


def test_a_record_of_any_year_has_a_quarter() -> None:
    record = example("wise")
    found = project(record, authority="E08000007", record_type="wise_assessment", completed_on=date(31, 5, 5))
    assert found.quarter == "0031Q2"
