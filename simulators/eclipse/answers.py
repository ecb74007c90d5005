"""Rules for the answers of a form."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from . import shape
from .forms import CONTROL_NAME, Control, Design
from .model import Answer
from .refusals import Fault

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NAMES = {"controlName": shape.TEXT, "row": shape.NUMBER_OR_NULL, "value": shape.TEXT}


def read_answers(sent: Sequence[Any]) -> tuple[Answer, ...]:
    """The answers without their `_type`. Raises a 400 for one of another shape."""
    bodies = [shape.read(item, "FormAnswer", _NAMES, f"answers[{index}]") for index, item in enumerate(sent)]
    return tuple({name: body[name] for name in _NAMES} for body in bodies)


def answer_faults(answers: Sequence[Answer], design: Design) -> list[Fault]:
    """Everything wrong with a set of answers, and two answers in one place."""
    faults = [fault for answer in answers for fault in _faults(answer, design)]
    places = Counter((answer["controlName"], answer["row"]) for answer in answers)
    twice = [place for place, count in places.items() if count > 1 and CONTROL_NAME.fullmatch(place[0])]
    return faults + [Fault("DUPLICATE", control=name, row=row) for name, row in twice]


def unanswered(answers: Sequence[Answer], design: Design) -> Iterable[str]:
    """The mandatory controls without an answer that is not blank."""
    given = {answer["controlName"] for answer in answers if answer["value"].strip()}
    return [item.name for item in (design.controls or {}).values() if item.mandatory and item.name not in given]


def _faults(answer: Answer, design: Design) -> Iterable[Fault]:
    """An unknown name is repeated back only when it looks like a name: anything else may be somebody's words."""
    name, row = answer["controlName"], answer["row"]
    if not CONTROL_NAME.fullmatch(name):
        return [Fault("UNKNOWN_CONTROL", field="answers")]
    if design.controls is None:
        return [] if row is None or row >= 1 else [Fault("ROW_REQUIRED", control=name)]
    control = design.controls.get(name)
    if control is None:
        return [Fault("UNKNOWN_CONTROL", control=name)]
    codes = (_row_code(control, row), _value_code(control, answer["value"]))
    return [Fault(code, control=name, row=row) for code in codes if code]


def _row_code(control: Control, row: int | None) -> str | None:
    if not control.repeating:
        return None if row is None else "ROW_NOT_ALLOWED"
    return None if row is not None and row >= 1 else "ROW_REQUIRED"


def _value_code(control: Control, value: str) -> str | None:
    if control.values is not None:
        return None if value in control.values else "NOT_IN_LIST"
    if control.longest is not None:
        return "TOO_LONG" if len(value) > control.longest else None
    right = _CHECKS.get(control.type)
    return None if right is None or right(value) else "WRONG_TYPE"


def _is_number(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None


def _is_day(text: str) -> bool:
    try:
        return _DAY.fullmatch(text) is not None and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _is_yes_or_no(text: str) -> bool:
    return text in {"Yes", "No"}


_CHECKS: dict[str, Callable[[str], bool]] = {"date": _is_day, "number": _is_number, "yesNo": _is_yes_or_no}
