"""Doubts, and what the report says and does not say."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace

import highspy
import numpy as np
import pytest

from service.central.audit import Report, as_json, as_text, audit
from service.central.audit.solver import Deadline, Doubt, Solver
from service.central.published import Release
from service.domain.fact import Fact
from tests.central.audit.support import Publisher, catalogue, cohort, facts, table, with_figure

OF = catalogue(table("by_sex", ("sex",)))
AMONG = facts(*(({"sex": sex, "authority": f"E080000{1 + n % 10:02}"}, 1) for sex in ("F", "M") for n in range(47)))
RELEASE = Publisher(OF, "2026Q3", AMONG).release()


def doubts(report: Report) -> list[str]:
    assert not report.passed
    return [each.what for each in report.findings if each.test == "doubt"]


def test_figures_that_contradict_each_other_are_a_doubt() -> None:
    release = with_figure(RELEASE, "by_sex", "total", value=50)
    assert doubts(audit(OF, [release], [AMONG])) == ["the figures contradict each other"]


def test_facts_that_do_not_fit_the_figures_are_a_doubt() -> None:
    release = with_figure(with_figure(RELEASE, "by_sex", "F", value=65), "by_sex", "total", value=115)
    assert doubts(audit(OF, [release], [AMONG])) == ["the facts do not fit the figures and their relations"]


def test_time_that_is_over_is_a_doubt() -> None:
    assert "the time allowed was over" in doubts(audit(OF, [RELEASE], [AMONG], seconds=0))[0]


@pytest.mark.parametrize(
    "changed",
    [{"authority": "E08009999"}, {"quarter": "2025Q3"}, {"quarter": "2031Q1", "succeeded_in": "2031Q1"}],
)
def test_a_fact_that_cannot_be_is_a_doubt(changed: dict[str, str]) -> None:
    among = AMONG + Counter([replace(next(iter(AMONG)), **changed)])
    assert doubts(audit(OF, [RELEASE], [among]))


def test_a_fact_of_a_missing_authority_is_a_doubt() -> None:
    release = Publisher(OF, "2026Q3", AMONG, missing=("E08000001",)).release()
    assert doubts(audit(OF, [release], [AMONG])) == ["a fact is outside the period, or of an authority that is missing"]


def test_a_solver_without_result_is_a_doubt() -> None:
    unbounded = Solver(np.zeros(1), np.full(1, highspy.kHighsInf), [], Deadline.after(9))
    with pytest.raises(Doubt, match="no result"):
        unbounded.least({0: -1.0})


@pytest.mark.parametrize(("releases", "among"), [([], []), ([RELEASE], []), ([RELEASE, RELEASE], [AMONG, AMONG])])
def test_what_cannot_be_audited_is_refused(releases: list[Release], among: list[Counter[Fact]]) -> None:
    with pytest.raises(ValueError, match="an audit needs"):
        audit(OF, releases, among)


LEAKING = facts(
    *(
        ({"sex": sex, "authority": f"E080000{1 + n % 10:02}"}, 1)
        for sex, number in (("F", 137), ("M", 130), ("not_recorded", 7))
        for n in range(number)
    )
)


def test_the_report_of_a_leak_tells_no_count() -> None:
    """Not_recorded is pinned to a few numbers, and known wholly to be among them; none of them may be read."""
    release = Publisher(OF, "2026Q3", LEAKING).release()
    report = audit(OF, [release], [LEAKING], digest="d" * 64)
    assert not report.passed
    text = as_text(report)
    assert "by_sex at not_recorded" in text
    numbers = {int(each) for each in re.findall(r"(?<![\w])\d+(?![\w])", text.split("Tables:")[1].split("\n\n", 1)[1])}
    assert numbers == set()
    assert "d" * 64 in text
    for finding in as_json(report)["findings"]:
        assert set(finding) == {"test", "what", "table", "at", "width", "who"}


def test_the_report_says_what_was_tried() -> None:
    report = audit(OF, [RELEASE], [AMONG])
    assert as_json(report)["tried"] == {
        "variables": 4,
        "relations": 1,
        "attacks": 1,
        "insiders": 10,
        "pairs": 45,
    }


MAKE = """
import json
from service.central.audit import as_json, as_text, audit
from tests.central.audit.test_report import cohort, Publisher, catalogue, table
of = catalogue(table("statement_by_sex", ("sex", "statement"), universe="stated"), table("people", ("authority",)))
among = cohort(5, 120)
report = audit(of, [Publisher(of, "2026Q3", among).release()], [among])
print(json.dumps(as_json(report)), as_text(report))
"""


def test_the_report_is_the_same_each_time() -> None:
    """In another process, whose sets have another order."""
    outputs = {
        subprocess.run(
            [sys.executable, "-c", MAKE], env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
    assert json.loads(outputs.pop().decode().split("} Audit")[0] + "}")["quarter"] == "2026Q3"
    assert cohort(5, 120).total() == 120
