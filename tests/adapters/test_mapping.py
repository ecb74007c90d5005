"""Mapping records: what becomes of a record, and that nothing of one is lost on the way."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example as example_of
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from service.adapters.mapping import CompiledMapping, Files, MappingFile, compile_mapping, load_mapping
from service.adapters.mapping.renderings import RENDERINGS
from service.domain import words as english
from service.domain.delivery import Reason
from service.domain.fields import Code, Date, Field, Flag, Group, Instant, Many, Text, Token, Whole, leaves
from service.domain.records import RECORDS
from service.errors import NeedsHuman
from service.ports import Answer

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "tests/examples").glob("*-*.json"))
WISE = "lcs/wise_assessment.yaml"


def load(name: str, config: Path = ROOT / "config") -> MappingFile:
    files = Files(config)
    mapping = load_mapping(files, name)
    assert mapping is not None, files.faults
    return mapping


KINDS = ("lcs", "mosaic", "eclipse", "caredirector", "plain")
MAPPINGS = {name: load(name) for name in (f"{kind}/{record}.yaml" for kind in KINDS for record in RECORDS)}
COMPILED = {name: compile_mapping(mapping) for name, mapping in MAPPINGS.items()}


@pytest.fixture
def config(tmp_path: Path) -> Path:
    for folder in ("mappings", "forms"):
        shutil.copytree(ROOT / "config" / folder, tmp_path / folder)
    return tmp_path


def example() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / "tests/examples/wise_assessment-stockport.json").read_text("utf-8"))
    return found


def wise_with(config: Path, file: str, row: str, instead: str) -> CompiledMapping:
    """The WISE mapping with one row written otherwise."""
    path = config / "mappings/lcs" / file
    before = path.read_text("utf-8")
    assert row in before
    path.write_text(before.replace(row, instead), "utf-8")
    return compile_mapping(load(WISE, config))


URDU = "میں چاہتی ہوں کہ کوئی میری بات سنے"
EMOJI = "👩🏽‍🍳 baking w/ nan 🧁 — “it's   fine” \t ok\n\n<b>&amp;</b> é é"
LONG = ("I said it once. " * 500)[:8_000]


def present(node: Field, value: Any, path: str = "") -> Iterator[tuple[str, Field, Any]]:
    """Every value a record holds, as (path, field, value)."""
    if value is None:
        return
    if isinstance(node, Group):
        for name, child in value.items():
            yield from present(node.fields[name], child, f"{path}/{name}")
    elif isinstance(node, Many):
        for item in value:
            yield from present(node.item, item, f"{path}/*")
    else:
        yield path, node, value


def expected_words(field: Field, value: Any) -> list[str]:
    """What must be found in one of the answers for this value."""
    match field:
        case Code():
            return [english.words(field.codes, value), value]
        case Flag():
            return ["Yes" if value else "No"]
        case Date():
            return [value, str(int(value[8:]))]
    return [str(value)]


def assert_nothing_lost(mapping: MappingFile, record: dict[str, Any], answers: tuple[Answer, ...]) -> None:
    by_code: dict[str, list[str]] = {}
    for answer in answers:
        by_code.setdefault(answer.code, []).append(answer.value)
    for path, field, value in present(RECORDS[mapping.record_type], record):
        if mapping.leaves_out(path):
            continue
        said = [text for row in mapping.rows if row.path == path for text in by_code.get(row.to, [])]
        assert any(words in text for text in said for words in expected_words(field, value)), path


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
@pytest.mark.parametrize("kind", KINDS)
def test_the_examples_map_fully(path: Path, kind: str) -> None:
    record = json.loads(path.read_text("utf-8"))
    name = f"{kind}/{record['record_type']}.yaml"
    assert_nothing_lost(MAPPINGS[name], record, COMPILED[name].apply(record))


SAMPLES: dict[type[Field], Callable[[Any], Any]] = {
    Code: lambda field: field.codes[-1],
    Date: lambda field: "2026-09-14",
    Flag: lambda field: True,
    Instant: lambda field: "2026-09-14T09:00:00+01:00",
    Text: lambda field: f"{URDU} {EMOJI}",
    Token: lambda field: field.example.split()[0],
    Whole: lambda field: field.max,
}


def full(node: Field) -> Any:
    """A record with every field, so that no row goes untried. Not valid by every rule; it need not be."""
    if isinstance(node, Group):
        return {name: full(child) for name, child in node.fields.items()}
    return [full(node.item)] * 2 if isinstance(node, Many) else SAMPLES[type(node)](node)


@pytest.mark.parametrize("name", MAPPINGS)
def test_a_record_with_everything_maps_fully(name: str) -> None:
    mapping = MAPPINGS[name]
    record = full(RECORDS[mapping.record_type])
    answers = COMPILED[name].apply(record)
    assert_nothing_lost(mapping, record, answers)
    assert {answer.code for answer in answers} == {row.to for row in mapping.rows}
    assert len({(answer.code, answer.row) for answer in answers}) == len(answers)


@pytest.mark.parametrize("name", MAPPINGS)
def test_a_record_may_hold_almost_nothing(name: str) -> None:
    record = {"completed_on": "2026-09-01", "meeting_on": "2026-09-01", "exploitation": {"category": "at_risk"}}
    record["professional_opinion"] = "vulnerable_to_cse"
    known = RECORDS[COMPILED[name].record_type].fields
    answers = COMPILED[name].apply({key: value for key, value in record.items() if key in known})
    assert 2 <= len(answers) <= 4


@settings(max_examples=200, deadline=None)
@example_of(LONG)
@example_of(EMOJI)
@example_of(URDU)
@given(st.text(min_size=1, max_size=8_000))
def test_own_words_arrive_character_for_character(words: str) -> None:
    record = example()
    record["areas"]["young_person"]["own_words"][1]["text"] = words
    answers = COMPILED[WISE].apply(record)
    assert Answer("wiseOwnWords", 2, f"“{words}”") in answers


def test_rows_keep_to_their_item() -> None:
    """A sharing choice under another sentence would tell the wrong reader."""
    record = example()
    first = record["areas"]["young_person"]["own_words"][0]
    del first["method"], first["said_by_young_person"]
    answers = COMPILED[WISE].apply(record)
    assert [answer.row for answer in answers if answer.code == "wiseOwnWordsMethod"] == [2]
    shown = [answer.code.removeprefix("wiseOwnWords") for answer in answers if answer.row == 1]
    assert shown[:3] == ["", "Prompt", "Sharing"]
    assert Answer("wiseOwnWordsSharing", 2, "Keep this between us") in answers


def test_lists_in_lists_are_numbered_in_one_order(config: Path) -> None:
    flat = wise_with(config, "own_words.yaml", "who_may_know/*, as: words_joined", "who_may_know/*, as: code")
    record = example()
    record["areas"]["young_person"]["identities"] = [
        {"trait": "a", "who_may_know": ["professionals", "family"]},
        {"trait": "b", "who_may_know": ["social_worker_only"]},
    ]
    answers = [a for a in flat.apply(record) if a.code == "wiseIdentityWhoMayKnow"]
    assert [(a.row, a.value) for a in answers] == [(1, "professionals"), (2, "family"), (3, "social_worker_only")]
    joined = [a for a in COMPILED[WISE].apply(record) if a.code == "wiseIdentityWhoMayKnow"]
    assert [(a.row, a.value.count("; ")) for a in joined] == [(1, 1), (2, 0)]


def test_a_table_of_the_authoritys_own_words(config: Path) -> None:
    row = "from: /panel_referral/decision, as: words"
    codes = "{referred: To panel, not_referred: Not to panel, deferred: Later, not_considered: Not talked about}"
    mapping = wise_with(config, "panel_and_review.yaml", row, f"{row}, codes: {codes}")
    assert Answer("panelDecision", None, "To panel") in mapping.apply(example())


def test_words_may_be_given() -> None:
    answers = compile_mapping(MAPPINGS[WISE], lambda _, value: value.upper()).apply(example())
    assert Answer("wiseExploitationStatement", None, "AT_RISK") in answers


SPOILT: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "a field that is not ours": (lambda r: r["young_person"].update(full_name="Nobody"), "/young_person"),
    "a field at the top": (lambda r: r.update(score=3), "/"),
    "a list for a group": (lambda r: r.update(assessor=[]), "/assessor"),
    "a group for a list": (lambda r: r.update(supporting={}), "/supporting"),
    "a group for text": (lambda r: r.update(analysis_narrative={}), "/analysis_narrative"),
    "a code that is none": (lambda r: r["exploitation"].update(category="medium"), "/exploitation/category"),
    "a required value away": (lambda r: r["exploitation"].pop("category"), "/exploitation/category"),
}


@pytest.mark.parametrize("case", SPOILT)
def test_what_has_no_place_is_for_a_person(case: str) -> None:
    record = example()
    SPOILT[case][0](record)
    with pytest.raises(NeedsHuman) as caught:
        COMPILED[WISE].apply(record)
    assert (caught.value.reason, caught.value.note) == (Reason.MAPPING_INCOMPLETE, SPOILT[case][1])
    assert caught.value.__context__ is None


def test_every_code_has_words_that_say_only_it() -> None:
    for record in RECORDS.values():
        for path, field in leaves(record):
            if isinstance(field, Code):
                said = [english.words(field.codes, code) for code in field.codes]
                assert len(set(said)) == len(said), path


def test_joined_words_do_not_run_together() -> None:
    paths = {row.path for mapping in MAPPINGS.values() for row in mapping.rows if row.rendering == "words_joined"}
    fields = [field for record in RECORDS.values() for path, field in leaves(record) if path in paths]
    codes = [(field.codes, code) for field in fields if isinstance(field, Code) for code in field.codes]
    assert not [code for codes_, code in codes if ";" in english.words(codes_, code)]


def yaml(path: str) -> Any:
    return YAML(typ="safe", pure=True).load((ROOT / "simulators" / path).read_text("utf-8"))


@pytest.mark.parametrize(("record", "form"), list(zip(RECORDS, ("4107", "4108", "4109"), strict=True)))
def test_lcs_targets_exist_in_the_simulators_forms(record: str, form: str) -> None:
    known = yaml("lcs/forms.yaml")["shared"][form]["answers"]
    assert {row.to for row in MAPPINGS[f"lcs/{record}.yaml"].rows} == set(known)


@pytest.mark.parametrize(("record", "step"), list(zip(RECORDS, (3120, 3121, 3122), strict=True)))
def test_mosaic_targets_exist_in_the_simulators_forms(record: str, step: int) -> None:
    questions = yaml("mosaic/forms.yaml")[step]["questions"]
    rows = MAPPINGS[f"mosaic/{record}.yaml"].rows
    assert {row.to for row in rows} == set(questions)
    for row in rows:
        question = questions[row.to]
        folded = row.path.removesuffix("/*") if RENDERINGS[row.rendering].folds else row.path
        assert question.get("repeating", False) == ("*" in folded), row.to
        assert not question.get("mandatory") or row.required, row.to
        assert (question["type"] == "longText") == (row.rendering in {"text", "quotation"}), row.to
