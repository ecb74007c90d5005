"""The structure of a record: any one wrong leaf is pointed at, any JSON at all is answered, no value is ever echoed."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import date
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.api.schemas.check import check_record
from service.domain import fields as domain
from service.domain.codes import LATEST
from service.domain.faults import Findings, pointer
from service.domain.fields import Code, Date, Field, Flag, Group, Instant, Many, Text, Token, Whole, leaves
from service.domain.policy import Policy
from service.domain.records import RECORDS
from tests.support.bridge import Bridge
from tests.support.records import ADDRESS, NAMES, example, put

BASIC: list[Any] = [None, [], {}, {"a": 1}, [["x"]], 3.5]
WRONG: dict[type[Field], list[Any]] = {
    Text: [*BASIC, 7, True, "", " \n", "...", "x" * 8_001],
    Token: [*BASIC, 7, False, "", "two words", "naïve", "x" * 70, "a\n"],
    Code: [*BASIC, 0, True, "", "not_a_code", "YES", "high"],
    Date: [*BASIC, 20260914, "", "2026-02-30", "14/09/2026", "2026-W37-1", "2026-09-14T00:00:00Z"],
    Instant: [*BASIC, 0, "", "2026-09-16", "2026-09-16T10:12:00", "10:12+01:00"],
    Whole: [*BASIC, "15", True, -1, 100, 10**14, 15.0],
    Flag: [*BASIC, 0, 1, "true", "no", ""],
}
Path = tuple[str | int, ...]


def sites(value: Any, field: Field, path: Path = ()) -> Iterator[tuple[Path, Field]]:
    """Where the leaves of this record are, and what each should be."""
    if isinstance(field, Group):
        for name, below in value.items():
            yield from sites(below, field.fields[name], (*path, name))
    elif isinstance(field, Many):
        for index, below in enumerate(value):
            yield from sites(below, field.item, (*path, index))
    else:
        yield path, field


SITES = [(name, *site) for name in NAMES for site in sites(example(name), RECORDS[example(name)["record_type"]])]


@st.composite
def mistakes(draw: st.DrawFn) -> tuple[dict[str, Any], str]:
    """An example with one leaf of the wrong kind, and the pointer to it."""
    name, path, field = draw(st.sampled_from(SITES))
    wrong = [value for value in WRONG[type(field)] if value is not None or not field.nullable]
    if isinstance(field, Text) and field.words:
        wrong.remove("...")  # a young person may answer so, and it is theirs
    record = example(name)
    put(record, [str(part) for part in path], copy.deepcopy(draw(st.sampled_from(wrong))))
    return record, pointer(*path)


def findings(record: dict[str, Any], record_type: str) -> Findings:
    return check_record(record, record_type=record_type, policy=Policy("E08000007", "S"), today=date(2026, 11, 20))


@settings(max_examples=300, deadline=None, derandomize=True)
@given(mistakes())
def test_any_one_leaf_of_the_wrong_kind_is_pointed_at(mistake: tuple[dict[str, Any], str]) -> None:
    record, place = mistake
    record_type = record["record_type"] if place != "/record_type" else "wise_assessment"
    assert place in {fault.pointer for fault in findings(record, record_type).errors}


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mistakes().filter(lambda mistake: mistake[1] not in ("/record_type", "/authority")))
def test_the_service_answers_such_a_record_with_422_and_that_pointer(
    bridge: Bridge, mistake: tuple[dict[str, Any], str]
) -> None:
    record, place = mistake
    answer = bridge.post(record)
    assert answer.status_code == 422
    assert place in {fault["pointer"] for fault in answer.get_json()["errors"]}


NAMES_OF_FIELDS = sorted(
    {part for record in RECORDS.values() for path, _ in leaves(record) for part in path.split("/") if part not in "*"}
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12)
    | st.sampled_from(["paper", "other", "NONE", "at_risk", "0001-01-01", "9999-12-31", "2026-09-14", "withdrawal"])
)
KEYS = st.sampled_from([*NAMES_OF_FIELDS, "_schema", "score"]) | st.text(max_size=6)
ANYTHING = st.recursive(
    SCALARS, lambda below: st.lists(below, max_size=3) | st.dictionaries(KEYS, below, max_size=4), max_leaves=20
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(KEYS, ANYTHING, max_size=6), st.sampled_from(sorted(RECORDS)))
def test_any_json_object_is_answered(record: dict[str, Any], record_type: str) -> None:
    json.dumps(findings(record, record_type).as_dict())


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(NAMES)), st.data())
def test_any_json_at_any_place_of_a_record_is_answered(name: str, data: st.DataObject) -> None:
    record = example(name)
    place = data.draw(st.sampled_from([path for of, path, _ in SITES if of == name]))
    depth = data.draw(st.integers(1, len(place)))
    put(record, [str(part) for part in place[:depth]], data.draw(ANYTHING))
    json.dumps(findings(record, example(name)["record_type"]).as_dict())


def filled(field: Field, mark: Iterator[str], *, number: Iterator[int]) -> Any:
    """Every field of a record there, and in every one of them something that is recognised if it comes back."""
    match field:
        case Group():
            return {name: filled(child, mark, number=number) for name, child in field.fields.items()}
        case Many():
            return [filled(field.item, mark, number=number) for _ in range(2)]
        case Whole():
            return next(number)
    return next(mark)


MARKS = {
    "a text": "Zqx{} Vrbl",
    "a reference": "Zqx{}Vrbl",
    "a text that is too long": "Zqx{} " + "Vrbl" * 2_001,
    "something like a date": "Zqx{}-Vrbl",
    "a line": "Zqx{}\nVrbl",
}


@pytest.mark.parametrize("mark", MARKS.values(), ids=list(MARKS))
@pytest.mark.parametrize("record_type", RECORDS)
def test_no_fault_ever_says_what_stood_in_the_record(record_type: str, mark: str) -> None:
    record = filled(RECORDS[record_type], (mark.format(number) for number in count()), number=count(7_707_000_000))
    record |= {"schema_version": LATEST.name}
    said = json.dumps(findings(record, record_type).as_dict(), ensure_ascii=False)
    assert "F-" in said
    assert not any(part in said for part in ("Zqx", "Vrbl", "7707"))


@pytest.mark.parametrize("name", ["wise", "rise", "nwg"])
def test_nor_does_the_problem_document(bridge: Bridge, name: str) -> None:
    good = example(name)
    marks, numbers = (f"Zqx{number} Vrbl" for number in count()), count(7_707_000_000)
    record = filled(RECORDS[good["record_type"]], marks, number=numbers)
    record |= {
        "authority": good["authority"],
        "schema_version": LATEST.name,
        "nickname": "Zqx Vrbl",
        "score": ["Zqx", 7_707_000_000],
    }
    record["young_person"]["surname"] = {"Zqx": "Vrbl"}
    answer = bridge.post(record | {"record_type": good["record_type"]})
    assert answer.status_code == 422
    assert len(answer.get_json()["errors"]) > 50
    assert not any(part in f"{answer.text}{answer.headers}" for part in ("Zqx", "Vrbl", "7707"))


@pytest.mark.parametrize("name", ["wise", "rise", "nwg"])
def test_nor_a_rule_that_speaks_of_a_value(name: str) -> None:
    """One leaf after the other, in an otherwise good record, so that no other fault hides what is said of it."""
    for path, field in sites(example(name), RECORDS[example(name)["record_type"]]):
        if isinstance(field, Text | Token | Code):
            record = example(name)
            put(record, [str(part) for part in path], "Zqx Vrbl")
            assert "Zqx" not in str(findings(record, example(name)["record_type"]).as_dict()), path


@pytest.mark.parametrize("record_type", ADDRESS)
def test_a_record_at_the_address_of_another_kind_is_told_where_to_go(bridge: Bridge, record_type: str) -> None:
    for other, address in ADDRESS.items():
        name = next(name for name in NAMES if example(name)["record_type"] == record_type)
        record = example(name, submission_id=f"at-{other}")
        answer = bridge.casework.post(address, json=record, headers=bridge.headers(record["authority"]))
        if other == record_type:
            assert answer.status_code == 201
        else:
            fixes = {fault["pointer"]: fault["fix"] for fault in answer.get_json()["errors"]}
            assert f"Post it to {ADDRESS[record_type]}, or" in fixes["/record_type"]


def test_each_kind_of_field_has_wrong_values_here() -> None:
    kinds = {each for each in vars(domain).values() if isinstance(each, type) and issubclass(each, Field)}
    assert kinds - {Field, Group, Many} == set(WRONG)
