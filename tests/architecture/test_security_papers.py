"""The threat model and the table of ASVS name tests that are there; what they say is proven is proven somewhere."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.architecture.project import ROOT

PAPERS = ("docs/threat-model.md", "docs/asvs.md")
NAMED = re.compile(r"`(tests/[\w./-]+\.py)(?:::(\w+))?`")
OPEN_ROWS = re.compile(r"^\| [STRIDE] \|", re.MULTILINE)
EXPLICIT_IDS = (
    "1.2.4", "1.2.10", "1.3.2", "1.3.6", "1.3.7", "1.3.10", "1.3.12", "1.5.1", "1.5.2", "1.5.3", "2.3.3", "2.3.4",
    "2.3.5", "2.4.1", "4.1.1", "4.1.3", "4.1.4", "4.1.5", "4.2.1", "5.2.1", "5.2.2", "5.2.3", "5.3.2", "5.3.3",
    "11.3.4", "11.5.1", "12.1.1", "12.3.1", "12.3.2", "13.1.2", "13.1.3", "13.2.4", "13.2.5", "13.2.6", "13.3.1",
    "13.3.4", "14.2.1", "14.2.2", "14.2.6", "14.2.7", "14.3.2", "15.1.2", "15.2.4", "15.3.2", "15.3.3", "15.4.2",
    "16.2.5", "16.3.2", "16.4.1", "16.5.1", "16.5.2", "16.5.3",
)  # fmt: skip


@cache
def functions(file: Path) -> frozenset[str]:
    """Every function and method of a test file."""
    nodes = ast.walk(ast.parse(file.read_text("utf-8")))
    return frozenset(node.name for node in nodes if isinstance(node, ast.FunctionDef))


def gone(text: str) -> list[str]:
    """Tests that are named and not there."""
    missing = []
    for name, function in NAMED.findall(text):
        file = ROOT / name
        if not file.is_file() or (function and function not in functions(file)):
            missing.append(f"{name}::{function}" if function else name)
    return missing


@pytest.mark.parametrize("paper", PAPERS)
def test_every_test_that_is_named_is_there(paper: str) -> None:
    text = (ROOT / paper).read_text("utf-8")
    assert len(NAMED.findall(text)) > 30
    assert gone(text) == []


def test_one_that_is_gone_would_be_seen() -> None:
    here = "tests/architecture/test_security_papers.py"
    assert gone(f"`{here}::test_one_that_is_gone_would_be_seen` `{here}`") == []
    assert gone(f"`{here}::test_none` `tests/none.py`") == [f"{here}::test_none", "tests/none.py"]


def test_a_name_that_is_no_test_is_not_taken_for_one() -> None:
    """Every mention of a function has the form that is checked."""
    for paper in PAPERS:
        text = (ROOT / paper).read_text("utf-8")
        assert len(re.findall(r"\btest_\w+", NAMED.sub("", text))) == 0, paper


@pytest.mark.parametrize("paper", PAPERS)
def test_every_row_has_all_its_cells(paper: str) -> None:
    width = 0
    for line in (ROOT / paper).read_text("utf-8").splitlines():
        cells = line.count("|") if line.startswith("|") else 0
        assert not (width and cells) or cells == width, line
        width = cells


def test_each_flow_has_a_threat_and_what_is_missing_stands_apart() -> None:
    before, _, after = (ROOT / PAPERS[0]).read_text("utf-8").partition("\n## Not yet\n")
    flows = re.split(r"^## \d+\. ", before, flags=re.MULTILINE)[1:]
    assert len(flows) == 11
    assert all(len(OPEN_ROWS.findall(each)) >= 3 for each in flows)
    assert len(OPEN_ROWS.findall(after)) >= 1
    assert NAMED.search(after) is None, "a row with a test belongs to its flow"


def test_each_chapter_and_each_chosen_requirement_is_answered() -> None:
    text = (ROOT / PAPERS[1]).read_text("utf-8")
    assert [int(each) for each in re.findall(r"^## V(\d+)\b", text, re.MULTILINE)] == list(range(1, 18))
    answered = re.findall(r"^\| (?:V)?([\d.]+)", text, re.MULTILINE)
    assert [each for each in EXPLICIT_IDS if each not in answered] == []
    assert len(answered) == len(set(answered)), "a requirement is answered once"
