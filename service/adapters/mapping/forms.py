"""What an authority's form takes, as `config/forms/<kind>/<form>.yaml` says it: its questions, one an entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from service.adapters.mapping.files import Files
from service.adapters.mapping.yamlfile import Entry, flag, items, section, text, whole

FOLDER = "forms"
DATES = ("date", "date_british", "date_long")

_LARGEST = 10_000_000
_LIMITED = ("short_text", "long_text")
TYPES = (*_LIMITED, "date", "number", "yes_no", "list")


@dataclass(frozen=True)
class Question:
    """One question. `max` counts characters; `values` are a list's; `format` is the rendering a date question takes."""

    code: str
    type: str
    max: int | None
    mandatory: bool
    repeating: bool
    values: tuple[str, ...]
    label: str
    format: str
    entry: Entry = field(compare=False, repr=False)


@dataclass(frozen=True)
class Form:
    """A form's questions by code, in the order of its file."""

    file: str
    questions: Mapping[str, Question]


def load_form(files: Files, name: str) -> Form | None:
    """The form `config/forms/<name>`; None when anything is wrong with it, which `files.faults` then holds."""
    before = len(files.faults)
    entry = files.read(f"{FOLDER}/{name}")
    if entry is None:
        return None
    found = section(entry, ("title", "questions"))
    text(found.get("title"))
    questions: dict[str, Question] = {}
    for each in items(found["questions"]) if "questions" in found else ():
        _keep(questions, _question(each))
    return Form(entry.file, questions) if len(files.faults) == before else None


def _keep(questions: dict[str, Question], question: Question) -> None:
    first = questions.setdefault(question.code, question)
    if question.code and first is not question:
        question.entry.key("code").fault(
            f"'{question.code}' stands here already (line {first.entry.line}).", "Keep one of the two."
        )


def _question(entry: Entry) -> Question:
    found = section(entry, ("code", "type"), ("label", "max", "mandatory", "repeating", "values", "format"))
    question = Question(
        code=text(found.get("code")),
        type=_one_of(found.get("type"), TYPES, ""),
        max=whole(found["max"], 1, _LARGEST) if "max" in found else None,
        mandatory=flag(found.get("mandatory")),
        repeating=flag(found.get("repeating")),
        values=tuple(text(value) for value in items(found["values"])) if "values" in found else (),
        label=text(found.get("label")),
        format=_one_of(found.get("format"), DATES, DATES[0]),
        entry=entry,
    )
    _check(question, found)
    return question


def _one_of(entry: Entry | None, known: tuple[str, ...], otherwise: str) -> str:
    if entry is None:
        return otherwise
    value = text(entry)
    if value and value not in known:
        entry.fault(f"'{value}' is not one of what can stand here.", f"Known: {', '.join(known)}.")
    return value


def _check(question: Question, found: Mapping[str, Entry]) -> None:
    """What belongs to one type says nothing about another, and would look as if it were kept to."""
    kinds = {"max": _LIMITED, "values": ("list",), "format": ("date",)}
    for key, types in kinds.items():
        if key in found and question.type in TYPES and question.type not in types:
            found[key].fault(f"A {question.type} question has no '{key}'.", f"Only {', '.join(types)} has one.")
    if question.type == "short_text" and "max" not in found:
        question.entry.fault("A short_text question needs 'max'.", "Say how many characters it takes.")
    if question.type == "list":
        _check_values(question, found.get("values", question.entry))


def _check_values(question: Question, where: Entry) -> None:
    if not question.values:
        where.fault("A list question needs its values.", "Add 'values: [...]' as the form shows them.")
    for value in {value for value in question.values if question.values.count(value) > 1 and value}:
        where.fault(f"'{value}' stands in the list twice.", "Keep one of them.")
