"""The page of the table, and the gentle words for those who are not professionals."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from service.domain import codes
from service.domain.audiences import SECTIONS, decisions, page, plain
from service.domain.audiences.refusals import NOTHING_THERE, UNCLASSIFIED, WITHDRAWN
from service.domain.fields import leaves
from service.domain.records import RECORDS
from service.domain.words import heading

ROOT = Path(__file__).parents[2]
TABLES = [
    (plain.WORRIES_TO_THE_YOUNG_PERSON, codes.EXPLOITATION),
    (plain.WORRIES_TO_THE_FAMILY, codes.EXPLOITATION),
    (plain.OPINION_TO_THE_YOUNG_PERSON, codes.NWG_OPINIONS),
    (plain.OPINION_TO_THE_FAMILY, codes.NWG_OPINIONS),
    (plain.PARTS_TO_THE_YOUNG_PERSON, codes.SHARING_SECTIONS),
    (plain.READERS_TO_THE_YOUNG_PERSON, codes.SHARING_AUDIENCES),
    (plain.DECISIONS_TO_THE_YOUNG_PERSON, codes.SHARING_DECISIONS),
    (plain.PANEL_TO_THE_YOUNG_PERSON, codes.PANEL_DECISIONS),
]
STATEMENTS = (codes.EXPLOITATION, codes.NWG_OPINIONS)
SAID = [text for table, _ in TABLES for text in table.values()]


@pytest.mark.parametrize(("table", "listed"), TABLES)
def test_every_value_has_words_of_its_own(table: dict[str, str], listed: tuple[str, ...]) -> None:
    assert set(table) == set(listed)
    assert len(set(table.values())) == len(table)


def test_the_two_instruments_are_never_worded_alike() -> None:
    for worries, opinions in (
        (plain.WORRIES_TO_THE_YOUNG_PERSON, plain.OPINION_TO_THE_YOUNG_PERSON),
        (plain.WORRIES_TO_THE_FAMILY, plain.OPINION_TO_THE_FAMILY),
    ):
        assert not set(worries.values()) & set(opinions.values())


def test_nobody_is_blamed_or_ranked_and_no_statement_calls_anybody_safe() -> None:
    never = re.compile(r"\b(risk|high|low|case|exploit\w*|sexual\w*|criminal\w*|victim|refus\w*|engag\w*)\b", re.I)
    assert [text for text in SAID if never.search(text)] == []
    statements = [text for table, listed in TABLES for text in table.values() if listed in STATEMENTS]
    assert [text for text in statements if re.search(r"\bsafe", text)] == []
    worried = [plain.WORRIES_TO_THE_YOUNG_PERSON[code] for code in ("experiencing", "at_risk")]
    assert all("None of this is your fault." in text for text in worried)


def test_the_page_is_the_one_that_is_filed() -> None:
    assert (ROOT / "docs" / "audiences.md").read_text() == page.page()


def test_the_command_writes_the_page() -> None:
    made = subprocess.run([sys.executable, "-m", "service.domain.audiences"], capture_output=True, text=True, cwd=ROOT)
    assert made.stdout == page.page()
    assert made.returncode == 0


def test_the_page_has_every_field_of_every_record_and_every_section() -> None:
    _, *records = re.split(r"^## .*(?:assessment|output)$", page.page(), flags=re.MULTILINE)
    for text, record in zip(records, RECORDS.values(), strict=True):
        assert [path for path, _ in leaves(record) if heading(path) not in text] == []
    assert set(page.SECTION_WORDS) == set(SECTIONS)
    assert all(f"**{what}** {why}" in page.page() for what, why in decisions.DECISIONS)


def test_a_refusal_says_what_to_do() -> None:
    for refusal in (NOTHING_THERE, UNCLASSIFIED, WITHDRAWN):
        assert refusal.detail.endswith(".")
        assert refusal.fix.endswith(".")
