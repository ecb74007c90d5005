"""What a preview says: each answer with its source and row, each value that stays behind with the reason."""

from __future__ import annotations

import json
from functools import reduce
from pathlib import Path
from typing import Any

import pytest

from bench.mapping import full_records
from service.adapters.mapping import CompiledMapping, Files, MappingFile, Traced, compile_mapping, load_mapping
from service.domain.records import RECORDS
from service.errors import NeedsHuman
from service.ports import Answer
from tests.adapters.mapping_files import Faulty, copied

ROOT = Path(__file__).parents[2]
KINDS = ("lcs", "mosaic", "eclipse", "caredirector", "plain")


def load(name: str, config: Path = ROOT / "config") -> MappingFile:
    files = Files(config)
    mapping = load_mapping(files, name)
    assert mapping is not None, files.faults
    return mapping


def example() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / "tests/examples/wise_assessment-stockport.json").read_text("utf-8"))
    return found


def at(record: Any, source: str) -> Any:
    """What stands at a concrete path."""
    keys = source.split("/")[1:]
    return reduce(lambda value, key: value[int(key)] if isinstance(value, list) else value[key], keys, record)


def leaves_of(value: Any, source: str = "") -> set[str]:
    if isinstance(value, dict):
        return set().union(*(leaves_of(child, f"{source}/{name}") for name, child in value.items()))
    if isinstance(value, list):
        return set().union(*(leaves_of(child, f"{source}/{number}") for number, child in enumerate(value)))
    return set() if value is None else {source}


@pytest.fixture(scope="module")
def wise() -> CompiledMapping:
    return compile_mapping(load("lcs/wise_assessment.yaml"))


@pytest.mark.parametrize("record_type", RECORDS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_trace_is_what_is_sent_and_all_that_is_not(kind: str, record_type: str) -> None:
    compiled = compile_mapping(load(f"{kind}/{record_type}.yaml"))
    record = full_records(record_type, 1)[0]
    found = compiled.trace(record)
    assert tuple(each.answer for each in found if each.answer is not None) == compiled.apply(record)
    sent = {each.source for each in found if each.answer is not None}
    left = {each.source for each in found if each.answer is None}
    assert all(each.not_sent and not each.rendering for each in found if each.answer is None)
    covered = {leaf for leaf in leaves_of(record) if leaf in sent or any(leaf.startswith(f"{each}/") for each in sent)}
    assert (covered | left, covered & left) == (leaves_of(record), set())


def test_an_answer_names_its_source_and_its_row(wise: CompiledMapping) -> None:
    record = example()
    found = wise.trace(record)
    second = next(each for each in found if each.answer and (each.answer.code, each.answer.row) == ("wiseOwnWords", 2))
    text = at(record, "/areas/young_person/own_words/1/text")
    assert second == Traced(
        Answer("wiseOwnWords", 2, f"“{text}”"),
        "/areas/young_person/own_words/1/text",
        "quotation",
        "mappings/lcs/own_words.yaml:7",
    )
    lines = (ROOT / "config/mappings/lcs/own_words.yaml").read_text("utf-8").splitlines()
    assert "to: wiseOwnWords," in lines[6]


def test_what_stays_behind_names_the_reason(wise: CompiledMapping) -> None:
    left = {each.source: each for each in wise.trace(example()) if each.answer is None}
    birth = left["/young_person/la_child_id"]
    assert birth.not_sent.startswith("Names the person the form is filed under")
    file, line = birth.where.split(":")
    assert "/young_person/la_child_id" in (ROOT / "config" / file).read_text("utf-8").splitlines()[int(line) - 1]


def test_a_trace_refuses_as_sending_does(wise: CompiledMapping) -> None:
    record = example()
    del record["exploitation"]["category"]
    with pytest.raises(NeedsHuman, match="/exploitation/category"):
        wise.trace(record)


def test_a_trace_shows_no_words_by_accident(wise: CompiledMapping) -> None:
    record = example()
    assert record["areas"]["young_person"]["own_words"][0]["text"] not in repr(wise.trace(record))


DOCUMENT = "  - {to: theDocument, as: document}\n"


def with_document(config: Path) -> CompiledMapping:
    Faulty("mappings/lcs/wise_assessment.yaml", "rows:\n", f"rows:\n§{DOCUMENT}", "").place(config)
    question = "questions:\n  - {code: theDocument, type: short_text, max: 40}\n"
    Faulty("forms/lcs/wise_assessment.yaml", "questions:\n", f"§{question}", "").place(config)
    return compile_mapping(load("lcs/wise_assessment.yaml", config))


def test_the_document_is_named_by_the_delivery(tmp_path: Path) -> None:
    compiled = with_document(copied(tmp_path))
    assert compiled.apply(example(), "WB-0F3A")[0] == Answer("theDocument", None, "WB-0F3A")
    with pytest.raises(ValueError, match="delivery's reference"):
        compiled.apply(example())
    first = compiled.trace(example())[0]
    assert (first.source, first.rendering, first.where) == ("", "document", "mappings/lcs/wise_assessment.yaml:9")


ECLIPSE = "mappings/eclipse/wise_assessment.yaml"
NAMES = "names: {style: pascal, prefix: WiseAssessment_}\n"


def eclipse_with(config: Path, more: str, *codes: str) -> MappingFile:
    Faulty(ECLIPSE, NAMES, f"§{NAMES}{more}", "").place(config)
    form = "".join(f"  - {{code: {code}, type: long_text}}\n" for code in codes)
    Faulty("forms/eclipse/wise_assessment.yaml", "questions:\n", f"§questions:\n{form}", "").place(config)
    return load("eclipse/wise_assessment.yaml", config)


def test_an_own_row_stands_where_the_other_stood(tmp_path: Path) -> None:
    row = "rows:\n  - {to: Aims, from: /areas/young_person/hopes, as: text, instead_of: hopes}\n"
    mapping = eclipse_with(copied(tmp_path), row, "Aims")
    codes = [each.to for each in mapping.rows]
    assert codes[codes.index("Aims") - 1 :][:3] == ["WiseAssessment_GoodDay", "Aims", "WiseAssessment_Interests"]
    assert "WiseAssessment_Hopes" not in codes
    assert next(each for each in mapping.rows if each.to == "Aims").entry.file == ECLIPSE


def test_one_row_may_become_three(tmp_path: Path) -> None:
    parts = {"Day": "date_day", "Month": "date_month_name", "Year": "date_year"}
    rows = "".join(
        f"  - {{to: {code}, from: /completed_on, as: {name}, required: true, instead_of: completed_on}}\n"
        for code, name in parts.items()
    )
    config = copied(tmp_path)
    question = "  - {code: WiseAssessment_CompletedOn, type: date, mandatory: true}\n"
    Faulty("forms/eclipse/wise_assessment.yaml", question, "§", "").place(config)
    mapping = eclipse_with(config, f"rows:\n{rows}", *parts)
    answers = compile_mapping(mapping).apply(example())
    assert [each.code for each in answers if each.code in parts] == list(parts)


def test_what_a_file_does_not_send_is_not_sent(tmp_path: Path) -> None:
    more = "not_sent:\n  - {path: /areas/young_person/good_day, reason: Asked for in another form.}\n"
    mapping = eclipse_with(copied(tmp_path), more)
    assert "WiseAssessment_GoodDay" not in {each.to for each in mapping.rows}
    assert mapping.leaves_out("/areas/young_person/good_day")


def test_what_a_file_sends_is_sent(tmp_path: Path) -> None:
    """Beside a row that is written again, so that it stands where the young person's part is."""
    again = "  - {to: Aims, from: /areas/young_person/hopes, as: text, instead_of: hopes}\n"
    row = "  - {to: Sex, from: /young_person/sex, as: words, instead_of: hopes}\n"
    mapping = eclipse_with(copied(tmp_path), f"rows:\n{again}{row}", "Aims", "Sex")
    codes = [each.to for each in mapping.rows]
    assert codes[codes.index("Aims") + 1] == "Sex"
    assert not mapping.leaves_out("/young_person/sex")


def test_the_same_codes_under_each_products_names() -> None:
    plain, eclipse, care = (load(f"{kind}/wise_assessment.yaml") for kind in ("plain", "eclipse", "caredirector"))
    first = [mapping.rows[0].to for mapping in (plain, eclipse, care)]
    assert first == ["own_words", "WiseAssessment_OwnWords", "wise_ownwords"]
    assert [row.path for row in plain.rows] == [row.path for row in eclipse.rows] == [row.path for row in care.rows]
    assert "mappings/plain/own_words.yaml" in eclipse.files


def test_own_words_out_of_their_list_stay_apart(tmp_path: Path) -> None:
    config = copied(tmp_path)
    row = "from: /areas/young_person/own_words/*/text, as: quotation"
    Faulty("mappings/lcs/own_words.yaml", f"{row}}}", f"§{row}s}}", "").place(config)
    Faulty("forms/lcs/wise_assessment.yaml", "{code: wiseOwnWords, type: long_text, repeating: true}",
           "§{code: wiseOwnWords, type: long_text}", "").place(config)  # fmt: skip
    record = example()
    said = [each["text"] for each in record["areas"]["young_person"]["own_words"]]
    assert len(said) > 1
    answers = compile_mapping(load("lcs/wise_assessment.yaml", config)).apply(record)
    assert answers[0] == Answer("wiseOwnWords", None, "\n\n".join(f"“{text}”" for text in said))
