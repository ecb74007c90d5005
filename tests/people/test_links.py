"""The link that signs somebody in once: in a sandbox, on this machine, within five minutes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.api.people.flow import begin, sealed
from service.cli import main
from tests.store.rows import rows
from tests.support.bridge import STOCKPORT, Bridge
from tests.support.servers import Database

AT = "http://localhost:8000"
HERE: dict[str, Any] = {"base_url": AT, "environ_overrides": {"SERVER_NAME": "127.0.0.1", "REMOTE_ADDR": "127.0.0.1"}}


@pytest.fixture(scope="module")
def running(session_database: Database, broker: str, config_dir: Path, keys_dir: Path) -> Iterator[Bridge]:
    """A sandbox without any issuer."""
    built = Bridge(session_database, broker, config_dir, keys_dir)
    yield built
    built.close()


@pytest.fixture
def bridge(running: Bridge, database: Database) -> Bridge:
    assert database is running.database
    return running


def made(bridge: Bridge, authority: str = STOCKPORT, role: str = "officer", by: str = "stk-sw-21") -> Result:
    env = {"WISE_DATABASE_URL": bridge.database.url("wise_owner")}
    given = ["--authority", authority, "--role", role, "--by", by, "--config", str(bridge.config_dir)]
    return CliRunner(env=env).invoke(main, ["sign-in-link", *given])


def path_of(result: Result) -> str:
    assert result.exit_code == 0, result.output
    address = result.output.splitlines()[0]
    assert address.startswith(f"{AT}/sign-in/link/")
    return urlsplit(address).path


def fresh(bridge: Bridge, side: str = "casework") -> FlaskClient:
    client: FlaskClient = getattr(bridge, side).application.test_client()
    return client


def opened(bridge: Bridge, path: str, **changes: Any) -> TestResponse:
    return fresh(bridge).get(path, **(HERE | changes))


def test_it_signs_one_person_in_once(bridge: Bridge) -> None:
    path, client = path_of(made(bridge)), fresh(bridge)
    assert client.get(path, **HERE).status_code == 200
    me = client.get("/me", **HERE).get_json()
    assert (me["reference"], me["authority"], me["roles"]) == ("stk-sw-21", STOCKPORT, ["officer"])
    assert client.get("/v1/admin/lane", **HERE).status_code == 200
    assert opened(bridge, path).status_code == 403, "a second time"
    actions = [each["action"] for each in rows(bridge.database, "SELECT action FROM casework.audit ORDER BY id")]
    assert actions == ["sign_in_link_made", "person_signed_in", "sign_in_refused"]


def test_it_is_good_at_the_hub_for_the_hubs_people(bridge: Bridge) -> None:
    path, client = path_of(made(bridge, authority="hub", role="analyst", by="hub-1")), fresh(bridge, "hub")
    assert opened(bridge, path).status_code == 403, "not at the casework side"
    assert client.get(path, **HERE).status_code == 200
    assert client.get("/v1/aggregates", **HERE).status_code == 200


def test_after_five_minutes_it_is_worth_nothing(bridge: Bridge) -> None:
    path = path_of(made(bridge))
    with bridge.database.as_admin() as admin:
        admin.execute("UPDATE casework.sign_in_link SET made_at = made_at - interval '5 minutes'")
    assert opened(bridge, path).status_code == 403


@pytest.mark.parametrize(
    "changes",
    [
        {"environ_overrides": {"SERVER_NAME": "127.0.0.1", "REMOTE_ADDR": "192.0.2.7"}},
        {"environ_overrides": {"SERVER_NAME": "127.0.0.1", "REMOTE_ADDR": ""}},
        {"environ_overrides": {"SERVER_NAME": "0.0.0.0", "REMOTE_ADDR": "127.0.0.1"}},  # noqa: S104
        {"base_url": "http://bridge.example"},
        {"base_url": "http://127.0.0.1.evil.example"},
        {"headers": {"X-Forwarded-For": "127.0.0.1"}},
        {"headers": {"Forwarded": "for=127.0.0.1"}},
    ],
    ids=str,
)
def test_from_anywhere_else_it_is_not_taken_and_not_used_up(changes: dict[str, Any], bridge: Bridge) -> None:
    path = path_of(made(bridge))
    assert opened(bridge, path, **changes).status_code == 403
    assert opened(bridge, path).status_code == 200


def test_where_there_is_neither_a_sandbox_nor_an_issuer_there_are_no_routes_for_people(
    bridge: Bridge, broker: str, config_dir: Path, keys_dir: Path
) -> None:
    real = Bridge(bridge.database, broker, config_dir, keys_dir, sandbox=False)
    try:
        for client in (real.casework, real.hub):
            there = {rule.rule for rule in client.application.url_map.iter_rules()}
            assert not {each for each in there if each.startswith("/sign") or each == "/me"}
            assert client.get(path_of(made(bridge)), **HERE).status_code == 404
            client.set_cookie("__Host-wise", "x" * 43, domain="localhost")
            assert client.get("/v1/training-records", **HERE).status_code == 401
    finally:
        real.close()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"by": "p_abc"}, "does not begin with p_"),
        ({"by": "Ann Example"}, "staff reference"),
        ({"role": "analyst"}, "cannot be analyst"),
        ({"authority": "hub"}, "cannot be officer"),
        ({"authority": "E09999999"}, "no profile"),
    ],
)
def test_what_cannot_be_is_told(words: dict[str, str], told: str, bridge: Bridge) -> None:
    result = made(bridge, **words)
    assert result.exit_code == 2
    assert told in result.output
    assert rows(bridge.database, "SELECT 1 FROM casework.sign_in_link") == []


def test_without_an_issuer_no_way_back_is_taken(bridge: Bridge) -> None:
    """There is no key to seal with then, and what is sealed with none is nobody's."""
    flow, client = begin("stockport", 2_000_000_000.0), fresh(bridge)
    client.set_cookie("__Host-wise-sign-in", sealed(flow, b""), domain="localhost")
    assert client.get(f"/sign-in/back?state={flow.state}&code=x", **HERE).status_code == 403
    assert rows(bridge.database, "SELECT 1 FROM casework.sign_in_used") == []


def test_the_link_itself_is_kept_nowhere(bridge: Bridge, capfd: pytest.CaptureFixture[str]) -> None:
    link = path_of(made(bridge)).rpartition("/")[2]
    capfd.readouterr()
    opened(bridge, f"/sign-in/link/{link}")
    kept = str(rows(bridge.database, "SELECT to_json(l)::text AS row FROM casework.sign_in_link l"))
    kept += str(rows(bridge.database, "SELECT to_json(a)::text AS row FROM casework.audit a"))
    assert link not in kept
    assert link not in "".join(capfd.readouterr())
