"""The faulty records: one JSON file for each theme, and how a line of it becomes a record.

A line has `name`, `of` (an example of `tests.support.records`), what to `set` and `remove` by JSON pointer, and what
must be said: `code` at `pointer`, as a `result` of reject (when not said), hold or warn, with `also` what else is
refused. `hidden` are parts of what was sent that no answer may repeat. `policy` is what another authority would have
decided, `known` what the bridge would know; such lines are for the rules alone, unless `over_http` says that the tests
bring it about. `{"$repeat": value, "$times": number}` stands for long texts and lists.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from service.configuration import policies
from service.domain.policy import Policy, Result
from service.domain.rules import Earlier, Known
from service.domain.text.copies import sketch
from service.domain.training.standing import Trained
from tests.support.config import CONFIG
from tests.support.records import MISSING, example, put

FOLDER = Path(__file__).parent
_CHOICES = {"nhs_number_faulty": Result, "age_reasons": tuple}


@dataclass(frozen=True)
class Faulty:
    """One line of a file."""

    theme: str
    line: dict[str, Any]

    @property
    def label(self) -> str:
        return f"{self.theme}: {self.line['name']}"

    @property
    def place(self) -> tuple[str, str]:
        return self.line["pointer"], self.line["code"]

    @property
    def result(self) -> Result:
        return Result(self.line.get("result", "reject"))

    @property
    def refused(self) -> set[tuple[str, str]]:
        """Everything that must be refused, and nothing else."""
        if self.result is not Result.REJECT:
            return set()
        return {self.place, *((pointer, code) for pointer, code in self.line.get("also", ()))}

    @property
    def hidden(self) -> list[str]:
        return self.line.get("hidden", [])

    @property
    def record_type(self) -> str:
        """The address it is sent to."""
        return str(example(self.line["of"])["record_type"])

    @property
    def over_http(self) -> bool:
        return bool(self.line.get("over_http", not {"policy", "known"} & self.line.keys()))

    def record(self) -> dict[str, Any]:
        made = example(self.line["of"])
        for pointer in self.line.get("remove", ()):
            put(made, _parts(pointer), MISSING)
        for pointer, value in self.line.get("set", {}).items():
            put(made, _parts(pointer), _written_out(value))
        return made

    def policy(self) -> Policy:
        """The shipped one of its authority, with what this line changes."""
        choices = self.line.get("policy", {})
        made = {name: _CHOICES.get(name, lambda value: value)(value) for name, value in choices.items()}
        return replace(_policies()[example(self.line["of"])["authority"]], **made)

    def known(self) -> Known:
        said = dict(self.line.get("known", {}))
        last = said.pop("last_texts", None)
        if last is not None:
            said["sketches"] = {place: sketch(text) for place, text in last.items()}
        if "training" in said:
            said["training"] = tuple(_trained(**each) for each in said["training"])
        if "named" in said:
            said["named"] = Earlier(**said["named"])
        if "review_due_on" in said:
            said["review_due_on"] = date.fromisoformat(said["review_due_on"])
        return Known(**said)


def corpus() -> list[Faulty]:
    """Every line of every file."""
    return [
        Faulty(file.stem, line)
        for file in sorted(FOLDER.glob("*.json"))
        for line in json.loads(file.read_text("utf-8"))
    ]


@cache
def _policies() -> dict[str, Policy]:
    return dict(policies(CONFIG))


def _parts(pointer: str) -> list[str]:
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]


def _written_out(value: Any) -> Any:
    if isinstance(value, dict) and value.keys() == {"$repeat", "$times"}:
        what, times = value["$repeat"], value["$times"]
        return what * times if isinstance(what, str) else [what] * times
    return value


def _trained(course: str, **days: str) -> Trained:
    return Trained(course, **{name: date.fromisoformat(day) for name, day in days.items()})
