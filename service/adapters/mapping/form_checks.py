"""A mapping beside the form it fills: every question is there, takes what comes, and has room for the longest of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.adapters.mapping import splitting
from service.adapters.mapping.catalogue import Catalogue, catalogue_of
from service.adapters.mapping.code_tables import table_for
from service.adapters.mapping.forms import Form, Question
from service.adapters.mapping.model import MappingFile, Row
from service.adapters.mapping.places import places_of
from service.adapters.mapping.renderings import DOCUMENT, RENDERINGS, Rendering, longest
from service.adapters.mapping.score_words import NEVER_A_SCORE, asks_for_a_score, is_a_score
from service.adapters.mapping.values import PARAGRAPH
from service.domain import words as english
from service.domain.fields import Code, Field

_YES_NO = frozenset({"Yes", "No"})
_TEXTS = ("short_text", "long_text")


@dataclass(frozen=True)
class _Answer:
    """A row with all that its answer follows from. `items` is how many a folded list can hold."""

    row: Row
    rendering: Rendering
    field: Field | None
    table: Mapping[str, str]
    items: int

    @property
    def longest(self) -> int:
        return longest(self.rendering, self.field, self.table, self.items)

    @property
    def closed(self) -> Sequence[str] | None:
        """All it can say, where that is a closed list. Of several codes in one answer it is not."""
        if self.rendering.closed is None or self.rendering.folds:
            return None
        return list(self.rendering.closed(self.field, self.table))

    def repeats(self) -> bool:
        lists = self.row.path.count("/*")
        return lists > (1 if self.rendering.folds else 0)


def check_form(mapping: MappingFile) -> None:
    """Note every fault where it stands. Rows that are wrong in themselves were told already and are passed over."""
    catalogue = catalogue_of(mapping.record_type)
    answers = [answer for row in mapping.rows if (answer := _answer(row, catalogue)) is not None]
    for answer in answers:
        _check_continues(answer, mapping)
    if mapping.form is None:
        return
    for answer in answers:
        _check_answer(answer, mapping.form)
    _check_mandatory(mapping, mapping.form, catalogue)


def _answer(row: Row, catalogue: Catalogue) -> _Answer | None:
    rendering = RENDERINGS.get(row.rendering)
    field = catalogue.field(row.path, as_list=row.rendering == "count")
    if rendering is None or (field is None and row.rendering != DOCUMENT):
        return None
    if field is not None and not rendering.takes(field):
        return None
    head, star, _ = row.path.rpartition("/*")
    items = catalogue.lists[f"{head}{star}"] if rendering.folds and star else None
    return _Answer(row, rendering, field, table_for(row, field, english.words), getattr(items, "max", 1))


def _check_continues(answer: _Answer, mapping: MappingFile) -> None:
    """Whether a text may go on elsewhere at all. Only a form says when it has to."""
    row = answer.row
    if not row.continues_in and not row.in_document:
        return
    where = row.entry.key("continues_in")
    if not answer.rendering.prose:
        where.fault(f"'{row.rendering}' can't go on in another place.", "Map it to a question that takes all of it.")
    elif mapping.form is None:
        where.fault("Only a form says how much a question takes, and none is known.", "Name it at the top, as 'form:'.")
    elif row.to in mapping.form.questions and mapping.form.questions[row.to].max is None:
        where.fault(f"{row.shown} takes a text of any length.", "Take 'continues_in' out.")


def _check_answer(answer: _Answer, form: Form) -> None:
    row = answer.row
    for code in row.targets:
        if code and code not in form.questions:
            shown = row.shown if code == row.to else f"'{code}'"
            row.entry.key("to" if code == row.to else "continues_in").fault(
                f"{shown} is no question of {form.file}.", "Use a code of the form, or add it there if the form has it."
            )
    question = form.questions.get(row.to)
    if question is None:
        return
    _check_score(answer, question)
    _check_type(answer, question)
    _check_repeating(answer, question)
    if all(code in form.questions for code in row.continues_in):
        _check_parts(answer, question, form)
        _check_room(answer, question, form)


def _check_score(answer: _Answer, question: Question) -> None:
    """A list of grades, or a question that asks for one, is no place for a statement, whatever its code is."""
    own = answer.field.codes if isinstance(answer.field, Code) else ()
    grades = [value for value in question.values if is_a_score(value) and value not in own]
    if grades and not answer.rendering.digits:
        answer.row.entry.key("to").fault(
            f"{answer.row.shown} is answered with a score, rating or colour. {NEVER_A_SCORE}",
            "Leave this question of the form empty, and map to one that takes words.",
        )
    if asks_for_a_score(question.label):
        answer.row.entry.key("to").fault(
            f"{answer.row.shown} asks for a score, rating or colour ({question.entry.place}). {NEVER_A_SCORE}",
            "Leave this question of the form empty, and map to one that takes words.",
        )


def _check_type(answer: _Answer, question: Question) -> None:
    wrong, fix = _unfit(answer, question)
    if wrong:
        answer.row.entry.key("as").fault(f"{answer.row.shown} {wrong}.", fix)


def _unfit(answer: _Answer, question: Question) -> tuple[str, str]:
    """What is wrong with this rendering for this type of question, and what to do; empty where nothing is."""
    if question.type == "list":
        return _not_in_list(answer.closed, question)
    match question.type:
        case "date" if answer.row.rendering != question.format:
            return "is a date question", f"Use 'as: {question.format}' with a date, or another question."
        case "number" if not answer.rendering.digits:
            return "is a number question", "Use a rendering that gives digits, or another question."
        case "yes_no" if not _YES_NO.issuperset(answer.closed or ("",)):
            return "takes Yes and No only", "Use a question with a place for every answer. Not known is never no."
        case "short_text" if answer.rendering.gap == PARAGRAPH:
            return "has no room for paragraphs", "Use a long_text question."
    return "", ""


def _not_in_list(said: Sequence[str] | None, question: Question) -> tuple[str, str]:
    if said is None:
        return "takes one of a list", "Use a rendering of one code, or another question."
    missing = [each for each in said if each not in question.values]
    return (f"has no {_listed(missing)} in its list", "Give the form's words under 'codes'.") if missing else ("", "")


def _listed(words: Sequence[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def _check_repeating(answer: _Answer, question: Question) -> None:
    if answer.repeats() and not question.repeating:
        answer.row.entry.key("to").fault(
            f"'{answer.row.path}' can be there several times, and {answer.row.shown} once.",
            "Use a repeating question, or a rendering that takes the list as one answer.",
        )
    if question.repeating and not answer.repeats():
        answer.row.entry.key("to").fault(
            f"{answer.row.shown} is a repeating question, and '{answer.row.path}' is there once.",
            "Use a question that does not repeat.",
        )


def _check_parts(answer: _Answer, question: Question, form: Form) -> None:
    """A text goes on in questions of its own kind, which may stay empty when it is short."""
    for part in (form.questions[code] for code in answer.row.continues_in):
        if part.type not in _TEXTS or part.repeating != question.repeating or part.mandatory:
            answer.row.entry.key("continues_in").fault(
                f"'{part.code}' can't take the rest of {answer.row.shown}.",
                "Use a text question that repeats as the first one does and is not mandatory.",
            )


def _check_room(answer: _Answer, question: Question, form: Form) -> None:
    row = answer.row
    if question.max is None or answer.longest <= question.max:
        return
    room = _room(answer, question.max, form)
    if room < answer.longest:
        where = row.entry.key("continues_in" if row.continues_in or row.in_document else "to")
        where.fault(_too_long(answer, room), _room_fix(answer))


def _room(answer: _Answer, first: int, form: Form) -> int:
    """How many characters find a place for certain. The document takes all, if a first line of it fits."""
    marked = sum(map(len, answer.rendering.marks))
    if answer.row.in_document:
        least = len(splitting.IN_DOCUMENT) + splitting.BACK + marked + len(answer.rendering.gap)
        return answer.longest if first >= least else first
    return splitting.capacity(places_of(answer.row, form), marked, len(answer.rendering.gap))


def _too_long(answer: _Answer, room: int) -> str:
    return f"'{answer.row.path}' can be {answer.longest:,} characters long, and {answer.row.shown} takes {room:,}."


def _room_fix(answer: _Answer) -> str:
    if not answer.rendering.prose:
        return "Use a question that takes as many."
    if answer.row.in_document:
        return "Use a question with room for a sentence or two."
    return "Say where the rest goes: 'continues_in: [CODE2]', with as many as it needs, or 'continues_in: document'."


def _check_mandatory(mapping: MappingFile, form: Form, catalogue: Catalogue) -> None:
    rows = {row.to: row for row in mapping.rows}
    for question in (each for each in form.questions.values() if each.mandatory):
        row = rows.get(question.code)
        if row is None:
            mapping.rows_entry.named(question.code).fault(
                f"The form demands an answer to it ({question.entry.place}), and nothing is mapped to it.",
                "Map something that is always there, or whose row is required.",
            )
        elif not row.required and row.rendering in RENDERINGS and not catalogue.always_there(row.path):
            row.entry.key("to").fault(
                f"The form demands an answer to {row.shown}, and '{row.path}' may be missing.",
                "Add 'required: true': a record without it then waits for a person.",
            )
