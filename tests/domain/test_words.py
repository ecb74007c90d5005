"""Every code has words and every field has a heading; a new one without them fails here."""

from __future__ import annotations

import re

import pytest

from service.domain import codes
from service.domain.fields import Code, Field, leaves
from service.domain.records import RECORDS
from service.domain.records.withdrawal import WITHDRAWAL
from service.domain.words import CODE_SETS, NoWords, authority_words, heading, words
from service.domain.words.headings import HEADINGS
from service.domain.words.values import VALUES

LEAVES: dict[str, Field] = {path: field for record in (WITHDRAWAL, *RECORDS.values()) for path, field in leaves(record)}
CODED = {path: field for path, field in LEAVES.items() if isinstance(field, Code)}


@pytest.mark.parametrize(("path", "field"), CODED.items(), ids=CODED)
def test_every_value_of_every_coded_field_has_words(path: str, field: Code) -> None:
    assert all(words(field.codes, value).strip() for value in field.codes)


def test_the_words_cover_every_closed_list_and_nothing_else() -> None:
    assert {name: set(values) for name, values in VALUES.items()} == {n: set(v) for n, v in CODE_SETS.items()}


def test_two_closed_lists_are_never_the_same() -> None:
    assert len(set(CODE_SETS.values())) == len(CODE_SETS)


def test_within_a_list_no_two_values_share_their_words() -> None:
    assert all(len(set(values.values())) == len(values) for values in VALUES.values())


def test_every_field_has_a_heading_and_no_heading_is_left_over() -> None:
    assert set(HEADINGS) == set(LEAVES)
    assert all(heading(path).strip() for path in LEAVES)


def test_not_known_is_never_worded_as_no() -> None:
    unknown = {"unknown", "not_known", "not_yet_known", "not_asked"}
    said = {text for values in VALUES.values() for value, text in values.items() if value in unknown}
    assert said == {"Not known", "Form not yet known", "Not asked"}


def test_the_statements_are_worded_as_the_instrument_words_them() -> None:
    assert [words(codes.EXPLOITATION, value) for value in codes.EXPLOITATION] == [
        "Experiencing abuse or exploitation",
        "At risk of abuse or exploitation",
        "No known risk, or the risk is manageable",
    ]


def test_nothing_is_ranked_coloured_or_blamed() -> None:
    ours = [*HEADINGS.values(), *(text for values in VALUES.values() for text in values.values())]
    never = re.compile(
        r"\b(high|medium|low|red|amber|green|score|level|case|refus\w*|engag\w*|abscond\w*|lifestyle|disclos\w*)\b",
        re.I,
    )
    assert [text for text in ours if never.search(text)] == []


def test_a_value_outside_its_list_is_refused_without_repeating_it() -> None:
    with pytest.raises(NoWords) as refusal:
        words(codes.YES_NO, "Jordan")
    assert "Jordan" not in str(refusal.value)
    assert refusal.value.__suppress_context__


def test_a_path_without_a_heading_is_refused() -> None:
    with pytest.raises(NoWords):
        heading("/nickname")


def test_an_authority_we_have_no_name_for_keeps_its_code() -> None:
    assert authority_words("E08000007") == "Stockport (E08000007)"
    assert authority_words("E06000001") == "E06000001"
