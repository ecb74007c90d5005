"""What the warning finds, by kind, and what it lets pass."""

from __future__ import annotations

import pytest

from service.domain.deidentify.finding import Kind
from service.domain.deidentify.shipped import find


def found(text: str, *known: str) -> list[tuple[Kind, str]]:
    return [(each.kind, text[each.start : each.end]) for each in find(text, known)]


SHAPES = [
    ("NHS no: 999 123 456X", Kind.NHS_NUMBER, "999 123 456X"),
    ("she gave 999 044 2711 at the desk", Kind.NHS_NUMBER, "999 044 2711"),
    ("on roll as K350954917408 since", Kind.UPN, "K350954917408"),
    ("UPN A123456789", Kind.UPN, "A123456789"),
    ("gave QQ 12 34 56 C to the clerk", Kind.NINO, "QQ 12 34 56 C"),
    ("lives in ZZ60 2LA with nan", Kind.POSTCODE, "ZZ60 2LA"),
    ("near the OL9 flats", Kind.POSTCODE, "OL9"),
    ("ring 07700 900123 first", Kind.PHONE, "07700 900123"),
    ("ring +44 7700 900123 first", Kind.PHONE, "+44 7700 900123"),
    ("ring 00447700900123 first", Kind.PHONE, "00447700900123"),
    ("write to a.b@team.example please", Kind.EMAIL, "a.b@team.example"),
    ("posted on www.team.example today", Kind.WEB, "www.team.example"),
    ("a white van, ZZ19 ABC, waits", Kind.VEHICLE, "ZZ19 ABC"),
    ("partial plate ZZ19 was seen", Kind.VEHICLE, "ZZ19"),
    ("messages from @not.a.person99 came", Kind.HANDLE, "@not.a.person99"),
    ("on Snapchat as night_owl_x lately", Kind.HANDLE, "night_owl_x"),
    ("Snapchat: sunshine; he is careful", Kind.HANDLE, "sunshine"),
    ("crime no. 06/CR/1234/25 was closed", Kind.CASE_REFERENCE, "06/CR/1234/25"),
    ("LCS ID: 7654321 was merged", Kind.CASE_REFERENCE, "7654321"),
    ("Mosaic ID M-2045555 was merged", Kind.CASE_REFERENCE, "M-2045555"),
    ("the note is exhibit QWE/12 now", Kind.CASE_REFERENCE, "QWE/12"),
    ("custody ref CU/12/3456/25 shows", Kind.CASE_REFERENCE, "CU/12/3456/25"),
    ("hospital number 445566 on the band", Kind.CASE_REFERENCE, "445566"),
    ("log 1234 of 19/01/25 says so", Kind.CASE_REFERENCE, "1234 of 19/01/25"),
    ("under Operation Marigold they met", Kind.CASE_REFERENCE, "Operation Marigold"),
    ("born on 03/11/2009 at home", Kind.BIRTH, "03/11/2009"),
    ("seen on the 6th of Feb at college", Kind.DATE, "the 6th of Feb"),
    ("seen on Saturday 7th September at six", Kind.DATE, "Saturday 7th September"),
    ("missing on 3/4 and back", Kind.DATE, "3/4"),
    ("she was born in March 2010 abroad", Kind.BIRTH, "March 2010"),
    ("he is 14 years 8 months old", Kind.DATE, "14 years 8 months"),
    ("found at 5 Poplar Avenue by police", Kind.ADDRESS, "5 Poplar Avenue"),
    ("found at 14 poplar close by police", Kind.ADDRESS, "14 poplar close"),
    ("found at Unit 6 Sorting Office Yard by police", Kind.ADDRESS, "Unit 6 Sorting Office Yard"),
    ("now at Flat 2/1, 60 Ferrier St with him", Kind.ADDRESS, "Flat 2/1, 60 Ferrier St"),
    ("neighbour at no 11 says so", Kind.ADDRESS, "no 11"),
    ("found at Flat 12, Harbour Towers by police", Kind.ADDRESS, "Flat 12, Harbour Towers"),
    ("they sit in Poplar Park after dark", Kind.PLACE, "Poplar Park"),
    ("placed at Heron Lodge children's home since", Kind.SCHOOL, "Heron Lodge children's home"),
    ("on roll at St Alban's RC High School now", Kind.SCHOOL, "St Alban's RC High School"),
]


@pytest.mark.parametrize(("text", "kind", "value"), SHAPES, ids=[text for text, _, _ in SHAPES])
def test_shapes_are_found(text: str, kind: Kind, value: str) -> None:
    assert (kind, value) in found(text)


NAMES = [
    "<Keziah> and <Oluwadamilola> went home",
    "nan said our <kezzah> is no angel",
    "<Caoimhín>'s mum rang",
    "seen with <Ng>, <Li> and <Þórdís>",
    "<J> (9) and <M> (6) are at home",
    "<S. Kowalska> is his aunt",
    "<Mo A> and <Chloe-Mae B.> were named",
    "<O'RIORDAN, Kezia>",
    "his dad <Mark> is in custody",
    "<Will> is fourteen. Will he talk?",
    "she trusts <Grace>, who listens",
    "<Hope> and her twin <Faith> live there",
    "told <grace> she could stay",
    "with <lily> near the shops",
    "Mr <Baker> and Miss <Young> came",
    "mr <green> shouted",
    "DS <Barber> called PC <4471 Wood>",
    "a lad known as <Ghost> waits outside",
    'a man called "<Bear>" drives',
    "the <Wards> live next door",
    "she stayed with <Young Dizzo> again",
    "seen with <Rob>; <rob> and a lad ran off",
    "<kezia-grace> was there",
    "She asked whether <Summer> could come",
    "Action 4: <Sue> to chase the hospital",
    "<Hope> fears what they would say",
    "moved from <Ysgol Pant y Rhos> last year",
]


@pytest.mark.parametrize("marked", NAMES)
def test_names_are_found(marked: str) -> None:
    text = marked.replace("<", "").replace(">", "")
    wanted = [part.split(">")[0] for part in marked.split("<")[1:]]

    covered = {at for each in find(text) for at in range(each.start, each.end)}

    for name in wanted:
        start = text.index(name)
        assert covered.issuperset(at for at in range(start, start + len(name)) if text[at].isalnum()), name


HARMLESS = [
    "Will he talk to professionals? He may, and he will if you take him for food.",
    "In May she may go to college. April showers, and by August things had improved.",
    "There is hope. He had a chance to bury the past, and the sale at the sports shop was a bargain.",
    "Mum will ring. Dad hung up. Her brother may come. The rose by the gate is her favourite.",
    "The Social Worker and the IRO met CAMHS, the YJS and Greater Manchester Police about the Child Protection Plan.",
    "What Needs To Happen: Safety Mapping, Weekly Visits, Disruption Plan",
    "RISK ANALYSIS: PUSH AND PULL FACTORS",
    "She is 14, a 14-year-old girl in Year 10, White British, Muslim, and speaks Somali and Polish at home.",
    "He uses Snapchat, TikTok and WhatsApp on an iPhone, wears Nike and likes McDonald's.",
    "hes sound tbh, they aint groomin me lol, just chill n smoke a bit innit sooo bored",
    "Section 47 enquiries ended; s.20 was signed. Attendance is 41%, £1,200 is owed, and 24/7 support was asked for.",
    "The assesment was recieved on Monday and the accomodation is temporery.",
    "A class A drug was found. Vitamin D was prescribed. Plan B was agreed in Year 8.",
    "Hope to see change. Need to talk. Happy to help. In May she will go. The hope is that it lasts.",
    "At no time did he say so, and number 4 on the list was not done.",
    "He scored 7 out of 10, three months ago, in the summer term of 2024.",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_everyday_words_pass(text: str) -> None:
    assert found(text) == []


def test_an_identifier_is_found_once_and_whole() -> None:
    assert found("ask Keith Wormald-Osei about it") == [(Kind.PERSON, "Keith Wormald-Osei")]


def test_a_finding_never_holds_a_value() -> None:
    assert "Keziah" not in repr(find("Keziah went home"))


KNOWN = [
    ("told bexley to leave", "Bexley Hart", "bexley"),
    ("Bexleys mum rang", "Bexley Hart", "Bexleys"),
    ("Bexly rang", "Bexley Hart", "Bexly"),
    ("Maximiliano or Maxi rang", "Maximiliano", "Maxi"),
    ("Jose rang", "José Peña", "Jose"),
    ("she saw Hart there", "Bexley Hart", "Hart"),
    ("Will you come? He met Will today", "Will Hart", "Will"),
]


@pytest.mark.parametrize(("text", "name", "value"), KNOWN)
def test_known_names_are_found_however_they_are_written(text: str, name: str, value: str) -> None:
    assert (Kind.KNOWN_NAME, value) in [(kind, part) for kind, part in found(text, name)]


def test_a_known_name_that_is_an_everyday_word_needs_its_capital() -> None:
    assert found("he will come and may stay", "Will May") == []
