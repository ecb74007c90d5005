"""Words for codes: every code has some, no two share them, none is a grade, and "not known" never becomes "no"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from service.adapters.mapping.model import Row, Words
from service.adapters.mapping.renderings import RENDERINGS
from service.adapters.mapping.score_words import NEVER_A_SCORE, is_a_score
from service.domain import words as english
from service.domain.fields import Code, Field

_NOT_KNOWN = ("not_known", "unknown", "not_asked")
_NO = frozenset({"no", "n", "none", "never", "false", "nil", "0"})


def check_codes(row: Row, field: Field) -> None:
    """The row's own table, if it has one. A code without a word would stop one record; here it stops the start."""
    if row.codes is None:
        if row.other_codes:
            row.entry.key("other_codes").fault("There is no 'codes' that could leave a code out.", "Take it out.")
        return
    if not RENDERINGS[row.rendering].coded or not isinstance(field, Code):
        row.entry.key("codes").fault(
            f"'codes' has no meaning with '{row.rendering}'.", "Use 'words', or take 'codes' out."
        )
        return
    _check_cover(row, row.codes, field)
    table = table_for(row, field, english.words)
    _check_grades(row, table)
    _check_not_known(row, table)
    _check_distinct(row, table)


def _check_cover(row: Row, codes: Mapping[str, str], field: Code) -> None:
    missing = [code for code in field.codes if code not in codes]
    unknown = [code for code in codes if code not in field.codes]
    if missing and not row.other_codes:
        fix = "Add them, or say 'other_codes: words' or 'other_codes: refuse'."
        row.entry.key("codes").fault(f"'codes' has no word for {_listed(missing)}.", fix)
    if row.other_codes and not missing:
        row.entry.key("other_codes").fault("'codes' leaves no code out.", "Take 'other_codes' out.")
    if unknown:
        row.entry.key("codes").fault(
            f"'codes' has words for what '{row.path}' never is: {_listed(unknown)}.", "Take them out."
        )


def _check_grades(row: Row, table: Mapping[str, str]) -> None:
    """A code that is written as itself (`07`, `M`) is an official code and not a grade."""
    for value in (value for value, word in table.items() if word != value and is_a_score(word)):
        row.entry.key("codes").fault(
            f"The word for '{value}' is a score, rating or colour. {NEVER_A_SCORE}",
            "Use words that say what the statement says.",
        )


def _check_not_known(row: Row, table: Mapping[str, str]) -> None:
    """Also where "no" itself has another word: whoever reads "No" reads that somebody looked."""
    for code in _NOT_KNOWN:
        if table.get(code, "").strip(" .").casefold() in _NO:
            row.entry.key("codes").fault(
                f"'{code}' would read as no. Not known is never no.", "Say that it is not known."
            )


def _check_distinct(row: Row, table: Mapping[str, str]) -> None:
    """Two codes with one word are one statement made of two: "not known" become "no", "at risk" become "yes"."""
    shared = [word for word, times in Counter(word.strip().casefold() for word in table.values()).items() if times > 1]
    if shared:
        alike = [value for value, word in table.items() if word.strip().casefold() in shared]
        row.entry.key("codes").fault(f"{_listed(alike)} would become the same word.", "Give each a word of its own.")


def _listed(codes: list[str]) -> str:
    return ", ".join(f"'{code}'" for code in codes)


def table_for(row: Row, field: Field | None, words: Words) -> Mapping[str, str]:
    """The field's codes with their words: the row's own, and the plain English of this service where it is to stand.

    A code that the table lacks is one a person must decide about.
    """
    codes = field.codes if isinstance(field, Code) and RENDERINGS[row.rendering].coded else ()
    if row.codes is None:
        return {code: words(codes, code) for code in codes}
    others = codes if row.other_codes == "words" else ()
    return {code: words(codes, code) for code in others if code not in row.codes} | dict(row.codes)
