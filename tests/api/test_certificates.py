"""Tokens bound to a client's certificate, told by a proxy in front (RFC 8705, RFC 9440)."""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from joserfc.jwk import ECKey
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from service.api.scopes import HUB
from service.commands.client import BridgeClient
from tests.support.assertions import TYPE, keyed_client, signed
from tests.support.bridge import STOCKPORT, Bridge
from tests.support.certificates import Made, made
from tests.support.servers import Database

HEADER = "Client-Cert"
KEY = ECKey.generate_key("P-256")
CA, STRANGER = made("authority.example"), made("stranger.example")
CLIENT, LOOPBACK = made("council.example", CA), made("localhost", CA)
TRACED = {"X-Request-ID": "0123456789abcdef"}
WRONG = {
    "too short": ":AAAA:",
    "no base64": ":not base64:",
    "no form": "x",
    "cut off": "-----BEGIN CERTIFICATE-----",
    "no certificate": f":{base64.b64encode(b'x' * 900).decode()}:",
}
UNREADABLE = tuple(WRONG.values())


def der(who: Made) -> bytes:
    return ssl.PEM_cert_to_DER_cert(who.pem)


def shown(who: Made) -> dict[str, str]:
    """As RFC 9440 writes it."""
    return {HEADER: f":{base64.b64encode(der(who)).decode()}:"}


def shown_by_nginx(who: Made) -> dict[str, str]:
    return {HEADER: quote(who.pem)}


@pytest.fixture(scope="module")
def running(session_database: Database, broker: str, config_dir: Path, keys_dir: Path) -> Iterator[Bridge]:
    built = Bridge(session_database, broker, config_dir, keys_dir, also={"client_cert_header": HEADER})
    yield built
    built.close()


@pytest.fixture
def client_id(bridge: Bridge) -> str:
    return keyed_client(bridge, KEY)


def asked_for(bridge: Bridge, client_id: str, headers: Mapping[str, str]) -> TestResponse:
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": TYPE,
        "client_assertion": signed(client_id, KEY),
    }
    return bridge.casework.post("/oauth/token", data=form, headers=dict(headers))


def token(bridge: Bridge, client_id: str, headers: Mapping[str, str]) -> str:
    answer = asked_for(bridge, client_id, headers)
    assert answer.status_code == 200, answer.text
    return str(answer.get_json()["access_token"])


def used(bridge: Bridge, a_token: str, headers: Mapping[str, str]) -> TestResponse:
    bearer = {"Authorization": f"Bearer {a_token}"}
    return bridge.casework.get("/v1/reviews", headers=bearer | TRACED | dict(headers))


def bound_to(a_token: str) -> str:
    body = a_token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return str(claims.get("cnf", {}).get("x5t#S256", ""))


def reasons(bridge: Bridge) -> list[str]:
    with bridge.database.as_admin() as admin:
        return [row[0] for row in admin.execute("SELECT DISTINCT reason FROM casework.sign_in_failure").fetchall()]


@pytest.mark.parametrize("proxy", [shown, shown_by_nginx])
def test_a_token_got_with_a_certificate_is_good_with_it(bridge: Bridge, client_id: str, proxy: object) -> None:
    assert callable(proxy)
    bound = token(bridge, client_id, proxy(CLIENT))
    digest = base64.urlsafe_b64encode(hashlib.sha256(der(CLIENT)).digest()).decode().rstrip("=")
    assert bound_to(bound) == digest
    assert used(bridge, bound, shown(CLIENT)).status_code == 200
    assert used(bridge, bound, shown_by_nginx(CLIENT)).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [{}, shown(STRANGER), {HEADER: ""}, *({HEADER: each} for each in UNREADABLE)],
    ids=["none", "another's", "empty", *WRONG],
)
def test_and_with_no_other_nor_without(bridge: Bridge, client_id: str, headers: dict[str, str]) -> None:
    bound = token(bridge, client_id, shown(CLIENT))
    refused, never_good = used(bridge, bound, headers), used(bridge, "nothing", headers)
    assert (refused.status_code, refused.data) == (401, never_good.data)
    assert "certificate_wrong" in reasons(bridge)


def test_a_token_got_without_one_is_good_without_one(bridge: Bridge, client_id: str) -> None:
    free = token(bridge, client_id, {})
    assert bound_to(free) == ""
    assert used(bridge, free, {}).status_code == used(bridge, free, shown(CLIENT)).status_code == 200


@pytest.mark.parametrize("content", UNREADABLE, ids=WRONG)
def test_a_proxy_that_passes_on_what_is_no_certificate_is_told(bridge: Bridge, client_id: str, content: str) -> None:
    answer = asked_for(bridge, client_id, {HEADER: content})
    assert answer.status_code == 400
    assert "RFC 9440" in answer.get_json()["detail"]


def test_the_hub_holds_a_token_to_it_too(bridge: Bridge) -> None:
    hub = keyed_client(bridge, KEY, authority=HUB, scopes=("aggregates:read",))
    bearer = {"Authorization": f"Bearer {token(bridge, hub, shown(CLIENT))}"}
    assert bridge.hub.get("/v1/aggregates", headers=bearer | shown(CLIENT)).status_code == 200
    assert bridge.hub.get("/v1/aggregates", headers=bearer | shown(STRANGER)).status_code == 401


def test_where_no_proxy_is_named_nobody_is_believed(bridge: Bridge, client_id: str, keys_dir: Path) -> None:
    bound = token(bridge, client_id, shown(CLIENT))
    plain = Bridge(bridge.database, bridge.broker_url, bridge.config_dir, keys_dir)
    try:
        assert bound_to(token(plain, client_id, shown(CLIENT))) == ""
        assert used(plain, bound, shown(CLIENT)).status_code == 401
    finally:
        plain.close()


@contextmanager
def proxied(app: Flask, folder: Path) -> Iterator[str]:
    """A proxy that asks for a certificate by our authority, and says which it saw: its address."""
    behind = make_server("127.0.0.1", 0, app, threaded=True)

    class Pass(BaseHTTPRequestHandler):
        def _pass(self) -> None:
            inside = http.client.HTTPConnection("127.0.0.1", behind.port)
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            assert isinstance(self.connection, ssl.SSLSocket)
            seen = base64.b64encode(self.connection.getpeercert(binary_form=True) or b"").decode()
            headers = {name: value for name, value in self.headers.items() if name.lower() != HEADER.lower()}
            inside.request(self.command, self.path, body, headers | {HEADER: f":{seen}:"})
            answer = inside.getresponse()
            content = answer.read()
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.headers["Content-Type"])
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = _pass  # noqa: N815 - the names that http.server asks for

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    (folder / "proxy.pem").write_text(LOOPBACK.key_pem() + LOOPBACK.pem)
    context.load_cert_chain(folder / "proxy.pem")
    context.load_verify_locations(cadata=CA.pem)
    context.verify_mode = ssl.CERT_REQUIRED
    front = ThreadingHTTPServer(("127.0.0.1", 0), Pass)
    front.socket = context.wrap_socket(front.socket, server_side=True)
    threads = [threading.Thread(target=each.serve_forever, daemon=True) for each in (behind, front)]
    for each in threads:
        each.start()
    try:
        yield f"https://localhost:{front.server_port}"
    finally:
        for server in (front, behind):
            server.shutdown()
            server.server_close()


def test_a_command_shows_its_certificate_through_a_real_proxy(
    bridge: Bridge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "authority.pem").write_text(CA.pem)
    (tmp_path / "ours.pem").write_text(CLIENT.key_pem() + CLIENT.pem)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "authority.pem"))
    client_id, secret = bridge.credentials(STOCKPORT, ("reviews:read",))
    with proxied(bridge.casework.application, tmp_path) as address:
        client = BridgeClient(address, client_id, secret, certificate=tmp_path / "ours.pem")
        assert client.get("/v1/reviews").status_code == 200
        carried = client.authorisation()["Authorization"].partition(" ")[2]
    assert bound_to(carried)
    assert used(bridge, carried, {}).status_code == 401
