"""What the tests of an officer's tools share: the command line itself, and a configuration to change."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.cli import main
from tests.support.config import CONFIG

EXAMPLES = CONFIG.parent / "tests" / "examples"
STOCKPORT = EXAMPLES / "wise_assessment-stockport.json"


def adapter(*arguments: str | Path, environ: dict[str, str] | None = None) -> Result:
    """`wise-bridge adapter …`. What ends in a traceback is a failure of the test."""
    ended = CliRunner().invoke(main, ["adapter", *map(str, arguments)], env=environ)
    if ended.exception is not None and not isinstance(ended.exception, SystemExit):
        raise ended.exception
    return ended


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """The shipped configuration, to be changed."""
    shutil.copytree(CONFIG, tmp_path / "config")
    return tmp_path / "config"


def change(file: Path, *pairs: tuple[str, str]) -> None:
    """Each first text by the second, which must be there."""
    text = file.read_text("utf-8")
    for before, after in pairs:
        assert before in text, before
        text = text.replace(before, after, 1)
    file.write_text(text, "utf-8")


def edit(file: Path, how: Callable[[str], str]) -> None:
    """The file as another text."""
    before = file.read_text("utf-8")
    after = how(before)
    assert after != before
    file.write_text(after, "utf-8")
