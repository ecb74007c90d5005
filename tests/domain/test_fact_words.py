"""Every value of the fact has words, and docs/fact.md has all of them."""

from __future__ import annotations

import re

from service.domain.fact import CODES, FIELDS
from service.domain.words.facts import LABELS, TITLES, in_words, table
from tests.architecture.project import ROOT
from tests.support.facts import GOOD, a_fact

PAGE = (ROOT / "docs" / "fact.md").read_text()


def test_every_field_has_a_title_and_every_code_words() -> None:
    assert tuple(TITLES) == FIELDS
    assert {name: set(words) for name, words in LABELS.items()} == {name: set(codes) for name, codes in CODES.items()}
    said = [words for labels in LABELS.values() for words in labels.values()]
    assert all(words[:1].isupper() or words[:1].isdigit() for words in said)


def test_two_codes_of_a_field_never_read_alike() -> None:
    for labels in LABELS.values():
        assert len(set(labels.values())) == len(labels)


def test_what_is_not_known_is_never_worded_as_no() -> None:
    unknown = [labels[code] for labels in LABELS.values() for code in ("not_recorded", "not_asked") if code in labels]
    assert set(unknown) == {"Not recorded", "This kind of record does not ask"}


def test_a_fact_in_words_says_every_value_once() -> None:
    found = list(in_words(a_fact()))
    assert [code for _, code, _ in found] == list(GOOD.values())
    assert found[0] == ("Quarter of completion", "2026Q3", "")
    assert found[1][2].startswith("Stockport")
    assert found[-1][2] == "There is no later record"


def test_the_page_has_the_table_as_it_is() -> None:
    """To bring it up to date: `service.domain.words.facts.table()`."""
    told = re.findall(r"^\|.*\|$", PAGE, re.MULTILINE)
    assert told == list(table())
