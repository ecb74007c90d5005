"""What the pack says in words is complete: whatever is added to the service without words for it fails here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import fields
from datetime import date
from typing import Any

import pytest

from service.adapters.profiles import Profile
from service.adapters.registry import HERE, schemas
from service.configuration import policies
from service.domain.audiences import Audience
from service.domain.fact import FIELDS, FactRefused
from service.domain.fields import Group, Klass, leaves
from service.domain.participation import consent, feedback, supervision
from service.domain.projection import project
from service.domain.records import RECORDS, common, withdrawal
from service.domain.training import record as training
from service.officer.impact import facts, held, keeping, recipients, seeing, told
from service.samples import Setting, samples
from service.settings import ROOT, Settings
from service.usecases.incoming import completed_on
from tests.support.config import CONFIG
from tests.support.servers import Database

NO_WAY_OUT = {"authority", "egress", "http", "mapping", "profiles", "registry", "sftp", "shared"}
"""Parts of the adapters that hand nothing over by themselves."""
TOLD = {
    "authority", "name", "case_system", "connector", "records", "review", "connection", "rules", "file", "digest",
    "in_use", "egress", "documents", "synthetic", "retention", "confirmed", "to_confirm",
}  # fmt: skip
NOT_ABOUT_DATA = {"slug", "support_plan_items_max", "delivery", "files"}
SAMPLES = list(samples(Setting(policies(CONFIG)["E08000007"], "stk", date(2026, 11, 22)), count=60, seed=7))


def test_every_class_of_data_and_every_reader_has_words() -> None:
    assert set(held.KLASSES) == set(Klass)
    assert set(recipients.READERS) == set(Audience)


def test_every_way_out_has_words() -> None:
    """A new folder or module beside the connectors is a way out until somebody says that it is none."""
    parts = {path.stem for path in HERE.iterdir() if path.stem not in ("__init__", "__pycache__")}
    assert set(recipients.KINDS) == set(schemas())
    assert parts - NO_WAY_OUT == set(recipients.KINDS) | set(recipients.WAYS)


def test_every_role_has_words() -> None:
    assert set(seeing.ROLES) == set(re.findall(r"'(wise_\w+)'", (ROOT / "migrations" / "roles.sql").read_text()))


def test_every_table_has_words_and_an_end_or_none(database: Database) -> None:
    with database.as_admin() as connection:
        found = connection.execute(
            "SELECT schemaname || '.' || tablename FROM pg_tables"
            " WHERE schemaname IN ('casework', 'central', 'training')"
        ).fetchall()
    assert set(keeping.TABLES) == {name for (name,) in found if "alembic" not in name}


def test_every_setting_has_words_and_its_measure() -> None:
    assert set(told.SETTINGS) == {each.name for each in fields(Settings)}


def test_every_part_of_a_profile_is_told_or_is_not_about_data() -> None:
    assert {each.name for each in fields(Profile)} == TOLD | NOT_ABOUT_DATA


def test_everything_that_may_be_posted_besides_records_is_told() -> None:
    modules = (consent, feedback, supervision, training, withdrawal)
    own = {name: value for each in modules for name, value in vars(each).items() if name not in vars(common)}
    found = [value for name, value in own.items() if not name.startswith("_") and type(value) is Group]
    assert sorted(map(id, found)) == sorted(id(group) for group, _ in held.BESIDE.values())


def test_every_code_that_crosses_says_what_it_is_made_of() -> None:
    assert tuple(facts.SOURCES) == FIELDS
    assert all(facts.SOURCES[name] or facts.ELSEWHERE.get(name) for name in FIELDS)
    known = {path for record in RECORDS.values() for path, _ in leaves(record)}
    for path in {path for paths in facts.SOURCES.values() for path in paths}:
        assert any(each == path or each.startswith(f"{path}/") for each in known), path


def without_one(node: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """(path, the same without what is there), for everything in a record."""
    if isinstance(node, dict):
        for name, value in node.items():
            yield f"{path}/{name}", {key: each for key, each in node.items() if key != name}
            yield from ((at, {**node, name: less}) for at, less in without_one(value, f"{path}/{name}"))
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield f"{path}/*", node[:number] + node[number + 1 :]
            rest = without_one(value, f"{path}/*")
            yield from ((at, [*node[:number], less, *node[number + 1 :]]) for at, less in rest)


def changed_by(record: dict[str, Any], less: dict[str, Any]) -> set[str]:
    """Which codes differ, or are refused, when the record is another."""
    settings = {"authority": "E08000007", "record_type": record["record_type"], "completed_on": completed_on(record)}
    before = project(deepcopy(record), **settings)
    try:
        after = project(less, **settings)
    except FactRefused as refused:
        return set(refused.fields)
    return {name for name in FIELDS if getattr(before, name) != getattr(after, name)}


@pytest.mark.parametrize("kind", RECORDS)
def test_a_code_depends_on_what_is_told_and_on_nothing_else(kind: str) -> None:
    """Whatever is taken out of a record, only those codes change that say they are made of it."""
    seen: set[str] = set()
    for record in [each for each in SAMPLES if each["record_type"] == kind]:
        for path, less in without_one(record):
            for name in changed_by(record, less):
                seen.add(name)
                sources = facts.SOURCES[name]
                assert any(f"{path}/".startswith(f"{each}/") or each.startswith(f"{path}/") for each in sources), (
                    f"{name} also depends on {path}"
                )
    assert len(seen) >= 8, "the samples move the codes"
