"""What an issuer tells of somebody comes no further than the door: not into tables, logs, the trail or pages."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest
import structlog

from service import observability
from tests.people.world import PAGE, PUBLIC, SECRET, Browser
from tests.support.bridge import Bridge

MARKED = {
    "sub": "marked-subject-9271",
    "name": "Marked-Name Fictional",
    "email": "marked-mail@salford.example",
    "preferred_username": "marked-user@salford.example",
    "oid": "marked-object-9271",
}


def everything_kept(bridge: Bridge) -> str:
    """Every row of every table of ours, as text."""
    tables = "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('casework', 'central', 'training')"
    with bridge.database.as_admin() as admin:
        found = admin.execute(tables).fetchall()
        assert ("casework", "staff_session") in found
        return "".join(
            str(admin.execute(f'SELECT to_json(t)::text FROM {schema}."{table}" t').fetchall())
            for schema, table in found
        )


@pytest.fixture
def sides(browser: Browser, hubs: Browser) -> tuple[Browser, Browser]:
    return browser, hubs


@pytest.fixture
def as_a_process_logs(capfd: pytest.CaptureFixture[str]) -> Iterator[pytest.CaptureFixture[str]]:
    """What this process has set for its logs is as it was afterwards: the stream of one test is closed in the next."""
    root, before = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers[:], root.level
    observability.configure("casework")
    try:
        yield capfd
    finally:
        structlog.contextvars.clear_contextvars()
        structlog.configure(**before)
        root.handlers[:] = handlers
        root.setLevel(level)
        logging.captureWarnings(capture=False)


@pytest.mark.parametrize("login", ["marked", "marked-out"])
@pytest.mark.parametrize("side", ["stockport", "salford", "hub"])
def test_no_name_no_address_no_token_is_kept_logged_or_shown(
    login: str,
    side: str,
    sides: tuple[Browser, Browser],
    bridge: Bridge,
    as_a_process_logs: pytest.CaptureFixture[str],
) -> None:
    """Also of somebody who is not let in."""
    browser, hubs = sides
    world = browser.issuers
    at, who = (hubs if side == "hub" else browser), world.sims[side].world.people
    amira = who.find("amira")
    assert amira is not None
    who.put(replace(amira, login=login, amr=("mfa",) if login == "marked" else ("pwd",), **MARKED))
    as_a_process_logs.readouterr()
    way = at.way_back(side, login)
    answer = at.get(way, **PAGE)
    pages = [answer, at.get("/me", **PAGE), at.get("/me"), at.get("/v1/admin/lane"), at.post("/sign-out")]
    logged = "".join(as_a_process_logs.readouterr())
    assert answer.status_code == (200 if login == "marked" else 403)
    assert "request" in logged, "something was logged"
    shown = "".join(f"{each.headers}{each.text}" for each in pages)
    given = [part.partition("=")[2] for part in way.partition("?")[2].split("&") if part.startswith(("code", "state"))]
    marks = [*MARKED.values(), SECRET, *given, at.cookie() or "no cookie was left"]
    kept = everything_kept(bridge)
    assert [each for each in marks if each in kept or each in logged or each in shown] == []


def test_a_name_that_is_meant_to_do_harm_is_never_shown(browser: Browser) -> None:
    assert browser.sign_in("stockport", "markup").status_code == 200
    assert "alert(1)" not in browser.get("/me", **PAGE).text


def test_the_libraries_log_nothing_of_it_either(browser: Browser, caplog: pytest.LogCaptureFixture) -> None:
    way = browser.way_back("stockport", "amira")
    with caplog.at_level(logging.INFO):
        browser.get(way, **PAGE)
    mine = [each.getMessage() for each in caplog.records if not each.name.startswith("werkzeug")]
    assert [each for each in mine if "code=" in each or "state=" in each] == []
    assert PUBLIC not in "".join(mine)
