"""`wise-bridge profiles` from a draft to live and back, as two people would."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from service.commands.profiles import profiles
from service.settings import ROOT
from tests.support.servers import Database

STOCKPORT, FILE = "E08000007", ROOT / "config" / "authorities" / "stockport.yaml"
CREDENTIALS = ("HOST", "PORT", "USER", "PRIVATE_KEY", "HOST_KEYS")


@pytest.fixture(autouse=True)
def _owner(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WISE_DATABASE_URL", database.url("wise_owner"))
    for name in CREDENTIALS:
        monkeypatch.delenv(f"STOCKPORT_LCS_{name}", raising=False)


def run(*arguments: str, code: int = 0) -> Result:
    result = CliRunner().invoke(profiles, [str(each) for each in arguments])
    assert result.exit_code == code, result.output
    return result


def answer(*arguments: str) -> Any:
    return json.loads(run(*arguments, "--json").stdout)


def changed(tmp_path: Path) -> Path:
    file = tmp_path / "stockport.yaml"
    file.write_text(FILE.read_text().replace("in_use: true", "in_use: false"))
    return file


def put_live(file: Path) -> int:
    run("draft", str(file), "--by", "officer.one", "--note", "fictional")
    number = answer("list", STOCKPORT)[0]["number"]
    run("check", STOCKPORT, str(number), "--by", "officer.one", "--offline", "--despite")
    run("approve", STOCKPORT, str(number), "--by", "officer.two")
    run("live", STOCKPORT, str(number), "--by", "officer.one")
    return int(number)


def test_from_a_draft_to_live_and_back(tmp_path: Path) -> None:
    assert "No versions" in run("list").output
    first, second = put_live(FILE), put_live(changed(tmp_path))
    assert [each["state"] for each in answer("list")] == ["live", "retired"]
    assert f"version {first} holds" in run("rollback", STOCKPORT, "--by", "op.one", "--reason", "refused there").output
    assert "+in_use: false" in run("show", STOCKPORT, str(second)).output
    assert answer("show", STOCKPORT, str(second))["against"] == first
    events = [each["event"] for each in answer("history", STOCKPORT)]
    assert events == ["drafted", "checked", "approved", "went_live"] * 2 + ["rolled_back"]
    assert "refused there" in run("history", STOCKPORT).output


def test_a_check_that_finds_something_wrong_stops(tmp_path: Path) -> None:
    run("draft", str(FILE), "--by", "officer.one", "--note", "fictional")
    result = run("check", STOCKPORT, "1", "--by", "officer.one", "--offline", code=2)
    assert "STOCKPORT_LCS_HOST" in result.output
    assert "Not taken as checked" in result.output
    assert answer("list")[0]["state"] == "draft"


def test_nobody_approves_their_own() -> None:
    run("draft", str(FILE), "--by", "officer.one", "--note", "fictional")
    run("check", STOCKPORT, "1", "--by", "officer.one", "--offline", "--despite")
    assert "second person" in run("approve", STOCKPORT, "1", "--by", "OFFICER.one", code=2).output


def test_a_faulty_file_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "stockport.yaml"
    file.write_text(FILE.read_text() + "colour: red\n")
    result = run("draft", str(file), "--by", "officer.one", "--note", "fictional", code=2)
    assert "authorities/stockport.yaml:" in result.output
    assert "colour" in result.output


def test_an_export_is_the_same_again(tmp_path: Path) -> None:
    put_live(FILE)
    out = tmp_path / "out"
    run("export", STOCKPORT, "--out", str(out))
    assert (out / "authorities" / "stockport.yaml").read_text() == FILE.read_text()
    assert "is not empty" in run("export", STOCKPORT, "--out", str(out), code=2).output
    result = run("draft", str(out / "authorities/stockport.yaml"), "--by", "officer.one", "--note", "x",
                 "--config", str(out), code=2)  # fmt: skip
    assert "says the same" in result.output


@pytest.mark.parametrize("command", ["show", "approve", "live"])
def test_a_version_that_is_not_there(command: str) -> None:
    by = [] if command == "show" else ["--by", "officer.two"]
    assert "no version 9" in run(command, STOCKPORT, "9", *by, code=2).output
