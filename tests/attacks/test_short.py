"""The short form of every attack, on one running service; and that each judge sees what it is to see."""

from __future__ import annotations

import io
import socket
import threading
from collections.abc import Iterator

import pikepdf
import pytest

from tests.attacks.inert import cell_faults, page_faults, pdf_faults
from tests.attacks.outcome import Attack, Effort, Line, Report, Size
from tests.attacks.raw import send
from tests.attacks.scenarios import ATTACKS
from tests.attacks.scenarios.openapi import failures
from tests.attacks.target import Target

HERE = {each.name for each in ATTACKS} - {"openapi"}
"""What needs no programs of others. Those of `openapi` have an environment of their own, which `make attacks` makes."""


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    with Target(tmp_path_factory.mktemp("attacks") / "target", released=False) as running:
        yield running


@pytest.mark.timeout(600)
@pytest.mark.parametrize("attack", [each for each in ATTACKS if each.name in HERE], ids=lambda each: each.name)
def test_the_service_holds(target: Target, attack: Attack) -> None:
    report = attack.run(target, Effort(Size.SHORT, 300))

    assert report.lines
    assert report.findings == []


def test_a_finding_is_told_with_what_was_tried() -> None:
    report = Report("x", [Line("held", "400", 0), Line("bomb", "500", 0, "expected 400")])

    assert report.findings == ["bomb: 500: expected 400"]


@pytest.mark.parametrize(
    "text", ["<script>1</script>", "<img src=x>", "<p onclick='x'>", "<a href='javascript:1'>x</a>"]
)
def test_a_page_that_runs_something_is_seen(text: str) -> None:
    assert page_faults(text)
    assert page_faults("<p>&lt;script&gt;</p>") == []


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-2+3", "@SUM(1)", "\t=1", "\r=1"])
def test_a_cell_that_runs_is_seen(cell: str) -> None:
    assert cell_faults([["fine", cell]])
    assert cell_faults([["fine", '"=1+1"']]) == []


@pytest.mark.parametrize("key", ["/OpenAction", "/AA", "/JS"])
def test_a_pdf_that_does_something_is_seen(key: str) -> None:
    made = pikepdf.new()
    assert pdf_faults(made) == []
    made.Root[key] = pikepdf.Dictionary(S=pikepdf.Name.JavaScript)
    written = io.BytesIO()
    made.save(written)

    with pikepdf.open(written) as read:
        assert f"has {key}" in pdf_faults(read)


@pytest.mark.parametrize(
    ("sent", "status", "answers"),
    [
        (b"", 0, 0),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", 400, 1),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", 200, 2),
    ],
)
def test_what_comes_back_on_a_socket_is_told(sent: bytes, status: int, answers: int) -> None:
    listener = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(1000)
            connection.sendall(sent)

    answering = threading.Thread(target=answer)
    answering.start()
    reply = send(f"http://127.0.0.1:{listener.getsockname()[1]}", [b"GET / HTTP/1.1\r\n\r\n"])
    answering.join()
    listener.close()

    assert (reply.status, reply.answers) == (status, answers)


def test_what_schemathesis_says_is_counted() -> None:
    said = "- Undocumented HTTP status code\n- Undocumented HTTP status code\n- Server error\n"

    assert list(failures(said, "out")) == ["Undocumented HTTP status code (2)", "Server error (1)"]
    assert list(failures("broken", "out")) == ["schemathesis failed; see out: broken"]
