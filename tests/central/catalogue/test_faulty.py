"""What can be wrong with a catalogue, told with line and field, all of it at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.central.catalogue.files import ALL_AT_ONCE, SOUND, TOLD, Faulty, cases, faults, told

CASES = cases()


def test_the_sound_one_loads() -> None:
    assert faults(SOUND) == ()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.why)
def test_a_faulty_catalogue_is_told(case: Faulty, tmp_path: Path) -> None:
    found = faults(case.write(tmp_path))

    assert tuple(map(told, found)) == case.told
    assert all(fault.file.endswith("/sound.yaml") and fault.fix for fault in found)


def test_there_are_enough_cases_and_none_twice() -> None:
    assert len({(case.old, case.new) for case in CASES}) == len(CASES)
    assert len(CASES) >= 50


def test_everything_wrong_in_one_file_is_told_at_once() -> None:
    found = [told(fault) for fault in faults(ALL_AT_ONCE)]

    assert found == TOLD.read_text("utf-8").splitlines()
    assert len(found) >= 15


def test_a_word_that_is_nearly_right_is_answered_with_the_right_one(tmp_path: Path) -> None:
    (fault,) = faults(next(case for case in CASES if case.why == "an axis that is not there").write(tmp_path))

    assert fault.fix.startswith("Did you mean 'statement'? ")


@pytest.mark.parametrize(
    "content", [b"", b"- a list\n", b"version: \xff\n", b"axes: &a [*a]\n", b"a: !!python/name:os\n"]
)
def test_what_is_no_catalogue_at_all_is_told(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "2026.yaml"
    path.write_bytes(content)

    assert faults(path)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path / "2026.yaml")

    assert (fault.line, fault.file) == (None, f"{tmp_path.name}/2026.yaml")
