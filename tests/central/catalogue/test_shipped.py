"""The catalogue as it is shipped, and the page that is made from it."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from service.central.catalogue import Table, Unit, cells, read
from service.central.catalogue.__main__ import NEWEST
from service.central.catalogue.fields import GIVEN_FIELDS
from service.domain.editions import read_authorities
from service.domain.fact import CODES

ROOT = Path(__file__).parents[3]
CATALOGUE = read(NEWEST)
YOUNG_PEOPLE = [table for table in CATALOGUE.tables if table.unit is Unit.YOUNG_PEOPLE]


def made(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "service.central.catalogue", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_the_page_is_made_from_the_file() -> None:
    assert (ROOT / "docs" / "catalogue.md").read_text("utf-8") == made().stdout


def test_a_faulty_file_makes_no_page() -> None:
    done = made(str(Path(__file__).parent / "all_at_once.yaml"))

    assert (done.returncode, done.stdout) == (1, "")
    assert "catalogue/all_at_once.yaml:26:5: axes.person.field:" in done.stderr


def test_its_digest_is_that_of_the_file() -> None:
    assert CATALOGUE.digest == hashlib.sha256(NEWEST.read_bytes()).hexdigest()


def test_the_authorities_are_those_a_record_may_name() -> None:
    assert CATALOGUE.authorities == read_authorities()


def test_nothing_is_written_down_that_no_table_uses() -> None:
    used = {axis for table in CATALOGUE.tables for form in table.forms for axis in form}

    assert used == CATALOGUE.axes.keys()
    assert {table.universe for table in CATALOGUE.tables} == CATALOGUE.universes.keys()


def test_not_recorded_is_always_called_so() -> None:
    groups = [group for axis in CATALOGUE.axes.values() for group in axis.groups]

    assert {group.label for group in groups if "not_recorded" in group.values} == {"Not recorded"}
    assert {group.code for group in groups if "not_recorded" in group.values} == {"not_recorded"}


def test_every_value_but_marks_stands_under_some_label() -> None:
    axes = CATALOGUE.axes.values()
    held = {axis.field: {value for group in axis.groups for value in group.values} for axis in axes}
    left = {field: set(CODES[field]) - values for field, values in held.items() if field not in GIVEN_FIELDS}

    assert set().union(*left.values()) == {"not_asked", "not_a_review", "first"}


def test_axes_that_tell_the_statement_or_the_form_are_sensitive() -> None:
    sensitive = {axis.field for axis in CATALOGUE.axes.values() if axis.is_sensitive}

    assert sensitive == {"exploitation", "exploitation_before", "forms"}


@pytest.mark.parametrize("table", CATALOGUE.tables, ids=lambda table: table.name)
def test_a_table_of_two_axes_can_fall_back_to_one(table: Table) -> None:
    assert len(table.forms[-1]) <= 1
    assert len(table.forms) >= 2


def test_only_the_kind_of_record_tells_who_has_no_statement() -> None:
    assert [table.name for table in YOUNG_PEOPLE if table.universe != "statement"] == ["young-people-by-record"]


def test_it_stays_small() -> None:
    """Every cell more is one more to protect; 300 young people have to be enough to show much of it."""
    finest = [at for table in CATALOGUE.tables for at in cells(CATALOGUE, table, table.forms[0], "2026Q3")]

    assert len(CATALOGUE.tables) <= 30
    assert len(finest) <= 450


@pytest.mark.parametrize("table", CATALOGUE.tables, ids=lambda table: table.name)
def test_no_word_ranks_anybody(table: Table) -> None:
    texts = " ".join((table.title, table.question, *table.notes))

    assert not re.search(r"\b(low|medium|high|mild|severe|worse|worst)(er|est)?\b", texts, re.IGNORECASE)
