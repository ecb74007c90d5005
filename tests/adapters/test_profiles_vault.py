"""References into a Vault, against a small server that answers as KV version 2 does."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from ssl import SSLContext
from typing import Any

import pytest

from service.adapters.profiles import resolve
from service.adapters.vault import VaultReader
from service.errors import ConfigurationFault
from tests.adapters.test_http_tls import CA, STRANGER, made, server

TOKEN, SECRET = "t-of-the-worker", "Qz7-the-value-itself"  # pragma: allowlist secret
PATH = "secret/data/wise/bolton"
WRITTEN = {"private_key": f"vault:{PATH}#private_key"}
ENTRY = {"data": {"private_key": f"{SECRET}\n", "user": "wise", "port": 22, "blank": " "}, "metadata": {"version": 3}}
DELETED = {"data": {"data": None, "metadata": {"deletion_time": "2026-11-01T00:00:00Z", "destroyed": False}}}


class Vault:
    """Entries by path within a namespace; `answers` are what it says whatever is asked."""

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], Any] = {("", PATH): ENTRY}
        self.answer: tuple[int, bytes] | None = None
        self.asked: list[str] = []

    def reply(self, path: str, headers: Mapping[str, str]) -> tuple[int, bytes]:
        self.asked.append(path)
        if self.answer:
            return self.answer
        if headers.get("X-Vault-Token") != TOKEN:
            return 403, b'{"errors":["permission denied"]}'
        found = self.entries.get((headers.get("X-Vault-Namespace", ""), path.removeprefix("/v1/")))
        if found is None:
            return 404, b'{"errors":[]}'
        return (404, json.dumps(found).encode()) if found is DELETED else (200, json.dumps({"data": found}).encode())


@contextmanager
def serving(vault: Vault, context: SSLContext | None = None) -> Iterator[int]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = vault.reply(self.path, dict(self.headers))
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.handle_error = lambda *_: None  # type: ignore[method-assign] # a client that turns away is no error here
    if context:
        http.socket = context.wrap_socket(http.socket, server_side=True)
    threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield http.server_address[1]
    finally:
        http.shutdown()
        http.server_close()


@pytest.fixture(autouse=True)
def _as_in_production(monkeypatch: pytest.MonkeyPatch) -> None:
    """The Vault is the operator's own: an agent on this machine needs no switch for tests."""
    monkeypatch.delenv("WISE_BRIDGE_ALLOW_LOOPBACK", raising=False)


@pytest.fixture
def vault() -> Vault:
    return Vault()


@pytest.fixture
def environ(vault: Vault) -> Iterator[dict[str, str]]:
    with serving(vault) as port:
        yield {"VAULT_ADDR": f"http://127.0.0.1:{port}", "VAULT_TOKEN": TOKEN}


def read(environ: Mapping[str, str], written: Mapping[str, str] = WRITTEN) -> dict[str, str]:
    return resolve(written, environ, file="authorities/bolton.yaml", vault=VaultReader(environ, seconds=2))


def refused(environ: Mapping[str, str], written: Mapping[str, str] = WRITTEN) -> list[str]:
    with pytest.raises(ConfigurationFault) as caught:
        read(environ, written)
    assert SECRET not in str(caught.value)
    assert TOKEN not in str(caught.value)
    assert caught.value.__cause__ is None
    return [f"{fault.file} {fault.field}: {fault.detail}" for fault in caught.value.faults]


def test_a_value_is_read_late_and_each_path_once(environ: dict[str, str], vault: Vault) -> None:
    written = {**WRITTEN, "user": f"vault:{PATH}#user", "host": "sftp.bolton.example"}
    assert vault.asked == []
    assert read(environ, written) == {"private_key": SECRET, "user": "wise", "host": "sftp.bolton.example"}
    assert vault.asked == [f"/v1/{PATH}"]


def test_a_token_may_stand_in_a_file(environ: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    del environ["VAULT_TOKEN"]
    assert read(environ | {"VAULT_TOKEN_FILE": str(tmp_path / "token")})["private_key"] == SECRET


def test_a_namespace_is_named(environ: dict[str, str], vault: Vault) -> None:
    vault.entries = {("gm/bolton", PATH): ENTRY}
    assert read(environ | {"VAULT_NAMESPACE": "gm/bolton"})["private_key"] == SECRET
    assert "nothing at" in refused(environ)[0]


@pytest.mark.parametrize(
    ("key", "detail"),
    [
        ("password", "Vault's entry secret/data/wise/bolton has no key password."),
        ("port", "The key port of Vault's entry secret/data/wise/bolton is no text, or empty."),
        ("blank", "The key blank of Vault's entry secret/data/wise/bolton is no text, or empty."),
    ],
)
def test_a_key_that_is_not_there(environ: dict[str, str], key: str, detail: str) -> None:
    assert refused(environ, {"api_key": f"vault:{PATH}#{key}"}) == [
        f"authorities/bolton.yaml connection.api_key: {detail}"
    ]


@pytest.mark.parametrize(
    ("answer", "detail"),
    [
        ((403, b'{"errors":["permission denied"]}'), "does not let this token read"),
        ((404, b'{"errors":[]}'), "has nothing at"),
        ((400, b"{}"), "does not understand the path"),
        ((503, b'{"errors":["Vault is sealed"]}'), "sealed or in maintenance"),
        ((500, b"{}"), "could not be used"),
        ((200, b"{}"), "could not be used"),
        ((200, b'{"data":{"private_key":"x"}}'), "could not be used"),  # what the older kind of KV answers
        ((200, b"<html>"), "could not be used"),
        ((302, b""), "could not be used"),
    ],
)
def test_what_vault_may_answer(environ: dict[str, str], vault: Vault, answer: tuple[int, bytes], detail: str) -> None:
    vault.answer = answer
    (only,) = refused(environ)
    assert detail in only
    assert PATH in only


def test_a_deleted_version_is_nothing(environ: dict[str, str], vault: Vault) -> None:
    vault.entries["", PATH] = DELETED
    assert "has nothing at" in refused(environ)[0]


@pytest.mark.parametrize(
    ("changed", "detail"),
    [
        ({"VAULT_ADDR": ""}, "VAULT_ADDR is not set."),
        ({"VAULT_ADDR": "vault.example"}, "VAULT_ADDR is not an address we can use."),
        ({"VAULT_ADDR": "https://vault.example:8200/v1"}, "VAULT_ADDR is not an address we can use."),
        ({"VAULT_ADDR": "https://somebody@vault.example"}, "VAULT_ADDR is not an address we can use."),
        ({"VAULT_ADDR": "http://vault.example:8200"}, "VAULT_ADDR is without TLS."),
        ({"VAULT_ADDR": "http://127.0.0.1:1"}, f"Vault does not answer, so {PATH} cannot be read."),
        ({"VAULT_TOKEN": ""}, "Neither VAULT_TOKEN nor VAULT_TOKEN_FILE gives a token."),
        ({"VAULT_TOKEN": "two words"}, "Vault's token does not fit into a header."),
        ({"VAULT_TOKEN": "", "VAULT_TOKEN_FILE": "/no/such"}, "The file that VAULT_TOKEN_FILE names cannot be read."),
        ({"VAULT_CACERT": "/no/such"}, "The file that VAULT_CACERT names cannot be read."),
        ({"VAULT_TOKEN": "another"}, f"Vault does not let this token read {PATH}."),
    ],
)
def test_what_the_environment_may_lack(environ: dict[str, str], changed: dict[str, str], detail: str) -> None:
    assert refused(environ | changed) == [f"authorities/bolton.yaml connection.private_key: {detail}"]


def test_every_reference_that_fails_is_told_at_once(environ: dict[str, str]) -> None:
    written = {"a": "env:NOT_THERE", "b": "vault:secret/data/none#x", "c": f"vault:{PATH}#y", "d": "file:/no/such"}
    assert len(refused(environ, written)) == 4


def test_vaults_own_certificate(vault: Vault, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text(CA.pem)
    (tmp_path / "stranger.pem").write_text(STRANGER.pem)
    (tmp_path / "none.pem").write_text("no certificate")
    with serving(vault, server(tmp_path, made("localhost", CA))) as port:
        environ = {"VAULT_ADDR": f"https://localhost:{port}", "VAULT_TOKEN": TOKEN}
        assert read(environ | {"VAULT_CACERT": str(tmp_path / "ca.pem")})["private_key"] == SECRET
        assert "does not answer" in refused(environ)[0]
        assert "does not answer" in refused(environ | {"VAULT_CACERT": str(tmp_path / "stranger.pem")})[0]
        assert "holds no certificates" in refused(environ | {"VAULT_CACERT": str(tmp_path / "none.pem")})[0]


def test_a_process_without_a_vault_says_so() -> None:
    with pytest.raises(ConfigurationFault, match="no way to the Vault"):
        resolve(WRITTEN, {})
