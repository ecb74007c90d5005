"""`wise-bridge adapter new`: a profile that loads, says what to ask for, and takes nobody's place."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from service.adapters.registry import schemas
from service.configuration import profile
from service.officer.confirming import doubtful, unfinished
from tests.commands.officer import adapter, config
from tests.support.config import CONFIG

__all__ = ["config"]


@pytest.mark.parametrize("system", schemas())
def test_a_new_profile_of_every_kind_loads_and_is_not_in_use(tmp_path: Path, system: str) -> None:
    file = tmp_path / "trafford.yaml"
    ended = adapter("new", "--system", system, "--authority", "Trafford", "--out", file)
    assert ended.exit_code == 0, ended.output
    made = profile(CONFIG, file)
    assert (made.authority, made.name, made.slug, made.connector) == ("E08000009", "Trafford", "trafford", system)
    assert not made.in_use
    assert made.confirmed == {}


@pytest.mark.parametrize("system", schemas())
def test_every_value_to_be_asked_for_is_marked(tmp_path: Path, system: str) -> None:
    file = tmp_path / "trafford.yaml"
    adapter("new", "--system", system, "--authority", "Trafford", "--out", file)
    made, lines = profile(CONFIG, file), file.read_text("utf-8").splitlines()
    asked = {*made.review.task, *(name for record in made.records.values() for name in record.target)}
    for name in asked:
        found = [line for line in lines if re.match(rf"\s+{name}: ", line)]
        assert found
        assert all("# to be confirmed" in line for line in found), name
    texts = [each for record in made.records.values() for each in record.target.values() if isinstance(each, str)]
    assert len([key for key in unfinished(made) if ".target." in key]) == texts.count("to be confirmed")
    assert len(doubtful(made)) >= sum(
        value == 1 for record in made.records.values() for value in record.target.values()
    )


def test_credentials_are_references_by_the_authoritys_name(tmp_path: Path) -> None:
    file = tmp_path / "trafford.yaml"
    ended = adapter("new", "--system", "mosaic", "--authority", "e08000009", "--out", file)
    made = profile(CONFIG, file)
    assert made.connection["api_key"] == "env:TRAFFORD_MOSAIC_API_KEY"
    assert all(value.startswith("env:TRAFFORD_MOSAIC_") for value in made.connection.values())
    for value in made.connection.values():
        assert f"export {value.removeprefix('env:')}=…" in ended.output
    for step in ("adapter check", "adapter preview"):
        assert f"wise-bridge {step}" in ended.output


def test_it_lies_with_the_others_unless_told_otherwise(config: Path) -> None:
    (config / "authorities" / "trafford.yaml").unlink()
    ended = adapter("new", "--system", "mosaic", "--authority", "trafford", "--config", config, "--json")
    assert json.loads(ended.stdout) == {
        "file": str(config / "authorities" / "trafford.yaml"),
        "authority": "E08000009",
        "variables": ["TRAFFORD_MOSAIC_BASE_URL", "TRAFFORD_MOSAIC_API_KEY"],
        "other_profile": "",
    }
    assert adapter("check", "--offline", "--config", config).exit_code == 1, (
        "loads with the others, and has much to ask"
    )


def test_nothing_is_overwritten(config: Path) -> None:
    file = config / "authorities" / "trafford.yaml"
    before = file.read_bytes()
    ended = adapter("new", "--system", "mosaic", "--authority", "Trafford", "--config", config)
    assert ended.exit_code == 2
    assert "is there already and stays as it is" in ended.stderr
    assert file.read_bytes() == before


def test_a_second_profile_of_an_authority_is_said(tmp_path: Path) -> None:
    ended = adapter("new", "--system", "mosaic", "--authority", "Trafford", "--out", tmp_path / "trafford.yaml")
    assert "Trafford has a profile already: authorities/trafford.yaml" in ended.output


@pytest.mark.parametrize(
    ("system", "authority", "said"),
    [
        ("mosaic", "Traford", "Did you mean Trafford"),
        ("mosiac", "Trafford", "Did you mean mosaic"),
        ("mosaic", "Zzz", "Known: Bolton, Bury"),
        ("zzz", "Trafford", "Known: "),
    ],
)
def test_an_unknown_name_is_told_the_nearest(tmp_path: Path, system: str, authority: str, said: str) -> None:
    ended = adapter("new", "--system", system, "--authority", authority, "--out", tmp_path / "x.yaml")
    assert ended.exit_code == 2
    assert said in ended.stderr
    assert list(tmp_path.iterdir()) == []
