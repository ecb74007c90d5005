"""How a rule is tested: a record that breaks exactly one, and what is said of it. The tables stand beside."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from service.api.schemas.check import check_record
from service.domain.codes import RECORD_TYPES
from service.domain.faults import Fault, Findings
from service.domain.policy import Policy
from service.domain.rules import NOTHING_KNOWN, Known
from tests.support.records import NAMES, example

TODAY = date(2026, 11, 20)
POLICY = Policy("E08000007", "Stockport", dict.fromkeys(RECORD_TYPES, "a form"))


@dataclass(frozen=True)
class Case:
    """An example with changes (see `tests.support.records.example`), the one place that is faulty, and the words."""

    code: str
    of: str
    changes: dict[str, Any]
    pointer: str
    says: str = ""
    policy: Policy = field(default=POLICY)
    known: Known = field(default=NOTHING_KNOWN)
    thorough: bool = False

    @property
    def label(self) -> str:
        return f"{self.code} {self.of} {','.join(self.changes) or self.pointer}"

    def findings(self) -> Findings:
        return findings(example(self.of, **self.changes), self.policy, self.known, thorough=self.thorough)


def findings(
    record: dict[str, Any], policy: Policy = POLICY, known: Known = NOTHING_KNOWN, *, thorough: bool = False
) -> Findings:
    kind = record["record_type"]
    return check_record(record, record_type=kind, policy=policy, today=TODAY, known=known, thorough=thorough)


def places(found: Findings) -> list[tuple[str, str]]:
    return where(found.errors)


def where(faults: Iterable[Fault]) -> list[tuple[str, str]]:
    return [(fault.pointer, fault.code) for fault in faults]


def assert_only_this_is_refused(case: Case) -> None:
    found = case.findings()
    assert (found.warnings, found.holds) == ((), ())
    assert_just(case, found.errors)


def assert_only_this_is_warned_of(case: Case) -> None:
    found = case.findings()
    assert (found.errors, found.holds) == ((), ())
    assert_just(case, found.warnings)


def assert_only_this_is_held(case: Case) -> None:
    found = case.findings()
    assert (found.errors, found.warnings) == ((), ())
    assert_just(case, found.holds)


def assert_just(case: Case, faults: tuple[Fault, ...]) -> None:
    assert where(faults) == [(case.pointer, case.code)]
    assert case.says in f"{faults[0].detail} {faults[0].fix}"


def ids(case: Case) -> str:
    return case.label


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_said_of_the_examples(name: str) -> None:
    assert findings(example(name)) == Findings()
