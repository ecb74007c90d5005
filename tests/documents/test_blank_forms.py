"""The blank forms: a place for every field, what must be filled and nothing more, and paper that can be handed out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Any

import pikepdf
import pytest

from service.api.schemas.check import check_record
from service.configuration import profiles
from service.documents import DocumentError
from service.documents.forms import Form, build, keys, left_out, make, page_count, paper_reference
from service.documents.forms.boxes import field_at
from service.documents.forms.marks import marks_of
from service.domain import codes
from service.domain.fields import Code, Field, Group, Many, leaves
from service.domain.policy import Policy
from service.domain.records import RECORDS
from service.domain.records.shorthand import REF
from service.domain.scores import is_band
from service.domain.words import CODE_SETS, words
from service.settings import ROOT
from tests.documents.document_records import filled
from tests.documents.pdf_reader import Reading, letters, opened, read
from tests.documents.pdf_shapes import shapes

KINDS = tuple(build.FORMS)
LABEL = "Keeping Young People Safe: Pen Picture/Passport"
REFERENCE = "PF-K7QM-ABIL-2X3Y-ZZ6S"
OTHER = "PF-AAAA-BBBB-CCCC-DDDD"
MM = 72 / 25.4
PROFILES = profiles(ROOT / "config")
TAKEN = [(code, kind) for code, profile in PROFILES.items() for kind in profile.records]


@cache
def content(kind: str, *references: str, cap: int = 4, edition: str | None = "2026.2") -> bytes:
    return make(Form(kind, "Stockport", LABEL, cap, edition), references or (REFERENCE,))


@cache
def reading(kind: str, *references: str) -> Reading:
    return read(content(kind, *references))


def of_the_form(kind: str) -> set[str]:
    """The leaves of a record that belong on paper, whether they are there or not."""
    return {path for path, _ in leaves(RECORDS[kind])} - set(left_out.PRINTED)


# What is on it


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_has_a_place_or_a_reason(kind: str) -> None:
    placed = set(build.claimed(kind))
    reasoned = {path for path in of_the_form(kind) if left_out.why_left_out(path)}
    assert placed | reasoned == of_the_form(kind)
    assert not placed & reasoned


def test_every_reason_is_about_a_field_that_exists() -> None:
    paths = {path for kind in KINDS for path, _ in leaves(RECORDS[kind])}
    for left in (*left_out.NOT_ON_PAPER, *left_out.PRINTED):
        assert any(path == left or path.startswith(left.removesuffix("*")) for path in paths), left


@pytest.mark.parametrize("kind", KINDS)
def test_no_place_is_given_twice_except_in_rows_of_a_table(kind: str) -> None:
    claimed = build.claimed(kind)
    repeated = {path for path in claimed if claimed.count(path) > 1}
    assert all(path.startswith(("/supporting/*", "/attendees/*")) for path in repeated)


@pytest.mark.parametrize("kind", KINDS)
def test_codes_are_ticked_in_plain_words_in_the_order_of_the_list(kind: str) -> None:
    shown = reading(kind).letters
    for path in build.claimed(kind):
        field = field_at(RECORDS[kind], path)
        if isinstance(field, Code) and not keys.is_written_in(field.codes) and "/sharing/*/" not in path:
            offered = [words(field.codes, code) for code in field.codes if code in keys.current(field.codes)]
            assert letters("".join(offered)) in shown, path


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_written_in_is_in_the_key(kind: str) -> None:
    key = reading(kind).tagged.split("What to write for the long lists")[1].split("Restricted: ")[0]
    found = 0
    for path in build.claimed(kind):
        field = field_at(RECORDS[kind], path)
        if isinstance(field, Code) and keys.is_written_in(field.codes):
            entries = "".join(f"{letter}{text};" for letter, text in keys.written(field.codes))
            assert letters(entries.removesuffix(";")) in letters(key), path
            found += 1
    assert found


def test_marks_to_write_are_official_codes_or_letters_and_never_the_same() -> None:
    for name in keys.TITLES:
        values = CODE_SETS[name]
        marks = [mark for mark, _ in keys.written(values)]
        assert len(set(marks)) == len(marks) == len(keys.current(values)), name
        assert all(re.fullmatch(r"[A-Z]+", mark) for mark in marks)


def test_a_new_form_offers_no_value_that_the_latest_edition_has_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    fewer = dict(codes.LATEST.codes) | {"REVIEW_BASES": codes.REVIEW_BASES[1:]}
    monkeypatch.setattr(keys, "LATEST", replace(codes.LATEST, codes=fewer))
    assert keys.options(codes.REVIEW_BASES) == [words(codes.REVIEW_BASES, code) for code in codes.REVIEW_BASES[1:]]


# The young person first, and no score


@pytest.mark.parametrize("kind", KINDS)
def test_the_young_person_comes_first(kind: str) -> None:
    first = {"nwg_assessment": "The child's views"}.get(kind, "The young person")
    assert reading(kind).headings[0].startswith(first)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_has_more_room_than_the_young_persons_own_words(kind: str) -> None:
    room: dict[str, int] = {}
    for section in build.FORMS[kind]:
        for path, lines in _room(section):
            room[path] = room.get(path, 0) + lines
    own = {path for path in room if getattr(field_at(RECORDS[kind], path), "words", False)}
    assert max(room, key=lambda path: room[path]) in own


def _room(section: Any) -> Iterator[tuple[str, int]]:
    for part in section.parts:
        for row in getattr(part, "rows", ()) if hasattr(part, "times") else ():
            for cell in row:
                for box in getattr(cell, "boxes", (cell,)):
                    yield box.path, box.lines * part.times


@pytest.mark.parametrize("kind", KINDS[:2])
def test_every_saying_has_its_own_sharing_choice_and_there_is_a_tick_for_why_there_are_none(kind: str) -> None:
    shown = reading(kind).tagged
    assert shown.count("In the young person's own words\n") >= 2
    assert shown.count("My choice about sharing this") == shown.count("Question or prompt")
    assert shown.count("Why there are no own words yet") == 1


@pytest.mark.parametrize("kind", KINDS)
def test_statements_are_equal_boxes_in_the_order_of_their_list(kind: str) -> None:
    choices = [part for section in build.sections(kind, plan_items_max=4) for part in section["parts"]
               if part["kind"] == "choice"]  # fmt: skip
    path = "/professional_opinion" if kind == "nwg_assessment" else "/exploitation/category"
    field = field_at(RECORDS[kind], path)
    assert isinstance(field, Code)
    assert [part["options"] for part in choices] == [keys.options(field.codes)]
    assert len(set(_choice_widths(kind))) == 1


def _choice_widths(kind: str) -> list[int]:
    """The distances between the upright lines of 1 pt, which only the statements' boxes have."""
    places = sorted(
        {
            round(shape.left, 2)
            for page in opened(content(kind)).pages
            for shape in shapes(page)
            if shape.line == 1 and shape.right - shape.left < 0.1 < shape.top - shape.bottom
        }
    )
    return [round(right - left) for left, right in _neighbours(places)]


@pytest.mark.parametrize("kind", KINDS[:2])
def test_stability_is_three_narratives_and_no_level(kind: str) -> None:
    placed = [path for path in build.claimed(kind) if path.startswith("/stability/")]
    for path in placed:
        field = field_at(RECORDS[kind], path)
        assert not isinstance(field, Code) or path.endswith("/applicable"), path
    assert sum(path.endswith("/narrative") for path in placed) == 3
    assert "There is no level to give." in reading(kind).tagged


@pytest.mark.parametrize("kind", KINDS)
def test_no_word_on_paper_is_a_band(kind: str) -> None:
    assert not [line for line in reading(kind).tagged.splitlines() if is_band(line)]


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_is_led_to_think_that_somebody_was_called(kind: str) -> None:
    assert "This service does not contact the police or MASH." in reading(kind).tagged


@pytest.mark.parametrize(("cap", "printed"), [(2, 2), (4, 4), (9, 4)])
def test_the_plan_has_as_many_rows_as_the_authority_allows_and_never_more_than_four(cap: int, printed: int) -> None:
    assert read(content("wise_assessment", cap=cap)).tagged.count("What will happen\n") == printed


# What has to be filled


def test_only_what_a_record_is_refused_for_is_marked() -> None:
    marks = marks_of("wise_assessment")
    for must in ("/completed_on", "/entered_on", "/exploitation/category", "/stability/home/narrative",
                 "/areas/family_friends", "/areas/young_person/own_words"):  # fmt: skip
        assert marks.of(must) == "must", must
    for with_the_rest in ("/areas/young_person/own_words/*/text", "/support_plan/items/*/what",
                          "/areas/young_person/own_words/*/said_by_young_person"):  # fmt: skip
        assert marks.of(with_the_rest) == "with", with_the_rest
    for free in ("/young_person/ethnicity", "/exploitation/basis", "/areas/young_person/good_day"):
        assert marks.of(free) == "", free


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_that_must_be_filled_has_its_mark_on_paper(kind: str) -> None:
    placed = set(build.claimed(kind)) | {section.about for section in build.FORMS[kind]}
    unmarked = {path for path in marks_of(kind).must if path not in placed}
    assert not {path for path in unmarked if not (left_out.why_left_out(path) or path in left_out.PRINTED)}


@pytest.mark.parametrize("kind", KINDS)
def test_a_form_with_only_its_marked_boxes_filled_is_accepted(kind: str) -> None:
    assert _errors(kind, _only_marked(kind)) == []


@pytest.mark.parametrize("kind", KINDS)
def test_no_mark_is_more_than_the_rules_ask_for(kind: str) -> None:
    for path, field in leaves(RECORDS[kind]):
        if path in marks_of(kind).must and not path.startswith("/attendees"):
            assert _errors(kind, _without(_only_marked(kind), path)), (path, field)


def _errors(kind: str, record: dict[str, Any]) -> list[tuple[str, str]]:
    policy = Policy(authority="E08000007", name="Stockport")
    found = check_record(record, record_type=kind, policy=policy, today=date(2027, 1, 1))
    return [(fault.pointer, fault.detail) for fault in found.errors]


def _only_marked(kind: str) -> dict[str, Any]:
    must, everything = marks_of(kind).must, filled(kind)
    record: dict[str, Any] = _kept(RECORDS[kind], everything, must) or {}
    record |= {"capture_mode": "paper", "submission_kind": "new", "entered_on": "2026-12-30"}
    record["young_person"]["responsible_authority"] = "E08000007"
    _say_why_now(record)
    if "areas" in record:
        _fill_areas(record["areas"])
        record["exploitation"]["category"] = "no_known_risk_or_manageable"
    if kind == "rise_meeting_output":
        record["attached_to"]["process"] = "mash"
        for person, agency in zip(record["attendees"], ("childrens_social_care", "police"), strict=True):
            person |= {"agency": agency, "role": "social_worker"}
    _name_the_workers(record)
    return record


def _say_why_now(record: dict[str, Any]) -> None:
    if "review_trigger" in record:
        record |= {"review_trigger": "initial", "first_or_review": "first"}
    if "review" in record:
        record["review"]["basis"] = "initial"


def _name_the_workers(record: dict[str, Any]) -> None:
    for who in {"assessor", "facilitator", "data_capture_by"} & record.keys():
        record[who] |= {"role": "social_worker", "agency": "childrens_social_care"}
        if "experienced_confirmed" in record[who]:
            record[who]["experienced_confirmed"] = True


def _fill_areas(areas: dict[str, Any]) -> None:
    """One box in each part whose heading is marked."""
    areas["young_person"] |= {"own_words_reason": "not_ready", "strengths_reason": "Not talked about yet."}
    areas["family_friends"]["friendships"] = "Has friends nearby."
    areas["people_places"] |= {"context_summary": "Spends time at the youth club."}
    areas["professional_contexts"] |= {"resources": "A youth worker."}


def _kept(field: Field, value: Any, must: frozenset[str], path: str = "", *, asked: bool = True) -> Any:
    """What of `value` is marked, with the groups around it that must be there."""
    if isinstance(field, Group):
        inside = {
            name: _kept(child, value[name], must, f"{path}/{name}", asked=asked and child.required)
            for name, child in field.fields.items()
        }
        found = {name: child for name, child in inside.items() if child is not None}
        return found if found or asked else None
    if isinstance(field, Many):
        items = [_kept(field.item, item, must, f"{path}/*") for item in value] if field.min else []
        return [item for item in items if item is not None] or ([] if field.required and not field.min else None)
    return value if path in must else None


def _without(record: dict[str, Any], path: str) -> dict[str, Any]:
    *way, last = path.split("/")[1:]
    inside = record
    for name in way:
        inside = inside[name]
    inside.pop(last, None)
    return record


# The paper


@pytest.mark.parametrize(("authority", "kind"), TAKEN)
def test_no_form_of_any_authority_is_longer_than_seven_pages(authority: str, kind: str) -> None:
    profile = PROFILES[authority]
    made = make(Form(kind, profile.name, profile.records[kind].label, profile.support_plan_items_max), [REFERENCE])
    assert page_count(made) == len(opened(made).pages) <= 7


def test_a_long_label_and_name_do_not_make_it_longer() -> None:
    label = "Keeping Children and Young People Safe Together in Our Borough: Pen Picture and Passport"
    made = make(Form("wise_assessment", "Blackburn with Darwen Borough Council", label, 4, "2026.12"), [REFERENCE])
    assert page_count(made) == 7


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_tagged_titled_in_english_and_claims_pdf_ua(kind: str) -> None:
    pdf = opened(content(kind))
    assert pdf.Root.MarkInfo.Marked
    assert str(pdf.Root.Lang) == "en-GB"
    assert str(pdf.docinfo["/Title"]).startswith("Blank form: ")
    with pdf.open_metadata() as metadata:
        assert metadata.get("pdfuaid:part") == "1"


@pytest.mark.parametrize("kind", KINDS)
def test_the_reference_is_on_every_page_and_in_groups(kind: str) -> None:
    assert all(REFERENCE in page for page in reading(kind).decoration)
    assert letters(f"Reference of this copy{REFERENCE}") in reading(kind).letters
    assert "submission_id" in reading(kind).tagged


@pytest.mark.parametrize("kind", KINDS)
def test_pages_are_counted_and_the_edition_is_printed_only_if_there_is_one(kind: str) -> None:
    pages = reading(kind).decoration
    assert [f"Page {number} of {len(pages)}" in page for number, page in enumerate(pages, 1)] == [True] * len(pages)
    assert all("Template edition 2026.2" in page for page in pages)
    assert "Template edition" not in "".join(read(content(kind, edition=None)).decoration)


@pytest.mark.parametrize("kind", KINDS)
def test_people_who_may_pose_a_risk_are_on_a_sheet_of_their_own(kind: str) -> None:
    *form, sheet = reading(kind).decoration
    assert "Restricted: social work only. Keep apart from the form" in sheet
    assert not any("Restricted: social work only" in page for page in form)
    assert len(form) % 2 == 0, "the sheet must not be the back of another"
    before, after = reading(kind).tagged.split("Restricted: social work only. Keep apart from the form")
    assert "Known name" in after
    assert "Known name" not in before
    assert {path.split("/")[1] for section in build.FORMS[kind] if section.restricted
            for path in build.paths_of(section)} == {"risk_subjects"}  # fmt: skip


def test_a_form_of_an_odd_number_of_pages_has_an_empty_back_before_the_restricted_sheet(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, *_, sheet = build.FORMS["nwg_assessment"]
    monkeypatch.setitem(build.FORMS, "nwg_assessment", (first, sheet))
    pages = read(content.__wrapped__("nwg_assessment", REFERENCE)).decoration
    assert ["Restricted: social work only" in page for page in pages] == [False, False, True]


def test_every_copy_has_its_own_reference_and_begins_on_a_sheet_of_its_own() -> None:
    pages = reading("wise_assessment", REFERENCE, OTHER).decoration
    assert len(pages) == 15
    assert all(REFERENCE in page and OTHER not in page for page in pages[:8])
    assert all(OTHER in page and REFERENCE not in page for page in pages[8:])
    assert "This side is left blank" in pages[7]
    assert "Page 1 of 7" in pages[8]


@pytest.mark.parametrize("kind", KINDS)
def test_text_is_black_and_at_least_ten_points(kind: str) -> None:
    for page in opened(content(kind)).pages:
        colour: list[Any] = []
        for operands, operator in pikepdf.parse_content_stream(page):
            if str(operator) == "scn":
                colour = [float(part) for part in operands]
            elif str(operator) == "Tf":
                assert operands[1] >= 10
            elif str(operator) in ("Tj", "TJ"):
                assert set(colour) == {0.0}


@pytest.mark.parametrize("kind", KINDS)
def test_lines_to_write_on_are_at_least_eight_millimetres_apart(kind: str) -> None:
    below: dict[tuple[int, int], list[float]] = {}
    for number, page in enumerate(opened(content(kind)).pages):
        for shape in shapes(page):
            if 0 < shape.grey < 1 and shape.right - shape.left > 10 * MM:
                below.setdefault((number, round(shape.left)), []).append(shape.bottom)
    gaps = [high - low for places in below.values() for low, high in _neighbours(sorted(places))]
    assert len(gaps) > 10
    assert min(gaps) > 7.9 * MM


def _neighbours(places: list[float]) -> list[tuple[float, float]]:
    return list(pairwise(places))


# Making it


def test_a_reference_fits_the_record_and_is_never_the_same() -> None:
    made = {paper_reference() for _ in range(1_000)}
    assert len(made) == 1_000
    for reference in made:
        assert re.fullmatch(r"PF(-[A-Z2-7]{4}){4}", reference)
        assert re.fullmatch(REF, reference)


def test_the_same_reference_is_the_same_file() -> None:
    assert content.__wrapped__("nwg_assessment", REFERENCE) == content("nwg_assessment", REFERENCE)


def test_a_label_is_words_and_never_markup() -> None:
    label = '#panic("x") *Safe* $1 <end-0> \\'
    made = read(make(Form("nwg_assessment", "Stockport", label, 4), [REFERENCE]))
    assert label in made.tagged


@pytest.mark.parametrize(("part", "said"), [("label", "label"), ("authority", "name"), ("edition", "template version")])
def test_a_character_without_a_font_is_told_with_its_place(part: str, said: str) -> None:
    form = {"kind": "nwg_assessment", "authority": "Stockport", "label": "NWG", "plan_items_max": 4} | {part: "漢"}
    with pytest.raises(DocumentError, match=f"authority's {said}"):
        make(Form(**form), [REFERENCE])
