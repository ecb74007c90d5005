"""The renderings one by one: what each says, and that none of them guesses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from service.adapters.mapping.page import table
from service.adapters.mapping.renderings import RENDERINGS, carried, longest
from service.domain import codes
from service.domain.fields import Code, Date, Flag, Klass, Many, Text, Token, Whole

ROOT = Path(__file__).parents[2]
URDU = "میں چاہتی ہوں کہ کوئی میری بات سنے"
EMOJI = "👩🏽‍🍳 baking w/ nan 🧁 — “it's   fine” \t ok\n\n<b>&amp;</b> é é"
LONG = ("I said it once. " * 500)[:8_000]

RENDERED = [
    ("text", "  as it is ", "  as it is "),
    ("text", URDU, URDU),
    ("paragraphs", ["one", URDU], f"one\n\n{URDU}"),
    ("paragraphs", [], None),
    ("quotation", URDU, f"“{URDU}”"),
    ("quotation", EMOJI, f"“{EMOJI}”"),
    ("quotation", LONG, f"“{LONG}”"),
    ("quotations", [URDU, EMOJI], f"“{URDU}”\n\n“{EMOJI}”"),
    ("quotations", [], None),
    ("words", "not_known", "Not known"),
    ("words_joined", ["yes", "not_known"], "Yes; Not known"),
    ("words_joined", [], None),
    ("code", "UN3", "UN3"),
    ("date", "2026-09-04", "2026-09-04"),
    ("date_british", "2026-09-04", "04/09/2026"),
    ("date_long", "2026-09-04", "4 September 2026"),
    ("date_long", "2028-02-29", "29 February 2028"),
    ("date_day", "2026-09-04", "4"),
    ("date_month", "2026-09-04", "9"),
    ("date_month_name", "2026-09-04", "September"),
    ("date_year", "2026-09-04", "2026"),
    ("yes_no", True, "Yes"),
    ("yes_no", False, "No"),
    ("yes_no_not_known", "no", "No"),
    ("yes_no_not_known", "not_known", "Not known"),
    ("yes_no_not_known", "unknown", "Not known"),
    ("number", 0, "0"),
    ("reference", "0417", "0417"),
    ("references_joined", ["stk-1", "stk-2"], "stk-1; stk-2"),
    ("count", [], "0"),
    ("count", [{}, {}], "2"),
    ("document", "WB-0F3A", "WB-0F3A"),
]
TABLE = {"yes": "Yes", "no": "No", "not_known": "Not known"}


@pytest.mark.parametrize(("name", "value", "said"), RENDERED)
def test_rendering(name: str, value: Any, said: str | None) -> None:
    assert RENDERINGS[name].render(value, TABLE) == said


def test_every_rendering_is_in_the_table_above() -> None:
    assert {name for name, _, _ in RENDERED} == set(RENDERINGS)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("text", 4), ("quotation", None), ("words", "perhaps"), ("words", ["yes"]), ("words_joined", ["perhaps"]),
        ("code", True), ("date", "14.9.2026"), ("date", 20260914), ("date_day", "2026-02-30"), ("yes_no", "yes"),
        ("yes_no", 1), ("number", True), ("number", "4"), ("number", 4.5), ("reference", 417), ("count", 4),
        ("paragraphs", ["one", 2]), ("paragraphs", 4), ("quotations", [None]), ("yes_no_not_known", "not_asked"),
        ("yes_no_not_known", True), ("date_long", "2026"), ("date_british", "2027-02-29"), ("date_month", None),
    ],
)  # fmt: skip
def test_a_rendering_does_not_guess(name: str, value: Any) -> None:
    with pytest.raises((TypeError, ValueError, KeyError)):
        RENDERINGS[name].render(value, TABLE)


@pytest.mark.parametrize(
    ("names", "whole"),
    [
        (["date_day", "date_month", "date_year"], True), (["date_day", "date_month_name", "date_year"], True),
        (["date_long"], True), (["date_british"], True), (["date_day", "date_month"], False), (["date_year"], False),
    ],
)  # fmt: skip
def test_a_date_in_parts_is_whole_with_all_three(names: list[str], *, whole: bool) -> None:
    assert carried(names) is whole


K = Klass.CODED


def test_yes_no_not_known_takes_lists_of_just_these() -> None:
    takes = RENDERINGS["yes_no_not_known"].takes
    lists = {name: values for name, values in vars(codes).items() if name.isupper() and isinstance(values, tuple)}
    assert {name for name, values in lists.items() if takes(Code(klass=K, codes=values))} == {
        "YES_NO", "YES_NO_UNKNOWN", "YES_NO_NOT_KNOWN",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "field", "items", "length"),
    [
        ("text", Text(klass=K, max=200), 1, 200),
        ("quotation", Text(klass=K, max=200, words=True), 1, 202),
        ("paragraphs", Text(klass=K, max=200), 3, 604),
        ("quotations", Text(klass=K, max=200, words=True), 3, 610),
        ("words", Code(klass=K, codes=("yes", "not_known")), 1, 9),
        ("words_joined", Code(klass=K, codes=("yes", "not_known")), 4, 42),
        ("code", Code(klass=K, codes=("yes", "not_known", "no")), 1, 9),
        ("date", Date(klass=K), 1, 10),
        ("date_long", Date(klass=K), 1, 17),
        ("date_month_name", Date(klass=K), 1, 9),
        ("date_day", Date(klass=K), 1, 2),
        ("yes_no", Flag(klass=K), 1, 3),
        ("number", Whole(klass=K, min=0, max=120), 1, 3),
        ("references_joined", Token(klass=K, pattern="", max=64, example=""), 50, 3_298),
        ("count", Many(item=Flag(klass=K), max=50), 1, 2),
        ("document", None, 1, 40),
    ],
)  # fmt: skip
def test_the_longest_an_answer_can_be(name: str, field: Any, items: int, length: int) -> None:
    assert longest(RENDERINGS[name], field, TABLE, items) == length


def test_the_table_in_the_documentation_is_the_list() -> None:
    page = (ROOT / "docs/mapping.md").read_text("utf-8")
    assert table() in page, "run: python -m service.adapters.mapping, and put what it prints into docs/mapping.md"
    assert all(f"| `{name}` |" in table() for name in RENDERINGS)
