"""The quick look at a record's structure passes nothing that the schema finds a fault in, and passes what is sound."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import example as for_example
from hypothesis import strategies as st

from service.api.schemas.clean import clean
from service.api.schemas.structure import build_schema, clean_for, faults_of, schema_for, structural_faults
from service.domain.codes import EDITIONS
from service.domain.fields import Code, Date, Field, Flag, Group, Instant, Klass, Many, Text, Token, Whole
from service.domain.records.narrowed import WITHDRAWN, edition_of, is_withdrawal
from service.domain.scores import BANDS
from tests.faulty.corpus import Faulty, corpus
from tests.support.records import EXAMPLES, NAMES, example

K = Klass.OPERATIONAL
CODES = ("high_school", "none")
KINDS: dict[str, Field] = {
    "text": Text(klass=K, max=20),
    "words": Text(klass=K, max=20, words=True),
    "token": Token(klass=K, pattern=r"[A-Za-z0-9_-]{1,12}", max=12, example="x"),
    "code": Code(klass=K, codes=CODES),
    "date": Date(klass=K),
    "instant": Instant(klass=K),
    "whole": Whole(klass=K, min=0, max=25),
    "flag": Flag(klass=K),
    "sure": Flag(klass=K, only_true=True),
    "many": Many(item=Whole(klass=K, min=1, max=2), min=1, max=3),
    "group": Group(fields={"inner": Text(klass=K, required=True), "other": Flag(klass=K)}),
    "nullable": Code(klass=K, codes=CODES, nullable=True),
}
TELLING = st.sampled_from(
    [*BANDS, " High ", "low.", "_medium_", "LOW!", "loW risk", "hi", "high_school", "none", "", " ", ".", "\u00e9",
     "\u212a", "\uff48\uff49\uff47\uff48", "2026-02-29", "2024-02-29", "2026-11-22T09:00Z", "2026-11-22T25:00Z",
     "1" * 21, "\u0661", 0, 1, 2, 25, 26, -1, 1.0, 10**20, True, False, None, [], [1], [1, 2], [3], [[1]], [True], {},
     {"inner": "x"}, {"inner": "x", "more": 1}, {"inner": None}, {"_schema": "x"}]
)  # fmt: skip
ANYTHING = TELLING | st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=25),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from([*KINDS, "inner", "x"]), inner),
    max_leaves=6,
)


@pytest.mark.parametrize("name", KINDS)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(value=ANYTHING)
@for_example(value="high")
@for_example(value=True)
def test_every_kind_is_judged_as_the_schema_judges_it(name: str, value: Any) -> None:
    group = Group(fields={"it": KINDS[name]})
    assert clean(group)({"it": value}) is (faults_of(build_schema(group), {"it": value}) == [])


@pytest.mark.parametrize("value", [{}, {"it": "x", "that": "x"}, [], None, "it", 1])
def test_what_is_missing_or_unknown_is_not_sound(value: Any) -> None:
    assert clean(Group(fields={"it": Text(klass=K, required=True)}))(value) is False


FILES = [*(f"{name}.json" for name in NAMES.values()), "withdrawals/stockport.json"]


@pytest.mark.parametrize("file", FILES)
def test_the_examples_take_the_short_way(file: str) -> None:
    record = json.loads((EXAMPLES / file).read_text("utf-8"))
    kind = WITHDRAWN if is_withdrawal(record) else record["record_type"]
    assert clean_for(kind, edition_of(record).name)(record) is True


@pytest.mark.parametrize("faulty", corpus(), ids=lambda faulty: faulty.label)
def test_no_faulty_record_is_passed(faulty: Faulty) -> None:
    record = faulty.record()
    kind = WITHDRAWN if is_withdrawal(record) else faulty.record_type
    for edition in EDITIONS:
        assert clean_for(kind, edition)(record) is (faults_of(schema_for(kind, edition), record) == [])


def _places(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, each in inner for place in _places(each, (*path, key)))]


RECORDS = {name: example(name) for name in NAMES}
PLACES = {name: [place for place in _places(record) if place] for name, record in RECORDS.items()}


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_record_changed_anywhere_is_judged_as_the_schema_judges_it(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(RECORDS)))
    record = copy.deepcopy(RECORDS[name])
    *way, last = data.draw(st.sampled_from(PLACES[name]))
    below: Any = record
    for part in way:
        below = below[part]
    change = data.draw(st.sampled_from(["set", "remove", "add"]))
    if change == "remove":
        del below[last]
    elif change == "add" and isinstance(below, dict):
        below[data.draw(st.sampled_from(["risk_score", "level", "x", "_schema", "narrative"]))] = data.draw(ANYTHING)
    else:
        below[last] = data.draw(ANYTHING)
    kind = record["record_type"] if isinstance(record.get("record_type"), str) else RECORDS[name]["record_type"]
    if kind in ("wise_assessment", "rise_meeting_output", "nwg_assessment"):
        faults = faults_of(schema_for(kind, "1.1"), record)
        assert clean_for(kind, "1.1")(record) is (faults == [])


def test_too_much_text_in_all_is_told_of_a_record_that_is_sound_otherwise() -> None:
    record = example("wise")
    record["areas"]["family_friends"]["relationships_to_strengthen"] = ["x" * 7_000] * 9
    assert clean_for("wise_assessment", "1.1")(record) is True
    assert [(fault.pointer, fault.code) for fault in structural_faults(record, "wise_assessment")] == [("", "F-length")]
