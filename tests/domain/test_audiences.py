"""Who may see what: the table is whole, keeps what follows from a field's class, and decides what is in a copy."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from service.documents.layout import OMITTED
from service.domain import codes
from service.domain.audiences import (
    SECTIONS,
    TABLE,
    Audience,
    Copy,
    CopyRefused,
    Treatment,
    Unclassified,
    copy_for,
    row_of,
    treatment,
)
from service.domain.audiences.treatments import MEANINGS
from service.domain.fields import Field, Group, Klass, Text, leaves
from service.domain.records import RECORDS
from service.domain.records.shorthand import narrative
from tests.documents.document_records import EXAMPLES, decided, filled, open_to, values

LEAVES: dict[str, Field] = {path: field for record in RECORDS.values() for path, field in leaves(record)}
COPIES = [audience for audience in Audience if audience is not Audience.CASE_FILE]
HOME = (Audience.YOUNG_PERSON, Audience.FAMILY)
THIRD_PARTIES_FOR_PROFESSIONALS = {
    "/areas/family_friends/relationships",
    "/areas/family_friends/functioning",
    "/areas/family_friends/relationships_to_strengthen/*",
    "/areas/people_places/safe_or_supportive",
}


def seen(audience: Audience, *klasses: Klass) -> set[str]:
    """The fields of these classes that can be in a copy."""
    return {
        path
        for path, field in LEAVES.items()
        if field.klass in klasses and treatment(path, audience) is not Treatment.OMIT
    }


def made(record: dict[str, Any], audience: str, **given: Any) -> Copy:
    result = copy_for(record, audience, **given)
    assert isinstance(result, Copy), result
    return result


def refused(record: dict[str, Any], audience: str, **given: Any) -> str:
    result = copy_for(record, audience, **given)
    assert isinstance(result, CopyRefused)
    return result.code


# The table


@pytest.mark.parametrize("path", LEAVES)
def test_every_field_has_one_row_with_a_treatment_for_every_audience(path: str) -> None:
    assert sum(row.claims(path) for row in TABLE) == 1
    assert set(row_of(path).treatments) == set(Audience)


def test_every_row_is_of_a_field_and_says_why() -> None:
    for row in TABLE:
        assert any(row.claims(path) for path in LEAVES), row.path
        assert row.section in SECTIONS
        assert row.reason.endswith(".")
    assert set(MEANINGS) == set(Treatment)


def test_third_parties_and_allegations_stay_in_the_case_file() -> None:
    outside = {audience: seen(audience, Klass.THIRD_PARTY, Klass.ALLEGATION) for audience in COPIES}
    assert outside.pop(Audience.PROFESSIONALS) == THIRD_PARTIES_FOR_PROFESSIONALS
    assert set().union(*outside.values()) == set()


def test_identifiers_are_in_the_case_file_only() -> None:
    assert set().union(*(seen(audience, Klass.IDENTIFIER) for audience in COPIES)) == set()


def test_special_categories_reach_professionals_by_the_young_persons_word_and_the_family_never() -> None:
    assert seen(Audience.FAMILY, Klass.SPECIAL) == set()
    assert seen(Audience.SUPERVISION, Klass.SPECIAL) == set()
    told = seen(Audience.PROFESSIONALS, Klass.SPECIAL)
    assert told
    assert {treatment(path, Audience.PROFESSIONALS) for path in told} == {Treatment.MAY_KNOW}


def test_reflection_is_for_supervision_only() -> None:
    for path in ("/areas/professional_contexts/bias_reflection", "/reflection_in_meeting"):
        assert {audience for audience in Audience if treatment(path, audience) is not Treatment.OMIT} == {"supervision"}


def test_risk_subjects_are_in_the_restricted_part_and_nowhere_else() -> None:
    subjects = [path for path in LEAVES if path.startswith("/risk_subjects/")]
    assert len(subjects) > 10
    for path in subjects:
        assert row_of(path).treatments == dict.fromkeys(COPIES, Treatment.OMIT) | {
            Audience.CASE_FILE: Treatment.RESTRICTED_PART
        }


@pytest.mark.parametrize("audience", HOME)
def test_at_home_workers_are_roles_and_agencies(audience: Audience) -> None:
    told = {path.rsplit("/", 1)[1] for path in seen(audience, Klass.PROFESSIONAL)}
    assert told == {"role", "agency", "who_will"}
    assert treatment("/support_plan/items/*/who_will", audience) is Treatment.PLAN_ROLE


def test_own_words_reach_others_only_by_the_young_persons_word() -> None:
    words = [path for path, field in LEAVES.items() if isinstance(field, Text) and field.words]
    ways = {treatment(path, audience) for path in words for audience in (Audience.FAMILY, Audience.PROFESSIONALS)}
    assert ways <= {Treatment.OMIT, Treatment.BY_SHARING, Treatment.IF_AGREED, Treatment.MAY_KNOW}
    assert {treatment(path, Audience.SUPERVISION) for path in words} == {Treatment.OMIT}


def test_supervision_has_nothing_of_the_young_person() -> None:
    told = {path for path in LEAVES if treatment(path, Audience.SUPERVISION) is not Treatment.OMIT}
    about_work = (
        "/areas/professional_contexts/",
        "/assessor/",
        "/data_capture_by/",
        "/reflection_in_meeting",
        "/plan/",
    )
    assert {path for path in told if not path.startswith(about_work)} == {
        "/record_type",
        "/authority",
        "/completed_on",
        "/meeting_on",
    }
    assert {path for path in told if path.startswith("/plan/")} == {"/plan/professional_support_needed"}


def test_the_case_file_leaves_out_what_its_document_leaves_out() -> None:
    assert {path for path in LEAVES if treatment(path, Audience.CASE_FILE) is Treatment.OMIT} == set(OMITTED)


# Closed by default


def test_a_field_that_nobody_classified_is_in_no_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    record = EXAMPLES["wise_assessment-stockport"]
    catalogue = RECORDS["wise_assessment"]
    grown = replace(catalogue, fields={**catalogue.fields, "nickname": narrative()})
    monkeypatch.setitem(RECORDS, "wise_assessment", grown)
    with pytest.raises(Unclassified):
        row_of("/nickname")
    assert all(isinstance(copy_for(record, audience), Copy) for audience in Audience)
    for audience in Audience:
        result = copy_for(record | {"nickname": "Biscuit"}, audience)
        assert isinstance(result, CopyRefused)
        assert result.code == "X-1"
        assert "Biscuit" not in repr(result)


@pytest.mark.parametrize(
    "broken",
    [{"nickname": "Biscuit"}, {"areas": "Biscuit"}, {"completed_on": {"Biscuit": 1}}, {"support_plan": {"items": [7]}},
     {"participation": {"sharing": [{"section": "own_words"}]}}],
)  # fmt: skip
def test_a_record_of_another_shape_is_refused(broken: dict[str, Any]) -> None:
    for audience in ("young_person", "professionals"):
        assert refused(EXAMPLES["wise_assessment-stockport"] | broken, audience) == "X-1"


def test_an_audience_or_a_kind_that_there_is_not_is_an_error() -> None:
    with pytest.raises(ValueError, match="police"):
        copy_for(EXAMPLES["wise_assessment-stockport"], "police")
    with pytest.raises(ValueError, match="no such kind"):
        copy_for({"record_type": "Biscuit"}, "family")


# What the table means for a whole record


def kept(copied: Copy) -> set[str]:
    return {path for path, _, _ in values(RECORDS[copied.record_type], copied.record)}


def expected(kind: str, audience: Audience, *never: Treatment) -> set[str]:
    treated = {path: treatment(path, audience) for path, _ in leaves(RECORDS[kind])}
    return {path for path, how in treated.items() if how not in (Treatment.OMIT, *never)}


@pytest.mark.parametrize("kind", RECORDS)
@pytest.mark.parametrize("audience", Audience)
def test_with_every_yes_a_copy_holds_all_that_the_table_allows(kind: str, audience: Audience) -> None:
    assert kept(made(open_to(audience, kind), audience)) == expected(kind, audience)


@pytest.mark.parametrize("kind", RECORDS)
@pytest.mark.parametrize("audience", COPIES)
def test_with_every_no_a_copy_holds_only_what_is_always_shown(kind: str, audience: Audience) -> None:
    record = decided(open_to(audience, kind), audience, "declined")
    conditional = [how for how in Treatment if how is not Treatment.SHOW]
    result = copy_for(record, audience)
    if isinstance(result, CopyRefused):
        assert (audience, result.code) == (Audience.FAMILY, "A1")
    elif audience is Audience.SUPERVISION:
        assert kept(result) == expected(kind, audience)
    else:
        assert kept(result) == expected(kind, audience, *conditional)


CONTROLS = (
    "/participation/sharing/", "/young_person/restricted_record", "/submission_kind", "/record_type",
    "/safe_to_involve",
    "/who_may_know/", "/own_words/*/sharing", "/action_code", "/actions/*/code", "/relationship_to_young_person",
    "/contributions/*/area", "/support_plan/items/*/who_will", "/do_not_show_to/", "/professional_ref",
)  # fmt: skip
"""What decides about a copy may change it without being in it."""


@pytest.mark.parametrize("kind", RECORDS)
@pytest.mark.parametrize("audience", COPIES)
def test_what_is_left_out_changes_nothing_in_a_copy(kind: str, audience: Audience) -> None:
    record = open_to(audience, kind)
    before = made(record, audience)
    left_out = {path for path, _ in leaves(RECORDS[kind])} - expected(kind, audience)
    for path, value in places(RECORDS[kind], record):
        star = "/".join("*" if part.isdigit() else part for part in path.split("/"))
        if star in left_out and not any(control in f"{star}/" or star.endswith(control) for control in CONTROLS):
            assert made(changed(record, path, f"{value}Zq7"), audience).record == before.record, path


def places(field: Field, value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every leaf of a value with its own pointer."""
    if isinstance(value, dict) and isinstance(field, Group):
        for name, each in value.items():
            yield from places(field.fields[name], each, f"{path}/{name}")
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from places(field.item, each, f"{path}/{index}")  # type: ignore[attr-defined]
    else:
        yield path, value


def changed(record: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    other: Any = copy.deepcopy(record)
    holder = other
    *way, last = [int(part) if part.isdigit() else part for part in path.split("/")[1:]]
    for part in way:
        holder = holder[part]
    holder[last] = value
    return other


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_record_itself_stays_as_it_is(name: str) -> None:
    record, before = EXAMPLES[name], json.dumps(EXAMPLES[name])
    for audience in Audience:
        copy_for(record, audience)
    assert json.dumps(record) == before


# The young person's choices

WISE = EXAMPLES["wise_assessment-stockport"]
ALWAYS = "- agreed declined not_asked overridden_for_safety"
OPEN = {
    ("family", "ok_with_family"): "- agreed not_asked overridden_for_safety",
    ("family", "ask_each_time"): "agreed overridden_for_safety",
    ("family", "ok_with_professionals"): "overridden_for_safety",
    ("family", "keep_between_us"): "overridden_for_safety",
    ("professionals", "ok_with_professionals"): "- agreed not_asked overridden_for_safety",
    ("professionals", "ask_each_time"): "agreed overridden_for_safety",
    ("professionals", "ok_with_family"): "overridden_for_safety",
    ("professionals", "keep_between_us"): "overridden_for_safety",
    ("supervision", "ok_with_professionals"): "",
    **{(audience, choice): ALWAYS for audience in ("young_person", "case_file") for choice in codes.OWN_WORDS_SHARING},
}  # fmt: skip
"""(audience, the choice for these words) → the decisions about own words and that audience with which they are open."""


def with_words(sharing: str) -> dict[str, Any]:
    record = copy.deepcopy(WISE)
    words = record["areas"]["young_person"]["own_words"]
    record["areas"]["young_person"]["own_words"] = [words[0] | {"sharing": sharing}]
    return record


@pytest.mark.parametrize(("audience", "choice"), OPEN)
@pytest.mark.parametrize("decision", ["-", *codes.SHARING_DECISIONS])
def test_own_words_go_where_the_young_person_lets_them(audience: str, choice: str, decision: str) -> None:
    record = with_words(choice)
    if decision != "-":
        record = decided(record, audience, decision, "own_words")
    there = "Nan Biscuit" in json.dumps(made(record, audience).record)
    assert there == (decision in OPEN[audience, choice].split())


def test_a_yes_for_one_reader_is_none_for_another() -> None:
    for other in ("family", "young_person"):
        record = decided(with_words("ask_each_time"), other, "agreed", "own_words")
        assert "Nan Biscuit" not in json.dumps(made(record, "professionals").record)


def test_a_no_to_the_young_persons_area_closes_their_words_and_a_yes_does_not_open_them() -> None:
    record = with_words("ok_with_professionals")
    assert "Nan Biscuit" not in json.dumps(
        made(decided(record, "professionals", "declined", "young_person"), "professionals").record
    )
    for decision in ("agreed", "overridden_for_safety"):
        record = decided(with_words("keep_between_us"), "professionals", decision, "young_person")
        assert "Nan Biscuit" not in json.dumps(made(record, "professionals").record)


@pytest.mark.parametrize(("first", "second"), [("agreed", "declined"), ("agreed", "not_asked"), ("declined", "agreed")])
def test_contradicting_decisions_close(first: str, second: str) -> None:
    record = decided(with_words("ask_each_time"), "family", first, "own_words")
    record["participation"]["sharing"] += decided(WISE, "family", second, "own_words")["participation"]["sharing"]
    assert "Nan Biscuit" not in json.dumps(made(record, "family").record)


def test_a_yes_that_was_taken_back_opens_no_section() -> None:
    record = decided(WISE, "family", "agreed", "analysis")
    assert "analysis_narrative" in made(record, "family").record
    for again in ("declined", "not_asked"):
        both = decided(record, "family", again, "analysis")["participation"]["sharing"]
        both += record["participation"]["sharing"]
        doubtful = record | {"participation": record["participation"] | {"sharing": both}}
        assert "analysis_narrative" not in made(doubtful, "family").record


def test_identity_reaches_professionals_only_if_they_may_know() -> None:
    for known, there in ((["professionals"], True), (["family"], False), ([], False),
                         (["professionals", "social_worker_only"], False)):  # fmt: skip
        record = copy.deepcopy(WISE)
        record["areas"]["young_person"]["identities"][0]["who_may_know"] = known
        assert ("long questions" in json.dumps(made(record, "professionals").record)) is there
        assert "long questions" not in json.dumps(made(record, "family").record)


def test_the_family_reads_of_everyday_actions_only() -> None:
    items = [
        {"what": "School", "who_will": "education"},
        {"what": "Clinic", "who_will": "sexual_health"},
        {"what": "Clinic", "who_will": "stk-7", "action_code": "sexual_health"},
        {"what": "Patrol", "who_will": "police", "action_code": "disruption"},
        {"what": "Home", "who_will": "stk-7", "action_code": "living_arrangement"},
    ]
    record = WISE | {"support_plan": {"items": items}}
    assert made(record, "family").record["support_plan"]["items"] == [items[0], {"what": "Home"}]
    told = made(record, "young_person").record["support_plan"]["items"]
    assert [item["what"] for item in told] == ["School", "Clinic", "Clinic", "Home"]
    assert len(made(record, "professionals").record["support_plan"]["items"]) == 5


def test_an_action_in_codes_alone_says_nothing_to_a_young_person() -> None:
    record = EXAMPLES["nwg_assessment-tameside"]
    assert made(record, "young_person").record["actions"] == [{"text": "Allotment club taster"}]
    assert len(made(record, "professionals").record["actions"]) == len(record["actions"])


# Refusals


def carer(record: dict[str, Any], area: str | None, participation: str | None) -> dict[str, Any]:
    other = copy.deepcopy(record)
    for holder, value in (
        (other["areas"]["family_friends"]["carer_involvement"], area),
        (other["participation"]["parent_carer"], participation),
    ):
        holder.pop("safe_to_involve", None)
        holder.update({} if value is None else {"safe_to_involve": value})
    return other


@pytest.mark.parametrize(
    ("area", "participation"),
    [("no", "yes"), ("yes", "no"), ("unknown", "yes"), ("yes", "unknown"), (None, None), ("no", None)],
)
def test_the_family_has_no_copy_without_a_plain_yes(area: str | None, participation: str | None) -> None:
    assert refused(carer(WISE, area, participation), "family") == "TP1"


@pytest.mark.parametrize(("area", "participation"), [("yes", "yes"), ("yes", None), (None, "yes")])
def test_the_family_has_a_copy_with_a_plain_yes(area: str | None, participation: str | None) -> None:
    assert made(carer(WISE, area, participation), "family").record["support_plan"]


def test_an_nwg_record_without_a_word_on_safety_has_no_copy_for_the_family() -> None:
    record = EXAMPLES["nwg_assessment-tameside"]
    assert made(record, "family")
    assert refused({name: value for name, value in record.items() if name != "participation"}, "family") == "TP1"


@pytest.mark.parametrize("relation", ["family_member", "carer"])
def test_the_family_has_no_copy_while_one_of_them_may_pose_a_risk(relation: str) -> None:
    record = copy.deepcopy(WISE)
    record["risk_subjects"][0]["relationship_to_young_person"] = relation
    assert refused(record, "family") == "TP1"


def test_for_safety_the_family_gets_that_section_and_nothing_else() -> None:
    record = decided(carer(WISE, "no", "no"), "family", "overridden_for_safety", "support_plan")
    record["participation"]["sharing"] += decided(WISE, "family", "agreed", "analysis")["participation"]["sharing"]
    copied = made(record, "family")
    assert {"support_plan", "authority", "completed_on", "assessor"} == set(copied.record)
    assert "paddling-pool" not in json.dumps(copied.record)


@pytest.mark.parametrize("reason", [None, "", "  "])
@pytest.mark.parametrize("audience", ["family", "professionals", "young_person"])
def test_sharing_for_safety_needs_its_reason(audience: str, reason: str | None) -> None:
    record = decided(WISE, audience, "overridden_for_safety", "own_words")
    record["participation"]["sharing"][0]["reason"] = reason
    assert refused(record, audience) == "V4"
    assert made(record, "case_file")


def test_a_restricted_record_leaves_social_work_for_nobody() -> None:
    record = copy.deepcopy(WISE)
    record["young_person"]["restricted_record"] = True
    record = decided(record, "professionals", "agreed")
    assert refused(record, "family") == refused(record, "professionals") == "C1"
    assert made(record, "case_file")
    assert made(record, "young_person")


@pytest.mark.parametrize("name", ["do_not_show_to", "professional_ref"])
def test_professionals_have_no_copy_while_one_of_them_must_not_see_a_part(name: str) -> None:
    record = copy.deepcopy(WISE)
    reference = record["supporting"][0]["professional_ref"]
    record["risk_subjects"][0][name] = [reference] if name == "do_not_show_to" else reference
    assert refused(record, "professionals") == "TP3"
    assert made(record, "young_person")


def test_nothing_opens_the_restricted_part() -> None:
    record = copy.deepcopy(WISE)
    for visible in codes.RISK_VISIBILITY:
        record["risk_subjects"][0]["visibility"] = visible
        for audience in COPIES:
            opened = decided(record, audience, "overridden_for_safety")
            assert "older group" not in json.dumps(made(opened, audience).record)


def test_a_withdrawal_and_an_empty_copy_are_refused() -> None:
    assert {refused(WISE | {"submission_kind": "withdrawal"}, audience) for audience in Audience} == {"A2"}
    record = copy.deepcopy(WISE)
    record["areas"]["professional_contexts"] = {}
    assert refused(record, "supervision") == "A1"


# Sections that are being checked


@pytest.mark.parametrize("section", ["people_places", "family_friends", "own_words", "support_plan", "contributions"])
def test_a_section_that_is_being_checked_is_in_no_copy_but_the_case_file(section: str) -> None:
    for kind in RECORDS:
        for audience in COPIES:
            record = open_to(audience, kind)
            held = made(record, audience, holds={section})
            gone = expected(kind, audience) - kept(held)
            assert gone == {path for path in expected(kind, audience) if row_of(path).section == section}
            assert [each.why for each in held.withheld] == (
                ["A part of this copy is being checked before it can be shared."] if gone else []
            )
        record = open_to("case_file", kind)
        assert made(record, "case_file", holds={section}) == made(record, "case_file")


def test_holding_an_area_holds_what_was_said_about_it_in_the_meeting() -> None:
    record = open_to("professionals", "rise_meeting_output")
    record["contributions"] = [entry | {"area": "people_places"} for entry in record["contributions"]]
    assert "contributions" not in made(record, "professionals", holds={"people_places"}).record
    assert (
        "contributions"
        not in made(decided(record, "professionals", "declined", "people_places"), "professionals").record
    )


def test_a_hold_that_names_nothing_holds_the_whole_copy() -> None:
    assert refused(WISE, "professionals", holds={"people-places"}) == "TP2"


# What is said of what was left out


def test_the_family_is_not_told_that_words_were_kept_back() -> None:
    without = copy.deepcopy(WISE)
    without["areas"]["young_person"] |= {"own_words": [], "own_words_reason": "declined"}
    declined = decided(with_words("keep_between_us"), "family", "declined", "own_words", "analysis")
    assert made(with_words("keep_between_us"), "family") == made(without, "family") == made(declined, "family")


def test_a_hold_on_what_the_family_would_not_have_anyway_is_not_mentioned() -> None:
    assert made(WISE, "family", holds={"people_places", "own_words"}) == made(WISE, "family")


def test_the_young_person_is_told_what_they_asked_to_leave_out() -> None:
    withheld = made(decided(WISE, "young_person", "declined", "support_plan"), "young_person").withheld
    assert [(each.section, each.why) for each in withheld] == [
        ("support_plan", "You asked us to leave this part out of your copy.")
    ]


def test_a_copy_does_not_show_its_record_by_accident() -> None:
    assert "Biscuit" not in repr(made(WISE, "case_file"))


def test_filled_records_are_refused_for_real_reasons() -> None:
    """`filled` sets every field, so it is restricted or unsafe somewhere: nothing may slip through by its fullness."""
    for kind in RECORDS:
        record = filled(kind)
        record["young_person"]["restricted_record"] = True
        assert refused(record, "family") == "C1"
