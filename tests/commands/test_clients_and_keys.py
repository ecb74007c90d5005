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
from tests.store.rows import rows
from tests.support.bridge import STOCKPORT, Bridge

CREATE = ("create", "--sandbox-secret", "--json", "--authority")


@pytest.fixture
def run(bridge: Bridge, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("WISE_DATABASE_URL", bridge.database.url("wise_owner"))
    return CliRunner()


def test_a_new_client_can_sign_in_and_its_secret_is_not_kept(run: CliRunner, bridge: Bridge) -> None:
    made = run.invoke(
        clients, ["create", "--authority", STOCKPORT, "--name", "forms server", "--sandbox-secret", "--json"]
    )
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
    ended = run.invoke(clients, ["create", "--sandbox-secret", *arguments])
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
    made = run.invoke(
        clients, ["create", "--authority", authority, "--name", "x", "--sandbox-secret", "--json", *words]
    )
    assert made.exit_code == 0, made.output
    assert json.loads(made.stdout)["scopes"] == given


def sign_in(bridge: Bridge, client: dict[str, str]) -> int:
    form, auth = {"grant_type": "client_credentials"}, (client["client_id"], client["secret"])
    return bridge.casework.post("/oauth/token", data=form, auth=auth).status_code


def test_a_revoked_client_gets_no_token_and_stays_listed(run: CliRunner, bridge: Bridge) -> None:
    one, other = (
        json.loads(run.invoke(clients, [*CREATE, STOCKPORT, "--name", name]).stdout)
        for name in ("forms server", "second server")
    )
    assert sign_in(bridge, one) == 200
    ended = run.invoke(clients, ["revoke", one["client_id"], "--by", "Ann Example"])
    assert ended.exit_code == 0, ended.output
    assert "gets no token any more" in ended.output
    assert (sign_in(bridge, one), sign_in(bridge, other)) == (401, 200)
    listed = {each["client_id"]: each for each in json.loads(run.invoke(clients, ["list", "--json"]).stdout)}
    assert (listed[one["client_id"]]["revoked_at"] is None, listed[other["client_id"]]["revoked_at"]) == (False, None)
    assert all(secret not in json.dumps(listed) for secret in (one["secret"], other["secret"]))
    again = run.invoke(clients, ["revoke", one["client_id"], "--by", "Ben Example"])
    assert again.output == ended.output


def test_who_made_and_revoked_a_client_is_in_the_trail(run: CliRunner, bridge: Bridge) -> None:
    made = json.loads(run.invoke(clients, [*CREATE, "hub", "--name", "reader"]).stdout)
    run.invoke(clients, ["revoke", made["client_id"], "--by", "Ann Example"])
    query = "SELECT action, authority, subject_id, detail FROM casework.audit ORDER BY id"
    entry = {"authority": "hub", "subject_id": made["client_id"]}
    assert rows(bridge.database, query) == [
        entry | {"action": "client_created", "detail": {"scopes": "aggregates:read"}},
        entry | {"action": "client_revoked", "detail": {"by": "Ann Example"}},
    ]


def test_a_client_that_is_not_there_cannot_be_revoked(run: CliRunner) -> None:
    ended = run.invoke(clients, ["revoke", "wb-none", "--by", "Ann Example"])
    assert (ended.exit_code, "no client of this id" in ended.output) == (2, True)
    assert "There is no client yet" in run.invoke(clients, ["list"]).output


def test_keys_are_private_and_never_overwritten(tmp_path: Path) -> None:
    first = CliRunner().invoke(keys, ["create", "--dir", str(tmp_path / "keys")])
    assert "10 authority key files and new token keys" in first.output
    before = {path.name: path.read_bytes() for path in (tmp_path / "keys").iterdir()}
    again = CliRunner().invoke(keys, ["create", "--dir", str(tmp_path / "keys")])
    assert "0 authority key files and no new token keys" in again.output
    assert {path.name: path.read_bytes() for path in (tmp_path / "keys").iterdir()} == before
    for path in (tmp_path / "keys").iterdir():
        if path.name not in ("token-public.pem", "audit-public.pem"):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
