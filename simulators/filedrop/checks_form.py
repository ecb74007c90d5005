"""Checks on the form, its answers and its document."""

import re
from collections.abc import Callable
from datetime import date

from simulators.filedrop.incoming import Incoming
from simulators.filedrop.manifest import FormPart
from simulators.filedrop.model import Answer, FormDesign, Question, Refusal

YES_NO = frozenset({"Yes", "No", "Not known"})
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def form_known(incoming: Incoming) -> Refusal | None:
    """Each authority builds its own forms."""
    return None if _part(incoming).type in incoming.world.forms else Refusal("UNKNOWN_FORM")


def questions_known(incoming: Incoming) -> Refusal | None:
    """Names the first unknown one; an answer is never dropped silently."""
    design = _design(incoming)
    unknown = (answer.question for answer in _part(incoming).answers if design.question(answer.question) is None)
    first = next(unknown, None)
    return None if first is None else Refusal("UNKNOWN_QUESTION", {"question": first})


def answers_fit(incoming: Incoming) -> Refusal | None:
    """The first answer that its question does not take."""
    design = _design(incoming)
    for answer in _part(incoming).answers:
        question = design.question(answer.question)
        if question and (detail := _misfit(answer, question)):
            return Refusal("CONTENT", {"question": answer.question, "detail": detail})
    return None


def _misfit(answer: Answer, question: Question) -> str | None:
    if question.repeats is True and answer.row is None:
        return "ROW_REQUIRED"
    if question.repeats is False and answer.row is not None:
        return "ROW_NOT_ALLOWED"
    if question.limit is not None and len(answer.value) > question.limit:
        return "TOO_LONG"
    if question.kind == "list" and answer.value not in question.values:
        return "NOT_IN_LIST"
    return None if KINDS[question.kind](answer.value) else "WRONG_TYPE"


def _is_day(value: str) -> bool:
    try:
        return bool(_DAY.fullmatch(value) and date.fromisoformat(value))
    except ValueError:
        return False


KINDS: dict[str, Callable[[str], bool]] = {
    "text": lambda value: True,
    "list": lambda value: True,
    "date": _is_day,
    "number": lambda value: bool(_NUMBER.fullmatch(value)),
    "yesNo": YES_NO.__contains__,
}


def document_type_known(incoming: Incoming) -> Refusal | None:
    """Document types decide who may see the document."""
    document = _part(incoming).document
    types = incoming.world.document_types
    if document is None or (document.type in types and document.sub_type in (None, *types[document.type])):
        return None
    return Refusal("UNKNOWN_DOCUMENT_TYPE")


def document_acceptable(incoming: Incoming) -> Refusal | None:
    """There if demanded, and a PDF."""
    held = incoming.files.held("pdf") if _part(incoming).document else None
    if held is None:
        return Refusal("DOCUMENT", {"detail": "MISSING"}) if _design(incoming).needs_document else None
    if not held.content:
        return Refusal("DOCUMENT", {"detail": "EMPTY"})
    return None if held.content.startswith(b"%PDF-") else Refusal("DOCUMENT", {"detail": "NOT_PDF"})


def _part(incoming: Incoming) -> FormPart:
    assert incoming.manifest.form is not None
    return incoming.manifest.form


def _design(incoming: Incoming) -> FormDesign:
    return incoming.world.forms[_part(incoming).type]
