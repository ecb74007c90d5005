"""How a rule is tested: a record that breaks exactly one, and what is said of it. The tables stand beside."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from service.api.schemas.check import check_record
from service.domain.codes import RECORD_TYPES
from service.domain.faults import Findings
from service.domain.policy import Policy
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

    @property
    def label(self) -> str:
        return f"{self.code} {self.of} {','.join(self.changes) or self.pointer}"

    def findings(self) -> Findings:
        return findings(example(self.of, **self.changes), self.policy)


def findings(record: dict[str, Any], policy: Policy = POLICY) -> Findings:
    return check_record(record, record_type=record["record_type"], policy=policy, today=TODAY)


def places(found: Findings) -> list[tuple[str, str]]:
    return [(fault.pointer, fault.code) for fault in found.errors]


def assert_only_this_is_refused(case: Case) -> None:
    found = case.findings()
    assert places(found) == [(case.pointer, case.code)]
    assert found.warnings == ()
    assert case.says in f"{found.errors[0].detail} {found.errors[0].fix}"


def assert_only_this_is_warned_of(case: Case) -> None:
    found = case.findings()
    assert found.valid
    assert [(fault.pointer, fault.code) for fault in found.warnings] == [(case.pointer, case.code)]
    assert case.says in f"{found.warnings[0].detail} {found.warnings[0].fix}"


def ids(case: Case) -> str:
    return case.label


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_said_of_the_examples(name: str) -> None:
    assert findings(example(name)) == Findings()
