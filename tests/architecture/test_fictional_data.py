"""Nobody real is in our examples: no NHS number, telephone, postcode or e-mail address that could be somebody's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest

from tests.architecture.project import texts

FOLDERS = ("tests", "simulators", "config", "docs", "bench")
NOT_EXAMPLES = {
    "tests/architecture/test_fictional_data.py",
    "config/deidentify/scowl-copyright.txt",  # the notice of a licence stays as its owners wrote it
}

NHS = re.compile(r"(?<![0-9A-Za-z_.+-])[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}(?![0-9A-Za-z_-]|\.[0-9])")
PHONE = re.compile(r"(?<![\w.+/-])(?:\+44[ -]?(?:\(0\)[ -]?)?|0)[1-9](?:[ -]?[0-9]){8,9}(?![\w-])")
POSTCODE = re.compile(r"(?<![\w-])([A-Z]{1,2})[0-9][A-Z0-9]? ?[0-9][A-Z]{2}(?![\w-])")
EMAIL = re.compile(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,})")

SEQUENCES = {"0123456789", "1234567890"}
"""All ten digits in order are everybody's."""

FICTIONAL_PHONES = re.compile(r"07700900\d{3}|01632960\d{3}|02079460\d{3}|0161496\d{4}|08081570\d{3}|03069990\d{3}")
"""Ofcom's numbers for use in drama."""

AREAS = frozenset(
    re.findall(
        r"\w+",
        """
        AB AL B BA BB BD BF BH BL BN BR BS BT BX CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX
        FK FY G GL GU GX GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG
        NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW
        UB W WA WC WD WF WN WR WS WV YO ZE
        """,
    )
)
"""The postcode areas there are; ZZ, XX and the like are nobody's."""

RESERVED_DOMAINS = (".example", ".test", ".invalid", ".localhost", "example.com", "example.org", "example.net")


def is_nhs_number(digits: str) -> bool:
    """Whether the last digit is the check digit of the other nine."""
    check = 11 - sum(int(digit) * weight for digit, weight in zip(digits[:9], range(10, 1, -1), strict=True)) % 11
    return check % 11 == int(digits[9]) and check != 10


def nhs_numbers(text: str) -> Iterator[str]:
    """Valid ones that could have been given to somebody: 999 is kept for tests."""
    for found in NHS.finditer(text):
        digits = re.sub(r"[ -]", "", found[0])
        if digits not in SEQUENCES and not digits.startswith("999") and is_nhs_number(digits):
            yield found[0]


def phones(text: str) -> Iterator[str]:
    for found in PHONE.finditer(text):
        national = re.sub(r"[ -]|\(0\)", "", found[0]).replace("+44", "0")
        if national not in SEQUENCES and not FICTIONAL_PHONES.fullmatch(national):
            yield found[0]


def postcodes(text: str) -> Iterator[str]:
    return (found[0] for found in POSTCODE.finditer(text) if found[1] in AREAS)


def emails(text: str) -> Iterator[str]:
    return (found[0] for found in EMAIL.finditer(text) if not found[1].lower().endswith(RESERVED_DOMAINS))


@pytest.mark.parametrize("look", [nhs_numbers, phones, postcodes, emails])
def test_nobody_real_is_in_our_examples(look: Callable[[str], Iterator[str]]) -> None:
    found = {name: list(look(text)) for name, text in texts(*FOLDERS) if name not in NOT_EXAMPLES}

    assert {name: values for name, values in found.items() if values} == {}


@pytest.mark.parametrize(
    ("look", "text"),
    [
        (nhs_numbers, "number 400 000 0004."),
        (nhs_numbers, '"4000000004"'),
        (phones, "ring 0161 000 0001"),
        (phones, "ring +44 7000 000001"),
        (postcodes, "lives at SK0 0AA"),
        (postcodes, "M00AA"),
        (emails, "name@council.gov.uk"),
    ],
)
def test_somebody_real_would_be_seen(look: Callable[[str], Iterator[str]], text: str) -> None:
    assert list(look(text))


@pytest.mark.parametrize(
    ("look", "text"),
    [
        (nhs_numbers, "number 999 000 0018 and reference 1234567890"),
        (phones, "ring 0161 496 0123 or 07700 900123, ratio 0.0123456789"),
        (postcodes, "lives at ZZ99 3WZ, authority E08000007"),
        (emails, "name@council.example"),
    ],
)
def test_what_is_meant_for_examples_may_be_used(look: Callable[[str], Iterator[str]], text: str) -> None:
    assert list(look(text)) == []
