"""Rules for typed answers and the fingerprint of what is stored."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from .forms import Form, Question
from .refusals import Fault
from .shape import a_list, anything, iso_date, object_faults, text, true_or_false

LONGEST_SHORT_TEXT = 4000
Answer = dict[str, Any]


def canonical_json(answers: Sequence[Answer]) -> str:
    """One spelling per content, so that both sides can compute the same fingerprint."""
    return json.dumps(list(answers), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def answers_sha256(answers: Sequence[Answer]) -> str | None:
    """Hex SHA-256 of the canonical JSON; null when there is nothing to fingerprint."""
    return hashlib.sha256(canonical_json(answers).encode("utf-8")).hexdigest() if answers else None


def answers_faults(body: Any, form: Form) -> list[Fault]:
    """Everything wrong with a request that replaces the answers of a step."""
    faults = object_faults(body, "", {"restricted": true_or_false, "answers": a_list})
    if faults:
        return faults
    for index, answer in enumerate(body["answers"]):
        faults += _answer_faults(answer, f"answers[{index}]", form)
    return faults or _repetition_faults(body["answers"])


def is_answered(question: Question, answers: Sequence[Answer]) -> bool:
    """Blank text does not finish a mandatory question."""
    values = [answer["value"] for answer in answers if answer["questionUserCode"] == question.code]
    return any(not isinstance(value, str) or value.strip() for value in values)


def _answer_faults(answer: Any, where: str, form: Form) -> list[Fault]:
    faults = object_faults(answer, where, {"questionUserCode": text(), "row": anything, "value": anything})
    if faults:
        return faults
    code = answer["questionUserCode"]
    question = form.questions.get(code)
    if question is None:
        return [Fault("UNKNOWN_QUESTION", question=code)]
    found = (_row_code(question, answer["row"]), _value_code(question, answer["value"]))
    return [Fault(item, question=code, detail=_place(answer["row"])) for item in found if item]


def _place(row: Any) -> str | None:
    """Which row is meant; a row that is no number is not repeated back, whatever it is."""
    return f"row {row}" if type(row) is int else None


def _row_code(question: Question, row: Any) -> str | None:
    if not question.repeating:
        return None if row is None else "ROW_NOT_ALLOWED"
    return None if type(row) is int and row >= 1 else "ROW_REQUIRED"


def _value_code(question: Question, value: Any) -> str | None:
    if question.data_type == "lookup":
        return _lookup_code(question, value)
    return _CHECKS[question.data_type](value)


def _lookup_code(question: Question, value: Any) -> str | None:
    if not isinstance(value, str):
        return "WRONG_TYPE"
    return None if value in question.values else "NOT_IN_LOOKUP"


def _number_code(value: Any) -> str | None:
    return None if type(value) in (int, float) else "WRONG_TYPE"


def _repetition_faults(answers: list[Answer]) -> list[Fault]:
    """Two answers in one place would leave open which of them is the answer."""
    places = Counter((answer["questionUserCode"], answer["row"]) for answer in answers)
    repeated = [place for place, count in places.items() if count > 1]
    return [Fault("DUPLICATE", question=code, detail=_place(row)) for code, row in repeated]


_CHECKS: dict[str, Callable[[Any], str | None]] = {
    "shortText": text(LONGEST_SHORT_TEXT),
    "longText": text(),
    "date": iso_date,
    "number": _number_code,
    "boolean": true_or_false,
}
