"""The forms and what counts as an answer to each of their questions."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from .model import Answer
from .refusals import Fault, bad_request

_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,63}")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YES_NO = {"Yes", "No", "Not known"}


@dataclass(frozen=True)
class Question:
    """One question; `limit` counts characters, `repeating` None takes rows and no rows."""

    type: str = "longText"
    limit: int | None = None
    mandatory: bool = False
    repeating: bool | None = False
    values: tuple[str, ...] = ()


_ANY = Question(repeating=None)


@dataclass(frozen=True)
class Form:
    """One form type; `questions` None takes any question code of the legal pattern."""

    questions: dict[str, Question] | None
    document: bool = False
    writable: bool = True

    def question(self, code: str) -> Question | None:
        if self.questions is not None:
            return self.questions.get(code)
        return _ANY if _CODE.fullmatch(code) else None

    def unanswered(self, answers: tuple[Answer, ...]) -> list[Fault]:
        """Blank text does not answer a mandatory question."""
        given = {answer["code"] for answer in answers if answer["value"].strip()}
        asked = (self.questions or {}).items()
        return [Fault("REQUIRED", code) for code, question in asked if question.mandatory and code not in given]

    def faults(self, answers: list[Answer]) -> list[Fault]:
        """Everything wrong with a list of answers, each fault at the number of its entry."""
        found = [Fault(code, f"answers[{i}]") for i, answer in enumerate(answers) for code in self._codes(answer)]
        return found or _repeated(answers)

    def _codes(self, answer: Answer) -> list[str]:
        question = self.question(answer["code"])
        if question is None:
            return ["UNKNOWN_QUESTION"]
        return [code for code in (_row_code(question, answer["row"]), _value_code(question, answer["value"])) if code]


def load_forms(path: Path) -> dict[str, Form]:
    """The forms by their type."""
    entries = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    return {form_type: _form(dict(entry)) for form_type, entry in entries.items()}


def answer_list(given: Any) -> list[Answer]:
    """The answers of a request, or a refusal of their shape."""
    if not isinstance(given, list):
        raise bad_request("answers must be a list.")
    for position, item in enumerate(given):
        if not _well_shaped(item):
            raise bad_request(
                f"answers[{position}] must be an object of code (text), row (integer or null), value (text)."
            )
    return [{"code": item["code"], "row": item.get("row"), "value": item["value"]} for item in given]


def is_date(text: str) -> bool:
    """A day of the calendar, in exactly the protocol's writing."""
    try:
        return bool(_DATE.fullmatch(text)) and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _form(entry: dict[str, Any]) -> Form:
    asked = entry.pop("questions")
    if asked == "any":
        return Form(None, **entry)
    return Form({code: _question(dict(item)) for code, item in asked.items()}, **entry)


def _question(entry: dict[str, Any]) -> Question:
    return Question(values=tuple(entry.pop("values", ())), **entry)


def _well_shaped(item: Any) -> bool:
    if not isinstance(item, dict) or not {"code", "value"} <= set(item) <= {"code", "row", "value"}:
        return False
    texts = isinstance(item["code"], str) and isinstance(item["value"], str)
    return texts and (item.get("row") is None or type(item["row"]) is int)


def _row_code(question: Question, row: int | None) -> str | None:
    if question.repeating is False:
        return None if row is None else "ROW_NOT_ALLOWED"
    if row is None:
        return "ROW_REQUIRED" if question.repeating else None
    return None if row >= 1 else "ROW_REQUIRED"


def _value_code(question: Question, value: str) -> str | None:
    if question.limit is not None and len(value) > question.limit:
        return "TOO_LONG"
    if question.type == "list":
        return None if value in question.values else "NOT_IN_LIST"
    return None if _CHECKS.get(question.type, _is_text)(value) else "WRONG_TYPE"


def _is_text(_: str) -> bool:
    """Text is text."""
    return True


def _repeated(answers: list[Answer]) -> list[Fault]:
    """Two answers in one place would leave open which of them is the answer."""
    counts = Counter((answer["code"], answer["row"]) for answer in answers)
    places = [(answer["code"], answer["row"]) for answer in answers]
    return [Fault("DUPLICATE", f"answers[{i}]") for i, place in enumerate(places) if counts[place] > 1]


_CHECKS: dict[str, Callable[[str], bool]] = {
    "date": is_date,
    "number": lambda value: bool(_NUMBER.fullmatch(value)),
    "yesNo": lambda value: value in _YES_NO,
}
