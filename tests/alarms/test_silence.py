"""Silence is heard: the workers are gone and the web answers as ever, wired as it is in production."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from service import wiring
from service.errors import ConfigurationFault
from tests.alarms.receiver import SECRET, Received, receiver
from tests.alarms.test_watch import sweep
from tests.store.rows import superuser
from tests.support.bridge import OLDHAM, SALFORD, STOCKPORT, TAMESIDE, Bridge
from tests.support.servers import Database
from tests.support.waiting import eventually

IN_USE = (STOCKPORT, SALFORD, TAMESIDE, OLDHAM)


@pytest.fixture
def told() -> Iterator[Received]:
    with receiver() as received:
        yield received


@pytest.fixture
def web(bridge: Bridge, told: Received, tmp_path: Path) -> Iterator[Flask]:
    """The casework web alone, with its own eye on the alarms. Nothing delivers."""
    (tmp_path / "secret").write_text(SECRET)
    settings = replace(
        bridge.settings("wise_intake"),
        alarm_seconds=0.3,
        alarm_webhook_url=told.url,
        alarm_webhook_secret_file=tmp_path / "secret",
    )
    sweep(bridge.database, *IN_USE)
    app = wiring.casework_app(settings)
    yield app
    app.extensions["wise_bridge_close"]()


def test_the_web_says_that_the_workers_are_silent_and_that_they_are_back(
    web: Flask, told: Received, database: Database
) -> None:
    eventually(
        lambda: superuser(database).execute("SELECT ended_at FROM casework.alarm_watch").fetchone()[0], seconds=20
    )
    assert told.bodies == []
    sweep(database, *IN_USE, seconds=61, seen=61)
    eventually(lambda: told.types, seconds=20)
    assert told.types == [("alarm.raised", "no_sweep")]
    assert web.test_client().get("/health/live").status_code == 200
    sweep(database, *IN_USE)
    eventually(lambda: len(told.types) > 1, seconds=20)
    assert told.types == [("alarm.raised", "no_sweep"), ("alarm.cleared", "no_sweep")]


def test_a_look_that_fails_is_not_the_last(web: Flask, told: Received, database: Database) -> None:
    with database.as_admin() as admin:
        admin.execute("REVOKE SELECT ON casework.lane FROM wise_intake")
        sweep(database, *IN_USE, seconds=61, seen=61)
        try:
            eventually(
                lambda: admin.execute(
                    "SELECT looked_at > coalesce(ended_at, began_at) FROM casework.alarm_watch"
                ).fetchone()[0],
                seconds=20,
            )
        finally:
            admin.execute("GRANT SELECT ON casework.lane TO wise_intake")
    eventually(lambda: told.types, seconds=20)
    assert ("alarm.raised", "no_sweep") in told.types


def test_a_channel_that_cannot_work_stops_the_start(bridge: Bridge) -> None:
    settings = replace(bridge.settings("wise_intake"), alarm_seconds=15, alarm_webhook_url="https://alarms.example")
    with pytest.raises(ConfigurationFault, match="WISE_ALARM_WEBHOOK_SECRET_FILE"):
        wiring.casework_app(settings)


def test_a_token_file_without_a_token_stops_the_start(bridge: Bridge, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("short")
    for file in (tmp_path / "token", tmp_path / "missing"):
        settings = replace(bridge.settings("wise_intake"), metrics_token_file=file)
        with pytest.raises(ConfigurationFault, match="WISE_METRICS_TOKEN_FILE"):
            wiring.casework_app(settings)


def test_the_worker_looks_too(bridge: Bridge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "make_lanes", lambda *_: {})  # without the case systems' credentials
    settings = replace(bridge.settings("wise_delivery"), broker_url="")
    for seconds, looks in ((15.0, True), (0.0, False)):
        dispatcher = wiring.worker_dispatcher(replace(settings, alarm_seconds=seconds), 1)
        assert ("alarms" in {chore.name for chore in dispatcher._chores}) is looks
        dispatcher._casework.close()  # type: ignore[attr-defined]
