"""A mapping beside its form: what the form has no place or no room for is told at load, and what is right loads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from service.adapters.mapping import Files, compile_mapping, load_mapping
from service.adapters.mapping.renderings import RENDERINGS
from service.domain.records import RECORDS
from service.errors import NeedsHuman
from service.ports import Answer
from tests.adapters.mapping_files import ROOT, Faulty, copied

FORM = "forms/lcs/wise_assessment.yaml"
PANEL_FILE = "mappings/lcs/panel_and_review.yaml"
HOPES_ROW = "{to: wiseHopes, from: /areas/young_person/hopes, as: text}"
HOPES = "{code: wiseHopes, type: long_text}"
STRENGTHS = "{to: wiseStrengths, from: /areas/young_person/strengths/*, as: text}"
OWN = ("mappings/lcs/own_words.yaml", "- {§to: wiseHopes,")
DECISION = "{code: panelDecision, type: short_text, max: 255}"
TO, AS = (
    (PANEL_FILE, "- {§to: panelDecision"),
    (PANEL_FILE, "from: /panel_referral/decision, §as: words"),
)


def question(new: str, detail: str, *, old: str = HOPES) -> Faulty:
    """Wrong in the form itself."""
    return Faulty(FORM, old, new, detail)


def decision(new: str, detail: str, at: tuple[str, str] = AS) -> Faulty:
    """A form whose question does not take the panel's decision in words."""
    return Faulty(FORM, DECISION, new, detail, at=at)


def hopes(row: str, detail: str) -> Faulty:
    """A row that does not fit its question: `wiseHopes` takes 500 characters, and there is more room beside it."""
    return Faulty("mappings/lcs/own_words.yaml", HOPES_ROW, row, detail)


FORMS = [
    question("§{code: wiseHopes}", "'type' is missing"),
    question("§{type: long_text}", "'code' is missing"),
    question("{code: wiseHopes, §type: text}", "'text' is not one of what can stand here"),
    question("{code: wiseHopes, type: long_text, §longest: 4}", "This key is not known"),
    question("{code: wiseHopes, type: long_text, §max: 0}", "must be a whole number from 1"),
    question("{code: wiseHopes, type: long_text, §max: '4'}", "must be a whole number from 1"),
    question("§{code: wiseHopes, type: short_text}", "needs 'max'"),
    question("{code: wiseHopes, type: date, §max: 4}", "A date question has no 'max'"),
    question("{code: wiseHopes, type: long_text, §values: [a]}", "A long_text question has no 'values'"),
    question("{code: wiseHopes, type: number, §format: date}", "A number question has no 'format'"),
    question("{code: wiseHopes, type: date, §format: short}", "'short' is not one of what can stand here"),
    question("§{code: wiseHopes, type: list}", "needs its values"),
    question("{code: wiseHopes, type: list, §values: []}", "needs its values"),
    question("{code: wiseHopes, type: list, §values: [a, b, a]}", "'a' stands in the list twice"),
    question("{code: wiseHopes, type: list, values: [a, §4]}", "must be text"),
    question("{§code: wiseGoodDay, type: long_text}", "'wiseGoodDay' stands here already"),
    question("{code: wiseHopes, type: long_text, §mandatory: yes}", "must be true or false"),
    question("§questions: 4\nquestion:", "must be a list", old="questions:"),
    question("§question:", "This key is not known", old="questions:"),
]

FITS = [
    Faulty(FORM, f"  - {HOPES}\n", "", "'wiseHopes' is no question of forms/lcs/wise_assessment.yaml", at=OWN),
    Faulty(FORM, HOPES, "{code: wiseHopes, type: date}", "'wiseHopes' is a date question",
           at=("mappings/lcs/own_words.yaml", "/areas/young_person/hopes, §as: text")),
    Faulty(FORM, "{code: panelDecidedOn, type: date}", "{code: panelDecidedOn, type: date, format: date_british}",
           "'panelDecidedOn' is a date question", at=(PANEL_FILE, "decided_on, §as: date}")),
    decision("{code: panelDecision, type: number}", "'panelDecision' is a number question"),
    decision("{code: panelDecision, type: yes_no}", "'panelDecision' takes Yes and No only"),
    decision("{code: panelDecision, type: list, values: [Referred]}", "'panelDecision' has no 'Referred to the panel'"),
    decision("{code: panelDecision, type: list, values: [High, Medium, Low]}", "is answered with a score", TO),
    decision("{code: panelDecision, type: list, values: ['1', '2']}", "never turned into a score (rule X-2)", TO),
    decision("{code: panelDecision, type: long_text, label: Risk level}", "asks for a score, rating or colour (forms",
             TO),
    decision("{code: panelDecision, type: long_text, repeating: true}", "is a repeating question", TO),
    Faulty(FORM, HOPES, "{code: wiseHopes, type: long_text, mandatory: true}", "young_person/hopes' may be missing",
           at=OWN),
    decision("{code: panelDecision, type: short_text, max: 5}", "and 'panelDecision' takes 5", TO),
    Faulty(FORM, DECISION, f"{DECISION}\n  - {{code: wiseExtra, type: date, mandatory: true}}", "nothing is mapped",
           at=("mappings/lcs/wise_assessment.yaml", "§rows:\n")),
    Faulty(FORM, "{code: participationFriendsInvited, type: short_text, max: 255}",
           "{code: participationFriendsInvited, type: yes_no}", "'participationFriendsInvited' takes Yes and No only",
           at=("mappings/lcs/participation.yaml", "friends_invited, §as: words")),
    Faulty(FORM, "{code: wiseStrengths, type: long_text, repeating: true}", "{code: wiseStrengths, type: long_text}",
           "can be there several times", at=("mappings/lcs/own_words.yaml", "- {§to: wiseStrengths,")),
    Faulty("mappings/lcs/own_words.yaml", STRENGTHS, STRENGTHS.replace("{to", "{§to").replace("text}", "paragraphs}"),
           "'wiseStrengths' is a repeating question"),
    Faulty("mappings/lcs/own_words.yaml", HOPES_ROW, HOPES_ROW.replace("text}", "text, §continues_in: document}"),
           "takes a text of any length"),
    Faulty("mappings/lcs/wise_assessment.yaml", "form: lcs/wise_assessment.yaml\n", "", "none is known",
           at=("mappings/lcs/own_words.yaml", "as: text, §continues_in: document}")),
]  # fmt: skip

SHORT = [
    hopes(HOPES_ROW.replace("to:", "§to:"), "can be 8,000 characters long, and 'wiseHopes' takes 500"),
    hopes(
        HOPES_ROW.replace("text}", "text, §continues_in: [wiseMore1]}"), "8,000 characters long, and 'wiseHopes' takes"
    ),
    hopes(HOPES_ROW.replace("text}", "text, §continues_in: [wiseNone]}"), "'wiseNone' is no question of"),
    hopes(HOPES_ROW.replace("text}", "text, §continues_in: [wiseGoodDay]}"), "'wiseGoodDay' is filled already"),
    hopes(
        HOPES_ROW.replace("text}", "text, §continues_in: [wiseRows]}"), "'wiseRows' can't take the rest of 'wiseHopes'"
    ),
    hopes(
        HOPES_ROW.replace("text}", "text, §continues_in: [wiseDate]}"), "'wiseDate' can't take the rest of 'wiseHopes'"
    ),
]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return copied(tmp_path)


def shorten(config: Path, most: int = 500) -> None:
    """A form with little room for hopes, and some questions beside it."""
    path = config / FORM
    beside = "".join(f"\n  - {{code: wiseMore{n}, type: long_text, max: 4500}}" for n in (1, 2))
    others = "\n  - {code: wiseRows, type: long_text, repeating: true}\n  - {code: wiseDate, type: date}"
    text = path.read_text("utf-8")
    path.write_text(text.replace(HOPES, f"{{code: wiseHopes, type: long_text, max: {most}}}{beside}{others}"), "utf-8")


@pytest.mark.parametrize("faulty", [*FORMS, *FITS], ids=lambda faulty: faulty.detail)
def test_what_a_form_does_not_take(config: Path, faulty: Faulty) -> None:
    if faulty.detail == "none is known":
        Faulty(
            "mappings/lcs/own_words.yaml", HOPES_ROW, HOPES_ROW.replace("text}", "text, §continues_in: document}"), ""
        ).place(config)
    only, _, expected = faulty.told(config)
    assert (only.file, only.line, only.column) == expected
    assert str(only).startswith("{}:{}:{}: ".format(*expected))
    assert only.fix


@pytest.mark.parametrize("faulty", SHORT, ids=lambda faulty: faulty.new)
def test_what_a_form_has_no_room_for(config: Path, faulty: Faulty) -> None:
    shorten(config)
    only, _, expected = faulty.told(config)
    assert (only.file, only.line, only.column) == expected


def test_a_question_too_short_even_for_a_sentence(config: Path) -> None:
    shorten(config, most=60)
    only, _, _ = hopes(HOPES_ROW.replace("text}", "text, §continues_in: document}"), "takes 60").told(config)
    assert "room for a sentence" in only.fix


def mapped(config: Path, **values: Any) -> dict[str, str]:
    files = Files(config)
    mapping = load_mapping(files, "lcs/wise_assessment.yaml")
    assert mapping is not None, files.faults
    record = {"completed_on": "2026-09-14", "exploitation": {"category": "at_risk"}, "areas": {"young_person": values}}
    return {answer.code: answer.value for answer in compile_mapping(mapping).apply(record)}


@pytest.mark.parametrize("length", [1, 499, 500, 501, 4_000, 8_000])
def test_a_long_text_goes_on_where_the_row_says(config: Path, length: int) -> None:
    shorten(config)
    row = HOPES_ROW.replace("text}", "text, continues_in: [wiseMore1, wiseMore2]}")
    Faulty("mappings/lcs/own_words.yaml", HOPES_ROW, f"§{row}", "").place(config)
    said = mapped(config, hopes=("To be a cook, one day. " * 400)[:length])
    assert len(said["wiseHopes"]) <= 500
    assert ("wiseMore1" in said, said["wiseHopes"].endswith("(continues in wiseMore1)")) == (length > 500, length > 500)
    assert ("wiseMore2" in said) == (length > 4_900)


def test_or_in_the_document(config: Path) -> None:
    shorten(config)
    row = HOPES_ROW.replace("text}", "text, continues_in: document}")
    Faulty("mappings/lcs/own_words.yaml", HOPES_ROW, f"§{row}", "").place(config)
    said = mapped(config, hopes="To be a cook, one day. " * 300)["wiseHopes"]
    assert said.endswith("one day.  (continues in the attached document, which has the full words)")
    assert 400 < len(said) <= 500
    with pytest.raises(NeedsHuman):
        mapped(config, hopes=["no text"])
    assert FORM in getattr(load_mapping(Files(config), "lcs/wise_assessment.yaml"), "files", ())


def test_a_code_left_to_a_person(config: Path) -> None:
    row = "{to: panelDecision, from: /panel_referral/decision, as: words}"
    table = "as: words, codes: {referred: To panel}, other_codes: refuse}"
    Faulty(PANEL_FILE, row, f"§{row.replace('as: words}', table)}", "").place(config)
    files = Files(config)
    mapping = load_mapping(files, "lcs/wise_assessment.yaml")
    assert mapping is not None, files.faults
    compiled = compile_mapping(mapping)
    record = {"completed_on": "2026-09-14", "exploitation": {"category": "at_risk"}}
    told = compiled.apply(record | {"panel_referral": {"decision": "referred"}})
    assert Answer("panelDecision", None, "To panel") in told
    with pytest.raises(NeedsHuman, match="/panel_referral/decision"):
        compiled.apply(record | {"panel_referral": {"decision": "deferred"}})


@pytest.mark.parametrize(("record", "step"), list(zip(RECORDS, (3120, 3121, 3122), strict=True)))
def test_the_mosaic_forms_are_those_of_the_simulator(record: str, step: int) -> None:
    """Not one line of the form may say other than what the simulated Mosaic does."""
    simulated = YAML(typ="safe", pure=True).load((ROOT / "simulators/mosaic/forms.yaml").read_text("utf-8"))[step]
    mapping = load_mapping(Files(ROOT / "config"), f"mosaic/{record}.yaml")
    assert mapping is not None and mapping.form is not None
    types = {"shortText": ("short_text", 4_000), "longText": ("long_text", None), "date": ("date", None)}
    ours = {
        each.code: (each.type, each.max, each.mandatory, each.repeating) for each in mapping.form.questions.values()
    }
    assert ours == {
        code: (*types[each["type"]], each.get("mandatory", False), each.get("repeating", False))
        for code, each in simulated["questions"].items()
    }


@pytest.mark.parametrize("kind", ["lcs", "mosaic", "eclipse", "caredirector", "plain"])
def test_every_shipped_mapping_fills_all_of_its_form(kind: str) -> None:
    files = Files(ROOT / "config")
    for record in RECORDS:
        mapping = load_mapping(files, f"{kind}/{record}.yaml")
        assert mapping is not None and mapping.form is not None, files.faults
        assert {row.to for row in mapping.rows} == set(mapping.form.questions)
        assert all(row.rendering in RENDERINGS for row in mapping.rows)
