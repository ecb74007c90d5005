"""The connectors' HTTP client against servers written byte by byte."""

from __future__ import annotations

import contextlib
import inspect
import re
import socket
import ssl
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
import urllib3.exceptions
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from service.adapters.egress import Surroundings, only
from service.adapters.http import HttpClient, Reply, Request, Tls, common_problem, unexpected
from service.adapters.http.body import LIMIT
from service.adapters.http.causes import CAUSES, FAILURES, Cause, problem_for
from service.adapters.http.retry_after import seconds_of
from service.domain.delivery import Reason
from service.errors import DeliveryProblem, NeedsHuman, NothingSent, OutcomeUnknown
from tests.conformance.world import MARKER, assert_silent

REHEARSAL = Surroundings(loopback=True)
READ = Request("GET", "/x", writes=False)
WRITE = Request("POST", "/x", writes=True, json={"words": MARKER})
Talk = Callable[[socket.socket], None]


def head(length: int | None, kind: str = "application/json", status: str = "200 OK", more: str = "") -> bytes:
    size = "" if length is None else f"Content-Length: {length}\r\n"
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{size}{more}\r\n".encode()


def answer(body: bytes, **more: Any) -> Talk:
    return lambda connection: connection.sendall(head(len(body), **more) + body)


def whole_request(connection: socket.socket) -> bytes:
    """Closing with bytes unread would reset the connection under our own answer."""
    data = b""
    while chunk := connection.recv(65536):
        data += chunk
        top, _, body = data.partition(b"\r\n\r\n")
        length = re.search(rb"Content-Length: (\d+)", top)
        if b"\r\n\r\n" not in data and top[:1].isalpha():
            continue
        if len(body) >= int(length.group(1) if length else 0):
            break
    return data


@contextlib.contextmanager
def serving(talk: Talk, tls: ssl.SSLContext | None = None) -> Iterator[tuple[str, list[bytes]]]:
    """Every connection is read up to the end of one request, then treated with `talk` and closed."""
    listener, seen = socket.create_server(("127.0.0.1", 0)), []

    def one(raw: socket.socket) -> None:
        with contextlib.suppress(OSError), tls.wrap_socket(raw, server_side=True) if tls else raw as connection:
            seen.append(whole_request(connection))
            talk(connection)

    def serve() -> None:
        while True:
            try:
                one(listener.accept()[0])
            except OSError:
                return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"http{'s' if tls else ''}://127.0.0.1:{listener.getsockname()[1]}", seen
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(10)


def client(url: str, headers: Mapping[str, str] | None = None, **more: Any) -> HttpClient:
    """A client that may call this one port of this machine."""
    return HttpClient(url, headers or {}, **({"egress": only(url, surroundings=REHEARSAL)} | more))


def ask(url: str, request: Request, seconds: float = 5.0, **headers: str) -> Reply:
    with client(url, headers, seconds=seconds).conversation() as conversation:
        return conversation.ask(request)


def problem(url: str, request: Request, seconds: float = 5.0) -> DeliveryProblem:
    with pytest.raises(DeliveryProblem) as caught:
        ask(url, request, seconds)
    assert_silent(caught.value)
    assert caught.value.__context__ is None
    return caught.value


class TestTable:
    def test_every_exception_of_the_library_has_its_own_line(self) -> None:
        for _, kind in inspect.getmembers(urllib3.exceptions, inspect.isclass):
            ours = issubclass(kind, Exception) and kind.__module__.startswith("urllib3")
            if ours and not issubclass(kind, Warning):
                assert kind in CAUSES, kind
                assert issubclass(kind, FAILURES), kind

    @pytest.mark.parametrize("cause", Cause)
    def test_what_left_decides(self, cause: Cause) -> None:
        why = Reason.CERTIFICATE_NOT_TRUSTED if cause is Cause.CERTIFICATE else Reason.UNREACHABLE
        for writes in (True, False):
            unsent = problem_for(cause, sent=False, writes=writes)
            assert isinstance(unsent, NothingSent)
            assert unsent.reason is why
        assert isinstance(problem_for(cause, sent=True, writes=True), OutcomeUnknown)
        assert isinstance(problem_for(cause, sent=True, writes=False), NothingSent)


class TestNeverSent:
    def test_refused_unknown_and_not_tls(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            closed = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with serving(lambda it: it.sendall(b"HTTP/1.1 400 no\r\n\r\n")) as (plain, _):
            tls = plain.replace("http:", "https:")
            for url, note in (
                (closed, Cause.CONNECT),
                ("http://no-such-host.invalid", Cause.CONNECT),
                (tls, Cause.TLS),
            ):
                for request in (READ, WRITE):
                    found = problem(url, request)
                    assert isinstance(found, NothingSent)
                    assert (found.reason, found.note) == (Reason.UNREACHABLE, note)

    def test_a_slow_handshake_ends_at_the_deadline(self) -> None:
        with serving(dripping(b"\x16")) as (url, _):
            found = problem(url.replace("http:", "https:"), WRITE, 1.0)
        assert isinstance(found, NothingSent)
        assert found.reason is Reason.UNREACHABLE

    def test_each_request_counts_for_itself(self) -> None:
        with contextlib.ExitStack() as server:
            url, _ = server.enter_context(serving(answer(b"{}", more="Connection: close\r\n")))
            with client(url).conversation() as conversation:
                assert conversation.ask(WRITE).status == 200
                server.close()
                with pytest.raises(NothingSent):
                    conversation.ask(WRITE)

    def test_after_the_deadline_nothing_begins(self) -> None:
        with serving(answer(b"{}")) as (url, seen), client(url, seconds=0.05).conversation() as conversation:
            time.sleep(0.1)
            with pytest.raises(NothingSent) as caught:
                conversation.ask(WRITE)
        assert caught.value.note == Cause.DEADLINE
        assert seen == []


def dripping(each: bytes, first: bytes = b"") -> Talk:
    def talk(connection: socket.socket) -> None:
        connection.sendall(first)
        while True:
            time.sleep(0.1)
            connection.sendall(each)

    return talk


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")


BROKEN = {
    "reset": reset,
    "closed": lambda _connection: None,
    "half a body": lambda it: it.sendall(head(100) + b"{"),
    "not http": lambda it: it.sendall(b"SSH-2.0-x\r\n\r\n"),
    "bad chunk": lambda it: it.sendall(head(None, more="Transfer-Encoding: chunked\r\n") + b"zz\r\n{}"),
    "endless header": lambda it: it.sendall(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000 + b"\r\n\r\n"),
}
DRIPS = {
    "silence": lambda _connection: time.sleep(1.5),
    "body": dripping(b" ", head(10_000)),
    "body without a length": dripping(b" ", head(None)),
    "chunks": dripping(b"1\r\n \r\n", head(None, more="Transfer-Encoding: chunked\r\n")),
    "header": dripping(b"x", b"HTTP/1.1 200 OK\r\nX: "),
    "status line": dripping(b"H"),
    "informational": dripping(b"HTTP/1.1 100 Continue\r\n\r\n"),
}


class TestAmbiguous:
    @pytest.mark.parametrize("name", BROKEN)
    def test_a_broken_answer(self, name: str) -> None:
        with serving(BROKEN[name]) as (url, _):
            assert isinstance(problem(url, WRITE), OutcomeUnknown)
            assert isinstance(problem(url, READ), NothingSent)

    @pytest.mark.parametrize("name", DRIPS)
    def test_a_drip_ends_at_the_deadline(self, name: str) -> None:
        with serving(DRIPS[name]) as (url, _):
            found = problem(url, WRITE, 0.6)
        assert isinstance(found, OutcomeUnknown)
        assert (found.reason, found.note) == (Reason.NO_CLEAR_ANSWER, Cause.DEADLINE)


NO_OBJECT = {
    "page": answer(b"<html>Sign in", kind="text/html"),
    "page that says json": answer(b"<html>Sign in"),
    "nan": answer(b'{"a": NaN}'),
    "latin": answer(b'{"a": "\xe9"}'),
    "empty": answer(b""),
    "deep": answer(b'{"a":' + b"[" * 200_000 + b"]" * 200_000 + b"}"),
    "large": answer(b'{"a": "' + b"x" * LIMIT + b'"}'),
    "half a header": lambda it: it.sendall(b"HTTP/1.1 200"),
    "gzip": answer(b"\x1f\x8b", more="Content-Encoding: gzip\r\n"),
}


class TestAnswers:
    def test_an_object(self) -> None:
        with serving(answer(b'{"a": 1}', kind="application/json; charset=utf-8")) as (url, seen):
            reply = ask(url + "/", WRITE, Authorization="Bearer k")
        assert (reply.status, reply.body) == (200, {"a": 1})
        assert b"Accept-Encoding: identity\r\n" in seen[0]
        assert b"Authorization: Bearer k\r\n" in seen[0]
        assert seen[0].startswith(b"POST /x HTTP/1.1\r\n")

    @pytest.mark.parametrize("name", NO_OBJECT)
    def test_what_is_no_json_object_is_no_answer(self, name: str) -> None:
        with serving(NO_OBJECT[name]) as (url, _):
            reply = ask(url, WRITE)
        assert reply.body is None
        assert isinstance(unexpected(WRITE, "x"), OutcomeUnknown)
        assert unexpected(READ, "x").reason is Reason.UNAVAILABLE

    def test_redirects_proxies_and_netrc_are_left_alone(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
        with serving(answer(b"{}")) as (other, others):
            (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password secret\n")
            monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
            monkeypatch.setenv("HTTP_PROXY", other)
            with serving(answer(b"{}", status="307 Moved", more=f"Location: {other}/\r\n")) as (url, seen):
                assert ask(url, WRITE).status == 307
        assert others == []
        assert b"uthorization" not in seen[0]

    @pytest.mark.parametrize(
        ("status", "page", "on_write", "on_read"),
        [
            (401, False, NeedsHuman, NeedsHuman),
            (403, False, type(None), type(None)),
            (403, True, NeedsHuman, NeedsHuman),
            (404, True, type(None), type(None)),
            (412, False, type(None), type(None)),
            (413, True, NeedsHuman, NeedsHuman),
            (423, False, NothingSent, NothingSent),
            (428, False, type(None), type(None)),
            (429, False, NothingSent, NothingSent),
            (500, False, OutcomeUnknown, NothingSent),
            (502, True, OutcomeUnknown, NothingSent),
            (503, True, NothingSent, NothingSent),
            (504, False, OutcomeUnknown, NothingSent),
        ],
    )
    def test_statuses(self, status: int, page: bool, on_write: type, on_read: type) -> None:
        reply = Reply(status, None, 7, kind="text/html" if page else "")
        assert type(common_problem(WRITE, reply)) is on_write
        assert type(common_problem(READ, reply)) is on_read

    def test_reasons_of_statuses(self) -> None:
        found = {status: common_problem(WRITE, Reply(status, None, 7)) for status in (401, 413, 423, 429, 503)}
        assert {status: problem.reason for status, problem in found.items() if problem} == {
            401: Reason.SIGN_IN_REFUSED,
            413: Reason.DOCUMENT_TOO_LARGE,
            423: Reason.LOCKED,
            429: Reason.THROTTLED,
            503: Reason.UNAVAILABLE,
        }

    @pytest.mark.parametrize("status", [423, 503])
    def test_a_write_is_only_proven_untaken_by_a_time_to_wait_or_by_the_system_itself(self, status: int) -> None:
        bare, timed = Reply(status, {"code": "X"}, None), Reply(status, None, 0)
        doubt = common_problem(WRITE, bare)
        assert isinstance(doubt, OutcomeUnknown)
        assert (doubt.reason, doubt.note) == (Reason.NO_CLEAR_ANSWER, f"status_{status}")
        assert isinstance(common_problem(WRITE, timed), NothingSent)
        assert isinstance(common_problem(READ, bare), NothingSent)
        assert isinstance(common_problem(WRITE, bare, not_taken=lambda reply: reply.body is not None), NothingSent)

    def test_maintenance_is_what_the_connector_recognises(self) -> None:
        def closed(reply: Reply) -> bool:
            return reply.retry_after is not None and b"Closed" in (reply.content or b"")

        page = Request("POST", "/x", writes=True, json={}, accepts=("application/json", "text/html"))
        more = {"kind": "text/html", "more": "Retry-After: 600\r\n"}
        for body, status, reason in (
            (b"<p>Closed", "503 Away", Reason.MAINTENANCE),
            (b"<p>Closed", "403 No", Reason.MAINTENANCE),
            (b"<p>Busy", "503 Away", Reason.UNAVAILABLE),
        ):
            with serving(answer(body, status=status, **more)) as (url, _):
                found = common_problem(page, ask(url, page), maintenance=closed)
            assert isinstance(found, NothingSent)
            assert (found.reason, found.retry_after) == (reason, 600)

    def test_retry_after(self) -> None:
        soon = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
        given = [None, "30", "0", "901", "9" * 500, "-1", "soon", "²", "Wed, 21 Oct 2015 07:28:00 GMT", ""]
        assert [seconds_of(text) for text in given] == [None, 30, 0, 900, 900, None, None, None, 0, None]
        assert 50 < (seconds_of(soon) or 0) <= 60

    @pytest.mark.parametrize("beyond", ["1 Jan 99999999999999999999 00:00:00 GMT", f"1 Jan 2024 00:00:00 +{'9' * 20}"])
    def test_a_date_beyond_every_calendar_is_unreadable(self, beyond: str) -> None:
        assert seconds_of(beyond) is None


class TestShapes:
    """What connectors of other protocols send and read."""

    def test_headers_and_a_body_as_it_is(self) -> None:
        headers = {"Content-Type": "text/xml", "If-Match": '"3"', "authorization": "Bearer stranger"}
        request = Request("POST", "/x", writes=True, content=b"<a/>", headers=headers, accepts=("text/xml", "a/b+json"))
        with serving(answer(b"<b/>", kind="text/xml; charset=utf-8", more='ETag: "4"\r\nX-Other: 1\r\n')) as (
            url,
            seen,
        ):
            reply = ask(url, request, Authorization="Bearer k")
        top, _, body = seen[0].partition(b"\r\n\r\n")
        assert body == b"<a/>"
        for line in (b"Content-Type: text/xml", b'If-Match: "3"', b"Accept: text/xml, a/b+json"):
            assert line in top.split(b"\r\n")
        assert re.findall(rb"(?i)authorization: ([^\r]*)", top) == [b"Bearer k"]
        assert (reply.content, reply.data, reply.body, reply.complete) == (b"<b/>", None, None, True)
        assert reply.headers == {"etag": '"4"'}

    def test_a_form_post_and_multipart(self) -> None:
        form = Request("POST", "/x", writes=True, fields={"a": "1 2", "b": "é"})
        both = Request("POST", "/x", writes=True, fields={"a": "1"}, files={"f": ("n", b"%PDF", "application/pdf")})
        with serving(answer(b"{}")) as (url, seen):
            ask(url, form)
            ask(url, both)
        assert b"Content-Type: application/x-www-form-urlencoded\r\n" in seen[0]
        assert seen[0].endswith(b"\r\n\r\na=1+2&b=%C3%A9")
        assert b"Content-Type: multipart/form-data; boundary=" in seen[1]
        assert b"%PDF" in seen[1]

    @pytest.mark.parametrize(("body", "data"), [(b"[1]", [1]), (b'"x"', "x"), (b'{"a": 1}', {"a": 1})])
    def test_any_json_and_its_kinds(self, body: bytes, data: object) -> None:
        kind = "application/vnd.example+json"
        with serving(answer(body, kind=kind)) as (url, _):
            wanted = ask(url, Request("GET", "/x", writes=False, accepts=(kind,)))
            assert ask(url, READ).is_empty
        assert wanted.data == data
        assert wanted.body == (data if isinstance(data, dict) else None)
        assert (wanted.content, wanted.kind) == (None, kind)

    def test_a_session_lives_as_long_as_the_conversation(self) -> None:
        with serving(answer(b"{}", more="Set-Cookie: s=1; Path=/\r\nConnection: close\r\n")) as (url, seen):
            with client(url).conversation() as conversation:
                assert conversation.ask(READ).headers["set-cookie"].startswith("s=1")
                conversation.ask(READ)
            ask(url, READ)
        assert [b"Cookie: s=1" in each for each in seen] == [False, True, False]

    def test_headers_too_long_or_not_ascii_are_not_handed_on(self) -> None:
        with serving(answer(b"{}", more="ETag: \xe9\r\nLocation: /" + "x" * 5000 + "\r\n")) as (url, _):
            assert ask(url, READ).headers == {}

    def test_one_kind_of_body(self) -> None:
        with pytest.raises(ValueError, match="one kind of body"):
            Request("POST", "/x", writes=True, json={}, content=b"")

    @pytest.mark.parametrize("status", ["200 OK", "401 No"])
    def test_an_endless_body_ends_soon_and_takes_no_room(self, status: str) -> None:
        def endless(connection: socket.socket) -> None:
            connection.sendall(head(None, status=status))
            while True:
                connection.sendall(b" " * 65_536)

        with serving(endless) as (url, _):
            tracemalloc.start()
            reply = ask(url, WRITE)
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        assert (reply.is_empty, reply.complete) == (True, False)
        assert peak < 8 * LIMIT


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for this machine, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "here")])
    now, here = datetime.now(UTC), x509.IPAddress(ip_address("127.0.0.1"))
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(1), now + timedelta(1))
    signed = made.add_extension(x509.SubjectAlternativeName([here]), critical=False).sign(key, hashes.SHA256())
    plain = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "key").write_bytes(key.private_bytes(*plain))
    (folder / "cert").write_bytes(signed.public_bytes(Encoding.PEM))
    return folder / "cert", folder / "key"


class TestTls:
    def test_a_stranger_gets_nothing_and_a_trusted_server_is_cut_at_the_deadline(self, tmp_path: Path) -> None:
        cert, key = certificate(tmp_path)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cert, key)
        with serving(answer(b"{}"), context) as (url, seen):
            assert problem(url, WRITE).note == Cause.CERTIFICATE
            assert seen == []
            trusted = Tls(cert.read_text())
            with client(url, tls=trusted).conversation() as conversation:
                assert conversation.ask(WRITE).body == {}
        with (
            serving(DRIPS["body"], context) as (url, _),
            client(url, tls=trusted, seconds=0.8).conversation() as conversation,
            pytest.raises(OutcomeUnknown),
        ):
            conversation.ask(WRITE)
