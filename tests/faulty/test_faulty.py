"""Hundreds of faulty records: each is told its fault, at its place, and nothing of what it holds is repeated."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from service.api.schemas.check import check_record
from service.domain.policy import Result
from service.domain.rules import RULES
from service.domain.wording import WORDING
from tests.faulty.corpus import Faulty, corpus
from tests.support.bridge import STOCKPORT, Bridge
from tests.support.records import ADDRESS, NAMES, example
from tests.support.servers import Database
from tests.support.training import register, train_the_workers

CORPUS = corpus()
TODAY = date(2026, 11, 20)
STRUCTURAL = {"X-1", "X-2", "X-6", "X-10", "K-4"} | {code for code, _, _ in WORDING.values()}
LISTS = {Result.REJECT: "errors", Result.HOLD: "holds", Result.WARN: "warnings"}


@pytest.fixture(scope="module")
def bridge(session_database: Database, broker: str, config_dir: Path, keys_dir: Path) -> Iterator[Bridge]:
    """One service for all of them, that knows the examples' workers, and one whose training has ended."""
    session_database.empty()
    train_the_workers(session_database)
    register(session_database, STOCKPORT, "stk-sw-78", "wise_core")
    with session_database.as_admin() as connection:
        connection.execute("UPDATE training.record SET valid_until = '2026-09-01' WHERE professional_ref = 'stk-sw-78'")
    built = Bridge(session_database, broker, config_dir, keys_dir)
    yield built
    built.close()


def by_label(faulty: Faulty) -> str:
    return faulty.label


def at(faults: Iterable[dict[str, Any]]) -> set[tuple[str, str]]:
    return {(fault["pointer"], fault["code"]) for fault in faults}


def assert_told(faulty: Faulty, told: dict[str, Any]) -> None:
    assert at(told["errors"]) == faulty.refused
    assert faulty.place in at(told[LISTS[faulty.result]])
    assert told["valid"] is (faulty.result is not Result.REJECT)
    assert all(fault["detail"] and fault["fix"] for name in LISTS.values() for fault in told[name])


def assert_silent(faulty: Faulty, *answers: str) -> None:
    assert not [hidden for hidden in faulty.hidden for answer in answers if hidden in answer]


def text_of(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


@pytest.mark.parametrize("faulty", CORPUS, ids=by_label)
def test_it_is_told_its_fault_and_nothing_of_what_it_holds(faulty: Faulty) -> None:
    found = check_record(
        faulty.record(),
        record_type=faulty.record_type,
        policy=faulty.policy(),
        today=TODAY,
        known=faulty.known(),
    ).as_dict()
    assert_told(faulty, found)
    assert_silent(faulty, text_of(found), repr(found))


def test_the_service_says_the_same_over_http(bridge: Bridge) -> None:
    """In one pass over one running service, each record at its address; the examples were kept before."""
    for name in NAMES:
        kept = bridge.post(example(name))
        assert kept.status_code == 201, kept.text
    tried = [faulty for faulty in CORPUS if faulty.over_http]
    for faulty in tried:
        headers = bridge.headers(example(faulty.line["of"])["authority"])
        address = f"{ADDRESS[faulty.record_type]}/validate"
        answer = bridge.casework.post(
            address, data=text_of(faulty.record()), headers=headers, content_type="application/json"
        )
        assert answer.status_code == 200, (faulty.label, answer.text)
        told = answer.get_json()
        assert (faulty.label, at(told["errors"])) == (faulty.label, faulty.refused)
        assert faulty.place in at(told[LISTS[faulty.result]]), faulty.label
        answer.headers.remove("X-Request-ID")  # random digits, in which any short number turns up some day
        assert_silent(faulty, answer.text, text_of(told), str(answer.headers))
    assert len(tried) >= 250


def test_a_refused_record_is_refused_at_its_own_address_too(bridge: Bridge) -> None:
    """The problem document has the same faults and, again, nothing of the record. One of each theme."""
    seen: set[str] = set()
    for faulty in CORPUS:
        changed = faulty.record()
        if faulty.theme in seen or not faulty.over_http or not faulty.hidden or faulty.result is not Result.REJECT:
            continue
        seen.add(faulty.theme)
        headers = bridge.headers(example(faulty.line["of"])["authority"])
        answer = bridge.casework.post(ADDRESS[faulty.record_type], json=changed, headers=headers)
        assert (faulty.label, answer.status_code) == (faulty.label, 422)
        assert at(answer.get_json()["errors"]) == faulty.refused
        assert_silent(faulty, answer.text, text_of(answer.get_json()))
    assert len(seen) >= 10


def test_there_are_enough_of_them_and_each_stands_once() -> None:
    assert len(CORPUS) >= 150
    assert [label for label, times in Counter(faulty.label for faulty in CORPUS).items() if times > 1] == []
    assert len(
        {text_of([faulty.record(), faulty.line.get("policy"), faulty.line.get("known")]) for faulty in CORPUS}
    ) == len(CORPUS)


def test_every_rule_is_broken_by_one_of_them() -> None:
    broken = {faulty.line["code"] for faulty in CORPUS}
    assert {rule.code for rule in RULES} | STRUCTURAL <= broken


@pytest.mark.parametrize("result", Result)
def test_every_result_a_rule_has_is_met(result: Result) -> None:
    met = {faulty.line["code"] for faulty in CORPUS if faulty.result is result}
    assert {rule.code for rule in RULES if rule.result(CORPUS[0].policy()) is result} <= met


def test_what_must_not_be_repeated_was_sent() -> None:
    """Or the search for it would prove nothing."""
    said = [(faulty.label, text_of(faulty.record()) + str(faulty.record()), faulty.hidden) for faulty in CORPUS]
    assert [(label, each) for label, sent, hidden in said for each in hidden if each not in sent] == []
    assert sum(bool(hidden) for _, _, hidden in said) >= 150
