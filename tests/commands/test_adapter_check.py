"""`wise-bridge adapter check`: what is ok, what is wrong, and what nobody could be asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from simulators.mosaic import MosaicSimulator
from tests.commands.officer import adapter, change, config

__all__ = ["config"]
KEY = "Quetzalcoatlus-key-0123456789"


@pytest.fixture
def mosaic(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The variables that lead Oldham's profile to a running simulator."""
    with MosaicSimulator(tmp_path / "mosaic", KEY) as simulator:
        yield {"OLDHAM_MOSAIC_BASE_URL": simulator.api, "OLDHAM_MOSAIC_API_KEY": KEY}


NOBODY = {"OLDHAM_MOSAIC_BASE_URL": "http://127.0.0.1:9/api/v1", "OLDHAM_MOSAIC_API_KEY": KEY}
WITHOUT: dict[str, str] = {"OLDHAM_MOSAIC_BASE_URL": "", "OLDHAM_MOSAIC_API_KEY": ""}


def looks(*arguments: str | Path, environ: dict[str, str]) -> tuple[int, list[dict[str, Any]]]:
    """Exit code, and all that was looked at."""
    ended = adapter("check", *arguments, "--json", environ=environ)
    found = json.loads(ended.stdout)
    assert found["sound"] is (ended.exit_code == 0)
    return ended.exit_code, [look for each in found["profiles"] for look in each["looks"]]


def standings(found: list[dict[str, Any]], part: str) -> dict[str, str]:
    return {look["what"]: look["standing"] for look in found if look["part"] == part}


def test_a_sound_profile_with_its_case_system_is_fine(mosaic: dict[str, str]) -> None:
    code, found = looks("Oldham", environ=mosaic)
    assert code == 0
    assert set(standings(found, "credentials").values()) == {"good"}
    assert standings(found, "link")["sign-in and search"] == "good"
    assert "not_asked" in standings(found, "link").values(), "Mosaic cannot be asked for its codes, and that is said"
    assert all(look["detail"] for look in found if look["standing"] == "not_asked")


def test_a_refused_key_is_wrong_and_never_printed(mosaic: dict[str, str]) -> None:
    ended = adapter("check", "oldham", environ={**mosaic, "OLDHAM_MOSAIC_API_KEY": f"other-{KEY}"})
    assert ended.exit_code == 1
    assert "✗ WRONG" in ended.stdout
    assert "Quetzalcoatlus" not in ended.output


def test_missing_credentials_are_named_and_nobody_is_called(mosaic: dict[str, str]) -> None:
    code, found = looks("E08000004", environ=WITHOUT)
    wrong = {look["what"]: look["detail"] for look in found if look["part"] == "credentials"}
    assert code == 1
    assert "OLDHAM_MOSAIC_API_KEY is not set" in wrong["connection.api_key"]
    assert "OLDHAM_MOSAIC_BASE_URL is not set" in wrong["connection.base_url"]
    assert standings(found, "link") == {"settings, sign-in, codes": "not_asked"}


def test_nobody_there_is_wrong_and_offline_is_not_asked() -> None:
    code, found = looks("oldham", environ=NOBODY)
    assert (code, standings(found, "link")["sign-in and search"]) == (1, "wrong")
    code, found = looks("oldham", "--offline", environ=NOBODY)
    assert (code, standings(found, "link")["sign-in, forms and codes"]) == (0, "not_asked")


def test_a_setting_the_connector_refuses_is_told_without_its_value() -> None:
    ended = adapter("check", "oldham", "--offline", environ={**NOBODY, "OLDHAM_MOSAIC_API_KEY": "Quetzal coatlus"})
    assert ended.exit_code == 1
    assert "api_key" in ended.stdout
    assert "Quetzal" not in ended.output


def test_an_address_that_no_rule_allows_is_wrong(config: Path) -> None:
    rules = "egress:\n  - {scheme: https, host: mosaic.example, port: 443}\n\nconfirmed:"
    change(config / "authorities/oldham.yaml", ("confirmed:", rules))
    at = {"OLDHAM_MOSAIC_API_KEY": KEY}
    for address, standing in (("https://mosaic.example/api/v1", "good"), ("https://other.example/api/v1", "wrong")):
        code, found = looks(
            "oldham", "--offline", "--config", config, environ={**at, "OLDHAM_MOSAIC_BASE_URL": address}
        )
        assert standings(found, "connections")["connection.base_url"] == standing
        assert code == (standing == "wrong")


def test_a_mapping_without_a_form_was_not_checked_and_that_is_said(config: Path) -> None:
    change(config / "mappings/mosaic/wise_assessment.yaml", ("form: mosaic/wise_assessment.yaml\n", ""))
    code, found = looks("oldham", "--offline", "--config", config, environ=NOBODY)
    assert code == 0
    assert standings(found, "forms")["form of WISE assessment"] == "not_asked"
    assert standings(found, "forms")["form of NWG assessment"] == "good"


def test_a_faulty_profile_is_told_whole_and_the_others_are_still_checked(config: Path) -> None:
    change(config / "authorities/oldham.yaml", ("interval_months: 3", "interval_months: often"), ("slug:", "slugg:"))
    ended = adapter("check", "--offline", "--json", "--config", config, environ=NOBODY)
    found = {each["name"]: each for each in json.loads(ended.stdout)["profiles"]}
    assert ended.exit_code == 1
    told = [look["what"] for look in found["oldham"]["looks"] if look["standing"] == "wrong"]
    assert any("review.interval_months" in what and "authorities/oldham.yaml:" in what for what in told)
    assert any("slugg" in what for what in told)
    assert found["oldham"]["looks"][-1]["standing"] == "not_asked"
    assert {"Stockport", "Salford", "all together"} <= found.keys()


def test_two_profiles_of_one_authority_are_seen_only_together(config: Path) -> None:
    text = (config / "authorities/oldham.yaml").read_text("utf-8").replace("slug: oldham", "slug: second")
    (config / "authorities/second.yaml").write_text(text, "utf-8")
    _, found = looks("second", "--offline", "--config", config, environ=NOBODY)
    assert "wrong" not in standings(found, "profile").values()
    _, found = looks("--offline", "--config", config, environ=NOBODY)
    assert any("already" in look["detail"] for look in found if look["standing"] == "wrong")


def test_placeholders_are_wrong_until_they_are_filled_in(tmp_path: Path) -> None:
    file = tmp_path / "trafford.yaml"
    adapter("new", "--system", "mosaic", "--authority", "Trafford", "--out", file)
    _, found = looks(file, "--offline", environ={})
    (left,) = [look for look in found if look["what"] == "still 'to be confirmed'"]
    assert "records.wise_assessment.target.team" in left["detail"]
    assert left["standing"] == "wrong"
    (number,) = [look for look in found if look["what"] == "still 1"]
    assert "records.wise_assessment.target.step_type" in number["detail"]
    change(file, ("confirmed: {}", "confirmed: {records: 'the system team'}"))
    _, found = looks(file, "--offline", environ={})
    (number,) = [look for look in found if look["what"] == "still 1"]
    assert number["detail"].splitlines()[0] == "review.task.step_type"


def test_a_table_fits_into_a_hundred_columns() -> None:
    lines = adapter("check", "oldham", "--offline", environ=NOBODY).stdout.splitlines()
    assert max(map(len, lines)) <= 100


@pytest.mark.parametrize("word", ["Oldam", "none.yaml", "E08000099"])
def test_what_there_is_not_cannot_be_checked(word: str) -> None:
    ended = adapter("check", word)
    assert ended.exit_code == 2
    assert ended.stderr.startswith("There is no ")
