"""Builds the world from seed.yaml and forms.yaml."""

import re
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

from simulators.filedrop.checks_form import KINDS
from simulators.filedrop.model import FormDesign, Person, Question, World
from simulators.sftp.yaml_input import ConfigurationError, codes, mapping, read_yaml, section, typed

SEED = Path(__file__).with_name("seed.yaml")
FORMS = Path(__file__).with_name("forms.yaml")
ANY_QUESTION = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,79}")
_PERSON_KEYS = [item.name for item in fields(Person) if item.name not in ("child_id", "date_of_birth")]
_KEYS = ("authority", "user", "first_record", "first_document", "teams", "document_types", "people")


def load_world(seed: Path = SEED, forms: Path = FORMS) -> World:
    """The world, or ConfigurationError for whoever edits the files."""
    row, where = section(read_yaml(seed), seed.name, _KEYS), seed.name
    types = mapping(row["document_types"], f"{where}: document_types")
    return World(
        authority=typed(row["authority"], str, f"{where}: authority"),
        user=typed(row["user"], str, f"{where}: user"),
        first_record=typed(row["first_record"], int, f"{where}: first_record"),
        first_document=typed(row["first_document"], int, f"{where}: first_document"),
        teams=codes(row["teams"], f"{where}: teams"),
        document_types={name: codes(value, f"{where}: {name}") for name, value in types.items()},
        forms=load_forms(forms),
        people=_people(row["people"], f"{where}: people"),
    )


def load_forms(path: Path = FORMS) -> Mapping[str, FormDesign]:
    """Forms by type code."""
    rows = mapping(section(read_yaml(path), path.name, ["forms"])["forms"], path.name)
    return {code: _form(row, f"{path.name}: form {code}") for code, row in rows.items()}


def _form(value: Any, where: str) -> FormDesign:
    row = section(value, where, ["needs_document", "questions"])
    needs_document = typed(row["needs_document"], bool, f"{where}: needs_document")
    if row["questions"] == "any":
        return FormDesign(needs_document, any_like=ANY_QUESTION)
    questions = mapping(row["questions"], f"{where}: questions")
    return FormDesign(needs_document, {name: _question(item, f"{where}: {name}") for name, item in questions.items()})


def _question(value: Any, where: str) -> Question:
    row = section(value, where, ["kind"], ["limit", "values", "repeats"])
    if row["kind"] not in KINDS:
        raise ConfigurationError(f"{where}: kind must be one of {', '.join(KINDS)}")
    limit = typed(row["limit"], int, f"{where}: limit") if "limit" in row else None
    repeats = typed(row.get("repeats", False), bool, f"{where}: repeats")
    return Question(row["kind"], limit, codes(row.get("values", []), f"{where}: values"), repeats)


def _people(value: Any, where: str) -> dict[str, Person]:
    return {child_id: _person(child_id, row, f"{where}: {child_id}") for child_id, row in mapping(value, where).items()}


def _person(child_id: str, value: Any, where: str) -> Person:
    row = section(value, where, ["date_of_birth"], _PERSON_KEYS)
    typed(row["date_of_birth"], date, f"{where}: date_of_birth")
    return Person(child_id, **row)
