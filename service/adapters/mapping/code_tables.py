"""Words for codes: every code has some, no two share them, and none is a grade."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from service.adapters.mapping.model import Row, Words
from service.adapters.mapping.renderings import RENDERINGS
from service.adapters.mapping.score_words import is_a_score
from service.domain.fields import Code, Field


def check_codes(row: Row, field: Field) -> None:
    """The row's own table, if it has one. A code without a word would stop one record; here it stops the start."""
    if row.codes is None:
        return
    if not RENDERINGS[row.rendering].coded or not isinstance(field, Code):
        row.entry.key("codes").fault(
            f"'codes' has no meaning with '{row.rendering}'.", "Use 'words', or take 'codes' out."
        )
        return
    _check_cover(row, row.codes, field)
    for value in _grades(row.codes, field):
        row.entry.key("codes").fault(
            f"The word for '{value}' is a score, rating or colour. A statement is never turned into a score.",
            "Use words that say what the statement says.",
        )
    _check_distinct(row, row.codes)


def _check_cover(row: Row, codes: Mapping[str, str], field: Code) -> None:
    missing = [code for code in field.codes if code not in codes]
    unknown = [code for code in codes if code not in field.codes]
    if missing:
        row.entry.key("codes").fault(f"'codes' has no word for {_listed(missing)}.", "Add them.")
    if unknown:
        row.entry.key("codes").fault(
            f"'codes' has words for what '{row.path}' never is: {_listed(unknown)}.", "Take them out."
        )


def _grades(codes: Mapping[str, str], field: Code) -> list[str]:
    """A code that is written as itself (`07`, `M`) is an official code and not a grade."""
    return [value for value, word in codes.items() if word != value and is_a_score(word)]


def _check_distinct(row: Row, codes: Mapping[str, str]) -> None:
    """Two codes with one word are one statement made of two: "not known" become "no", "at risk" become "yes"."""
    shared = [word for word, times in Counter(word.strip().casefold() for word in codes.values()).items() if times > 1]
    if shared:
        alike = [value for value, word in codes.items() if word.strip().casefold() in shared]
        row.entry.key("codes").fault(f"{_listed(alike)} would become the same word.", "Give each a word of its own.")


def _listed(codes: list[str]) -> str:
    return ", ".join(f"'{code}'" for code in codes)


def table_for(row: Row, field: Field | None, words: Words) -> Mapping[str, str]:
    """Every code of the field with its words: the row's own table, or the plain English of this service."""
    if row.codes is not None:
        return row.codes
    codes = field.codes if isinstance(field, Code) and RENDERINGS[row.rendering].coded else ()
    return {code: words(codes, code) for code in codes}
