"""What is published is what is judged: the JSON Schemas accept the records whose structure has no fault, no others."""

from __future__ import annotations

import json
import os
import re
import sys
import unicodedata
from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from marshmallow import Schema

from service.api.schemas import patterns, structural_faults
from service.api.schemas.check import check_record
from service.api.schemas.json_schema import json_schema
from service.api.schemas.published import KINDS, published_schemas
from service.api.schemas.structure import TEXT_TOTAL_MAX, build_schema, faults_of
from service.domain.codes import EDITIONS, RECORD_TYPES
from service.domain.fields import Code, Date, Field, Flag, Group, Instant, Klass, Many, Text, Whole
from service.domain.london import as_date
from service.domain.policy import Policy
from service.domain.records.narrowed import WITHDRAWN, is_withdrawal, records_of
from service.domain.scores import is_band
from tests.support.generate import HOSTILE, NARRATIVES, OWN_WORDS, at, changed, nearly, others, places, values
from tests.support.records import MISSING, NAMES, example, put

TIMES = int(os.environ.get("TEST_EXAMPLES_TIMES", "1"))
"""More examples at night: `TEST_EXAMPLES_TIMES=50`. By day always the same ones, so that a red test stays red."""

PUBLISHED = {key: json.loads(body) for key, body in published_schemas().items()}


def examples(count: int) -> settings:
    return settings(max_examples=count * TIMES, deadline=None, derandomize=TIMES == 1, database=None)


@cache
def published(kind: str, edition: str) -> Draft202012Validator:
    return Draft202012Validator(PUBLISHED[kind, edition])


def accepts(kind: str, edition: str, record: Any) -> bool:
    return bool(published(kind, edition).is_valid(record))


def is_of(record: dict[str, Any], kind: str, edition: str) -> bool:
    """Whether the service judges this record as one of this kind and edition, and finds it at the right address."""
    if record.get("schema_version") != edition or is_withdrawal(record) != (kind == WITHDRAWN):
        return False
    return kind == WITHDRAWN or record.get("record_type") == kind


def sound(record: dict[str, Any], kind: str) -> bool:
    return structural_faults(record, RECORD_TYPES[0] if kind == WITHDRAWN else kind) == []


# One field at a time


def catalogue() -> Iterator[Field]:
    for edition in EDITIONS:
        for group in records_of(edition).values():
            yield from _fields(group)


def _fields(field: Field) -> Iterator[Field]:
    yield field
    if isinstance(field, Group):
        for child in field.fields.values():
            yield from _fields(child)
    elif isinstance(field, Many):
        yield from _fields(field.item)


def alone(field: Field) -> tuple[Draft202012Validator, Schema]:
    """Both judges, of records with this one field."""
    group = Group(fields={"it": field})
    return Draft202012Validator(json_schema(group, title="One field", identifier="urn:x")), build_schema(group)


OTHERS = [
    Text(klass=Klass.NARRATIVE, max=3, nullable=True, required=True),
    Code(klass=Klass.CODED, codes=("high", "1"), nullable=True),
    Code(klass=Klass.CODED, codes=("yes",), nullable=True),
    Flag(klass=Klass.OPERATIONAL, only_true=True, nullable=True),
    Whole(klass=Klass.QUASI, min=-1, max=1, nullable=True, required=True),
    Date(klass=Klass.QUASI, nullable=True),
    Instant(klass=Klass.QUASI, nullable=True),
    Many(item=Text(klass=Klass.NARRATIVE, words=True, nullable=True), min=1, max=2, nullable=True),
]
"""What the catalogue doesn't have today, and could have tomorrow."""

KINDS_OF_FIELD = {repr(field): field for field in [*catalogue(), *OTHERS]}
LEAVES = [field for field in KINDS_OF_FIELD.values() if not isinstance(field, Group | Many)]


@pytest.mark.parametrize("field", KINDS_OF_FIELD.values(), ids=lambda field: type(field).__name__)
def test_each_field_takes_the_same_of_all_that_could_stand_there(field: Field) -> None:
    schema, judge = alone(field)
    verdicts = set()
    for record in [{}, *({"it": value} for value in [*HOSTILE, *OWN_WORDS])]:
        verdict = faults_of(judge, record) == []
        verdicts.add(verdict)
        assert schema.is_valid(record) is verdict, record
    assert False in verdicts


@examples(250)
@given(st.data())
def test_each_leaf_takes_the_same_of_what_is_nearly_right(data: st.DataObject) -> None:
    field = data.draw(st.sampled_from(LEAVES))
    value = data.draw(values(field))
    schema, judge = _alone(repr(field))
    assert schema.is_valid({"it": value}) and faults_of(judge, {"it": value}) == []
    other = data.draw(others(field, value))
    record = {} if other is MISSING else {"it": other}
    assert schema.is_valid(record) is (faults_of(judge, record) == [])


@cache
def _alone(field: str) -> tuple[Draft202012Validator, Schema]:
    return alone(KINDS_OF_FIELD[field])


# Whole records


GROUPS = {(kind, edition): records_of(edition)[kind] for kind in KINDS for edition in EDITIONS}


def goods(kind: str, edition: str) -> st.SearchStrategy[dict[str, Any]]:
    said = {"schema_version": edition} | ({} if kind == WITHDRAWN else {"record_type": kind})
    drawn = values(GROUPS[kind, edition])
    return drawn.map(lambda record: {**record, **said, **_submission_kind(record, kind)})


def _submission_kind(record: dict[str, Any], kind: str) -> dict[str, str]:
    return {"submission_kind": "new"} if kind != WITHDRAWN and is_withdrawal(record) else {}


GOODS = {key: goods(*key) for key in GROUPS}


@pytest.mark.parametrize(("kind", "edition"), GROUPS)
@examples(12)
@given(st.data())
def test_a_record_is_accepted_by_both_or_by_neither(kind: str, edition: str, data: st.DataObject) -> None:
    record = data.draw(GOODS[kind, edition])
    assert sound(record, kind) and accepts(kind, edition, record)
    for _ in range(4):
        other = data.draw(changed(record, GROUPS[kind, edition]))
        assert accepts(kind, edition, other) is (sound(other, kind) and is_of(other, kind, edition))


EXAMPLES = {name: example(name) for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_what_the_service_accepts_the_schema_accepts(name: str) -> None:
    """Each place of an example taken out, and replaced: often the rules still have nothing against it."""
    record = EXAMPLES[name]
    kind, edition = record["record_type"], record["schema_version"]
    accepted = 0
    for path, _ in list(places(record, GROUPS[kind, edition]))[1:]:
        for value in (MISSING, "A", 1):
            other = example(name)
            put(other, [str(part) for part in path], value)
            if valid(other, kind):
                accepted += 1
                assert accepts(kind, edition, other)
    assert accepted > 50


def valid(record: dict[str, Any], kind: str) -> bool:
    authority = str(record.get("authority"))
    return check_record(record, record_type=kind, policy=Policy(authority, "S"), today=date(2026, 11, 22)).valid


@pytest.mark.parametrize("name", NAMES)
def test_an_example_matches_the_schema_of_its_own_kind_and_edition_only(name: str) -> None:
    record = EXAMPLES[name]
    own = (record["record_type"], record["schema_version"])
    assert [key for key in PUBLISHED if accepts(*key, record)] == [own]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("field", ["record_type", "schema_version", "submission_kind"])
def test_what_says_that_it_is_something_else_is_for_another_schema(name: str, field: str) -> None:
    """A reader with one schema must not take what the service judges by another for good."""
    record = EXAMPLES[name]
    kind, edition = record["record_type"], record["schema_version"]
    other = {
        "record_type": [each for each in RECORD_TYPES if each != kind],
        "schema_version": [each for each in EDITIONS if each != edition],
        "submission_kind": [WITHDRAWN],
    }
    assert accepts(kind, edition, record)
    assert other[field]
    assert not any(accepts(kind, edition, record | {field: value}) for value in other[field])


# The two exceptions


def test_the_schema_says_what_it_cannot_say() -> None:
    for schema in PUBLISHED.values():
        assert "60,000 characters" in schema["$comment"]
        assert "15.0" in schema["$comment"]


def test_it_cannot_say_how_much_text_there_may_be_in_all() -> None:
    record = example("wise", areas__young_person__strengths=["x" * 8_000] * (TEXT_TOTAL_MAX // 8_000 + 1))
    assert [fault.pointer for fault in structural_faults(record, "wise_assessment")] == [""]
    assert accepts("wise_assessment", record["schema_version"], record)


def test_it_cannot_tell_15_from_15_0() -> None:
    wholes = [field for field in LEAVES if isinstance(field, Whole)]
    for field, number in product(wholes, (0.0, 1.0, 15.0, 1e15)):
        schema, judge = alone(field)
        assert faults_of(judge, {"it": number})
        assert schema.is_valid({"it": number}) is (field.min <= number <= field.max)


# The patterns


def test_a_date_is_one_that_there_is() -> None:
    found = re.compile(patterns.DATE)
    years = [*range(41), *range(1880, 2120), *range(0, 10_000, 100), 9_996, 9_999]
    for year, month, day in product(years, range(14), range(33)):
        text = f"{year:04}-{month:02}-{day:02}"
        assert bool(found.search(text)) is (as_date(text) is not None), text
    for year in range(10_000):
        assert bool(found.search(f"{year:04}-02-29")) is (as_date(f"{year:04}-02-29") is not None)


EVERY_SIGN = "".join(map(chr, [*range(0xD800), *range(0xE000, sys.maxunicode + 1)]))


def test_letters_and_digits_are_those_of_unicode() -> None:
    found = re.findall(patterns.letter_or_digit(), EVERY_SIGN)
    assert found == [sign for sign in EVERY_SIGN if unicodedata.category(sign)[0] in "LN"]


def test_space_is_what_the_service_strips() -> None:
    assert re.findall(f"[{patterns.SPACE}]", EVERY_SIGN) == [sign for sign in EVERY_SIGN if not sign.strip()]


def test_no_other_letter_becomes_one_of_a_score_word() -> None:
    found = re.compile(patterns.score_word())
    for place, sign in product(range(len("high risk")), EVERY_SIGN[:0x10000]):
        text = "high risk"[:place] + sign + "high risk"[place + 1 :]
        if is_band(text) != bool(found.search(text)):
            pytest.fail(f"U+{ord(sign):04X} at {place}")


@examples(400)
@given(st.sampled_from(["high", "medium", "LOW", "high risk", "low_risk", "high/medium/low"]), st.data())
def test_a_score_word_is_what_the_service_takes_for_one(text: str, data: st.DataObject) -> None:
    around = st.text("\t\n \u00a0\u3000_-.!,\u200b\ufeff\x1c", max_size=3)
    near = data.draw(around) + data.draw(nearly(text)) + data.draw(around)
    assert bool(re.search(patterns.score_word(), near)) is is_band(near)


def all_patterns(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from (value for key, value in schema.items() if key == "pattern" and isinstance(value, str))
        schema = list(schema.values())
    for below in schema if isinstance(schema, list) else ():
        yield from all_patterns(below)


PORTABLE = re.compile(r"(?:[^\\]|\\[tnr.]|\\x[0-9a-f]{2}|\\u[0-9a-f]{4})*")


def test_no_pattern_says_what_validators_read_differently() -> None:
    r"""No `\d`, `\w`, `\s`, `\Z`, `(?i)`, `(?P<`, no open dot, and no end that lets a line break pass."""
    found = {pattern for schema in PUBLISHED.values() for pattern in all_patterns(schema)}
    for pattern in found:
        assert PORTABLE.fullmatch(pattern), pattern
        outside = re.sub(r"\[[^]]*\]|\\.", "", pattern)
        assert not re.search(r"\.|\(\?(?![:!])", outside), pattern
        assert "$" not in outside.replace("$(?!)", ""), pattern
    assert len(found) > 8


# How it reads


@pytest.mark.parametrize("schema", PUBLISHED.values(), ids=map(str, PUBLISHED))
def test_each_is_a_schema_with_an_address_of_its_own(schema: dict[str, Any]) -> None:
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert len({each["$id"] for each in PUBLISHED.values()}) == len(PUBLISHED)


@pytest.mark.parametrize(("kind", "edition"), list(GROUPS))
def test_every_field_has_its_heading_and_every_code_its_words(kind: str, edition: str) -> None:
    for path, field in described(GROUPS[kind, edition]):
        node = at(PUBLISHED[kind, edition], path)
        if not isinstance(field, Group | Many) and path[-1] != "items":
            assert node["title"], path
        if isinstance(field, Code):
            said = [line.split(": ", 1) for line in node["description"].splitlines()]
            allowed = node.get("enum", [node.get("const")])
            assert [code for code, _ in said] == allowed
            assert all(words for _, words in said)


def described(group: Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Field]]:
    for name, field in group.fields.items():
        here: tuple[str, ...] = (*path, "properties", name)
        yield here, field
        item, below = (field.item, (*here, "items")) if isinstance(field, Many) else (field, here)
        if isinstance(item, Group):
            yield from described(item, below)
        elif item is not field:
            yield below, item


def test_a_list_of_leaves_carries_their_heading() -> None:
    strengths = at(PUBLISHED["wise_assessment", "1.0"], ("properties", "areas", "properties", "young_person"))
    assert strengths["properties"]["strengths"]["title"] == "Strengths"


def test_good_texts_are_good() -> None:
    judge = build_schema(Group(fields={"it": Text(klass=Klass.NARRATIVE)}))
    assert [text for text in NARRATIVES if faults_of(judge, {"it": text})] == []
