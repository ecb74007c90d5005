"""Sample records: valid under every rule, varied, repeatable, and nobody's."""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import combinations
from typing import Any

import pytest

from service.api.schemas.check import check_record
from service.configuration import policies
from service.domain import codes
from service.domain.fields import Text, leaves
from service.domain.language import Checker, parse_families
from service.domain.london import add_months, age_on
from service.domain.policy import Policy
from service.domain.records import RECORDS
from service.domain.rules import Known
from service.domain.rules.young_person import is_nhs_number
from service.domain.training.standing import ASSESSOR, Trained
from service.samples import Child, Setting, attendances, samples, usual_prefix
from service.samples.dice import Dice
from service.samples.narratives import Teller
from service.settings import ROOT
from tests.architecture.test_fictional_data import emails, nhs_numbers, phones, postcodes

TODAY = date(2026, 11, 22)
POLICIES = policies(ROOT / "config")
STOCKPORT = POLICIES["E08000007"]
DATA = ROOT / "service" / "samples" / "data"
NEVER_FILLED = {"/risk_subjects/*/known_name"}
"""Who may pose a risk is never named in a sample."""

Record = dict[str, Any]


def setting(policy: Policy = STOCKPORT, **more: Any) -> Setting:
    return Setting(policy=policy, prefix="stk", today=TODAY, **more)


def made(count: int = 60, *, seed: int = 1, record_type: str = "all", **more: Any) -> list[Record]:
    return list(samples(setting(**more), count=count, seed=seed, record_type=record_type))


@cache
def many(record_type: str) -> tuple[Record, ...]:
    return tuple(made(400, record_type=record_type))


def each_of_many() -> Iterator[Record]:
    for record_type in RECORDS:
        yield from many(record_type)


def values(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every value of a record with its path, as the catalogue writes paths."""
    if isinstance(value, dict):
        for name, below in value.items():
            yield from values(below, f"{path}/{name}")
    elif isinstance(value, list):
        for below in value:
            yield from values(below, f"{path}/*")
    else:
        yield path, value


def texts(record: Record, *, own: bool) -> Iterator[tuple[str, str]]:
    """The texts of a record: a young person's own words, or everybody else's."""
    kinds = dict(leaves(RECORDS[record["record_type"]]))
    for path, value in values(record):
        field = kinds[path]
        if isinstance(field, Text) and field.words is own and path != "/panel_referral/panel_name":
            yield path, value


def completed_on(record: Record) -> date:
    return date.fromisoformat(record.get("completed_on") or record["meeting_on"])


# ---- valid -----------------------------------------------------------------------------------------------------------


def said_of(records: list[Record], policy: Policy) -> Counter[tuple[str, str, str]]:
    """What the service says of them: where, which rule, and whether it stops the record."""
    said: Counter[tuple[str, str, str]] = Counter()
    for record in records:
        found = check_record(record, record_type=record["record_type"], policy=policy, today=TODAY)
        for kind in ("errors", "holds", "warnings"):
            said.update((kind, fault.code, re.sub(r"\d+", "*", fault.pointer)) for fault in getattr(found, kind))
    return said


@pytest.mark.parametrize("seed", range(20))
def test_every_sample_is_valid(seed: int) -> None:
    said = said_of(made(30, seed=seed), STOCKPORT)
    kinds = {(kind, code) for kind, code, _ in said}

    assert kinds <= {("warnings", "TP6")}  # where a concern is about a professional, the other route is always told


@pytest.mark.parametrize("authority", sorted(POLICIES))
def test_samples_are_valid_for_every_authority(authority: str) -> None:
    policy = POLICIES[authority]
    records = made(30, seed=3, policy=policy)

    assert [each for each in said_of(records, policy) if each[0] == "errors"] == []
    assert {each["authority"] for each in records} == {authority}
    assert {each["record_type"] for each in records} == set(policy.instruments)


def test_an_authoritys_own_choices_are_kept_to() -> None:
    policy = replace(
        STOCKPORT,
        plan_items_max=1,
        nhs_number_required=True,
        review_months=6,
        panels=("Acorn panel",),
        child_id="[A-Z]{3}[0-9]{4}",
        age_reasons=("sibling_or_peer_concern",),
        templates=dict.fromkeys(RECORDS, ("edition-a", "edition-b")),
    )
    records = made(150, policy=policy)
    people = [each["young_person"] for each in records]

    assert [each for each in said_of(records, policy) if each[0] == "errors"] == []
    assert all("nhs_number" in each or "identifier_withheld_reason" in each for each in people)
    assert all(re.fullmatch("STK[0-9]{4}", each["la_child_id"]) for each in people)
    assert {each["out_of_usual_age_reason"]["code"] for each in people if "out_of_usual_age_reason" in each} == {
        "sibling_or_peer_concern"
    }
    assert {each["template_version"] for each in records} == {"edition-a", "edition-b"}
    named = {each.get("panel_referral", {}).get("panel_name") for each in records}
    assert named == {"Acorn panel", None}
    assert {date.fromisoformat(each["review"]["due_on"]) for each in records if "due_on" in each.get("review", {})} & {
        add_months(completed_on(each), 6) for each in records
    }


def test_a_form_of_child_reference_that_cannot_be_made_up_is_told() -> None:
    with pytest.raises(ValueError, match="Give some that have"):
        made(1, policy=replace(STOCKPORT, child_id="X-[a-z]+"))


@pytest.mark.parametrize(("child_id", "prefix"), [("STK[0-9]{7}", "stk"), (r"[A-Za-z0-9]{1,20}", "sto")])
def test_references_begin_as_the_authoritys_child_references_do(child_id: str, prefix: str) -> None:
    assert usual_prefix(replace(STOCKPORT, child_id=child_id), "stockport") == prefix


def test_with_the_register_that_belongs_to_them_assessors_are_trained() -> None:
    register = attendances(setting())
    stopped, excepted = [], 0
    for record in made(150):
        place = ASSESSOR[record["record_type"]].strip("/").split("/")
        worker = record[place[0]][place[1]]
        rows = [each for each in register if each["professional_ref"] == worker]
        trained = tuple(Trained(each["course"], date.fromisoformat(each["attended_on"])) for each in rows)
        found = check_record(
            record, record_type=record["record_type"], policy=STOCKPORT, today=TODAY, known=Known(training=trained)
        )
        stopped += [*found.errors, *found.holds]
        excepted += "training_exception" in record and not trained
    assert stopped == []
    assert excepted > 0


# ---- what the rules ask for, whether they are checked yet or not -----------------------------------------------------


def private_words_stay_private(record: Record) -> bool:
    own_words = record.get("areas", {}).get("young_person", {}).get("own_words", [])
    private = any(each["sharing"] != "ok_with_family" for each in own_words)
    shared = record.get("participation", {}).get("sharing", [])
    told = [
        each
        for each in shared
        if each["audience"] == "parent_carer" and each["section"] in ("own_words", "young_person")
    ]
    return not private or all(each["decision"] != "agreed" for each in told)


def overriding_has_a_reason(record: Record) -> bool:
    shared = record.get("participation", {}).get("sharing", [])
    return all("reason" in each for each in shared if each["decision"] == "overridden_for_safety")


def unsafe_has_a_reason(record: Record) -> bool:
    asked = [record.get("areas", {}).get("family_friends", {}).get("carer_involvement", {})]
    asked.append(record.get("participation", {}).get("parent_carer", {}))
    return all("reason" in each for each in asked if each.get("safe_to_involve") == "no")


def a_plan_follows_what_is_feared(record: Record) -> bool:
    plan = record.get("support_plan", {})
    feared = record.get("exploitation", {}).get("category") in ("experiencing", "at_risk")
    return not feared or bool(plan["items"]) or "follows_on" in plan


def plans_lie_ahead(record: Record) -> bool:
    due = [each["by_when"] for each in record.get("support_plan", {}).get("items", []) if "by_when" in each]
    return all(date.fromisoformat(each) >= completed_on(record) for each in due)


def a_review_lies_ahead_and_within_the_interval(record: Record) -> bool:
    due = record.get("review", {}).get("due_on")
    return due is None or TODAY <= date.fromisoformat(due) <= add_months(completed_on(record), 3)


def an_event_or_change_is_told(record: Record) -> bool:
    if record.get("review_trigger") not in ("significant_event", "change_in_circumstances"):
        return True
    known_events = [each["ref"] for each in record.get("significant_events", [])]
    return record.get("significant_event_ref") in known_events or "change_in_circumstances" in record


def the_assessor_may_assess(record: Record) -> bool:
    worker = record.get("assessor") or record["data_capture_by"]
    return worker["role"] == "social_worker" and worker["experienced_confirmed"] and worker["is_allocated_worker"]


def who_matters_met_or_was_asked(record: Record) -> bool:
    there = [each["agency"] for each in (*record.get("attendees", []), *record.get("invited_absent", []))]
    health = any(each.startswith(("health", "sexual_health")) for each in there)
    return not there or (health and {"police", "third_sector", "childrens_social_care"} <= set(there))


def nobody_is_there_twice(record: Record) -> bool:
    there = [each["professional_ref"] for each in record.get("attendees", [])]
    return len(there) == len(set(there))


def nobody_kept_away_took_part(record: Record) -> bool:
    kept = {
        each
        for path, each in values(record.get("risk_subjects", []))
        if path.endswith(("do_not_show_to/*", "professional_ref"))
    }
    rest = {name: each for name, each in record.items() if name != "risk_subjects"}
    return not kept & {each for _, each in values(rest) if isinstance(each, str)}


def references_meet(record: Record) -> bool:
    there = [each["risk_subject_id"] for each in record.get("risk_subjects", [])]
    return "areas" not in record or record["areas"]["people_places"].get("risk_subject_refs", []) == there


def no_text_is_told_twice(record: Record) -> bool:
    told = [text for path, text in texts(record, own=False) if not path.endswith("place_reference")]
    return len(told) == len(set(told))


def nobody_is_told_to_have_referred(record: Record) -> bool:
    items = record.get("support_plan", {}).get("items", []) + record.get("actions", [])
    referred = [each for each in items if "nrm_first_responder" in (each.get("action_code"), each.get("code"))]
    return all(each.get("status") != "done" for each in referred)


def not_told_has_a_reason(record: Record) -> bool:
    told = record.get("participation", {}).get("young_person", {})
    explained = record.get("explained_to_child", {})
    return (
        "no" not in (told.get("told_worried"), told.get("told_how_information_used")) or "not_told_reason" in told
    ) and (
        "no" not in (explained.get("told_worried"), explained.get("told_what_happens_next"))
        or "reason_not" in explained
    )


def days_are_in_order(record: Record) -> bool:
    start = record["young_person"].get("involvement_started_on", "0")
    end = [
        record["young_person"].get("involvement_ended_on", "9"),
        record.get("entered_on", "9"),
        record.get("submitted_at", "9"),
    ]
    day = completed_on(record).isoformat()
    return start <= day <= min(each[:10] for each in end) and all(
        each[:10] <= TODAY.isoformat() for each in end if each != "9"
    )


@pytest.mark.parametrize(
    "holds",
    [
        private_words_stay_private, overriding_has_a_reason, unsafe_has_a_reason, a_plan_follows_what_is_feared,
        plans_lie_ahead, a_review_lies_ahead_and_within_the_interval, an_event_or_change_is_told,
        the_assessor_may_assess, who_matters_met_or_was_asked, nobody_is_there_twice, nobody_kept_away_took_part,
        references_meet, no_text_is_told_twice, nobody_is_told_to_have_referred, not_told_has_a_reason,
        days_are_in_order,
    ],
)  # fmt: skip
def test_samples_are_good_practice(holds: Callable[[Record], bool]) -> None:
    assert [each["submission_id"] for each in each_of_many() if not holds(each)] == []


# ---- nobody's, and well said -----------------------------------------------------------------------------------------


def test_nothing_in_a_sample_could_be_somebodys() -> None:
    text = "\n".join(json.dumps(each, ensure_ascii=False) for each in each_of_many())
    numbers = {each["young_person"]["nhs_number"] for each in each_of_many() if "nhs_number" in each["young_person"]}

    assert [*nhs_numbers(text), *phones(text), *postcodes(text), *emails(text)] == []
    assert numbers
    assert all(each.startswith("999") and is_nhs_number(each) for each in numbers)


def test_nobody_has_a_name() -> None:
    named = re.compile(r"(?<![.?!:] )\b[A-Z][a-z]+ [A-Z][a-z]+|\b(?:Mr|Mrs|Ms|Miss|Dr)\b")
    found = {text for each in each_of_many() for _, text in texts(each, own=False) if named.search(text)}

    assert found == set()
    assert not any("known_name" in subject for each in each_of_many() for subject in each.get("risk_subjects", []))


def phrases_of_professionals() -> Iterator[str]:
    for name in ("areas", "statements", "support"):
        content = tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))
        yield from (each for _, each in values(content) if " " in each)


def test_the_language_guide_has_no_advice_for_any_phrase() -> None:
    """However its places are filled; a family's phrase never runs on over the end of a sentence."""
    file = ROOT / "config" / "language" / "2024-11.toml"
    checker, teller = Checker(parse_families(file.read_text(encoding="utf-8"), file.name)), Teller(Dice("language"))
    shown = {teller.filled(phrase) for phrase in phrases_of_professionals() for _ in range(80)}

    assert len(shown) > 10_000
    assert {text for text in shown if checker.advice(text)} == set()
    assert checker.advice("They keep putting themselves at risk.")


def test_no_place_in_a_phrase_stays_open() -> None:
    shown = [text for each in each_of_many() for own in (True, False) for _, text in texts(each, own=own)]

    assert not any("{" in text or "}" in text for text in shown)


# ---- varied ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("record_type", RECORDS)
def test_every_field_is_in_some_sample(record_type: str) -> None:
    seen = {path for each in many(record_type) for path, _ in values(each)}
    there_are = {path for path, _ in leaves(RECORDS[record_type])}

    assert there_are - seen == NEVER_FILLED


@pytest.mark.parametrize("record_type", RECORDS)
def test_every_optional_field_is_also_left_out(record_type: str) -> None:
    """Of those at the top: a field that is always there would leave its absence untried."""
    optional = {name for name, field in RECORDS[record_type].fields.items() if not field.required}
    always = {name for name in optional if all(name in each for each in many(record_type))}

    assert always == set()


LISTS = {
    "/exploitation/category": codes.EXPLOITATION,
    "/exploitation/basis": codes.EXPLOITATION_BASIS,
    "/exploitation/forms/*": codes.EXPLOITATION_FORMS,
    "/professional_opinion": codes.NWG_OPINIONS,
    "/questions/trafficking/answer": codes.YES_NO_NOT_KNOWN,
    "/actions/*/code": codes.NWG_ACTIONS,
    "/young_person/ethnicity": codes.ETHNICITY,
    "/young_person/disabilities/*": codes.DISABILITY,
    "/young_person/sex": codes.SEX,
    "/young_person/looked_after": codes.YES_NO_UNKNOWN,
    "/young_person/restricted_record": (True, False),
    "/young_person/dob_accuracy": codes.DOB_ACCURACY,
    "/young_person/out_of_usual_age_reason/code": codes.OUT_OF_USUAL_AGE,
    "/schema_version": codes.SCHEMA_VERSIONS,
    "/submission_kind": ("new", "review"),
    "/capture_mode": codes.CAPTURE_MODES,
    "/review_trigger": codes.REVIEW_TRIGGERS,
    "/review/basis": codes.REVIEW_BASES,
    "/significant_events/*/event_type": codes.EVENT_TYPES,
    "/areas/young_person/own_words_reason": codes.OWN_WORDS_REASONS,
    "/areas/young_person/own_words/*/sharing": codes.OWN_WORDS_SHARING,
    "/areas/young_person/own_words/*/method": codes.OWN_WORDS_METHODS,
    "/areas/family_friends/carer_involvement/safe_to_involve": codes.YES_NO_UNKNOWN,
    "/support_plan/items/*/status": codes.PLAN_STATUS,
    "/panel_referral/decision": codes.PANEL_DECISIONS,
    "/participation/young_person/method": codes.PARTICIPATION[1:],
    "/participation/sharing/*/decision": codes.SHARING_DECISIONS,
    "/participation/evaluation_consent/young_person": codes.CONSENT,
    "/attached_to/process": codes.RISE_PROCESSES,
    "/attendees/*/agency": codes.AGENCIES,
    "/risk_subjects/*/kind": codes.RISK_SUBJECT_KINDS,
    "/risk_subjects/*/allegation_status": codes.ALLEGATION_STATUS,
    "/risk_subjects/*/visibility": codes.RISK_VISIBILITY,
}


@pytest.mark.parametrize("place", LISTS)
def test_every_value_of_a_list_is_in_some_sample(place: str) -> None:
    seen = {value for each in each_of_many() for path, value in values(each) if path == place}

    assert seen == set(LISTS[place])


def share(holds: Callable[[Record], bool], *record_types: str) -> float:
    records = [each for each in each_of_many() if each["record_type"] in (record_types or RECORDS)]
    return sum(map(holds, records)) / len(records)


def test_samples_differ_as_young_people_do() -> None:
    placed = share(lambda each: each["young_person"].get("host_authority") not in (None, STOCKPORT.authority))
    heard = share(
        lambda each: bool(each["areas"]["young_person"]["own_words"]), "wise_assessment", "rise_meeting_output"
    )

    assert 0.03 < share(lambda each: "out_of_usual_age_reason" in each["young_person"]) < 0.2
    assert 0.03 < placed < 0.2
    assert 0.6 < heard < 0.9
    assert 0.2 < share(lambda each: "risk_subjects" in each, "wise_assessment") < 0.45
    assert {len({who["agency"] for who in each["attendees"]}) for each in many("rise_meeting_output")} == {
        2,
        3,
        4,
        5,
        6,
    }
    assert {len(each["areas"]["young_person"]["own_words"]) for each in many("wise_assessment")} == {0, 1, 2, 3, 4}


def test_own_words_are_in_more_than_one_language_and_have_signs() -> None:
    words = " ".join(text for each in many("wise_assessment") for _, text in texts(each, own=True))

    assert all(part in words for part in ("działkę", "سکون", "hoffi'r ardd", "😊"))


def test_samples_are_brief_and_long() -> None:
    sizes = sorted(len(json.dumps(each, ensure_ascii=False).encode()) for each in each_of_many())
    longest = max(len(text) for each in each_of_many() for own in (True, False) for _, text in texts(each, own=own))

    assert sizes[0] < 5_000
    assert sizes[-1] > 14_000
    assert longest < 2_500


def triples(text: str) -> frozenset[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return frozenset(zip(words, words[1:], words[2:], strict=False))


@pytest.mark.parametrize("name", ["analysis_narrative", "exploitation", "home"])
def test_no_two_samples_tell_nearly_the_same(name: str) -> None:
    read = {
        "analysis_narrative": lambda each: each["analysis_narrative"],
        "exploitation": lambda each: each["exploitation"]["narrative"],
        "home": lambda each: each["stability"]["home"].get("narrative"),
    }[name]
    told = [triples(text) for each in many("wise_assessment")[:200] if (text := read(each))]

    assert max(len(one & two) / len(one | two) for one, two in combinations(told, 2)) < 0.85


# ---- repeatable ------------------------------------------------------------------------------------------------------


def written(records: list[Record]) -> str:
    return json.dumps(records, ensure_ascii=False)


def test_the_same_seed_makes_the_same_bytes() -> None:
    assert written(made(40, seed=5)) == written(made(40, seed=5))
    assert not set(map(str, made(40, seed=5))) & set(map(str, made(40, seed=6)))


def test_a_record_does_not_depend_on_how_many_follow() -> None:
    assert made(10) == made(40)[:10]


def test_records_have_ids_of_their_own_and_are_about_different_young_people() -> None:
    records = made(100, seed=2)

    assert len({each["submission_id"] for each in records}) == 100
    assert len({each["young_person"]["la_child_id"] for each in records}) == 100


def test_records_fall_into_the_days_asked_for() -> None:
    days = [completed_on(each) for each in made(100, first=date(2026, 2, 1), last=date(2026, 2, 28))]

    assert {day.month for day in days} == {2}
    assert len(set(days)) > 15
    assert max(completed_on(each) for each in made(200)) < TODAY
    assert min(completed_on(each) for each in made(200)) >= date(2025, 11, 21)


def test_young_people_who_are_given_take_turns_and_grow_older() -> None:
    children = tuple(Child(f"STK{number:07}", date(2011 + number, 3, 2)) for number in range(4))
    records = made(20, children=children)
    people = [each["young_person"] for each in records]

    assert said_of(records, STOCKPORT).keys() <= {each for each in said_of(records, STOCKPORT) if each[0] == "warnings"}
    assert [each["la_child_id"] for each in people] == [each.la_child_id for each in children] * 5
    assert {each["date_of_birth"] for each in people} == {str(each.born) for each in children}
    for number, child in enumerate(children):
        days = [completed_on(each) for each in records[number::4]]
        assert days == sorted(days)
        assert all(each["submission_kind"] == "review" for each in records[number::4][1:])
        for each in records[number::4]:
            given = each["young_person"].get("age_at_completion")
            assert given in (None, age_on(child.born or TODAY, completed_on(each)))


@pytest.mark.parametrize("trait", ["sex", "ethnicity", "upn", "nhs_number", "school_urn", "responsible_authority"])
def test_what_is_true_of_a_young_person_stays_true(trait: str) -> None:
    records = made(40, children=(Child("STK0000417"), Child("STK0000418")))
    for reference in ("STK0000417", "STK0000418"):
        people = [each["young_person"] for each in records if each["young_person"]["la_child_id"] == reference]
        assert len({each[trait] for each in people if trait in each}) <= 1
