"""What looks like an identifier in a narrative (X-8): found with its place, and few things that only look so."""

from __future__ import annotations

import time
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.deidentify.finding import Finding, Kind
from service.domain.text.identifiers import find_identifiers


def found(text: str) -> list[tuple[Kind, str]]:
    return [(each.kind, text[each.start : each.end]) for each in find_identifiers(text)]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Kind.PHONE, "07700 900123"),
        (Kind.PHONE, "07700900123"),
        (Kind.PHONE, "07700 900 123"),
        (Kind.PHONE, "07700-900-123"),
        (Kind.PHONE, "07700–900–123"),
        (Kind.PHONE, "07700\u00a0900123"),
        (Kind.PHONE, "0161 496 0123"),
        (Kind.PHONE, "0161 4960 123"),
        (Kind.PHONE, "(0161) 496 0123"),
        (Kind.PHONE, "01632 960123"),
        (Kind.PHONE, "020 7946 0123"),
        (Kind.PHONE, "+44 7700 900123"),
        (Kind.PHONE, "+44 (0)7700 900123"),
        (Kind.PHONE, "+447700900123"),
        (Kind.PHONE, "0044 161 496 0123"),
        (Kind.NHS_NUMBER, "999 000 0018"),
        (Kind.NHS_NUMBER, "999-000-0018"),
        (Kind.NHS_NUMBER, "9990000018"),
        (Kind.POSTCODE, "ZZ99 3WZ"),
        (Kind.POSTCODE, "ZZ993WZ"),
        (Kind.POSTCODE, "zz99 3wz"),
        (Kind.POSTCODE, "Zz99 3wz"),
        (Kind.EMAIL, "a.person+x@school.example"),
        (Kind.EMAIL, "A_PERSON@MAIL.SCHOOL.EXAMPLE"),
        (Kind.EMAIL, "rené@école.example"),
        (Kind.WEB, "https://chat.example/room/07700900123?x=1"),
        (Kind.WEB, "www.chat.example/a_person"),
        (Kind.WEB, "chat.example"),
        (Kind.WEB, "chat.example.com/add/someone"),
        (Kind.NINO, "QQ123456C"),
        (Kind.NINO, "QQ 12 34 56 C"),
        (Kind.NINO, "qq-12-34-56-c"),
    ],
)
@pytest.mark.parametrize("around", ["{}", "It is {}.", "({}), he said", "🙂 «{}» 12 May", "a,{}; b", "{}\n{}"])
def test_what_is_found_whatever_stands_around_it(kind: Kind, value: str, around: str) -> None:
    assert found(around.format(value, value)) == [(kind, value)] * around.count("{}")


@pytest.mark.parametrize("area", ["M", "SK", "OL", "WN", "BL"])
def test_postcodes_of_every_shape(area: str) -> None:
    """Put together here, so that no postcode that could be somebody's stands in a file."""
    for outward in (f"{area}1", f"{area}99", f"{area}1A"):
        assert found(f"at {outward} 9ZZ now") == [(Kind.POSTCODE, f"{outward} 9ZZ")]


@pytest.mark.parametrize(
    "text",
    [
        "on 01/02/2026 at 14:00",
        "on 01-02-2026\x2014:00 and 02-02-2026\xa015:30",  # spaces so written are not read as numbers by other checks
        "on 01.02.2026 14:00",
        "2026-01-02T14:00:00Z",
        "from 01/02/2026-28/02/2026",
        "in 2025, 2026 and 2027",
        "between 07:30 and 08:45, 0730-0845, 0900 to 1030",
        "the 0830, 0930 and 1030 buses; the 192 and the X50",
        "£1,250.00 or 1 000 000 pounds, £20",
        "101, 111, 999, 0800 1111",
        "Year 10 3pm, KS4 2nd set, room B12 4th floor",
        "the m6 3rd exit, the M60 2nd lane",
        "XX9 9ZZ and QQ9 9ZZ are in no area",
        "ZZ1 9CK and ZZ1 9ZV could not end so",
        "section 47, section 17(10), Children Act 1989",
        "E08000007 and ref. 4471902, UPN 999123",
        "9990000019",
        "1234567890",
        "9999999999",
        "19990000018 or 99900000181 or 999 000 0018-7",
        "a@b and @someone and 5 @ 3",
        "he went home.He slept; e.g.this, i.e.that, 3.30pm",
        "3.14159265358979 or 0.0123456789",
        "AB 12 34 and PC 1234 of 12 34 56",
        "phone: +44",
        "not known",
        "",
    ],
)
def test_what_only_looks_so_is_left_alone(text: str) -> None:
    assert found(text) == []


def test_two_numbers_with_a_slash_between_are_two() -> None:
    assert len(found("07700 900123/07700 900124, 999 000 0018/999 000 0018")) == 4


def test_several_come_in_order_and_each_once() -> None:
    text = "ZZ99 3WZ, 07700900123@school.example, 999 000 0018 07700 900123"

    assert [kind for kind, _ in found(text)] == [Kind.POSTCODE, Kind.EMAIL, Kind.NHS_NUMBER, Kind.PHONE]


def test_a_hit_holds_no_value() -> None:
    assert find_identifiers("ring 07700 900123") == (Finding(Kind.PHONE, 5, 17),)
    assert [field.name for field in fields(Finding)] == ["kind", "start", "end"]


def test_every_kind_reads_in_a_sentence() -> None:
    assert all(kind.startswith(("a ", "an ", "the ")) for kind in Kind)


PIECES = st.sampled_from(
    ["07700 900123", "999 000 0018", "ZZ99 3WZ", "a@b.example", "www.", "+44", "0", "12", " ", "-", "🙂", "x"]
)


@given(st.lists(PIECES | st.text(max_size=3)).map("".join))
def test_places_are_within_the_text_in_order_and_apart(text: str) -> None:
    edges = [edge for each in find_identifiers(text) for edge in (each.start, each.end)]

    assert edges == sorted(edges)
    assert all(0 <= edge <= len(text) for edge in edges)
    assert all(each.start < each.end for each in find_identifiers(text))


@given(st.text(alphabet=" .,;abc🙂"), st.text(alphabet=" .,;abc🙂"))
def test_a_number_is_found_in_any_words(before: str, after: str) -> None:
    assert (Kind.PHONE, "07700 900123") in found(f"{before} 07700 900123 {after}")


HOSTILE = [
    "a",
    "1",
    "a.",
    "a@",
    "@a.",
    "0161 ",
    "01",
    "07",
    "+44",
    "www.",
    "http://",
    "999 ",
    "M1 ",
    "a-",
    "(0",
    "0 1",
    "a@a.",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_no_text_makes_it_slow(piece: str) -> None:
    text = (piece * 60_000)[:60_000]
    start = time.process_time()

    find_identifiers(text)

    assert time.process_time() - start < 1
