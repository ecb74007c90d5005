"""The thorough look before a record is saved (X-8): names and the like, by place and kind, and only when asked for."""

from __future__ import annotations

from typing import Any

import pytest

from service.domain.faults import Findings
from tests.domain.test_rules_case import Case, assert_only_this_is_warned_of, findings, ids, where
from tests.support.records import MISSING, NAMES, example, put

NAMED = "He was seen with Oluwadamilola near the shops."
OWN = ("areas/young_person/own_words/0/text", "areas/young_person/identities/0/self_description",
       "participation/young_person/views_of_process")  # fmt: skip

WARNED = [
    Case("X-8", "wise", {"analysis_narrative": NAMED}, "/analysis_narrative",
         "seems to hold a person's name (1 place)", thorough=True),
    Case("X-8", "wise", {"analysis_narrative": "Kezziah and Wojtek live at 5 Poplar Avenue."}, "/analysis_narrative",
         "seems to hold", thorough=True),
    Case("X-8", "rise", {"attached_to__process_other": "A meeting about Wojtek."}, "/attached_to/process_other",
         "a person's name", thorough=True),
    Case("X-8", "nwg", {"carer_views__long_term_want": "That he leaves Heron Lodge children's home."},
         "/carer_views/long_term_want", "a school or an organisation", thorough=True),
    Case("X-8", "wise", {"participation__communication_needs": "Ask for Wojtek."},
         "/participation/communication_needs", "say who or what it is instead", thorough=True),
    Case("X-8", "wise", {"areas__young_person__identities__0__trait": "9990000018"},
         "/areas/young_person/identities/0/trait", "looks like it contains an NHS number", thorough=True),
]  # fmt: skip


@pytest.mark.parametrize("case", [WARNED[0], *WARNED[2:]], ids=ids)
def test_a_record_that_trips_one_of_these_is_valid_with_a_warning(case: Case) -> None:
    assert_only_this_is_warned_of(case)


def test_each_kind_is_one_warning_with_the_first_place_marked() -> None:
    text = "Kezziah and Wojtek live at 5 Poplar Avenue."
    warnings = findings(example("wise", analysis_narrative=text), thorough=True).warnings

    assert [(text[slice(*fault.span or ())], fault.detail.split("hold ")[1].split(".")[0]) for fault in warnings] == [
        ("Kezziah", "a person's name (2 places, the first is marked)"),
        ("5 Poplar Avenue", "an address (1 place)"),
    ]


@pytest.mark.parametrize("case", WARNED, ids=ids)
def test_nothing_of_the_text_is_repeated(case: Case) -> None:
    told = str([fault.as_dict() for fault in case.findings().warnings])

    assert told != "[]"
    assert not [word for word in ("Oluwa", "Kezz", "Wojtek", "Poplar", "Heron", "0018") if word in told]


@pytest.mark.parametrize("case", WARNED, ids=ids)
def test_it_is_asked_for_or_silent(case: Case) -> None:
    assert findings(example(case.of, **case.changes)) == Findings()


def test_what_every_record_is_warned_of_is_said_once() -> None:
    record = example("wise", analysis_narrative="Ring 07700 900123 or 999 000 0018.")
    cheap, thorough = findings(record).warnings, findings(record, thorough=True).warnings

    assert thorough == cheap
    assert len(cheap) == 2


def test_a_name_the_record_knows_is_found_however_it_is_written() -> None:
    changes: dict[str, Any] = {"risk_subjects__0__known_name": "Bexley Hart", "analysis_narrative": "He met bexly."}
    (warning,) = findings(example("wise", **changes), thorough=True).warnings

    assert "a name this record knows" in warning.detail


@pytest.mark.parametrize("known", [MISSING, None, 7, "", " ", "-"])
def test_a_known_name_that_is_none_is_passed_over(known: object) -> None:
    record = example("wise", risk_subjects__0__known_name=known, analysis_narrative=NAMED)

    assert ("/analysis_narrative", "X-8") in where(findings(record, thorough=True).warnings)


@pytest.mark.parametrize("place", OWN)
def test_a_young_persons_own_words_are_never_looked_at(place: str) -> None:
    record = example("wise")
    put(record, place.split("/"), NAMED)

    assert findings(record, thorough=True) == Findings()


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_said_of_the_examples(name: str) -> None:
    assert findings(example(name), thorough=True) == Findings()


@pytest.mark.parametrize("changes", [
    {"analysis_narrative": "She was seen on 14 March and again on 3 April."},
    {"panel_referral__panel_name": "Poplar Panel of Stockport"},
    {"significant_event_ref": "9990000018", "significant_events__0__ref": "9990000018"},
    {"submission_id": "9990000018"},
    {"risk_subjects__0__descriptor": NAMED},
], ids=",".join)  # fmt: skip
def test_what_belongs_there_is_passed_over(changes: dict[str, Any]) -> None:
    assert findings(example("wise", **changes), thorough=True) == Findings()
