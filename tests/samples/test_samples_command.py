"""`wise-bridge samples`: records for people, for files and for programs."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.commands.samples import samples
from service.commands.validate import check
from service.configuration import policies
from service.settings import ROOT

CONFIG = ROOT / "config"
USUAL = ("--authority", "E08000007", "--today", "2026-11-22")


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(samples, [*USUAL, *map(str, arguments)])


def test_one_list_is_printed() -> None:
    answer = run("--count", "3", "--seed", "4")
    records = json.loads(answer.stdout)

    assert (answer.exit_code, answer.stderr) == (0, "")
    assert [each["record_type"] for each in records] == ["wise_assessment", "rise_meeting_output", "nwg_assessment"]
    known = policies(CONFIG)
    assert all(check(each, known).valid for each in records)


def test_one_record_a_line_holds_the_same_records() -> None:
    lines = run("--count", "3", "--seed", "4", "--ndjson").stdout.splitlines()

    assert [json.loads(line) for line in lines] == json.loads(run("--count", "3", "--seed", "4").stdout)


def test_the_same_seed_prints_the_same_bytes_and_another_does_not() -> None:
    same, again, other = (run("--count", "5", "--seed", seed).stdout_bytes for seed in ("4", "4", "5"))

    assert same == again
    assert same != other


def test_each_record_gets_a_file_named_by_its_id(tmp_path: Path) -> None:
    answer = run("--count", "4", "--type", "nwg_assessment", "--out", tmp_path / "new")
    files = sorted((tmp_path / "new").iterdir())

    assert (answer.exit_code, answer.stdout) == (0, "")
    assert len(files) == 4
    for file in files:
        record = json.loads(file.read_text(encoding="utf-8"))
        assert (file.name, record["record_type"]) == (f"{record['submission_id']}.json", "nwg_assessment")


def test_days_and_prefix_are_kept_to() -> None:
    answer = run("--count", "9", "--from", "2026-03-01", "--to", "2026-03-03", "--prefix", "abc")
    records = json.loads(answer.stdout)

    assert {str(each.get("completed_on", each.get("meeting_on")))[:7] for each in records} == {"2026-03"}
    assert all(each["submission_id"].startswith("ABC-") for each in records)


def test_child_references_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "children.txt"
    file.write_text("# those the simulator knows\nSTK0000700 2009-02-03\n\nSTK0000710   # no date\n")
    records = json.loads(run("--count", "4", "--child-ids", file).stdout)
    people = [each["young_person"] for each in records]

    assert [each["la_child_id"] for each in people] == ["STK0000700", "STK0000710"] * 2
    assert people[0]["date_of_birth"] == "2009-02-03"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"STK0000700 yesterday\n", "line 1"),
        (b"STK0000700\nSTK 0000701 2011-01-01\n", "line 2"),
        (b"X-1\n", "line 1"),
        (b"# nobody\n", "no child reference"),
        (b"\xff\xfe", "cannot be read"),
        (None, "No such file"),
    ],
)
def test_a_file_that_is_no_list_of_children_is_told(tmp_path: Path, content: bytes | None, why: str) -> None:
    file = tmp_path / "children.txt"
    if content is not None:
        file.write_bytes(content)
    answer = run("--child-ids", file)

    assert (answer.exit_code, answer.stdout) == (2, "")
    assert why in answer.stderr
    assert "STK" not in answer.stderr


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--to", "2027-01-01"), "future"),
        (("--from", "2026-11-22"), "after the last day"),
        (("--prefix", "a b"), "letters and digits"),
    ],
)
def test_what_cannot_be_made_is_told(arguments: tuple[str, ...], why: str) -> None:
    answer = run(*arguments)

    assert (answer.exit_code, answer.stdout) == (2, "")
    assert why in answer.stderr


def test_an_authority_without_a_profile_is_told() -> None:
    answer = CliRunner().invoke(samples, ["--authority", "E08000099"])

    assert (answer.exit_code, answer.stdout) == (2, "")
    assert "E08000007" in answer.stderr


def test_a_kind_of_record_that_the_authority_does_not_take_is_told(tmp_path: Path) -> None:
    shutil.copytree(CONFIG, tmp_path / "config")
    profile = tmp_path / "config" / "authorities" / "stockport.yaml"
    profile.write_text(profile.read_text().replace("records:\n", "records:\n  nwg_assessment: not_taken\n", 1))
    answer = run("--type", "nwg_assessment", "--config", tmp_path / "config")
    records = json.loads(run("--count", "6", "--config", tmp_path / "config").stdout)

    assert (answer.exit_code, answer.stdout) == (2, "")
    assert "no place" in answer.stderr
    assert {each["record_type"] for each in records} == {"wise_assessment", "rise_meeting_output"}
