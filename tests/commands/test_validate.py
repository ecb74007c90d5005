"""`wise-bridge validate`: the service's own rules on a file, for people and for programs."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from service.cli import main
from tests.support.records import EXAMPLES, MISSING, NAMES, example, raw


def validate(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["validate", *map(str, arguments)])


def written(folder: Path, record: Any) -> Path:
    file = folder / "record.json"
    file.write_bytes(record if isinstance(record, bytes) else json.dumps(record).encode())
    return file


@pytest.mark.parametrize("name", NAMES.values())
def test_an_example_is_valid(name: str) -> None:
    file = EXAMPLES / f"{name}.json"
    people, program = validate(file), validate(file, "--json")
    assert (people.exit_code, people.output) == (0, f"{file}: valid.\n")
    assert (program.exit_code, json.loads(program.stdout)) == (
        0,
        {"valid": True, "errors": [], "holds": [], "warnings": []},
    )


def test_names_are_warned_of_and_not_repeated(tmp_path: Path) -> None:
    record = example("wise", analysis_narrative="He was seen with Oluwadamilola near the shops.")
    answer = validate(written(tmp_path, record))

    assert answer.exit_code == 0
    assert (
        "/analysis_narrative  [X-8]\n    warning: This text seems to hold a person's name (1 place)." in answer.output
    )
    assert "Oluwa" not in answer.output


def test_a_program_gets_exactly_these_members(tmp_path: Path) -> None:
    record = example("wise", analysis_narrative="--", entered_on=MISSING, young_person__age_at_completion=MISSING)
    answer = validate(written(tmp_path, record), "--json")
    assert answer.exit_code == 1
    assert json.loads(answer.stdout) == {
        "valid": False,
        "errors": [
            {
                "pointer": "/analysis_narrative",
                "code": "X-6",
                "detail": "This is empty.",
                "fix": "A short paragraph is enough.",
            },
            {
                "pointer": "/entered_on",
                "code": "E1",
                "detail": "This was on paper.",
                "fix": "Give the date it was typed in.",
            },
        ],
        "holds": [],
        "warnings": [
            {
                "pointer": "/young_person/age_at_completion",
                "code": "Y2",
                "detail": "Age isn't given, so this record can't be counted by age, and the case system can't confirm "
                "the person.",
                "fix": "Give the age at completion or the date of birth.",
            }
        ],
    }
    assert answer.stderr == ""


def test_a_person_reads_every_fault_with_its_fix(tmp_path: Path) -> None:
    record = example("wise", risk_level="medium", entered_on=MISSING, young_person__age_at_completion=MISSING)
    answer = validate(written(tmp_path, record))
    assert answer.exit_code == 1
    assert "2 things need correcting." in answer.output
    for words in (
        "/risk_level  [X-2]",
        "WISE doesn't use scores or high/medium/low.",
        "Record what is happening in `/exploitation/category`",
        "/entered_on  [E1]",
        "This was on paper.",
        "Give the date it was typed in.",
        "/young_person/age_at_completion  [Y2]",
        "warning: Age isn't given",
    ):
        assert words in answer.output


def test_one_fault_is_one_thing(tmp_path: Path) -> None:
    assert "1 thing needs correcting." in validate(written(tmp_path, example("wise", entered_on=MISSING))).output


def test_a_warning_alone_is_valid(tmp_path: Path) -> None:
    answer = validate(written(tmp_path, example("wise", young_person__age_at_completion=MISSING)))
    assert answer.exit_code == 0
    assert ": valid." in answer.output
    assert "warning: Age isn't given" in answer.output


@pytest.mark.parametrize("kind", [MISSING, None, "pen_picture", ["wise_assessment"], {}])
def test_a_record_of_no_kind_we_know_is_told_the_kinds_there_are(tmp_path: Path, kind: Any) -> None:
    answer = validate(written(tmp_path, example("wise", record_type=kind)), "--json")
    (fault,) = json.loads(answer.stdout)["errors"]
    assert (answer.exit_code, fault["pointer"]) == (1, "/record_type")
    assert fault["fix"] == "Choose one of: wise_assessment, rise_meeting_output, nwg_assessment."


UNREADABLE = {
    "nothing": b"",
    "not JSON": b"{'a': 1}",
    "half a record": raw("wise")[:200],
    "a list": b"[]",
    "a number": b"7",
    "NaN": b'{"a": NaN}',
    "the same name twice": b'{"a": 1, "a": 2}',
    "too deep": b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "not UTF-8": "{'a': 'é'}".encode("utf-16"),
}


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=list(UNREADABLE))
def test_a_file_that_is_no_record_ends_with_2_and_a_sentence(tmp_path: Path, content: bytes) -> None:
    for arguments in ([], ["--json"]):
        answer = validate(written(tmp_path, content), *arguments)
        assert (answer.exit_code, answer.stdout) == (2, "")
        assert answer.stderr.startswith(f"{tmp_path / 'record.json'}: ")
        assert len(answer.stderr.splitlines()) == 1


def test_a_file_that_is_not_there_or_is_a_folder_ends_with_2(tmp_path: Path) -> None:
    for file, why in ((tmp_path / "none.json", "No such file"), (tmp_path, "Is a directory")):
        answer = validate(file)
        assert (answer.exit_code, answer.stdout) == (2, "")
        assert why in answer.stderr


def test_no_file_at_all_ends_with_2() -> None:
    assert validate().exit_code == 2


def test_it_works_from_another_folder(tmp_path: Path) -> None:
    shutil.copy(EXAMPLES / f"{NAMES['rise']}.json", tmp_path / "mine.json")
    for program in ([str(Path(sys.executable).parent / "wise-bridge")], [sys.executable, "-m", "service"]):
        ran = subprocess.run(
            [*program, "validate", "mine.json", "--json"], cwd=tmp_path, capture_output=True, text=True
        )
        assert (ran.returncode, json.loads(ran.stdout)["valid"], ran.stderr) == (0, True, "")


def test_the_authoritys_own_profile_is_applied(tmp_path: Path, config_dir: Path) -> None:
    shutil.copytree(config_dir, tmp_path / "config")
    profile = tmp_path / "config" / "authorities" / "stockport.yaml"
    profile.write_text(profile.read_text() + "support_plan: {items_max: 2}\n")
    answer = validate(EXAMPLES / f"{NAMES['wise']}.json", "--config", tmp_path / "config", "--json")
    assert [fault["code"] for fault in json.loads(answer.stdout)["errors"]] == ["P2"]


def test_an_authority_without_a_profile_is_checked_by_the_rules_all_share(tmp_path: Path) -> None:
    record = example("wise", authority="E08000099", young_person__responsible_authority="E08000099")
    assert validate(written(tmp_path, record)).exit_code == 0


@pytest.mark.parametrize("authority", [MISSING, None, 7, "Stockport", ["E08000007"]])
def test_an_authority_that_is_none_is_a_fault_of_the_record(tmp_path: Path, authority: Any) -> None:
    answer = validate(written(tmp_path, example("wise", authority=authority)), "--json")
    assert [fault["pointer"] for fault in json.loads(answer.stdout)["errors"]] == ["/authority"]


def test_a_broken_configuration_is_told_apart_from_a_broken_record(tmp_path: Path, config_dir: Path) -> None:
    shutil.copytree(config_dir, tmp_path / "config")
    profile = tmp_path / "config" / "authorities" / "stockport.yaml"
    profile.write_text("authority: [")
    answer = validate(EXAMPLES / f"{NAMES['wise']}.json", "--config", tmp_path / "config")
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert "stockport.yaml" in answer.stderr


def test_the_records_values_are_not_shown(tmp_path: Path) -> None:
    record = example("wise", young_person__la_child_id="Zqx Vrbl", analysis_narrative=["Zqx"], score="Zqx")
    for arguments in ([], ["--json"]):
        answer = validate(written(tmp_path, record), *arguments)
        assert answer.exit_code == 1
        assert "Zqx" not in answer.output
