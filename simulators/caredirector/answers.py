"""Rules for answers and the fingerprint of what is stored."""

import hashlib
import json
import re
from collections.abc import Sequence
from typing import Any

from . import fields
from .forms import Question, Template, is_code
from .refusals import with_details

Answer = dict[str, Any]
_KEYS = {"questioncode", "row", "value"}
_ROW = re.compile(r"[1-9][0-9]{0,5}")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def answers_sha256(answers: Sequence[Answer]) -> str | None:
    """Hex SHA-256 of the canonical JSON; None when there is nothing to fingerprint."""
    if not answers:
        return None
    written = json.dumps(list(answers), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(written.encode("utf-8")).hexdigest()


def answer_list(value: Any) -> tuple[Answer, ...]:
    """A reader for the field `answers`: the shape of the list, not what it says."""
    if not isinstance(value, list) or not all(isinstance(item, dict) and set(item) == _KEYS for item in value):
        raise ValueError
    return tuple(value)


def check_answers(answers: Sequence[Answer], template: Template) -> None:
    """Refuse with everything that is wrong with the answers."""
    seen: set[tuple[str, str]] = set()
    details = []
    for answer in answers:
        code = _fault(answer, template)
        place = (str(answer["questioncode"]), str(answer["row"]))
        if code is None and place in seen:
            code = "DuplicateAnswer"
        seen.add(place)
        details += [] if code is None else [_detail(answer, code)]
    if details:
        raise with_details("InvalidAnswers", "Answers were refused.", details)


def check_complete(template: Template, answers: Sequence[Answer], documents: Sequence[object]) -> None:
    """Refuse to complete a form that lacks what its template demands."""
    given = {answer["questioncode"] for answer in answers}
    missing = [code for code in template.mandatory() if code not in given]
    details = [{"questioncode": code, "row": None, "errorCode": "AnswerRequired"} for code in missing]
    if template.document and not documents:
        details.append({"questioncode": None, "row": None, "errorCode": "DocumentRequired"})
    if details:
        raise with_details("FormIncomplete", "The form is not complete yet.", details)


def _fault(answer: Answer, template: Template) -> str | None:
    question = template.question(answer["questioncode"]) if is_code(answer["questioncode"]) else None
    if question is None:
        return "UnknownQuestion"
    return _row_fault(question, answer["row"]) or _value_fault(question, answer["value"])


def _row_fault(question: Question, row: Any) -> str | None:
    if row is None:
        return "RowRequired" if question.repeating else None
    if question.repeating is False:
        return "RowNotAllowed"
    return None if _is_row(row) else "RowRequired"


def _value_fault(question: Question, value: Any) -> str | None:
    if not isinstance(value, str) or not value or not _can_be_stored(value):
        return "WrongType"
    if question.type in {"short", "long"}:
        return "TooLong" if len(value) > question.limit else None
    if question.type == "list":
        return None if value in question.values else "NotInList"
    return None if _is_typed(question.type, value) else "WrongType"


def _is_typed(kind: str, value: str) -> bool:
    if kind == "date":
        return _is_date(value)
    return value in {"Yes", "No"} if kind == "yesno" else _NUMBER.fullmatch(value) is not None


def _is_date(value: str) -> bool:
    try:
        fields.iso_date(value)
    except ValueError:
        return False
    return True


def _can_be_stored(value: str) -> bool:
    """JSON can spell half a character; no store can keep it."""
    return not any("\ud800" <= character <= "\udfff" for character in value)


def _is_row(row: Any) -> bool:
    return isinstance(row, str) and _ROW.fullmatch(row) is not None


def _detail(answer: Answer, code: str) -> dict[str, Any]:
    """Which answer is meant. What is neither a code nor a row is not repeated back, whatever it is."""
    question, row = answer["questioncode"], answer["row"]
    shown = {"questioncode": question if is_code(question) else None, "row": row if _is_row(row) else None}
    return {**shown, "errorCode": code}
