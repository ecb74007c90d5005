"""What can be wrong with a profile, told with file, line, column and field; and what an editor sees of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from service.adapters.profiles import load_profile, load_profiles
from service.adapters.profiles.published import profile_schema
from service.errors import ConfigurationFault
from tests.adapters.profile_files import CONNECTORS, FOLDER, SINKS, Faulty, cases, faults, sound, told

CASES = list(cases())
SCHEMA = profile_schema(CONNECTORS, SINKS)
SECRETS = ("hunter2", "summer", "Winter", "9f8b2c7d", "hvs.", "OPENSSH")


@pytest.fixture(autouse=True)
def _as_in_production(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the switch that lets tests call this machine."""
    monkeypatch.delenv("WISE_BRIDGE_ALLOW_LOOPBACK", raising=False)


def sees(path: Path) -> bool:
    """Whether an editor would mark anything. What is no YAML is marked without a schema."""
    try:
        content = YAML(typ="safe", pure=True).load(path.read_text("utf-8"))
    except YAMLError:
        return True
    part: Mapping[str, Any] = SCHEMA["$defs"]["common"] if path.parent.name == "common" else SCHEMA
    return not Draft202012Validator(part).is_valid(content)


def test_the_sound_ones_load_and_no_editor_marks_them(tmp_path: Path) -> None:
    config = sound(tmp_path)
    assert faults(config) == ()
    assert [path.name for path in config.rglob("*.yaml") if "authorities" in path.parts and sees(path)] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.why)
def test_a_faulty_profile_is_told(case: Faulty, tmp_path: Path) -> None:
    path = case.write(tmp_path)
    found = faults(tmp_path)
    assert tuple(map(told, found)) == case.told
    assert [secret for secret in SECRETS if secret in "\n".join(map(str, found))] == []
    assert all(fault.detail and fault.fix for fault in found)
    assert sees(path) is case.editor


def test_there_are_enough_cases_and_none_twice() -> None:
    assert len({(case.file, case.old, case.new) for case in CASES}) == len(CASES)
    assert len(CASES) >= 100
    assert sum(case.editor for case in CASES) >= 70


def test_everything_wrong_in_one_file_is_told_at_once(tmp_path: Path) -> None:
    file = sound(tmp_path) / "authorities" / "everything.yaml"
    file.write_text((FOLDER / "all_at_once" / "everything.yaml").read_text("utf-8"), "utf-8")
    with pytest.raises(ConfigurationFault) as caught:
        load_profile(tmp_path, file, CONNECTORS, SINKS)
    assert [told(fault) for fault in caught.value.faults] == (
        (FOLDER / "all_at_once" / "told.txt").read_text("utf-8").splitlines()
    )


DOCUMENT_MAPPING = """
record: nwg_assessment
form: mosaic/nwg_assessment.yaml
based_on: mosaic/nwg_assessment.yaml
rows: []
"""


@pytest.mark.parametrize(("kept", "count"), [("case_system", 0), ("none", 1)])
def test_a_text_that_goes_on_in_the_document_needs_one(tmp_path: Path, kept: str, count: int) -> None:
    config = sound(tmp_path / "config")
    rows = "\n  - {to: wiseReference, as: document}\n"
    _own_mapping(config, rows)
    path = config / "authorities" / "riverton.yaml"
    path.write_text(path.read_text("utf-8").replace("in: case_system", f"in: {kept}"), "utf-8")
    found = [fault for fault in faults(config) if fault.field == "documents.in"]
    assert len(found) == count
    assert all("mappings/mosaic/wise_assessment.yaml:" in fault.detail for fault in found)


def _own_mapping(config: Path, row: str) -> None:
    """A copy of the shipped mappings where the WISE assessment for Mosaic begins with one more row."""
    real = (config / "mappings").resolve()
    (config / "mappings").unlink()
    for file in real.rglob("*.yaml"):
        copy = config / "mappings" / file.relative_to(real)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(file.read_text("utf-8"), "utf-8")
    path = config / "mappings/mosaic/wise_assessment.yaml"
    text = re.sub(r"(?m)^form: .*\n", "", path.read_text("utf-8"))  # the shipped form has no such question
    path.write_text(text.replace("\nrows:\n", f"\nrows:{row}", 1), "utf-8")


def test_a_shared_fault_is_told_once(tmp_path: Path) -> None:
    config = sound(tmp_path)
    first = config / "authorities" / "lakeside.yaml"
    (config / "authorities" / "hillside.yaml").write_text(
        first.read_text("utf-8").replace("E08999902", "E08999903").replace("lakeside", "hillside"), "utf-8"
    )
    shared = config / "authorities" / "common" / "files.yaml"
    shared.write_text(shared.read_text("utf-8").replace("items_max: 4", "items_max: none"), "utf-8")
    assert [(fault.file, fault.line) for fault in faults(config)] == [("authorities/common/files.yaml", 17)]


def test_what_stands_over_and_under_an_extended_file(tmp_path: Path) -> None:
    lakeside = load_profiles(sound(tmp_path), CONNECTORS, SINKS)["E08999902"]
    assert list(lakeside.records) == ["wise_assessment"]
    assert lakeside.records["wise_assessment"].label == "Pen picture"
    assert lakeside.records["wise_assessment"].target == {"form": "4107", "document_type": "WISEASM"}
    assert lakeside.review.task == {"type": "REVIEW", "assign_to": "TEAM"}
    assert lakeside.files[:2] == ("authorities/lakeside.yaml", "authorities/common/files.yaml")
