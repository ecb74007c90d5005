"""What a form's answers may hold. Every answer is text, as LCS keeps them."""

import calendar
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from simulators.lcs_rest import body
from simulators.lcs_rest.forms import ANY, FormType, Question
from simulators.lcs_rest.refusals import Refused

Answer = Mapping[str, Any]
SHAPE = {"answerNo": body.text, "row": body.row, "answer": body.text}
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_]{0,63}")
_MONTHS = list(calendar.month_name)

_HOLDS: Mapping[str, Callable[[str], bool]] = {
    "date": lambda text: body.to_day(text) is not None,
    "day": lambda text: re.fullmatch(r"[1-9]|[12][0-9]|3[01]", text) is not None,
    "monthName": lambda text: text in _MONTHS[1:],
    "year": lambda text: re.fullmatch(r"[0-9]{4}", text) is not None,
    "number": lambda text: re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text) is not None,
    "yesNo": lambda text: text in {"Yes", "No", "Not known"},
}


def refuse_answers(form: FormType, answers: Sequence[Answer]) -> None:
    """UNKNOWN_ANSWER_CODE for the first unknown code; else every fault there is, as ANSWERS_REFUSED."""
    for answer in answers:
        if _question(form, answer["answerNo"]) is None:
            raise Refused(422, "UNKNOWN_ANSWER_CODE", "The form does not have that answer.", detail=answer["answerNo"])
    errors = [*_faults(form, answers), *_date_faults(form, answers)]
    if errors:
        raise Refused(422, "ANSWERS_REFUSED", "Some answers are not acceptable.", errors=errors)


def missing(form: FormType, answers: Sequence[Answer]) -> list[dict[str, str]]:
    """One error for each demanded answer that is not there."""
    given = {answer["answerNo"] for answer in answers}
    demanded = [code for code, question in (form.questions or {}).items() if question.demanded]
    return [{"answerNo": code, "rule": "REQUIRED"} for code in demanded if code not in given]


def _question(form: FormType, code: str) -> Question | None:
    if form.questions is not None:
        return form.questions.get(code)
    return ANY if _CODE.fullmatch(code) else None


def _faults(form: FormType, answers: Sequence[Answer]) -> list[dict[str, Any]]:
    found, seen = [], set()
    for answer in answers:
        place = answer["answerNo"], answer["row"]
        question = _question(form, answer["answerNo"])
        assert question is not None
        rule = "REPEATED" if place in seen else _row_rule(question, answer["row"]) or _rule(question, answer["answer"])
        seen.add(place)
        if rule:
            found.append(_error(*place, rule, question.limit if rule == "TOO_LONG" else -1))
    return found


def _error(code: str, row: int | None, rule: str, limit: int = -1) -> dict[str, Any]:
    return {"answerNo": code, "row": row, "rule": rule, "limit": limit}


def _row_rule(question: Question, row: int | None) -> str | None:
    if question.repeating is None or question.repeating == (row is not None):
        return None
    return "ROW_REQUIRED" if question.repeating else "ROW_NOT_ALLOWED"


def _rule(question: Question, text: str) -> str | None:
    if not text:
        return "EMPTY"
    if question.type == "shortText":
        return "TOO_LONG" if len(text) > question.limit else None
    if question.type == "list":
        return None if text in question.values else "NOT_IN_LIST"
    return None if _HOLDS.get(question.type, bool)(text) else "WRONG_TYPE"


def _date_faults(form: FormType, answers: Sequence[Answer]) -> list[dict[str, Any]]:
    """Dates split over three answers: all three or none, and a day that exists."""
    given = {answer["answerNo"]: answer["answer"] for answer in answers}
    rules = [(codes[0], _date_rule([given.get(code) for code in codes])) for codes in form.dates]
    return [_error(code, None, rule) for code, rule in rules if rule]


def _date_rule(parts: list[str | None]) -> str | None:
    day, month, year = parts
    if day is None or month is None or year is None:
        return None if parts == [None, None, None] else "DATE_INCOMPLETE"
    if not (_HOLDS["day"](day) and _HOLDS["monthName"](month) and _HOLDS["year"](year)):
        return None  # each wrong part has an error of its own
    return None if body.day(f"{year}-{_MONTHS.index(month):02d}-{int(day):02d}") else "NO_SUCH_DAY"
