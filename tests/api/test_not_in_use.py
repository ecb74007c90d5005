"""An authority that is prepared and not in use: its records are judged, and none is taken."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.errors import ConfigurationFault
from tests.support.bridge import STOCKPORT, Bridge
from tests.support.records import example

WRONG = {"analysis_narrative": ""}


@pytest.fixture
def prepared(bridge: Bridge, tmp_path: Path) -> Iterator[Bridge]:
    """The same bridge, where Stockport is not in use."""
    config = tmp_path / "config"
    shutil.copytree(bridge.config_dir, config)
    profile = config / "authorities" / "stockport.yaml"
    profile.write_text(profile.read_text().replace("in_use: true", "in_use: false"))
    other = Bridge(bridge.database, bridge.broker_url, config, bridge.keys_dir)
    yield other
    other.close()


def kept(bridge: Bridge) -> int:
    with bridge.database.as_admin() as connection:
        found: int = connection.execute("SELECT count(*) FROM casework.submission").fetchone()[0]
        return found


def test_its_records_are_refused_in_words(prepared: Bridge) -> None:
    answer = prepared.post(example("wise"))
    assert answer.status_code == 403
    assert answer.mimetype == "application/problem+json"
    assert "Stockport is not connected yet" in answer.get_json()["detail"]
    assert kept(prepared) == 0


@pytest.mark.parametrize("changed", [{}, WRONG])
def test_a_record_can_be_checked(prepared: Bridge, changed: dict[str, str]) -> None:
    headers = prepared.headers(STOCKPORT)
    answer = prepared.casework.post("/v1/wise-assessments/validate", json=example("wise", **changed), headers=headers)
    assert (answer.status_code, answer.get_json()["valid"]) == (200, not changed)


def test_a_faulty_one_is_refused_for_the_same_reason(prepared: Bridge) -> None:
    answer = prepared.post(example("wise", **WRONG))
    assert answer.status_code == 403


def test_a_batch_says_so_of_each(prepared: Bridge) -> None:
    answer = prepared.casework.post(
        "/v1/batches", json={"items": [example("wise")]}, headers=prepared.headers(STOCKPORT)
    )
    (item,) = answer.get_json()["items"]
    assert (item["status"], "not connected yet" in item["problem"]["detail"]) == (403, True)


def test_what_was_taken_before_stays_taken(bridge: Bridge, prepared: Bridge) -> None:
    first = bridge.post(example("wise"))
    again = prepared.post(example("wise"))
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.get_json()["receipt_id"] == first.get_json()["receipt_id"]


def test_the_others_are_not_concerned(prepared: Bridge) -> None:
    assert prepared.post(example("rise")).status_code == 201
    with pytest.raises(ConfigurationFault) as caught:
        prepared.deliverer({})
    assert not [fault for fault in caught.value.faults if "stockport" in fault.file]


def test_only_who_is_in_use_needs_credentials(bridge: Bridge) -> None:
    """Ten authorities have a profile; the worker asks four for their credentials, and makes lanes for those alone."""
    with pytest.raises(ConfigurationFault) as caught:
        bridge.deliverer({})
    in_use = {"oldham", "salford", "stockport", "tameside"}
    assert {fault.file for fault in caught.value.faults} == {f"authorities/{slug}.yaml" for slug in in_use}
