"""The health addresses, the metrics and the command over one real bridge, whose times a superuser moves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from service.commands.alarms import alarms
from service.errors import Unavailable
from service.usecases.health import HealthDesk
from tests.alarms.test_watch import accepted, sweep
from tests.store.rows import change, superuser
from tests.support.bridge import OLDHAM, SALFORD, STOCKPORT, TAMESIDE, Bridge
from tests.support.servers import Database

IN_USE = (STOCKPORT, SALFORD, TAMESIDE, OLDHAM)
AT_FIRST = ("/health/live", "/health/intake", "/health/ready")
DOWN = (
    "UPDATE casework.lane SET open_for = 30, open_until = now(), opened_at = now() - interval '61 seconds',"
    " open_reason = 'unavailable' WHERE authority = %s"
)


@pytest.fixture(scope="module")
def running(session_database: Database, broker: str, config_dir: Path, keys_dir: Path) -> Iterator[Bridge]:
    built = Bridge(session_database, broker, config_dir, keys_dir)
    yield built
    built.close()


@pytest.fixture
def bridge(running: Bridge, database: Database) -> Bridge:
    """Nothing is kept between two looks, the process is two minutes old, and all is well."""
    desk = health_of(running)
    desk.kept_seconds, desk._started = 0, desk.monotonic() - 120
    desk.pulse._books_every = 0  # type: ignore[attr-defined]
    sweep(database, *IN_USE)
    superuser(database).execute("UPDATE casework.alarm_watch SET ended_at = now()")
    return running


def health_of(bridge: Bridge) -> HealthDesk:
    desk: HealthDesk = bridge.casework.application.extensions["wise_bridge"].health
    return desk


def statuses(bridge: Bridge) -> tuple[int, ...]:
    """live, intake, ready, delivery."""
    paths = ("live", "intake", "ready", "delivery")
    return tuple(bridge.casework.get(f"/health/{path}").status_code for path in paths)


def wrong(bridge: Bridge) -> set[str]:
    checks = bridge.casework.get("/health/delivery").get_json()["checks"]
    return {each["name"] for each in checks if not each["ok"]}


def test_all_is_well(bridge: Bridge) -> None:
    assert statuses(bridge) == (200, 200, 200, 200)
    assert wrong(bridge) == set()


def test_one_councils_trouble_is_told_and_takes_no_intake_away(bridge: Bridge, database: Database) -> None:
    superuser(database).execute(DOWN, (STOCKPORT,))
    old = accepted(bridge.store("wise_intake"), SALFORD)
    change(database, old.id, "state_since = now() - interval '1 day'")
    assert statuses(bridge) == (200, 200, 200, 503)
    assert wrong(bridge) == {"breakers", "waiting"}


def test_silent_sweeps_are_red_within_a_minute(bridge: Bridge, database: Database) -> None:
    sweep(database, *IN_USE, seconds=30, seen=30)
    assert statuses(bridge)[:3] == (200, 200, 200)
    sweep(database, *IN_USE, seconds=47, seen=46)
    assert statuses(bridge) == (200, 200, 503, 503)
    assert wrong(bridge) == {"sweeps", "lanes_swept"}


def test_a_web_that_starts_first_gives_the_workers_a_minute(bridge: Bridge, database: Database) -> None:
    superuser(database).execute("DELETE FROM casework.worker")
    superuser(database).execute("UPDATE casework.alarm_watch SET began_at = now() - interval '1 day'")
    desk = health_of(bridge)
    desk._started = desk.monotonic() - 30
    assert statuses(bridge)[2] == 200
    desk._started = desk.monotonic() - 61
    assert statuses(bridge)[2] == 503


def test_unread_books_are_not_well(bridge: Bridge, database: Database) -> None:
    with database.as_admin() as admin:
        admin.execute("REVOKE EXECUTE ON FUNCTION casework.accepted_since(timestamptz) FROM wise_intake")
        try:
            assert wrong(bridge) == {"books"}
            assert "conservation_difference{" not in bridge.casework.get("/metrics").text
        finally:
            admin.execute("GRANT EXECUTE ON FUNCTION casework.accepted_since(timestamptz) TO wise_intake")


def test_that_nobody_looks_for_alarms_shows(bridge: Bridge, database: Database) -> None:
    superuser(database).execute("UPDATE casework.alarm_watch SET ended_at = now() - interval '4 minutes'")
    desk = health_of(bridge)
    desk._started = desk.monotonic() - 200
    assert wrong(bridge) == {"alarms"}


def test_without_a_database_only_life_is_left(bridge: Bridge, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise Unavailable("The database cannot be reached.")

    desk = health_of(bridge)
    monkeypatch.setattr(desk.pulse, "of_bridge", away)
    answer = bridge.casework.get("/health/ready")
    assert (answer.status_code, answer.get_json()["checks"]) == (
        503,
        [{"name": "database", "ok": False, "count": None, "age_seconds": None}],
    )
    assert bridge.casework.get("/metrics").status_code == 503


def test_whoever_asks_often_costs_one_look(bridge: Bridge, monkeypatch: pytest.MonkeyPatch) -> None:
    desk, looked = health_of(bridge), []
    read = desk._read
    monkeypatch.setattr(desk, "_read", lambda: (looked.append(1), read())[1])
    desk.kept_seconds, desk._at = 3, float("-inf")
    for _ in range(20):
        bridge.casework.get("/health/ready")
    assert looked == [1]


def test_nothing_open_to_everybody_names_an_authority(bridge: Bridge, database: Database) -> None:
    superuser(database).execute(DOWN, (STOCKPORT,))
    for path in (*AT_FIRST, "/health/delivery"):
        assert not re.search(r"E0\d+|[Ss]tockport", bridge.casework.get(path).text)


def sample(bridge: Bridge, name: str, **headers: Any) -> dict[str, float]:
    """A metric's samples by what is between the braces."""
    answer = bridge.casework.get("/metrics", headers=headers)
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    found = re.findall(rf"^wise_bridge_{name}(?:{{(.*)}})? (\S+)$", answer.text, re.MULTILINE)
    return {labels: float(value) for labels, value in found}


class TestMetrics:
    def test_they_say_what_is_there(self, bridge: Bridge, database: Database) -> None:
        superuser(database).execute(DOWN, (STOCKPORT,))
        old = accepted(bridge.store("wise_intake"), SALFORD)
        change(database, old.id, "state_since = now() - interval '1 hour'")
        ready = f'authority="{SALFORD}",state="ready"'
        assert sample(bridge, "open_deliveries")[ready] == 1
        assert 3600 <= sample(bridge, "oldest_open_seconds")[ready] < 3660
        assert sample(bridge, "breaker_open")[f'authority="{STOCKPORT}"'] == 1
        assert sample(bridge, "breaker_open")[f'authority="{SALFORD}"'] == 0
        assert sample(bridge, "conservation_difference")[f'authority="{SALFORD}"'] == 0
        assert sample(bridge, "workers") == {"": 1}
        assert sample(bridge, "sweep_age_seconds")[f'authority="{SALFORD}"'] < 60

    def test_books_that_do_not_balance(self, bridge: Bridge, database: Database) -> None:
        accepted(bridge.store("wise_intake"), SALFORD)
        superuser(database).execute("DELETE FROM casework.delivery")
        assert sample(bridge, "conservation_difference")[f'authority="{SALFORD}"'] == 1

    def test_every_line_is_a_comment_or_a_sample(self, bridge: Bridge) -> None:
        line = re.compile(r'# (HELP|TYPE) \w+ .+|\w+(\{\w+="\w+"(,\w+="\w+")*\})? -?[0-9.e+-]+')
        text = bridge.casework.get("/metrics").text
        assert text.endswith("\n")
        assert [each for each in text.splitlines() if not line.fullmatch(each)] == []

    @pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"])
    def test_without_a_token_only_this_machine_itself(self, bridge: Bridge, header: str) -> None:
        assert bridge.casework.get("/metrics").status_code == 200
        assert bridge.casework.get("/metrics", headers={header: "192.0.2.1"}).status_code == 401
        assert bridge.casework.get("/metrics", environ_base={"REMOTE_ADDR": "192.0.2.1"}).status_code == 401
        assert bridge.casework.get("/metrics", environ_base={"REMOTE_ADDR": ""}).status_code == 401

    def test_with_a_token_only_with_it(self, bridge: Bridge) -> None:
        extensions = bridge.casework.application.extensions
        pulses, none = extensions["wise_bridge_metrics"]
        extensions["wise_bridge_metrics"] = (pulses, b"of-a-test-of-a-test")
        try:
            for given, status in (
                (None, 401), ("Bearer wrong", 401), ("Bearer ", 401), ("Basic of-a-test-of-a-test", 401),
                ("Bearer of-a-test-of-a-test", 200),
            ):  # fmt: skip
                headers = {"Authorization": given} if given else {}
                assert bridge.casework.get("/metrics", headers=headers).status_code == status
        finally:
            extensions["wise_bridge_metrics"] = (pulses, none)


class TestCommand:
    @pytest.fixture(autouse=True)
    def _as_owner(self, bridge: Bridge, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("WISE_DATABASE_URL", bridge.database.url("wise_owner"))

    def test_nothing_is_open(self) -> None:
        done = CliRunner().invoke(alarms)
        assert (done.exit_code, done.output) == (0, "No open alarm.\n")

    def test_what_is_open_of_every_authority_and_of_the_bridge(self, bridge: Bridge, database: Database) -> None:
        columns = "authority, kind, owner, since, cleared_at"
        kept = f"INSERT INTO casework.alarm ({columns}) VALUES (%s, %s, 'operator', now(), %s)"
        for authority, kind, over in (
            (STOCKPORT, "breaker_open", None), (None, "no_sweep", None), (SALFORD, "lane_left_out", "2026-01-01"),
        ):  # fmt: skip
            superuser(database).execute(kept, (authority, kind, over))
        done = CliRunner().invoke(alarms)
        assert done.exit_code == 1
        assert "Stockport (E08000007): " in done.output and "All authorities: No worker" in done.output
        assert "Salford" not in done.output
        as_json = CliRunner().invoke(alarms, ["--json"])
        assert as_json.exit_code == 1 and '"kind": "breaker_open"' in as_json.output

    def test_silence_is_no_good_news(self, database: Database) -> None:
        superuser(database).execute("UPDATE casework.alarm_watch SET ended_at = now() - interval '4 minutes'")
        done = CliRunner().invoke(alarms)
        assert done.exit_code == 1 and "Nobody has looked for alarms since" in done.output
        superuser(database).execute("UPDATE casework.alarm_watch SET ended_at = NULL")
        assert "Nobody has looked for alarms yet." in CliRunner().invoke(alarms).output
