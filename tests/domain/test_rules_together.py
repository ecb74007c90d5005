"""All at once: several faults in one record, one message a place, and the variants people get wrong."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from service.domain.faults import Fault, Findings, pointer
from service.domain.rules import RULES
from service.domain.wording import WORDING
from tests.domain.test_rules_case import findings, places
from tests.support.records import MISSING, example

TABLES = ("test_rules_structure", "test_rules_statements", "test_rules_person", "test_rules_meeting_and_nwg")
STRUCTURAL = {"X-1", "X-2", "X-6", "X-10"}
FIFTH = {"what": "One more thing", "who_will": "stk-sw-21", "status": "active"}


def tabled(table: str) -> set[str]:
    return {case.code for name in TABLES for case in getattr(import_module(f"tests.domain.{name}"), table, [])}


def test_every_rule_stands_in_a_table_of_these_tests() -> None:
    rejecting, warning = ({rule.code for rule in RULES if rule.rejects is kind} for kind in (True, False))
    assert tabled("CASES") == rejecting | STRUCTURAL | {code for code, _, _ in WORDING.values()}
    assert tabled("WARNED") == warning


def test_every_file_of_rules_is_run() -> None:
    folder = Path(import_module("service.domain.rules").__file__ or "").parent
    files = {file.stem for file in folder.glob("*.py")} - {"__init__", "catalogue", "subject"}
    assert {rule.check.__module__.rpartition(".")[2] for rule in RULES} == files


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
    modules = [import_module(f"tests.domain.{name}") for name in TABLES]
    cases = [case for module in modules for case in [*module.CASES, *getattr(module, "WARNED", [])]]
    told = [fault for case in cases for fault in (*case.findings().errors, *case.findings().warnings)]
    assert all(fault.detail.endswith(".") and fault.fix.strip() for fault in told)
