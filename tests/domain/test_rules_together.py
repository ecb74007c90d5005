"""All at once: several faults in one record, one message a place, and the variants people get wrong."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from service.domain.codes import EDITIONS
from service.domain.faults import Fault, Findings, pointer
from service.domain.policy import Result
from service.domain.rules import RULES, Rule, Subject, check
from service.domain.rules.catalogue import words_of
from service.domain.wording import WORDING
from tests.domain.test_rules_case import POLICY, TODAY, Case, findings, places
from tests.support.records import MISSING, NAMES, example, put

TABLES = (
    "test_rules_structure", "test_rules_statements", "test_rules_person", "test_rules_people", "test_rules_review",
    "test_rules_sharing_and_third_parties", "test_rules_corrections", "test_rules_meeting_and_nwg", "test_rules_text",
    "test_rules_identifying",
)  # fmt: skip
STRUCTURAL = {"X-1", "X-2", "X-6", "X-10"}
ELSEWHERE = {"T1", "T3"}
"""They ask the training register, and have tests of their own: test_rules_training.py."""

NO_RULES = {"__init__", "__main__", "catalogue", "elsewhere", "known", "page", "subject", "texts"}
RESULTS = {"CASES": Result.REJECT, "WARNED": Result.WARN, "HELD": Result.HOLD}
FIFTH = {"what": "One more thing", "who_will": "stk-sw-21", "status": "active"}


def tabled(table: str) -> list[Case]:
    return [case for name in TABLES for case in getattr(import_module(f"tests.domain.{name}"), table, [])]


def told(case: Case) -> set[tuple[str, str]]:
    found = case.findings()
    return {(fault.pointer, fault.detail) for fault in (*found.errors, *found.warnings, *found.holds)}


@pytest.mark.parametrize("table", RESULTS)
def test_every_rule_stands_in_a_table_of_these_tests(table: str) -> None:
    codes = {rule.code for rule in RULES if rule.result(POLICY) is RESULTS[table]} - ELSEWHERE
    if table == "CASES":
        codes |= STRUCTURAL | {code for code, _, _ in WORDING.values()}
    assert {case.code for case in tabled(table) if case.policy.nhs_number_faulty is Result.REJECT} == codes


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES if rule.code not in ELSEWHERE], ids=lambda rule: rule.check.__name__
)
def test_each_rule_is_missed_when_it_is_taken_out(rule: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    """Several rules share a code; each of them must be what some line of the tables is about."""
    cases = [case for table in RESULTS for case in tabled(table) if case.code == rule.code]
    before = [told(case) for case in cases]
    monkeypatch.setattr("service.domain.rules.RULES", [each for each in RULES if each is not rule])
    assert before != [told(case) for case in cases]


def test_every_file_of_rules_is_run() -> None:
    folder = Path(import_module("service.domain.rules").__file__ or "").parent
    files = {file.stem for file in folder.glob("*.py")} - NO_RULES
    assert {rule.check.__module__.rpartition(".")[2] for rule in RULES} == files


def test_editions_name_the_rules_there_are() -> None:
    """A rule that no edition names would never judge; a name without a rule would promise what is not kept."""
    named = {code for edition in EDITIONS.values() for code in edition.rules}
    assert named == {rule.code for rule in RULES}


def test_an_edition_judges_by_its_own_rules_only(monkeypatch: pytest.MonkeyPatch) -> None:
    record = example("wise", young_person__disabilities=["NONE", "COMM"])
    assert places(findings(record)) == [("/young_person/disabilities", "Y6")]
    subject = Subject(record, "wise_assessment", POLICY, TODAY)
    assert check(subject, (), {"X-3", "Y1"}) == Findings()
    assert [fault.code for fault in check(subject, (), {"X-3", "Y6"}).errors] == ["Y6"]


def test_a_withdrawal_too_is_judged_by_the_rules_of_its_edition() -> None:
    record = {"submission_kind": "withdrawal", "capture_mode": "paper"}
    subject = Subject(record, "wise_assessment", POLICY, TODAY)
    assert [fault.code for fault in check(subject, ()).errors] == ["E1"]
    assert check(subject, (), {"K-5"}) == Findings()


def test_a_rule_without_the_values_of_a_record_reads_as_a_sentence() -> None:
    for rule in RULES:
        for said in words_of(rule.code):
            assert not {"{", "}"} & set(said) and "()" not in said and " ." not in said, said
    assert words_of("T1")[0].endswith("We have no training record for this worker.")


def test_every_rule_says_why_in_a_line() -> None:
    assert not [rule.check.__name__ for rule in RULES if len((rule.check.__doc__ or "").split()) < 4]


def test_every_fault_of_a_stockport_record_is_told_at_once() -> None:
    record = example("wise", stability={"home": {"narrative": "Calm."}}, risk_level="medium", entered_on=MISSING)
    record["support_plan"]["items"].append(FIFTH)
    assert places(findings(record)) == [
        ("/entered_on", "E1"),
        ("/risk_level", "X-2"),
        ("/stability/professionals/narrative", "X-9"),
        ("/stability/school_or_learning/narrative", "X-9"),
        ("/support_plan/items", "P2"),
    ]


def test_every_fault_of_a_salford_record_is_told_at_once() -> None:
    only = [{"professional_ref": "sal-sw-9", "agency": "childrens_social_care", "role": "social_worker"}]
    record = example("rise", attendees=only, attached_to=MISSING, young_person__out_of_usual_age_reason=MISSING)
    assert places(findings(record)) == [
        ("/attached_to", "M4"),
        ("/attendees", "M1"),
        ("/young_person/out_of_usual_age_reason", "Y3"),
    ]


def test_education_may_be_absent_from_a_rise() -> None:
    record = example("rise", invited_absent=[])
    assert "education" not in {person["agency"] for person in record["attendees"]}
    assert findings(record) == Findings()


def test_an_nwg_that_does_not_know_of_trafficking_is_accepted() -> None:
    record = example("nwg")
    assert record["questions"]["trafficking"] == {"answer": "not_known"}
    assert findings(record) == Findings()


@pytest.mark.parametrize("name", ["wise", "rise", "nwg"])
def test_an_empty_record_is_told_everything_and_each_place_once(name: str) -> None:
    record = {"record_type": example(name)["record_type"]}
    found = [fault.pointer for fault in findings(record).errors]
    assert len(found) == len(set(found)) > 10
    assert found == sorted(found)


def test_faults_of_the_whole_record_stand_beside_those_of_a_rule() -> None:
    area = dict.fromkeys(("relationships", "functioning", "narratives", "carer_views", "friendships"), "a" * 8_000)
    long: dict[str, Any] = {f"areas__family_friends__{name}": text for name, text in area.items()}
    record = example("wise", entered_on=MISSING, analysis_narrative="a" * 8_000, areas__young_person__hopes="a" * 8_000,
                     areas__young_person__interests="a" * 8_000, **long)  # fmt: skip
    assert places(findings(record)) == [("", "F-length"), ("/entered_on", "E1")]


def test_a_list_that_is_too_long_is_told_beside_a_rule_about_one_of_its_items() -> None:
    words = {**example("wise")["areas"]["young_person"]["own_words"][0], "said_by_young_person": False}
    assert ("/areas/young_person/own_words", "F-length") in places(
        findings(example("wise", areas__young_person__own_words=[words] * 51))
    )


def test_thousands_of_faults_are_counted_and_some_listed() -> None:
    errors = findings(example("wise", **{f"x{number}": 1 for number in range(3_000)})).errors
    assert len(errors) == 201
    assert errors[0].code == "F-many"
    assert "3,000 faults" in errors[0].detail


def test_a_fault_has_four_members_and_its_pointer_is_escaped() -> None:
    assert set(Fault("/a", "X-1", "words").as_dict()) == {"pointer", "code", "detail", "fix"}
    assert pointer("a/b", 0, "~c") == "/a~1b/0/~0c"


def test_every_fault_says_what_to_do() -> None:
    found = [case.findings() for table in RESULTS for case in tabled(table)]
    said = [fault for each in found for fault in (*each.errors, *each.warnings, *each.holds)]
    assert all(fault.detail[-1] in ".?" and fault.fix.strip() for fault in said)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("odd", [None, 7, [[]], {"x": []}], ids=str)
def test_whatever_stands_where_something_else_should_no_rule_falls_over(name: str, odd: Any) -> None:
    """Every field of the examples in turn, groups and lists included."""
    whole = example(name)
    for path in paths(whole):
        record = example(name)
        put(record, list(path), odd)
        if record.get("record_type") == whole["record_type"]:
            assert findings(record)


def paths(value: Any, *path: str) -> Iterator[tuple[str, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in items:
        yield (*path, str(key))
        yield from paths(below, *path, str(key))
