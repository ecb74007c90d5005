"""The file itself: tagged, titled, in English, claiming PDF/UA honestly, telling nothing in its metadata."""

from __future__ import annotations

import json
import re
import threading
import unicodedata
from datetime import date
from importlib.resources import files
from typing import Any

import pikepdf
import pytest

from service.documents import DocumentError, TypstDocuments, fonts, maker
from service.documents.legible import Legible
from service.domain.records import RECORDS
from tests.documents.document_records import EXAMPLES, filled, wise
from tests.documents.pdf_reader import attached, letters, opened, read

KNOWN: dict[str, Any] = {
    "authority_name": "Stockport Council",
    "reference": "WB-7F3K",
    "review_due_on": date(2026, 12, 14),
}
URDU = "میں گھر جانا چاہتی ہوں"
GURMUKHI = "ਮੈਂ ਘਰ ਜਾਣਾ ਚਾਹੁੰਦੀ ਹਾਂ"


def made(record: dict[str, Any]) -> bytes:
    return TypstDocuments().case_file(record, **KNOWN)


def claims_ua(content: bytes) -> bool:
    with opened(content).open_metadata() as metadata:
        return metadata.get("pdfuaid:part") == "1"


@pytest.mark.parametrize("name", EXAMPLES)
def test_it_is_tagged_titled_in_english_and_claims_pdf_ua(name: str) -> None:
    content = made(EXAMPLES[name])
    pdf = opened(content)
    root = pdf.Root
    assert root.MarkInfo.Marked
    assert str(root.Lang) == "en-GB"
    assert root.ViewerPreferences.get("/DisplayDocTitle", False) == claims_ua(content)
    assert re.fullmatch(r"(WISE assessment|RISE meeting output|NWG assessment), WB-7F3K", title(content))
    assert claims_ua(content) is not _arabic(EXAMPLES[name])
    assert claims_ua(content) or attached(content)


def _arabic(record: dict[str, Any]) -> bool:
    """Whether there are letters for which the claim is withheld."""
    return any(unicodedata.bidirectional(char) == "AL" for char in json.dumps(record, ensure_ascii=False))


def test_nothing_is_attached_to_a_document_that_shows_every_character() -> None:
    assert attached(made(wise())) == {}


def title(content: bytes) -> str:
    pdf = opened(content)
    return str(pdf.docinfo["/Title"])


def test_the_sections_are_bookmarks() -> None:
    with opened(made(wise())).open_outline() as outline:
        names = [item.title for item in outline.root]
    assert names[:2] == ["The young person", "Family and friends"]


@pytest.mark.parametrize("kind", RECORDS)
def test_a_record_with_every_field_still_claims_pdf_ua(kind: str) -> None:
    assert claims_ua(made(filled(kind)))


def test_the_metadata_hold_no_identifier_no_date_and_no_words() -> None:
    pdf = opened(made(wise()))
    assert set(pdf.docinfo.keys()) == {"/Title", "/Creator"}
    told = f"{pdf.docinfo} {pdf.Root.Metadata.read_bytes().decode()}"
    record = wise()
    person = record["young_person"]
    for private in (
        person["la_child_id"],
        person["nhs_number"],
        record["submission_id"],
        "stk-sw-21",
        "Biscuit",
        "2026-",
    ):
        assert private not in told


def test_the_same_record_is_the_same_file() -> None:
    assert made(wise()) == made(wise())


def test_fonts_come_from_the_wheels_and_are_embedded() -> None:
    assert set(fonts.FAMILIES) == set(fonts.loaded().families())
    pdf = opened(made(wise()))
    found = [
        obj for obj in pdf.objects if isinstance(obj, pikepdf.Dictionary) and obj.get("/Type") == "/FontDescriptor"
    ]
    assert found
    assert all("NotoSans" in str(font.FontName) and "/FontFile2" in font for font in found)


def test_the_template_is_package_data() -> None:
    assert files("service.documents").joinpath("case_file.typ").is_file()


def test_an_emoji_is_named_listed_and_kept() -> None:
    content = made(wise("I like Nan 😊 and cake"))
    reading = read(content)
    assert "“I like Nan [smiling face with smiling eyes] and cake”" in reading.tagged
    assert "U+1F60A" in reading.tagged
    assert "I like Nan 😊 and cake" in attached(content)["exact-words.txt"]
    assert claims_ua(content)


def test_a_script_without_a_font_is_kept_by_code_point_and_as_text() -> None:
    content = made(wise(f"She said {GURMUKHI}."))
    reading = read(content)
    assert "She said [text 1 in Gurmukhi letters]." in reading.tagged
    points = letters(" ".join(f"U+{ord(char):04X}" for char in GURMUKHI))
    assert points in reading.letters
    assert GURMUKHI in attached(content)["exact-words.txt"]


def test_fancy_letters_are_shown_as_the_plain_ones() -> None:
    fancy = "\U0001d4d7\U0001d4ee\U0001d4f5\U0001d4f5\U0001d4f8"
    content = made(wise(fancy))
    assert "[Hello]" in read(content).tagged
    assert fancy in attached(content)["exact-words.txt"]


@pytest.mark.parametrize(
    "odd", ["\x01", "\x00", "\ufeff", "\ue000", "\ufff9", "❤\ufe0f", "1\ufe0f\u20e3", "👩\u200d👧", "漢字"]
)
def test_whatever_was_written_makes_a_document_that_holds_it(odd: str) -> None:
    content = made(wise(f"before {odd} after"))
    assert claims_ua(content)
    assert f"before {odd} after" in attached(content)["exact-words.txt"]


@pytest.mark.parametrize(
    "fine", ["Zażółć", "Привіт", "Ŵy", "a\u0301", "tab\there", "line\r\nend", "zero\u200bwidth", "\u202edlrow"]
)
def test_what_can_be_drawn_is_left_alone(fine: str) -> None:
    result = TypstDocuments().render(wise(fine), **KNOWN)
    assert result.claims_ua
    assert result.places == 0


@pytest.mark.parametrize("words", ["אני רוצה ללכת הביתה", "আমি বাড়ি যেতে চাই", "मैं घर जाना चाहता हूँ", "நான் வீடு", "నేను ఇంటికి"])
def test_scripts_with_a_font_are_drawn(words: str) -> None:
    result = TypstDocuments().render(wise(words), **KNOWN)
    assert result.claims_ua
    assert result.places == 0
    assert set(letters(words)) & set(read(result.content).letters)


def test_urdu_runs_right_to_left_and_the_claim_is_not_made_for_it() -> None:
    result = TypstDocuments().render(wise(URDU), **KNOWN)
    reading = read(result.content)
    assert set(letters(URDU)) <= set(reading.letters)
    assert reading.letters.index("چ") < reading.letters.index("گ"), "glyphs stand in visual order"
    assert not result.claims_ua
    assert not claims_ua(result.content)
    assert "does not claim to meet PDF/UA-1" in reading.tagged
    assert URDU in attached(result.content)["exact-words.txt"]
    pdf = opened(result.content)
    assert pdf.Root.MarkInfo.Marked


def test_replaced_characters_of_the_restricted_part_stay_in_it() -> None:
    record = wise()
    record["risk_subjects"][0]["descriptor"] = "drives a 🚗"
    content = made(record)
    before, after = read(content).tagged.split("Restricted part: social work only")
    assert "U+1F697" in after
    assert "U+1F697" not in before
    assert list(attached(content)) == ["exact-words-restricted.txt"]


def test_a_character_the_compiler_still_refuses_costs_the_claim_not_the_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "drawable", lambda: fonts_and("😊"))
    result = TypstDocuments().render(wise("Nan 😊"), **KNOWN)
    assert not result.claims_ua
    assert "does not claim to meet PDF/UA-1" in read(result.content).tagged
    assert "Nan 😊" in attached(result.content)["exact-words.txt"]


REAL = fonts.drawable()


def fonts_and(char: str) -> frozenset[str]:
    return REAL | {char}


def test_an_error_holds_nothing_of_the_record(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maker, "_template", lambda name: b"#panic(sys.inputs.document)")
    monkeypatch.setattr(maker, "_resting", [])
    with pytest.raises(DocumentError) as failure:
        made(wise("Nan Biscuit"))
    assert "Biscuit" not in str(failure.value)
    assert failure.value.__context__ is None
    assert failure.value.__cause__ is None


@pytest.mark.parametrize(
    "broken",
    [
        {"record_type": "Biscuit"},
        {"areas": "Biscuit"},
        {"nickname": "Biscuit"},
        {"completed_on": "Biscuit"},
        {"first_or_review": "Biscuit"},
    ],
)
def test_a_record_of_another_shape_is_refused_without_repeating_it(broken: dict[str, Any]) -> None:
    with pytest.raises(DocumentError) as failure:
        made(wise() | broken)
    assert "Biscuit" not in str(failure.value)
    assert failure.value.__context__ is None


def test_threads_share_one_maker() -> None:
    documents, found = TypstDocuments(), set[bytes]()

    def work() -> None:
        for _ in range(3):
            found.add(documents.case_file(wise(), **KNOWN))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {made(wise())}


def test_legible_does_not_slow_down_on_long_blanks() -> None:
    text = "😊" + " " * 8_000 + "😊"
    assert Legible(fonts.drawable()).text(text, "x").startswith("[smiling")
