"""docs/rules.md is what the catalogue says, has every rule of the model, and tells nothing that is not so."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from service.adapters.profiles.model import Rules
from service.domain.delivery import Reason, words_for
from service.domain.rules import RULES
from service.domain.rules.elsewhere import ELSEWHERE, NO_RULE, STRUCTURE
from service.domain.rules.page import SECTIONS, SETTINGS, page
from tests.domain.test_rules_case import Case
from tests.support.records import MISSING

ROOT = Path(__file__).parents[2]
TABLE = (
    "X-1 X-2 X-3 X-4 X-5 X-6 X-7 X-8 X-9 X-10 E1 E2 T1 T2 T3 W1 W2 W3 Y1 Y1b Y2 Y3 Y4 Y5 Y6 Y7 Y8 M1 M2 M3 M4 M5 M6 M7 "
    "M8 V1 V2 V3 V4 V5 V6 P1 P2 P3 P4 N1 N2 N3 N4 N5 R1 R2 R3 R4 R5 R6 TP1 TP2 TP3 TP4 TP5 TP6 C1 C2 I1 I2 S1 K-2 K-3 "
    "K-4 K-5 A-1 L-1"
)
STRUCTURAL = [
    Case("X-1", "wise", {"young_person__name": "Nobody"}, "/young_person/name"),
    Case("X-2", "wise", {"risk_level": "medium"}, "/risk_level"),
    Case("X-6", "wise", {"analysis_narrative": " "}, "/analysis_narrative"),
    Case("X-10", "wise", {"stability__home__level": 2}, "/stability/home/level"),
    Case("M4", "rise", {"attached_to": MISSING}, "/attached_to"),
    Case("N1", "nwg", {"professional_opinion": MISSING}, "/professional_opinion"),
    Case("N2", "nwg", {"plan__how_will_you_know": " "}, "/plan/how_will_you_know"),
    Case("N3", "nwg", {"questions__trafficking": MISSING}, "/questions/trafficking"),
    Case("K-4", "wise", {"schema_version": "0.9"}, "/schema_version"),
]


def listed() -> list[str]:
    return re.findall(r"^\| ([A-Z]+-?[0-9*]+b?) \|", page(), re.MULTILINE)


def test_the_page_is_current() -> None:
    assert (ROOT / "docs" / "rules.md").read_text("utf-8") == page()


def test_it_is_written_as_it_says() -> None:
    command = [sys.executable, "-m", "service.domain.rules"]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode() == page()


def test_every_rule_of_the_table_is_on_it_and_no_other() -> None:
    assert set(listed()) == {*TABLE.split(), "F-*"}


def test_every_rule_of_the_catalogue_has_its_line() -> None:
    codes = [rule.code for rule in RULES] + [each.code for each in ELSEWHERE] + [code for code, _ in NO_RULE]
    assert sorted(listed()) == sorted(codes)


def test_every_line_of_a_table_has_as_many_cells_as_its_head() -> None:
    for table in re.findall(r"(?:^\|.*\n)+", page(), re.MULTILINE):
        assert len({line.count("|") - line.count("\\|") for line in table.splitlines()}) == 1


@pytest.mark.parametrize("case", STRUCTURAL, ids=lambda case: case.code)
def test_what_is_kept_with_the_structure_is_said_as_the_page_says(case: Case) -> None:
    (fault,) = case.findings().errors
    kept = next(each for each in ELSEWHERE if each.code == case.code)
    said, fix = (re.escape(words).replace("…", ".*") for words in (kept.says, kept.fix))
    assert (fault.pointer, fault.code) == (case.pointer, case.code)
    assert re.fullmatch(said, fault.detail) and re.fullmatch(fix, fault.fix)


def test_no_rule_of_the_structure_is_left_untried() -> None:
    assert {case.code for case in STRUCTURAL} == {each.code for each in ELSEWHERE if each.where == STRUCTURE} - {"F-*"}


def test_every_setting_of_a_profile_is_on_it_with_what_holds_without() -> None:
    assert {name for name, _, _ in SETTINGS} == {field.name for field in fields(Rules)}
    for name, _, default in SETTINGS:
        value = getattr(Rules(), name)
        shown = {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool | str) else default
        assert shown == default or name == "child_id", name


def test_every_section_holds_rules() -> None:
    assert not [title for title in SECTIONS.values() if f"## {title}\n\n| rule" not in page()]
    assert "|---|\n\n" not in page()


def test_what_is_said_of_a_restricted_record_is_what_its_people_read() -> None:
    assert words_for(Reason.RESTRICTION_NOT_CARRIED) in page()
