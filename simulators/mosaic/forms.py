"""Form definitions: what each step type asks, demands and may lead to. Format: top of `forms.yaml`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import yamlfile
from .yamlfile import DefinitionError

DATA_TYPES = ("shortText", "longText", "date", "number", "boolean", "lookup")


@dataclass(frozen=True)
class Question:
    """One question of a form, known to the outside by its user code."""

    code: str
    data_type: str
    mandatory: bool = False
    repeating: bool = False
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Form:
    """One step type; `next_steps` maps an action type to the step type it creates."""

    step_type_id: int
    title: str
    questions: dict[str, Question]
    document_required: bool = False
    next_action_required: bool = False
    next_steps: dict[int, int] | None = None

    def creates(self, action_type_id: int) -> int | None:
        """The step type a next action creates, or None when this form does not offer the action."""
        return (self.next_steps or {}).get(action_type_id)


def load_forms(path: Path) -> dict[int, Form]:
    """All forms of the file, refused as a whole when one of them does not add up."""
    entries = yamlfile.read_mapping(path)
    forms = {yamlfile.positive(key, f"{path}: step type"): _form(key, entry, path) for key, entry in entries.items()}
    for form in forms.values():
        _check_created_types(form, forms, path)
    return forms


def _form(step_type_id: int, entry: Any, path: Path) -> Form:
    where = f"{path}: step type {step_type_id}"
    entry = yamlfile.mapping(entry, where)
    yamlfile.check_keys(entry, where, ("title", "documentRequired", "nextActions", "questions"), ("title",))
    required, next_steps = _next_actions(entry.get("nextActions"), f"{where}: nextActions")
    return Form(
        step_type_id=step_type_id,
        title=yamlfile.string(entry["title"], f"{where}: title"),
        questions=_questions(entry.get("questions"), where),
        document_required=yamlfile.boolean(entry.get("documentRequired", False), f"{where}: documentRequired"),
        next_action_required=required,
        next_steps=next_steps,
    )


def _questions(entries: Any, where: str) -> dict[str, Question]:
    found = yamlfile.mapping(entries, f"{where}: questions")
    return {code: _question(code, entry, f"{where}: question {code}") for code, entry in found.items()}


def _question(code: Any, entry: Any, where: str) -> Question:
    entry = yamlfile.mapping(entry, where)
    yamlfile.check_keys(entry, where, ("type", "mandatory", "repeating", "values"), ("type",))
    if entry["type"] not in DATA_TYPES:
        raise DefinitionError(f"{where}: unknown type {entry['type']!r}; types are {', '.join(DATA_TYPES)}")
    return Question(
        code=yamlfile.string(code, f"{where}: code"),
        data_type=entry["type"],
        mandatory=yamlfile.boolean(entry.get("mandatory", False), f"{where}: mandatory"),
        repeating=yamlfile.boolean(entry.get("repeating", False), f"{where}: repeating"),
        values=_lookup_values(entry, where),
    )


def _lookup_values(entry: dict[str, Any], where: str) -> tuple[str, ...]:
    """Only a lookup has values, and a lookup without them could never be answered."""
    if (entry["type"] == "lookup") != bool(entry.get("values")):
        raise DefinitionError(f"{where}: 'values' belongs to type lookup, and a lookup needs at least one")
    return yamlfile.strings(entry["values"], f"{where}: values") if entry.get("values") else ()


def _next_actions(entry: Any, where: str) -> tuple[bool, dict[int, int]]:
    entry = yamlfile.mapping(entry, where)
    yamlfile.check_keys(entry, where, ("required", "allowed"))
    required = yamlfile.boolean(entry.get("required", False), f"{where}: required")
    allowed = yamlfile.mapping(entry.get("allowed"), f"{where}: allowed")
    if required and not allowed:
        raise DefinitionError(f"{where}: required, but none is allowed")
    return required, {yamlfile.positive(key, where): _created_type(item, where) for key, item in allowed.items()}


def _created_type(entry: Any, where: str) -> int:
    entry = yamlfile.mapping(entry, f"{where}: allowed")
    yamlfile.check_keys(entry, f"{where}: allowed", ("creates",), ("creates",))
    return yamlfile.positive(entry["creates"], f"{where}: creates")


def _check_created_types(form: Form, forms: dict[int, Form], path: Path) -> None:
    for action, created in (form.next_steps or {}).items():
        if created not in forms:
            raise DefinitionError(
                f"{path}: step type {form.step_type_id}: action {action} creates unknown type {created}"
            )
