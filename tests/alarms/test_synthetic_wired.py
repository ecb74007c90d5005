"""The web sends synthetic records where a profile asks for them, and a late one is heard: wired as in production."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from service import wiring
from service.configuration import profiles, synthetic_of
from service.domain.synthetic import Synthetic
from tests.alarms.test_watch import sweep
from tests.store.rows import let_go, rows, superuser
from tests.support.bridge import STOCKPORT, Bridge
from tests.support.waiting import eventually

SECTION = """
synthetic:
  child: "STK0000999"
  date_of_birth: "2011-05-17"
  every_minutes: 30
"""
Web = Callable[[str, float], Flask]


@pytest.fixture(autouse=True, scope="module")
def _let_go() -> Iterator[None]:
    yield
    let_go()


@pytest.fixture
def web(bridge: Bridge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """A casework web with this added to Stockport's profile, which looks for alarms so often. Nothing delivers."""
    made: list[Flask] = []
    monkeypatch.setattr(wiring, "SYNTHETIC_SECONDS", 0.2)

    def start(section: str, alarm_seconds: float) -> Flask:
        config = changed(bridge.config_dir, tmp_path / "config", section)
        settings = replace(bridge.settings("wise_intake"), config_dir=config, alarm_seconds=alarm_seconds)
        made.append(wiring.casework_app(settings))
        return made[-1]

    yield start
    for each in made:
        each.extensions["wise_bridge_close"]()


def changed(config: Path, into: Path, section: str, **words: str) -> Path:
    shutil.copytree(config, into)
    profile = into / "authorities" / "stockport.yaml"
    text = profile.read_text("utf-8") + section
    for old, new in words.items():
        text = text.replace(f"{old}: true", f"{old}: {new}")
    profile.write_text(text, "utf-8")
    return into


def sent(bridge: Bridge) -> list[str]:
    return [each["authority"] for each in rows(bridge.database, "SELECT authority FROM casework.submission")]


def test_it_goes_out_and_is_missed_when_it_does_not_arrive(bridge: Bridge, web: Web) -> None:
    sweep(bridge.database, STOCKPORT, seconds=-600, seen=-600)
    app = web(SECTION, 0.2)
    eventually(lambda: sent(bridge), seconds=20)
    assert sent(bridge) == [STOCKPORT]
    superuser(bridge.database).execute("UPDATE casework.delivery SET created_at = now() - interval '16 minutes'")
    late = "SELECT authority, cleared_at FROM casework.alarm WHERE kind = 'synthetic_late'"
    eventually(lambda: rows(bridge.database, late), seconds=20)
    assert rows(bridge.database, late) == [{"authority": STOCKPORT, "cleared_at": None}]
    (check,) = [each for each in health(app) if each["name"] == "synthetic"]
    assert (check["ok"], check["count"]) == (False, 1)


@pytest.mark.parametrize(("section", "alarm_seconds"), [("", 0.2), (SECTION, 0.0)], ids=["no section", "no alarms"])
def test_it_is_off(bridge: Bridge, web: Web, section: str, alarm_seconds: float) -> None:
    """By default; and where nobody looks for alarms, nobody would be told."""
    app = web(section, alarm_seconds)
    with pytest.raises(AssertionError):
        eventually(lambda: sent(bridge), seconds=1.5)
    assert sent(bridge) == []
    assert all(each["ok"] for each in health(app) if each["name"] == "synthetic")


def test_a_profile_says_how_often_and_only_while_it_is_in_use(config_dir: Path, tmp_path: Path) -> None:
    wanted = Synthetic("STK0000999", "2011-05-17", every=timedelta(minutes=30), late_after=timedelta(minutes=15))
    known = profiles(changed(config_dir, tmp_path / "a", SECTION))
    assert {code: synthetic_of(each) for code, each in known.items() if synthetic_of(each)} == {STOCKPORT: wanted}
    unused = profiles(changed(config_dir, tmp_path / "b", SECTION, in_use="false"))
    assert synthetic_of(unused[STOCKPORT]) is None


def health(app: Flask) -> list[dict[str, object]]:
    checks: list[dict[str, object]] = app.test_client().get("/health/delivery").get_json()["checks"]
    return checks
