"""`wise-bridge clients create` and `keys create`."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner

from service.api.scopes import AUTHORITY_SCOPES
from service.commands.clients import clients
from service.commands.keys import keys
from tests.support.bridge import STOCKPORT, Bridge


@pytest.fixture
def run(bridge: Bridge, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("WISE_DATABASE_URL", bridge.database.url("wise_owner"))
    return CliRunner()


def test_a_new_client_can_sign_in_and_its_secret_is_not_kept(run: CliRunner, bridge: Bridge) -> None:
    made = run.invoke(clients, ["create", "--authority", STOCKPORT, "--name", "forms server", "--json"])
    assert made.exit_code == 0, made.output
    client = json.loads(made.stdout)
    answer = bridge.casework.post(
        "/oauth/token", data={"grant_type": "client_credentials"}, auth=(client["client_id"], client["secret"])
    )
    assert answer.get_json()["scope"].split() == client["scopes"] == list(AUTHORITY_SCOPES)
    with bridge.database.as_admin() as connection:
        (kept,) = connection.execute("SELECT c::text FROM casework.client c").fetchone()
    assert client["secret"] not in kept


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--authority", "E08000099", "--name", "x"], "no profile for E08000099"),
        (["--authority", STOCKPORT, "--name", "x", "--scope", "aggregates:read"], "cannot have: aggregates:read"),
        (["--authority", "hub", "--name", "x", "--scope", "records:read"], "cannot have: records:read"),
    ],
)
def test_a_client_that_would_cross_a_line_is_refused(run: CliRunner, arguments: list[str], said: str) -> None:
    ended = run.invoke(clients, ["create", *arguments])
    assert ended.exit_code == 2
    assert said in ended.output


@pytest.mark.parametrize(
    ("authority", "asked", "given"),
    [
        ("hub", [], ["aggregates:read"]),
        ("hub", ["training:read", "training:write"], ["training:read", "training:write"]),
        (STOCKPORT, ["training:read"], ["training:read"]),
    ],
)
def test_the_training_register_is_for_clients_it_was_asked_for(
    run: CliRunner, authority: str, asked: list[str], given: list[str]
) -> None:
    words = [word for scope in asked for word in ("--scope", scope)]
    made = run.invoke(clients, ["create", "--authority", authority, "--name", "x", "--json", *words])
    assert made.exit_code == 0, made.output
    assert json.loads(made.stdout)["scopes"] == given


def test_keys_are_private_and_never_overwritten(tmp_path: Path) -> None:
    first = CliRunner().invoke(keys, ["create", "--dir", str(tmp_path / "keys")])
    assert "10 authority key files and new token keys" in first.output
    before = {path.name: path.read_bytes() for path in (tmp_path / "keys").iterdir()}
    again = CliRunner().invoke(keys, ["create", "--dir", str(tmp_path / "keys")])
    assert "0 authority key files and no new token keys" in again.output
    assert {path.name: path.read_bytes() for path in (tmp_path / "keys").iterdir()} == before
    for path in (tmp_path / "keys").iterdir():
        if path.name != "token-public.pem":
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
