"""TLS with an authority's own certificates, and the outbound proxy, against real servers."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from service.adapters.egress import Egress, Rule, Surroundings
from service.adapters.http import HttpClient, Proxy, Tls, read_proxy, read_tls
from service.adapters.http.causes import Cause
from service.domain.delivery import Reason
from service.errors import ConfigurationFault, DeliveryProblem, NeedsHuman, NothingSent, OutcomeUnknown
from tests.adapters.test_http_client import READ, WRITE, answer, serving
from tests.conformance.world import MARKER, assert_silent
from tests.support.certificates import Made, made

NAME, PROXY_NAME = "mosaic.example", "proxy.example"


CA, STRANGER = made("authority.example"), made("stranger.example")
SERVER, CLIENT = made(NAME, CA), made("bridge.example", CA)


def server(folder: Path, who: Made = SERVER, *, ask_for: Made | None = None) -> ssl.SSLContext:
    """A server's context; with `ask_for` it lets in only whom that authority knows."""
    file = folder / "server.pem"
    file.write_text(who.key_pem() + who.pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    if ask_for:
        context.load_verify_locations(cadata=ask_for.pem)
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def client(url: str, tls: Tls | None, *, host: str = NAME, **more: Any) -> HttpClient:
    """A client of a name that stands for this machine."""
    port = int(url.rpartition(":")[2])
    rules = (Rule("https", host, port, loopback=True), Rule("proxy", PROXY_NAME, more.pop("by", 1), loopback=True))
    egress = Egress(rules, Surroundings(loopback=True), resolve=lambda _host, _seconds: ["127.0.0.1"])
    return HttpClient(f"https://{host}:{port}", {}, seconds=4, egress=egress, tls=tls, **more)


def problem(asked: HttpClient) -> DeliveryProblem:
    with asked.conversation() as conversation, pytest.raises(DeliveryProblem) as caught:
        conversation.ask(WRITE)
    assert_silent(caught.value)
    return caught.value


class TestTls:
    def test_a_certificate_of_ours_is_shown_and_checked(self, tmp_path: Path) -> None:
        shown: list[Any] = []

        def talk(connection: Any) -> None:
            shown.append(dict(part[0] for part in connection.getpeercert()["subject"])["commonName"])
            answer(b"{}")(connection)

        with serving(talk, server(tmp_path, ask_for=CA)) as (url, _):
            ours = client(url, Tls(CA.pem, CLIENT.pem, CLIENT.key_pem()))
            with ours.conversation() as conversation:
                assert conversation.ask(WRITE).body == {}
        assert shown == ["bridge.example"]

    @pytest.mark.parametrize("who", [None, made("bridge.example", STRANGER)])
    def test_without_it_the_server_reads_nothing(self, tmp_path: Path, who: Made | None) -> None:
        """With TLS 1.3 the refusal comes after our first bytes, so a write is looked up and not sent again."""
        with serving(answer(b"{}"), server(tmp_path, ask_for=CA)) as (url, seen):
            tls = Tls(CA.pem, who.pem, who.key_pem()) if who else Tls(CA.pem)
            assert isinstance(problem(client(url, tls)), OutcomeUnknown | NothingSent)
        assert seen == []

    def test_another_name_and_another_authority_are_refused_before_a_byte(self, tmp_path: Path) -> None:
        with serving(answer(b"{}"), server(tmp_path)) as (url, seen):
            for other in (
                client(url, Tls(CA.pem), host="other.example"),
                client(url, Tls(CA.pem), host="127.0.0.1"),
                client(url, Tls(STRANGER.pem)),
                client(url, None),
            ):
                found = problem(other)
                assert isinstance(found, NothingSent)
                assert (found.reason, found.note) == (Reason.CERTIFICATE_NOT_TRUSTED, Cause.CERTIFICATE)
            assert seen == []
            with client(url, Tls(CA.pem)).conversation() as conversation:
                assert conversation.ask(READ).status == 200

    def test_an_authority_of_ones_own_replaces_the_public_ones(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """As if the stranger were one of the public authorities."""
        (tmp_path / "public.pem").write_text(STRANGER.pem)
        monkeypatch.setattr("service.adapters.http.tls.public_authorities", lambda: str(tmp_path / "public.pem"))
        with serving(answer(b"{}"), server(tmp_path, made(NAME, STRANGER))) as (url, seen):
            assert problem(client(url, Tls(CA.pem))).note == Cause.CERTIFICATE
            assert seen == []
            with client(url, None).conversation() as conversation:
                assert conversation.ask(READ).status == 200

    @pytest.mark.filterwarnings("ignore::DeprecationWarning")  # that TLS 1.1 is old is the point
    def test_older_than_1_2_is_refused(self, tmp_path: Path) -> None:
        context = server(tmp_path)
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
        with serving(answer(b"{}"), context) as (url, seen):
            asked = client(url, Tls(CA.pem))
            assert asked._context.minimum_version is ssl.TLSVersion.TLSv1_2
            asked._context.set_ciphers("ALL:@SECLEVEL=0")  # the machine's own level must not be what refuses
            assert problem(asked).note == Cause.TLS
            assert seen == []

    def test_session_keys_are_written_nowhere(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys.log"))
        with (
            serving(answer(b"{}"), server(tmp_path)) as (url, _),
            client(url, Tls(CA.pem)).conversation() as conversation,
        ):
            conversation.ask(READ)
        assert not (tmp_path / "keys.log").exists()

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"ca_bundle": "no certificate"}, "ca_bundle"),
            ({"client_certificate": CLIENT.pem}, "client_key"),
            ({"client_key": CLIENT.key_pem()}, "client_certificate"),
            ({"client_certificate": CLIENT.pem, "client_key": SERVER.key_pem()}, "client_key"),
            ({"client_certificate": CLIENT.pem, "client_key": CLIENT.key_pem(b"secret")}, "client_key"),
            ({"client_certificate": "x", "client_key": MARKER}, "client_key"),
        ],
    )
    def test_what_cannot_be_used_is_told_at_start_up(self, given: dict[str, str], field: str) -> None:
        with pytest.raises(ConfigurationFault) as caught:
            read_tls(given, where="oldham.yaml")
        assert [(fault.file, fault.field) for fault in caught.value.faults] == [("oldham.yaml", field)]
        assert MARKER not in str(caught.value)
        assert read_tls({}) == Tls()


@contextlib.contextmanager
def proxy(reply: bytes, to: int = 0) -> Iterator[tuple[int, list[bytes]]]:
    """A proxy that answers every CONNECT with `reply`, and then carries bytes to a port of this machine."""
    listener, seen = socket.create_server(("127.0.0.1", 0)), []

    def carry(source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)

    def one(connection: socket.socket) -> None:
        with connection:
            seen.append(connection.recv(65536))
            connection.sendall(reply)
            if to and b" 200 " in reply:
                with socket.create_connection(("127.0.0.1", to)) as onward:
                    back = threading.Thread(target=carry, args=(onward, connection), daemon=True)
                    back.start()
                    carry(connection, onward)
                    back.join(5)

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                one(listener.accept()[0])

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield listener.getsockname()[1], seen
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(5)


class TestProxy:
    def test_tls_goes_through_it_with_our_credentials_for_it_only(self, tmp_path: Path) -> None:
        with serving(answer(b"{}"), server(tmp_path)) as (url, seen):
            target = url.rpartition(":")[2]
            with proxy(b"HTTP/1.1 200 Connection established\r\nX: y\r\n\r\n", int(target)) as (port, asked):
                through = client(url, Tls(CA.pem), by=port, proxy=Proxy(PROXY_NAME, port, "bridge", "secret"))
                with through.conversation() as conversation:
                    assert conversation.ask(WRITE).body == {}
        lines = asked[0].split(b"\r\n")
        assert lines[:2] == [f"CONNECT {NAME}:{target} HTTP/1.1".encode(), f"Host: {NAME}:{target}".encode()]
        assert lines[2] == b"Proxy-Authorization: Basic YnJpZGdlOnNlY3JldA=="  # pragma: allowlist secret
        assert MARKER.encode() not in asked[0]
        assert b"Proxy-Authorization" not in seen[0]

    @pytest.mark.parametrize(
        ("reply", "kind", "reason"),
        [
            (b"HTTP/1.1 407 Who\r\n\r\n", NeedsHuman, Reason.SIGN_IN_REFUSED),
            (b"HTTP/1.1 403 No\r\n\r\n", NeedsHuman, Reason.NOT_PERMITTED),
            (b"HTTP/1.1 502 Away\r\n\r\n", NothingSent, Reason.UNREACHABLE),
            (b"SSH-2.0-x\r\n\r\n", NothingSent, Reason.UNREACHABLE),
            (b"", NothingSent, Reason.UNREACHABLE),
            (b"HTTP/1.1 200 " + b"x" * 20_000, NothingSent, Reason.UNREACHABLE),
        ],
    )
    def test_its_failures_mean_nothing_sent(self, reply: bytes, kind: type, reason: Reason) -> None:
        with proxy(reply) as (port, asked):
            found = problem(client("https://x:1", Tls(CA.pem), by=port, proxy=Proxy(PROXY_NAME, port)))
        assert type(found) is kind
        assert found.reason is reason
        assert len(asked) == 1

    @pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f.1", "localhost", "169.254.169.254", "10.0.0.1"])
    def test_no_detour_to_where_we_may_not_go(self, host: str) -> None:
        with proxy(b"HTTP/1.1 200 OK\r\n\r\n") as (port, asked):
            rules = (Rule("https", host, 443), Rule("proxy", "127.0.0.1", port, loopback=True))
            egress = Egress(rules, Surroundings(loopback=True))
            by = Proxy("127.0.0.1", port)
            found = problem(HttpClient(f"https://{host}", {}, seconds=3, egress=egress, proxy=by))
            assert found.reason is Reason.ADDRESS_NOT_ALLOWED
        assert asked == []

    def test_the_proxy_itself_takes_a_rule(self) -> None:
        with proxy(b"HTTP/1.1 200 OK\r\n\r\n") as (port, asked):
            egress = Egress((Rule("https", NAME, 443),), Surroundings(loopback=True))
            by = Proxy("127.0.0.1", port)
            found = problem(HttpClient(f"https://{NAME}", {}, seconds=3, egress=egress, proxy=by))
            assert (found.reason, found.note) == (Reason.ADDRESS_NOT_ALLOWED, "target_not_listed")
        assert asked == []

    def test_its_settings(self) -> None:
        assert read_proxy({}) is None
        read = read_proxy({"proxy_url": "http://proxy.example:3128/", "proxy_user": "u", "proxy_password": "p"})
        assert read == Proxy("proxy.example", 3128, "u", "p")
        for url in (
            "https://proxy.example:3128",
            "http://proxy.example",
            "http://u:p@h:1",
            "http://h:1/x",
            "http://[h:1",
        ):
            with pytest.raises(ConfigurationFault):
                read_proxy({"proxy_url": url})
