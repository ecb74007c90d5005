"""The holder of the master key goes away under the running service: 503, nothing kept in clear, nothing lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from simulators.transit import TransitSimulator
from tests.keys import world
from tests.keys.world import World, in_a_hurry
from tests.store.rows import rows
from tests.support.bridge import STOCKPORT, Bridge

COUNTS = (
    "SELECT (SELECT count(*) FROM casework.submission) + (SELECT count(*) FROM casework.payload)"
    " + (SELECT count(*) FROM casework.delivery) + (SELECT count(*) FROM central.fact) AS rows"
)


@pytest.fixture
def held(bridge: Bridge, tmp_path: Path, transit: TransitSimulator, token_file: Path) -> Iterator[World]:
    settings = {"master_key_vault_url": transit.url, "master_key_vault_token_file": token_file}
    with world.world(bridge, tmp_path / "keys", settings) as made:
        yield made


def test_away_from_the_start_nothing_is_accepted_and_then_it_is(
    held: World, transit: TransitSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_a_hurry(monkeypatch, RETRY=0)
    headers = held.bridge.headers(STOCKPORT)
    transit.stop()
    answer = held.bridge.casework.post("/v1/feedback", json=world.FEEDBACK, headers=headers)
    assert (answer.status_code, "Retry-After" in answer.headers) == (503, True)
    assert held.post(1) == 503
    assert rows(held.bridge.database, COUNTS) == [{"rows": 0}]
    transit.start()
    assert held.post(1) == 201


def test_a_short_absence_stops_nothing_and_a_long_one_does(
    held: World, transit: TransitSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_a_hurry(monkeypatch, LOOK=0, FRESH=0, RETRY=0)
    assert held.post(1) == 201
    transit.sealed = True
    assert held.post(2) == 201
    in_a_hurry(monkeypatch, HOLD=0)
    assert held.post(3) == 503
    transit.sealed = False
    assert held.post(3) == 201
