"""How long somebody is signed in, what ends it, and that nobody else's session can be had."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from service.cli import main
from tests.people.world import SESSION, Browser, Issuers
from tests.store.rows import rows
from tests.support.bridge import SALFORD, STOCKPORT, Bridge


def ago(bridge: Bridge, column: str, minutes: float, schema: str = "casework") -> None:
    with bridge.database.as_admin() as admin:
        admin.execute(f"UPDATE {schema}.staff_session SET {column} = {column} - interval '1 minute' * {minutes}")


def reasons(bridge: Bridge) -> dict[str, int]:
    found = rows(bridge.database, "SELECT reason, total FROM casework.sign_in_failure")
    return {each["reason"]: each["total"] for each in found}


def command(bridge: Bridge, *words: str) -> str:
    done = CliRunner(env={"WISE_DATABASE_URL": bridge.database.url("wise_owner")}).invoke(main, list(words))
    assert done.exit_code == 0, done.output
    return done.output


def test_half_an_hour_without_a_request_ends_it(browser: Browser, bridge: Bridge) -> None:
    browser.sign_in()
    ago(bridge, "seen_at", 29)
    assert browser.me(), "and this request begins the half hour anew"
    ago(bridge, "seen_at", 29)
    assert browser.me()
    ago(bridge, "seen_at", 30)
    assert browser.me() is None
    assert reasons(bridge) == {"session_ended": 1}


def test_eight_hours_end_it_however_busy(browser: Browser, bridge: Bridge) -> None:
    browser.sign_in()
    ago(bridge, "began_at", 8 * 60 - 1)
    assert browser.me()
    ago(bridge, "began_at", 1)
    assert browser.me() is None
    assert browser.get("/v1/admin/lane").status_code == 401


def test_it_is_never_said_to_last_longer_than_it_can(browser: Browser, bridge: Bridge) -> None:
    browser.sign_in()
    ago(bridge, "began_at", 8 * 60 - 5)
    (left,) = rows(
        bridge.database,
        "SELECT extract(epoch FROM %s::timestamptz - began_at)::int / 60 AS minutes FROM casework.staff_session",
        browser.me()["until"],
    )
    assert left["minutes"] == 480


def test_signing_out_ends_it_for_whoever_has_the_cookie(browser: Browser, another: Browser) -> None:
    browser.sign_in()
    another.plant(browser.cookie())
    assert another.me(), "as it is with cookies"
    answer = browser.post("/sign-out")
    assert answer.status_code == 200
    assert any(SESSION in each and "Max-Age=0" in each for each in answer.headers.getlist("Set-Cookie"))
    assert another.me() is None
    assert browser.post("/sign-out").status_code == 200, "said again"


def test_signing_in_gives_a_new_session_and_ends_the_old_one(browser: Browser, another: Browser) -> None:
    browser.sign_in()
    old = browser.cookie()
    browser.sign_in()
    assert browser.cookie() != old
    another.plant(old)
    assert another.me() is None


@pytest.mark.parametrize("planted", ["a" * 43, "x", "", "é", "'; --"])
def test_a_session_that_somebody_planted_is_never_taken_over(planted: str, browser: Browser, another: Browser) -> None:
    browser.plant(planted)
    assert browser.me() is None
    browser.sign_in()
    assert browser.cookie() not in ("", planted)
    another.plant(planted)
    assert another.me() is None


def test_a_session_that_never_was_is_counted_as_such(browser: Browser, bridge: Bridge) -> None:
    browser.plant("a" * 43)
    assert browser.get("/v1/admin/lane").status_code == 401
    assert reasons(bridge) == {"session_unknown": 1}


def test_somebody_who_is_barred_is_out_at_once_and_stays_out(browser: Browser, bridge: Bridge) -> None:
    browser.sign_in()
    who = browser.me()["reference"]
    said = command(bridge, "people", "bar", who, "--authority", STOCKPORT, "--by", "Ann Example")
    assert "1 session ended" in said
    assert browser.get("/v1/admin/lane").status_code == 401

    refused = browser.sign_in()
    assert refused.status_code == 403
    assert browser.me() is None
    assert rows(bridge.database, "SELECT 1 FROM casework.staff_session WHERE ended_at IS NULL") == []
    command(bridge, "people", "unbar", who, "--authority", STOCKPORT, "--by", "Ann Example")
    assert browser.sign_in().status_code == 200
    mine = "SELECT action FROM casework.audit WHERE authority = %s ORDER BY id"
    actions = [each["action"] for each in rows(bridge.database, mine, STOCKPORT)]
    assert actions == ["person_signed_in", "person_barred", "sign_in_refused", "person_unbarred", "person_signed_in"]


def test_somebody_can_be_barred_before_they_ever_came(browser: Browser, bridge: Bridge, world: Issuers) -> None:
    env = {"WISE_PEOPLE_FILE": str(world.file), "WISE_PEOPLE_KEY_FILE": str(world.key_file)}
    words = ["people", "reference", "--issuer", "stockport", "--subject", "3f0c9a52-amira"]
    told = CliRunner(env=env).invoke(main, [*words, "--config", str(bridge.config_dir)])
    authority, who = told.output.split()
    command(bridge, "people", "bar", who, "--authority", authority, "--by", "Ann Example")
    assert browser.sign_in().status_code == 403
    assert browser.sign_in("stockport", "ben").status_code == 200, "nobody else is"


def test_the_hubs_people_are_barred_in_the_same_way(hubs: Browser, bridge: Bridge) -> None:
    hubs.sign_in("hub", "amira")
    who = hubs.me()["reference"]
    command(bridge, "people", "end", who, "--authority", "hub", "--by", "Ann Example")
    assert hubs.me() is None
    hubs.sign_in("hub", "amira")
    command(bridge, "people", "bar", who, "--authority", "hub", "--by", "Ann Example")
    assert hubs.me() is None
    assert hubs.sign_in("hub", "amira").status_code == 403


def test_people_are_listed_by_reference(browser: Browser, another: Browser, hubs: Browser, bridge: Bridge) -> None:
    assert "Nobody" in command(bridge, "people", "list")
    browser.sign_in()
    another.sign_in("salford")
    hubs.sign_in("hub")
    said = command(bridge, "people", "list")
    assert all(f"{code}  p_" in said for code in (STOCKPORT, SALFORD, "hub"))
    assert said.count("1 signed in now") == 3
    assert "mira" not in said


def test_nobody_unknown_can_be_ended(bridge: Bridge) -> None:
    env = {"WISE_DATABASE_URL": bridge.database.url("wise_owner")}
    for verb in ("end", "unbar"):
        done = CliRunner(env=env).invoke(main, ["people", verb, "p_x", "--authority", STOCKPORT, "--by", "A"])
        assert done.exit_code == 2
        assert "Nobody of this reference" in done.output


def test_the_same_person_at_two_authorities_is_two(browser: Browser, another: Browser) -> None:
    """What one authority bars is no other's business, and no reference leads from one to the other."""
    browser.sign_in("stockport")
    another.sign_in("salford")
    assert browser.me()["reference"] != another.me()["reference"]


def test_old_sessions_are_forgotten(browser: Browser, bridge: Bridge) -> None:
    browser.sign_in()
    ago(bridge, "seen_at", 91 * 24 * 60)
    browser.sign_in()
    assert len(rows(bridge.database, "SELECT 1 FROM casework.staff_session")) == 1


def test_the_database_away_lets_nobody_in(browser: Browser, bridge: Bridge) -> None:
    browser.sign_in()
    with bridge.database.as_admin() as admin, admin.transaction():
        admin.execute("LOCK TABLE casework.staff_session IN ACCESS EXCLUSIVE MODE")
        assert browser.get("/v1/admin/lane").status_code == 503
    assert browser.get("/v1/admin/lane").status_code == 200
