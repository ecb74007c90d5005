"""`wise-bridge keys new`, `clients create --public-key`, `clients keys …`, `feeds …`, and `send --key-file`."""

from __future__ import annotations

import json
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from joserfc.jwk import ECKey, OctKey, RSAKey
from werkzeug.serving import make_server

from service.api.client_keys import read_public_key
from service.cli import main
from service.errors import NotPossible
from tests.store.rows import rows
from tests.support.bridge import STOCKPORT, Bridge

RECORD = Path(__file__).resolve().parents[1] / "examples" / "wise_assessment-stockport.json"


@pytest.fixture
def run(bridge: Bridge, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("WISE_DATABASE_URL", bridge.database.url("wise_owner"))
    return CliRunner()


@pytest.fixture
def address(bridge: Bridge) -> Iterator[str]:
    """The casework side, on a socket."""
    server = make_server("127.0.0.1", 0, bridge.casework.application, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


def ask(run: CliRunner, *words: object) -> Result:
    return run.invoke(main, [str(word) for word in words])


def new_key(run: CliRunner, folder: Path, name: str = "council", kind: str = "ES256") -> tuple[Path, Path]:
    made = ask(run, "keys", "new", "--out", folder / f"{name}.pem", "--kind", kind)
    assert made.exit_code == 0, made.output
    return folder / f"{name}.pem", folder / f"{name}.jwk.json"


def create(run: CliRunner, public: Path, *more: str) -> dict[str, str]:
    words = ["clients", "create", "--authority", STOCKPORT, "--name", "forms", "--public-key", public, "--json", *more]
    made = ask(run, *words)
    assert made.exit_code == 0, made.output
    found: dict[str, str] = json.loads(made.stdout)
    return found


@pytest.mark.parametrize("kind", ["ES256", "Ed25519", "PS256"])
def test_from_a_new_pair_of_keys_to_a_record_that_is_accepted(
    run: CliRunner, tmp_path: Path, address: str, kind: str
) -> None:
    private, public = new_key(run, tmp_path, kind=kind)
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    assert "PRIVATE" in private.read_text() and not {"d", "p"} & json.loads(public.read_text()).keys()
    client = create(run, public)
    assert "secret" not in client
    sent = ask(run, "send", RECORD, "--url", address, "--client-id", client["client_id"], "--key-file", private)
    assert (sent.exit_code, "accepted. Receipt" in sent.output) == (0, True), sent.output


def test_what_the_service_says_of_an_assertion_is_passed_on(run: CliRunner, tmp_path: Path, address: str) -> None:
    (mine, public), (another, _) = new_key(run, tmp_path), new_key(run, tmp_path, "other")
    client_id = create(run, public)["client_id"]
    words = ("send", RECORD, "--url", address, "--client-id", client_id)
    refused = ask(run, *words, "--key-file", another)
    assert (refused.exit_code, "this key is registered" in refused.output) == (2, True)
    assert "no private key that can be read" in ask(run, *words, "--key-file", public).output
    assert "no private key that can be read" in ask(run, *words, "--key-file", tmp_path / "none").output
    assert "Give --key-file" in ask(run, *words).output
    assert ask(run, *words, "--key-file", mine).exit_code == 0


def test_other_commands_sign_in_with_a_key_as_well(run: CliRunner, tmp_path: Path, address: str) -> None:
    private, public = new_key(run, tmp_path)
    scopes = [word for scope in ("records:read", "packs:read", "deliveries:read") for word in ("--scope", scope)]
    where = ("--url", address, "--client-id", create(run, public, *scopes)["client_id"], "--key-file", private)
    fetched = ask(run, "receipts", "manifest", "2026-09-14", "--out", tmp_path / "day.json", *where)
    assert fetched.exit_code == 0, fetched.output
    for words in (("packs", "list"), ("deliveries", "list")):
        assert ask(run, *words, *where).exit_code == 0


def test_new_keys_overwrite_nothing(run: CliRunner, tmp_path: Path) -> None:
    private, public = new_key(run, tmp_path)
    before = private.read_bytes(), public.read_bytes()
    assert ask(run, "keys", "new", "--out", private).exit_code == 2
    public.unlink()
    assert ask(run, "keys", "new", "--out", private).exit_code == 2
    assert (private.read_bytes(), public.exists()) == (before[0], False)


def test_a_client_has_a_key_or_for_a_sandbox_a_secret(run: CliRunner, tmp_path: Path) -> None:
    _, public = new_key(run, tmp_path)
    words = ("clients", "create", "--authority", STOCKPORT, "--name", "x")
    for more in ((), ("--public-key", public, "--sandbox-secret")):
        ended = ask(run, *words, *more)
        assert (ended.exit_code, "Give --public-key" in ended.output) == (2, True)
    told = ask(run, *words, "--sandbox-secret").output
    assert "good where WISE_SANDBOX is set" in told


def test_keys_are_added_listed_and_revoked_and_the_trail_says_by_whom(
    run: CliRunner, bridge: Bridge, tmp_path: Path
) -> None:
    (_, first), (_, second) = new_key(run, tmp_path), new_key(run, tmp_path, "second")
    client = create(run, first)
    client_id, kid = client["client_id"], json.loads(second.read_text())["kid"]
    add = ("clients", "keys", "add", client_id, "--by", "Ann Example", "--public-key")
    assert ask(run, *add, second, "--days", 30).exit_code == 0
    assert "already" in ask(run, *add, second).output
    listed = json.loads(ask(run, "clients", "keys", "list", client_id, "--json").stdout)
    assert [(each["kid"], each["not_after"] is None) for each in listed] == [(client["kid"], True), (kid, False)]
    revoked = ask(run, "clients", "keys", "revoke", client_id, kid, "--by", "Ben Example")
    assert revoked.output == ask(run, "clients", "keys", "revoke", client_id, kid, "--by", "Cy Example").output
    assert "revoked" in ask(run, "clients", "keys", "list", client_id).output
    assert "already" in ask(run, *add, second).output, "a revoked key does not come back"
    trail = rows(
        bridge.database, "SELECT action, detail FROM casework.audit WHERE subject_id = %s ORDER BY id", client_id
    )
    assert [(each["action"], each["detail"].get("kid"), each["detail"].get("by")) for each in trail] == [
        ("client_created", None, None),
        ("client_key_added", client["kid"], None),
        ("client_key_added", kid, "Ann Example"),
        ("client_key_revoked", kid, "Ben Example"),
    ]


def test_a_client_has_three_keys_at_the_most(run: CliRunner, tmp_path: Path) -> None:
    client_id = create(run, new_key(run, tmp_path)[1])["client_id"]
    add = ("clients", "keys", "add", client_id, "--by", "Ann Example", "--public-key")
    ended = [ask(run, *add, new_key(run, tmp_path, f"key{number}")[1]) for number in range(3)]
    assert [each.exit_code for each in ended] == [0, 0, 2]
    assert "has 3 keys" in ended[-1].output


def test_what_is_not_there_is_said(run: CliRunner, tmp_path: Path) -> None:
    _, public = new_key(run, tmp_path)
    keys, by = ("clients", "keys"), ("--by", "Ann Example")
    assert "no client of this id" in ask(run, *keys, "add", "wb-none", "--public-key", public, *by).output
    assert "no client of this id" in ask(run, *keys, "list", "wb-none").output
    assert "no key of this id" in ask(run, *keys, "revoke", "wb-none", "x", *by).output
    client_id = create(run, public)["client_id"]
    assert "cannot be read" in ask(run, *keys, "add", client_id, "--public-key", tmp_path / "none", *by).output
    ask(run, "clients", "revoke", client_id, *by)
    assert "no client of this id" in ask(run, *keys, "add", client_id, "--public-key", public, *by).output


EC, RSA = ECKey.generate_key("P-256"), RSAKey.generate_key(2048)
PUBLIC = EC.as_dict(private=False)
NOT_TAKEN = {
    "a private key in PEM": (EC.as_pem(private=True), "holds a private key"),
    "a private JSON Web Key": (json.dumps(EC.as_dict(private=True)).encode(), "is private"),
    "a private RSA key": (json.dumps(RSA.as_dict(private=True)).encode(), "is private"),
    "a shared secret": (json.dumps(OctKey.generate_key(256).as_dict(private=True)).encode(), "is private"),
    "another curve": (ECKey.generate_key("P-384").as_pem(private=False), "kind that is not taken"),
    "another curve as JSON": (json.dumps(ECKey.generate_key("P-384").as_dict(private=False)).encode(), "not taken"),
    "a short RSA key": (json.dumps(RSA.as_dict(private=False) | {"n": "AQAB" * 40}).encode(), "not taken"),
    "a long RSA key": (json.dumps(RSA.as_dict(private=False) | {"n": "AQAB" * 400}).encode(), "not taken"),
    "a weak exponent": (json.dumps(RSA.as_dict(private=False) | {"e": "Aw"}).encode(), "not taken"),
    "a point that is on no curve": (json.dumps(PUBLIC | {"y": PUBLIC["x"]}).encode(), "cannot be read"),
    "half a key": (json.dumps({"kty": "EC", "crv": "P-256"}).encode(), "not taken"),
    "a kid with a space": (json.dumps(PUBLIC | {"kid": "a b"}).encode(), "`kid`"),
    "a kid that is a number": (json.dumps(PUBLIC | {"kid": 7}).encode(), "`kid`"),
    "a list": (b"[]", "neither"),
    "words": (b"let me in", "neither"),
    "broken PEM": (b"-----BEGIN PUBLIC KEY-----\nx\n-----END PUBLIC KEY-----", "can be read"),
    "nothing": (b"", "neither"),
    "not UTF-8": (b"\xff\xfe\x00", "neither"),
}


@pytest.mark.parametrize(("content", "words"), NOT_TAKEN.values(), ids=list(NOT_TAKEN))
def test_a_key_that_would_not_do_is_not_registered(content: bytes, words: str) -> None:
    with pytest.raises(NotPossible, match=words):
        read_public_key(content)


def test_pem_and_json_name_one_key_and_only_public_parts_are_kept() -> None:
    from_pem, from_json = read_public_key(EC.as_pem(private=False)), read_public_key(json.dumps(PUBLIC).encode())
    assert from_pem == from_json
    named = read_public_key(json.dumps(PUBLIC | {"kid": "2026-11", "x5u": "https://elsewhere.example"}).encode())
    assert (named.kid, set(named.jwk)) == ("2026-11", {"kty", "crv", "x", "y"})


def test_a_feed_is_made_listed_and_revoked(run: CliRunner, bridge: Bridge) -> None:
    assert "no feed yet" in ask(run, "feeds", "list").output
    made = json.loads(ask(run, "feeds", "create", "--name", "Hub dashboard", "--days", 30, "--json").stdout)
    pulled = {"Authorization": f"Bearer {made['key']}"}
    assert bridge.hub.get("/v1/aggregates", headers=pulled).status_code == 200
    assert made["key"] not in ask(run, "feeds", "list", "--json").output
    assert "only time the key is shown" in ask(run, "feeds", "create", "--name", "x").output
    ended = ask(run, "feeds", "revoke", made["feed"], "--by", "Ann Example")
    assert ended.output == ask(run, "feeds", "revoke", made["feed"], "--by", "Ben Example").output
    assert bridge.hub.get("/v1/aggregates", headers=pulled).status_code == 401
    assert "revoked" in ask(run, "feeds", "list").output
    query = "SELECT action, authority, detail FROM casework.audit WHERE subject_id = %s ORDER BY id"
    assert rows(bridge.database, query, made["feed"]) == [
        {"action": "feed_created", "authority": "hub", "detail": {"days": "30"}},
        {"action": "feed_revoked", "authority": "hub", "detail": {"by": "Ann Example"}},
    ]


@pytest.mark.parametrize("words", [("--name", "x", "--days", 0), ("--name", "x", "--days", 367), ("--name", " ")])
def test_a_feed_without_an_end_or_a_name_is_not_made(run: CliRunner, bridge: Bridge, words: tuple[object, ...]) -> None:
    assert ask(run, "feeds", "create", *words).exit_code == 2
    assert rows(bridge.database, "SELECT id FROM central.feed_key") == []
    assert "no feed of this id" in ask(run, "feeds", "revoke", "feed-x", "--by", "Ann Example").output
