"""What may be passed on to whom (V3, V4, V5; V6 is no rule), and people who may pose risk (TP2 to TP6)."""

from __future__ import annotations

from typing import Any

import pytest

from service.domain.faults import Findings
from service.domain.narratives import every_text
from service.domain.records import RECORDS
from tests.domain.test_rules_case import (
    Case,
    assert_only_this_is_held,
    assert_only_this_is_refused,
    assert_only_this_is_warned_of,
    findings,
    ids,
    places,
    where,
)
from tests.support.records import MISSING, example

CARER, INVOLVED = "/participation/parent_carer", "/areas/family_friends/carer_involvement"
STAYS = "They asked for this to stay between you. Give a safety reason or take it out of the family copy."
UNSAFE = "Say why it isn't safe, even in a few words."
NAME = "risk_subjects__0__known_name"
RELATED, PLACE = "risk_subjects__0__relationship_to_young_person", "risk_subjects__0__place_reference"
ADDRESSES = ("ZZ99 3WZ", "near zz993wz, top bell", "14 Invented Street", "Flat 2, Nowhere House", "12a Old Mill rd",
             "5 The Close", "apt 9", "3 Long\nMade Up Avenue")  # fmt: skip
COARSE = ("Stockport", "a takeaway", "the bus interchange", "10 minutes from Mill Lane", "2 shops on the road",
          "a flat", "near the M60 2nd exit", "Ward 3")  # fmt: skip
PERSON = {"risk_subject_id": "rs-9", "kind": "person"}


def sharing(section: str, audience: str, decision: str, **more: str) -> dict[str, Any]:
    return {"participation__sharing": [{"section": section, "audience": audience, "decision": decision} | more]}


CASES = [
    Case("V3", "wise", sharing("own_words", "parent_carer", "agreed"), "/participation/sharing/0", STAYS),
    Case("V3", "wise", sharing("young_person", "parent_carer", "agreed"), "/participation/sharing/0", STAYS),
    Case("V4", "wise", sharing("own_words", "parent_carer", "overridden_for_safety"),
         "/participation/sharing/0/reason", "Record why."),
    Case("V4", "nwg", sharing("statements", "professionals", "overridden_for_safety"),
         "/participation/sharing/0/reason"),
    Case("V5", "wise", {"areas__family_friends__carer_involvement": {"safe_to_involve": "no"}}, f"{INVOLVED}/reason",
         UNSAFE),
    Case("V5", "nwg", {"participation__parent_carer__safe_to_involve": "no"}, f"{CARER}/reason", UNSAFE),
    *(Case("TP5", "wise", {PLACE: place}, "/risk_subjects/0/place_reference", "Give the district or the kind of place.")
      for place in ADDRESSES),
]  # fmt: skip

WARNED = [
    Case("TP6", "wise", {RELATED: "professional"}, "/risk_subjects/0/relationship_to_young_person", "LADO"),
]

HELD = [
    Case("TP2", "wise", {NAME: "Inventa", "analysis_narrative": "She is afraid of INVENTA’s car."},
         "/analysis_narrative", "A name from the restricted part stands in this text. Check with the worker"),
    Case("TP2", "oldham", {NAME: "Big  Nobody", "exploitation__narrative": "It is big\nnobody again."},
         "/exploitation/narrative"),
    Case("TP2", "wise", {NAME: "Zoë", "areas__people_places__context_summary": "Zoe\u0308 waits outside."},
         "/areas/people_places/context_summary"),
    Case("TP2", "wise", {NAME: "the paddling-pool lot"}, "/areas/young_person/own_words/1/text"),
    Case("TP2", "rise", {"risk_subjects": [PERSON | {"known_name": "Inventa"}],
                         "contributions__0__text": "(Inventa) was seen."}, "/contributions/0/text"),
    Case("TP3", "wise", {"risk_subjects__0__do_not_show_to": ["stk-yw-3"]}, "/supporting/0",
         "Somebody here must not see a part of this record."),
    Case("TP3", "oldham", {"risk_subjects__0__do_not_show_to": ["x", "old-sw-3"]}, "/assessor"),
    Case("TP3", "rise", {"risk_subjects": [PERSON | {"do_not_show_to": ["gmp-41"]}]}, "/attendees/1"),
    Case("TP3", "rise", {"risk_subjects": [PERSON | {"do_not_show_to": ["sal-cs-2"]}]}, "/facilitator"),
    Case("TP3", "wise", {"authorised_by": {"professional_ref": "stk-sm-2", "role": "social_worker",
                                           "agency": "childrens_social_care"},
                         "risk_subjects__0__do_not_show_to": ["stk-sm-2"]}, "/authorised_by"),
    Case("TP3", "rise", {"attendees__0__professional_ref": "sal-sw-8",
                         "risk_subjects": [PERSON | {"do_not_show_to": ["sal-sw-9"]}]}, "/data_capture_by"),
    Case("TP3", "rise", {"schema_version": "1.1", "risk_subjects": [PERSON | {"professional_ref": "vcs-3"}]},
         "/attendees/3"),
    Case("TP3", "oldham", {"schema_version": "1.1", "risk_subjects__0__professional_ref": "old-yw-8",
                           "support_plan__items__1__who_will": "old-yw-8"}, "/support_plan/items/1"),
    Case("TP4", "nwg", {"risk_subjects": [PERSON | {"relationship_to_young_person": "carer"}]}, CARER,
         "A parent or carer takes part"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_a_record_that_breaks_one_of_these_is_told_just_that(case: Case) -> None:
    assert_only_this_is_refused(case)


@pytest.mark.parametrize("case", WARNED, ids=ids)
def test_a_record_that_trips_one_of_these_is_accepted_with_a_warning(case: Case) -> None:
    assert_only_this_is_warned_of(case)


@pytest.mark.parametrize("case", HELD, ids=ids)
def test_a_record_that_trips_one_of_these_is_accepted_and_a_place_held(case: Case) -> None:
    assert_only_this_is_held(case)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("wise", sharing("own_words", "parent_carer", "overridden_for_safety", reason="Somebody may come tonight.")),
        ("wise", sharing("own_words", "parent_carer", "declined")),
        ("wise", sharing("own_words", "parent_carer", "not_asked")),
        ("wise", sharing("own_words", "professionals", "agreed")),
        ("wise", sharing("support_plan", "parent_carer", "agreed")),
        ("oldham", sharing("own_words", "parent_carer", "agreed")),
        ("nwg", {"participation__parent_carer": {"safe_to_involve": "no", "reason": "Not now."}}),
        ("nwg", {"participation__parent_carer": {"safe_to_involve": "unknown"}}),
        *(("wise", {PLACE: place}) for place in COARSE),
        ("wise", {"analysis_narrative": "None of them knew, and nobody asked."}),
        ("wise", {RELATED: "adult_known", "risk_subjects__0__may_attend_meetings_or_hold_role": True}),
        ("wise", {NAME: "Al", "analysis_narrative": "Al was there."}),
        ("wise", {NAME: "A. B.", "analysis_narrative": "A. B. was there."}),
        ("wise", {NAME: "Inventa", "analysis_narrative": "Inventation is a word, reinventa another."}),
        ("wise", {NAME: "Inventa", "risk_subjects__0__descriptor": "Inventa and others"}),
        ("wise", {"risk_subjects__0__do_not_show_to": ["stk-sw-99"]}),
        ("wise", {RELATED: "family_member"}),
        ("wise", {RELATED: "family_member", "risk_subjects__0__may_attend_meetings_or_hold_role": False}),
        ("rise", {"risk_subjects": [PERSON | {"relationship_to_young_person": "carer"}]}),
    ],
    ids=str,
)  # fmt: skip
def test_what_the_rules_allow_is_accepted_without_a_word(name: str, changes: dict[str, Any]) -> None:
    assert findings(example(name, **changes)) == Findings()


@pytest.mark.parametrize("consent", ["given", "declined", "not_asked", MISSING])
def test_consent_to_evaluation_never_stands_in_the_way(consent: Any) -> None:
    """V6 is no rule: consent gates what evaluation may use, and nothing that keeps a young person safe."""
    assert findings(example("wise", participation__evaluation_consent__young_person=consent)) == Findings()
    assert findings(example("wise", participation__evaluation_consent=MISSING)) == Findings()


@pytest.mark.parametrize("relation", [{RELATED: "carer"}, {
    RELATED: "family_member", "risk_subjects__0__may_attend_meetings_or_hold_role": True}])  # fmt: skip
def test_a_carer_who_may_pose_risk_is_held_in_both_places_where_carers_take_part(relation: dict[str, Any]) -> None:
    found = findings(example("wise", **relation))
    assert (found.errors, where(found.holds)) == ((), [(INVOLVED, "TP4"), (CARER, "TP4")])


@pytest.mark.parametrize(
    ("carer", "involved", "held"),
    [
        ({"method": "none", "safe_to_involve": "unknown"}, {"safe_to_involve": "unknown", "done": "no"}, []),
        ({}, {"safe_to_involve": "unknown"}, []),
        ({"method": "conversation"}, {"safe_to_involve": "unknown"}, [CARER]),
        ({"method": "none", "safe_to_involve": "yes"}, {"safe_to_involve": "unknown"}, [CARER]),
        ({}, {"safe_to_involve": "unknown", "done": "yes"}, [INVOLVED]),
        ({}, {"safe_to_involve": "yes"}, [INVOLVED]),
    ],
)
def test_each_way_of_taking_part_is_enough(carer: dict[str, str], involved: dict[str, str], held: list[str]) -> None:
    parts = {"participation__parent_carer": carer, "areas__family_friends__carer_involvement": involved}
    assert where(findings(example("wise", **{RELATED: "carer"}, **parts)).holds) == [(place, "TP4") for place in held]


def test_no_hold_tells_the_name() -> None:
    record = example("wise", **{NAME: "Inventa", "analysis_narrative": "Inventa was there."})
    assert "nventa" not in str(findings(record).as_dict())


@pytest.mark.parametrize("name", ["wise", "rise", "nwg", "oldham"])
def test_every_text_somebody_may_read_is_looked_at_and_the_restricted_part_is_not(name: str) -> None:
    record = example(name)
    found = dict(every_text(record, RECORDS[record["record_type"]]))
    assert not any(place.startswith(("/risk_subjects", "/young_person/nhs_number")) for place in found)
    words = [place for place in found if "own_words" in place or "child_views" in place]
    assert bool(words) is (name != "rise")


@pytest.mark.parametrize("odd", [7, None, [], {}, True])
def test_a_text_that_is_none_is_not_searched_for_a_name(odd: Any) -> None:
    (fault,) = findings(example("wise", **{NAME: "Inventa", "analysis_narrative": odd})).errors
    assert fault.pointer == "/analysis_narrative"


@pytest.mark.parametrize("odd", [7, None, [], "x", {"known_name": 7, "do_not_show_to": [{}], "place_reference": []}])
def test_an_odd_risk_subject_breaks_nothing(odd: Any) -> None:
    found = places(findings(example("wise", risk_subjects=[odd])))
    assert found
    assert all(code.startswith("F-") for _, code in found)
