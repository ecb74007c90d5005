"""Each reader's document holds what the table allows them and nothing else, in words meant for them."""

from __future__ import annotations

import copy
import json
import re
import unicodedata
from datetime import date
from typing import Any

import pytest

from service.documents import DocumentError, TypstDocuments, fonts
from service.documents.copies.build import copy_document, pen_for
from service.documents.copies.layouts import ELSEWHERE, LAYOUTS
from service.documents.copies.titles import TITLES
from service.documents.copies.voices import VOICES
from service.documents.layout import Section
from service.documents.legible import Legible
from service.documents.pen import Pen, Pens
from service.documents.values import long_date
from service.domain.audiences import Audience, Copy, Treatment, copy_for, treatment
from service.domain.fields import Code, Date, Field, Flag, Klass, Text, Token, leaves
from service.domain.records import RECORDS
from tests.documents.document_records import EXAMPLES, decided, open_to, values, wise
from tests.documents.pdf_reader import attached, letters, opened, read

KNOWN: dict[str, Any] = {
    "authority_name": "Stockport Council",
    "reference": "WB-7F3K",
    "review_due_on": date(2031, 12, 14),
}
COPIES = [audience for audience in Audience if audience is not Audience.CASE_FILE]
HOME = (Audience.YOUNG_PERSON, Audience.FAMILY)
EVERY = [(kind, audience) for kind in RECORDS for audience in COPIES]


def copied(record: dict[str, Any], audience: str, **given: Any) -> Copy:
    result = copy_for(record, audience, **given)
    assert isinstance(result, Copy), result
    return result


def pdf(record: dict[str, Any], audience: str, **given: Any) -> bytes:
    return TypstDocuments().copy_for(copied(record, audience, **given), **KNOWN)


def said(content: bytes) -> str:
    """All that a file says: its pages, their headers and footers, and what is attached to it, without white space."""
    reading = read(content)
    return letters(reading.tagged + "".join(reading.decoration) + "".join(attached(content).values()))


def marker(field: Field, value: Any) -> str | None:
    """A pattern that finds this very value of a `filled` record, or nothing where the value is not its field's own."""
    match field:
        case Text():
            return re.escape(letters(str(value)))
        case Token() if re.fullmatch(r"Ref\d+x", str(value)):
            return str(value)
        case Date():
            return rf"(?<!\d){letters(long_date(date.fromisoformat(value)))}"
    return None


def found(record: dict[str, Any], text: str) -> tuple[set[str], set[str]]:
    """The fields of which some, and of which no value is in `text`."""
    there, gone = set(), set()
    for path, field, value in values(RECORDS[record["record_type"]], record):
        pattern = marker(field, value)
        if pattern and path not in ELSEWHERE:
            (there if re.search(pattern, text) else gone).add(path)
    return there, gone


@pytest.mark.parametrize(("kind", "audience"), EVERY)
def test_the_file_holds_what_the_table_allows_and_nothing_else(kind: str, audience: Audience) -> None:
    record = open_to(audience, kind)
    there, gone = found(record, said(pdf(record, audience)))
    assert len(there | gone) > 60
    assert {path for path in there if treatment(path, audience) is Treatment.OMIT} == set()
    assert {path for path in gone if treatment(path, audience) is not Treatment.OMIT} == set()


@pytest.mark.parametrize(("kind", "audience"), EVERY)
def test_no_third_party_and_no_allegation_leaves_the_case_file(kind: str, audience: Audience) -> None:
    record = open_to(audience, kind)
    there, _ = found(record, said(pdf(record, audience)))
    classed = {path: field.klass for path, field in leaves(RECORDS[kind])}
    about_others = {path for path in there if classed[path] in (Klass.THIRD_PARTY, Klass.ALLEGATION)}
    assert about_others == (
        {
            "/areas/family_friends/relationships",
            "/areas/family_friends/functioning",
            "/areas/family_friends/relationships_to_strengthen/*",
            "/areas/people_places/safe_or_supportive",
        }
        if audience is Audience.PROFESSIONALS and kind != "nwg_assessment"
        else set()
    )


@pytest.mark.parametrize("kind", RECORDS)
@pytest.mark.parametrize("audience", [Audience.FAMILY, Audience.PROFESSIONALS])
def test_after_a_no_none_of_the_young_persons_words_are_there(kind: str, audience: Audience) -> None:
    record = decided(open_to(audience, kind), audience, "declined", "own_words", "young_person")
    there, _ = found(record, said(pdf(record, audience)))
    assert there
    assert not there & {path for path, field in leaves(RECORDS[kind]) if isinstance(field, Text) and field.words}


def blocks_of(record: dict[str, Any], audience: Audience) -> str:
    pens = Pens(open=pen_for(audience, Legible(fonts.drawable())), closed=Pen(Legible(fonts.drawable())))
    return json.dumps(copy_document(pens, copied(record, audience), **KNOWN))


CONTROLS = ("/safe_to_involve", "/sharing/*/", "/own_words/*/sharing", "/who_may_know", "/action_code", "/*/code",
            "/record_type", "/authority", "/area")  # fmt: skip


@pytest.mark.parametrize(("kind", "audience"), EVERY)
def test_every_code_and_flag_that_is_allowed_changes_the_copy(kind: str, audience: Audience) -> None:
    """Those that decide what is in a copy are tested with the table."""
    record = open_to(audience, kind)
    before, same = blocks_of(record, audience), []
    for path, field in leaves(RECORDS[kind]):
        told = treatment(path, audience) is not Treatment.OMIT and isinstance(field, Code | Flag)
        if told and not any(f"{path}/".find(control) >= 0 for control in CONTROLS) and not _one_way(field):
            same += [path] if blocks_of(_changed(record, path, field), audience) == before else []
    assert same == []


def _one_way(field: Field) -> bool:
    return isinstance(field, Flag) and field.only_true


def _changed(record: dict[str, Any], path: str, field: Field) -> dict[str, Any]:
    other: Any = copy.deepcopy(record)
    holder = other
    *way, last = [0 if part == "*" else part for part in path.split("/")[1:]]
    for part in way:
        holder = holder[part]
    now = holder[last]
    holder[last] = (not now) if isinstance(field, Flag) else next(code for code in field.codes if code != now)  # type: ignore[attr-defined]
    return other


@pytest.mark.parametrize(("kind", "audience"), EVERY)
def test_everything_allowed_has_its_place_once(kind: str, audience: Audience) -> None:
    sections = [section for section in LAYOUTS[audience][kind] if isinstance(section, Section)]
    claims = [path for section in sections for part in section.parts for path in part.paths]
    for path, _ in leaves(RECORDS[kind]):
        if treatment(path, audience) is not Treatment.OMIT and path not in ELSEWHERE:
            assert sum(path == claim or path.startswith(f"{claim}/") for claim in claims) == 1, path


def test_every_title_is_of_a_field_or_a_group() -> None:
    paths = {path for record in RECORDS.values() for path, _ in leaves(record)}
    for titles in TITLES.values():
        assert [path for path in titles if not any(f"{each}/".startswith(f"{path}/") for each in paths)] == []


# Whose copy it is


@pytest.mark.parametrize(("kind", "audience"), EVERY)
def test_every_page_says_whose_copy_it_is_and_which_record(kind: str, audience: Audience) -> None:
    content = pdf(open_to(audience, kind), audience)
    reading = read(content)
    assert len(reading.decoration) == len(opened(content).pages)
    for page in reading.decoration:
        assert letters(VOICES[audience].whose) in letters(page)
        assert "WB-7F3K" in page
    assert "pass it on" in VOICES[audience].whose


@pytest.mark.parametrize(("kind", "audience"), EVERY)
def test_the_file_is_accessible_and_its_metadata_tell_nothing(kind: str, audience: Audience) -> None:
    content = pdf(open_to(audience, kind), audience)
    with opened(content).open_metadata() as metadata:
        assert metadata.get("pdfuaid:part") == "1"
    file = opened(content)
    assert str(file.Root.Lang) == "en-GB"
    assert set(file.docinfo.keys()) == {"/Title", "/Creator"}
    assert not re.search(r"Marker|Ref\d|20\d\d", f"{file.docinfo} {file.Root.Metadata.read_bytes().decode()}")


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("audience", HOME)
def test_at_home_no_title_or_heading_tells_what_it_is_about(name: str, audience: Audience) -> None:
    record = open_to(audience, EXAMPLES[name]["record_type"])
    content = pdf(record, audience)
    file, reading = opened(content), read(content)
    told = f"{file.docinfo['/Title']} {reading.headings} {reading.decoration} {reading.tagged[:700]}"
    assert not re.search(r"exploit|abus|sexual|crimin|traffick|NWG|RISE\b|WISE|risk|safeguard|assess", told, re.I)


def test_the_young_person_comes_first_and_is_spoken_to() -> None:
    for name, record in EXAMPLES.items():
        reading = read(pdf(record, "young_person"))
        assert reading.headings[0] == "What you told us", name
        assert "What happens next" in reading.headings
        assert "Who you can talk to" in reading.headings
        assert "On or near 14 December 2031" in reading.tagged
        assert not re.search(r"[Tt]he (young person|child)\b", " ".join(reading.headings))


def test_the_young_persons_words_are_the_largest_text() -> None:
    voice = VOICES[Audience.YOUNG_PERSON]
    assert voice.quote_size > voice.body_size > VOICES[Audience.PROFESSIONALS].body_size
    assert voice.quote_size == max(each.quote_size for each in VOICES.values())


def test_without_words_the_young_person_is_asked_for_them() -> None:
    reading = read(pdf(EXAMPLES["rise_meeting_output-salford"], "young_person"))
    assert "There are no words of yours in this copy yet." in reading.tagged
    assert "crisis" not in reading.tagged
    assert "There are no words" not in read(pdf(wise(), "young_person")).tagged


def test_the_statement_is_gentle_at_home_and_the_instruments_own_for_professionals() -> None:
    home = read(pdf(wise(), "young_person")).tagged
    assert "We are worried that somebody may try to hurt you or use you. None of this is your fault." in home
    assert "At risk of abuse or exploitation" not in home
    assert "At risk of abuse or exploitation" in read(pdf(wise(), "professionals")).tagged


def test_the_young_person_sees_who_may_see_what() -> None:
    record = decided(wise(), "family", "declined", "own_words")
    text = read(pdf(decided(record, "professionals", "overridden_for_safety", "support_plan"), "young_person")).tagged
    assert "Your own words, for your parents or carers: You said no." in text
    assert "Ask us why." in text
    assert "Marker reason" not in text


def test_words_that_were_kept_back_leave_no_trace_in_the_familys_file() -> None:
    without = wise()
    without["areas"]["young_person"] |= {"own_words": [], "own_words_reason": "declined"}
    kept = decided(wise("Zq7mkr is what I said."), "family", "declined", "own_words", "analysis")
    assert pdf(kept, "family") == pdf(without, "family")


def test_a_part_that_is_being_checked_is_mentioned_and_not_which() -> None:
    sentence = "A part of this copy is being checked before it can be shared."
    for audience, section in (("family", "support_plan"), ("professionals", "people_places")):
        text = read(pdf(wise(), audience, holds={section})).tagged
        assert sentence in text
        assert sentence not in read(pdf(wise(), audience)).tagged
        assert "Allotment club" not in text


def test_the_case_files_copy_is_the_case_files_document() -> None:
    assert pdf(wise(), "case_file") == TypstDocuments().case_file(wise(), **KNOWN)


def test_the_same_copy_is_the_same_file() -> None:
    assert pdf(wise(), "family") == pdf(wise(), "family")


def test_a_copy_of_another_shape_is_refused_without_repeating_it() -> None:
    with pytest.raises(DocumentError) as failure:
        TypstDocuments().copy_for(Copy(Audience.FAMILY, "wise_assessment", {"areas": "Biscuit"}), **KNOWN)
    assert "Biscuit" not in str(failure.value)
    assert failure.value.__context__ is None


# Nobody's words are cut

POLISH = "Chciałabym, żeby dorośli słuchali — „naprawdę”. Zażółć gęślą jaźń."
WELSH = "Dw i eisiau mynd adref at fy nheulu. Tŷ, môr, ŵyr."
HEBREW = "אני רוצה ללכת הביתה"
URDU = "میں گھر جانا چاہتی ہوں"
ARABIC = "أريد أن أعود إلى البيت"
EMOJI = "Nan 😊 and the dog 🐕‍🦺"
LONG = " ".join(f"word{number}" for number in range(9_999))[:8_000]
KEEPS_ALL = pytest.mark.parametrize("audience", ["young_person", "case_file"])


@KEEPS_ALL
@pytest.mark.parametrize("words", [POLISH, WELSH, LONG, "y" * 8_000], ids=["Polish", "Welsh", "long", "one long word"])
def test_words_are_there_to_the_last_letter(words: str, audience: str) -> None:
    content = pdf(wise(words), audience)
    assert letters(f"“{words}”") in read(content).letters
    assert not attached(content)


@KEEPS_ALL
def test_hebrew_is_there_from_right_to_left(audience: str) -> None:
    content = pdf(wise(HEBREW), audience)
    assert letters(HEBREW) in read(content).letters or letters(HEBREW)[::-1] in read(content).letters
    assert not attached(content)


@KEEPS_ALL
@pytest.mark.parametrize("words", [URDU, ARABIC, EMOJI], ids=["Urdu", "Arabic", "emoji"])
def test_words_in_other_letters_are_attached_exactly(words: str, audience: str) -> None:
    content = pdf(wise(f"{words}\n\n{LONG[:3_000]}"), audience)
    assert words in attached(content)["exact-words.txt"]
    assert letters(LONG[:3_000]) in read(content).letters
    shown = {char for char in letters(words) if char in fonts.drawable() and unicodedata.category(char) != "Cf"}
    assert len(shown) > 5
    assert shown <= set(read(content).letters)


def test_the_claim_of_pdf_ua_is_made_only_where_it_is_true() -> None:
    for words, claimed in ((URDU, False), (HEBREW, True), (EMOJI, True), (POLISH, True)):
        content = pdf(wise(words), "young_person")
        with opened(content).open_metadata() as metadata:
            assert (metadata.get("pdfuaid:part") == "1") is claimed
        assert ("does not claim to meet PDF/UA-1" in read(content).tagged) is not claimed


def test_markup_in_own_words_is_shown_as_it_was_written() -> None:
    line = '#panic("x") = Heading *bold* _it_ `code` <label> @ref $x^2$ \\u{41}'
    assert letters(f"“{line}”") in read(pdf(wise(line), "young_person")).letters


def test_a_long_plan_item_runs_over_pages_without_loss() -> None:
    record = wise()
    record["support_plan"]["items"] = [{"what": LONG, "who_will": "education"}]
    assert letters(LONG) in read(pdf(record, "young_person")).letters


def test_filled_records_make_a_file_of_several_pages() -> None:
    """So that the tests of "every page" see more than one."""
    content = pdf(open_to("professionals", "wise_assessment"), "professionals")
    assert len(opened(content).pages) > 3
