"""Form types as the authority has built them, read from forms.yaml."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulators.lcs_rest import shared
from simulators.lcs_rest.shared import ConfigurationError, mapping, section, typed

TYPES = ("shortText", "longText", "date", "number", "yesNo", "list")
DATE_PARTS = ("day", "monthName", "year")


@dataclass(frozen=True)
class Question:
    """One coded question; `repeating` None takes answers with and without a row."""

    type: str
    limit: int = 255
    values: frozenset[str] = frozenset()
    repeating: bool | None = False
    demanded: bool = False


ANY = Question("longText", repeating=None)


@dataclass(frozen=True)
class FormType:
    """`questions` None takes every legal code. Each of `dates` is three codes: day, month name, year."""

    title: str
    questions: Mapping[str, Question] | None
    dates: tuple[tuple[str, ...], ...] = ()
    document: bool = True
    permitted: bool = True


def load_forms(path: Path) -> dict[str, FormType]:
    """Form types by code."""
    return {
        code: _form(row, f"{path.name}: {code}") for code, row in mapping(shared.read_yaml(path), path.name).items()
    }


def _form(value: Any, where: str) -> FormType:
    row = section(value, where, ["title", "questions"], ["dates", "document", "permitted"])
    dates = tuple(_date(codes, where) for codes in row.get("dates", []))
    return FormType(
        title=typed(row["title"], str, where),
        questions=None if row["questions"] == "any" else {**_questions(row["questions"], where), **_parts(dates)},
        dates=dates,
        document=typed(row.get("document", True), bool, where),
        permitted=typed(row.get("permitted", True), bool, where),
    )


def _date(value: Any, where: str) -> tuple[str, ...]:
    codes = tuple(typed(code, str, f"{where}: dates") for code in typed(value, list, f"{where}: dates"))
    if len(set(codes)) != len(DATE_PARTS):
        raise ConfigurationError(f"{where}: a date has three codes, for day, month name and year")
    return codes


def _parts(dates: tuple[tuple[str, ...], ...]) -> dict[str, Question]:
    return {code: Question(kind) for codes in dates for code, kind in zip(codes, DATE_PARTS, strict=True)}


def _questions(value: Any, where: str) -> dict[str, Question]:
    return {code: _question(row, f"{where}: {code}") for code, row in mapping(value, where).items()}


def _question(value: Any, where: str) -> Question:
    row = section(value, where, ["type"], ["limit", "values", "repeating", "demanded"])
    if row["type"] not in TYPES:
        raise ConfigurationError(f"{where}: type must be one of {', '.join(TYPES)}")
    return Question(
        type=row["type"],
        limit=typed(row.get("limit", Question.limit), int, where),
        values=shared.codes(row.get("values", []), where),
        repeating=typed(row.get("repeating", False), bool, where),
        demanded=typed(row.get("demanded", False), bool, where),
    )
