"""A few cohorts through everything: real releases over a real socket, and an intruder that finds nothing."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.intruder import drills
from tests.intruder.cohort import RELEASES, cohort
from tests.intruder.harness import RealHarness
from tests.intruder.mutations import MUTATIONS, leave_out
from tests.intruder.run import Result, run
from tests.support.servers import Database

SMALLEST, SMALL = 16, 1
"""The seeds of busy cohorts of ten and of thirty. Of the ten nearly everything is hidden for its own sake."""


@pytest.fixture
def harness(database: Database, tmp_path: Path) -> Iterator[RealHarness]:
    made = RealHarness(database, tmp_path)
    yield made
    made.close()


@pytest.mark.parametrize("seed", [8, 24, SMALL])
def test_the_intruder_finds_nothing(harness: RealHarness, seed: int) -> None:
    """Two quiet cohorts of ten, and a busy one of thirty."""
    result = run(seed, harness)
    assert result.breaches == []
    assert result.refused == {}
    assert result.tried["T1 counts"] > 0
    assert result.tried["T2 counts"] > 0
    assert result.tried["T5 files"] == 4 * len(RELEASES)
    assert Result.of(json.loads(json.dumps(result.as_dict()))) == result


def test_without_secondary_hiding_the_intruder_finds_small_counts(
    harness: RealHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    _without(monkeypatch, "secondary", "audit")
    result = run(SMALL, harness)
    assert result.refused == {}
    assert {each.test for each in result.breaches} & {"T1", "T2"}


def test_without_secondary_hiding_the_audit_refuses(harness: RealHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    _without(monkeypatch, "secondary")
    result = run(SMALL, harness)
    assert set(result.refused) == set(RELEASES)
    assert all("the audit did not pass" in why for why in result.refused.values())
    assert result.breaches == []


def test_without_hiding_small_counts_the_intruder_sees_them(
    harness: RealHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    _without(monkeypatch, "small", "secondary", "rounding", "audit")
    result = run(SMALLEST, harness)
    assert "T5" in {each.test for each in result.breaches}


def test_without_hiding_small_counts_nothing_is_built(harness: RealHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even with an audit that lets everything pass: protection meets figures that contradict its counts."""
    _without(monkeypatch, "small", "audit")
    result = run(SMALLEST, harness)
    assert set(result.refused) == set(RELEASES)


def test_nothing_that_is_no_fact_is_taken() -> None:
    tried, breaches = drills.schema(cohort(SMALLEST), seed=1)
    assert (tried, breaches) == (600, [])


def test_nothing_is_released_when_a_solver_fails(harness: RealHarness) -> None:
    tried, breaches = drills.fail_closed(harness, cohort(SMALLEST))
    assert breaches == []
    assert tried


def test_the_drill_of_failing_solvers_sees_an_audit_that_lets_everything_pass(
    harness: RealHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    _without(monkeypatch, "audit")
    assert {each.test for each in drills.failing_audits(harness, cohort(SMALLEST))} == {"T10"}


def test_a_release_stays_as_it_is(harness: RealHarness) -> None:
    tried, breaches = drills.ledger(harness, cohort(SMALLEST))
    assert breaches == []
    assert tried


def _without(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """As `leave_out`, and put back after the test: what stands there now is set first, so that it is remembered."""
    for each in MUTATIONS:
        if each.name in names:
            module = importlib.import_module(each.module)
            monkeypatch.setattr(module, each.attribute, getattr(module, each.attribute))
    leave_out(names)
