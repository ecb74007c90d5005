"""Form templates: what each asks and demands. Format: top of `forms.yaml`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

LONGEST_TEXT = 100_000
_CODE = re.compile(r"[a-z][a-z0-9_]{0,99}")


@dataclass(frozen=True)
class Question:
    """One question. `repeating` None: a row may be given, and need not be."""

    type: str
    limit: int = LONGEST_TEXT
    values: tuple[str, ...] = ()
    mandatory: bool = False
    repeating: bool | None = False


_ANY = Question("long", repeating=None)


@dataclass(frozen=True)
class Template:
    """One form template; `questions` None takes every legal code."""

    title: str
    document: bool
    questions: Mapping[str, Question] | None

    def question(self, code: str) -> Question | None:
        if self.questions is None:
            return _ANY if is_code(code) else None
        return self.questions.get(code)

    def mandatory(self) -> list[str]:
        return [code for code, question in (self.questions or {}).items() if question.mandatory]


def is_code(written: Any) -> bool:
    """Whether this could be a question's code anywhere; only such text is ever repeated in a refusal."""
    return isinstance(written, str) and _CODE.fullmatch(written) is not None


def load_templates(path: Path) -> dict[str, Template]:
    """All templates of a file; a key nobody reads stops the simulator, since it would silently change a form."""
    content = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    return {guid: _template(**entry) for guid, entry in content.items()}


def _template(title: str, document: bool, questions: Any) -> Template:
    if questions == "any":
        return Template(title, document, None)
    return Template(title, document, {code: _question(**entry) for code, entry in questions.items()})


def _question(*, values: tuple[str, ...] | list[str] = (), **entry: Any) -> Question:
    return Question(values=tuple(values), **entry)
