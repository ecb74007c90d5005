"""Hostile XML over SOAP: refused within a second, without memory, and without fetching anything."""

from __future__ import annotations

import http.server
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from zeep.exceptions import ExternalReferenceForbidden

from service.adapters.mosaic.shapes import Step
from service.adapters.mosaic.soap.binding import SoapBinding
from service.adapters.mosaic.soap.description import WSDL, Description, LoadRefusedError, NoTransport
from service.adapters.mosaic.soap.safe_xml import DEEPEST, LARGEST, MOST_ELEMENTS, parse
from service.adapters.shared.link import Link
from service.adapters.shared.strict import UnreadableError
from service.domain.delivery import Reason
from service.errors import NothingSent, OutcomeUnknown
from tests.adapters.mosaic_xml import M, caught, envelope, fault, written
from tests.conformance.test_mosaic import PASSWORD, USER, MosaicSoapWorld, simulator, soap_world
from tests.conformance.world import MARKER, file

__all__ = ["simulator", "soap_world"]

ROOT = Path(__file__).resolve().parents[2]
NOTHING = written("FindStepsResponse", [("steps", [])])
LAUGHS = '<!ENTITY e0 "ha">' + "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
SECONDS, MEBIBYTES = 10.0, 50


def named(reference: str) -> str:
    """An answer whose text is an entity's."""
    return written("FindStepsResponse", [("steps", "")]).replace("</m:steps>", f"&{reference};</m:steps>")


def nested(depth: int) -> str:
    return "<m:x>" * depth + "</m:x>" * depth


def declaring(declared: str, body: str = NOTHING) -> bytes:
    return envelope(body, before=f"<!DOCTYPE x {declared}>")


def elsewhere(trap: str, _: str) -> bytes:
    attribute = f'<m:steps xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="{M} {trap}">'
    return envelope(NOTHING.replace("<m:steps>", attribute))


HOSTILE: dict[str, Callable[[str, str], bytes]] = {
    "a document type alone": lambda *_: declaring(""),
    "an external document type": lambda trap, _: declaring(f'SYSTEM "{trap}"'),
    "billion laughs": lambda *_: declaring(f"[{LAUGHS}]", named("e9")),
    "quadratic": lambda *_: declaring(f'[<!ENTITY e "{"ha" * 9999}">]', named("e") * 99),
    "an entity from the network": lambda trap, _: declaring(f'[<!ENTITY e SYSTEM "{trap}">]', named("e")),
    "an entity from a file": lambda _, secret: declaring(f'[<!ENTITY e SYSTEM "{secret}">]', named("e")),
    "a parameter entity": lambda trap, _: declaring(f'[<!ENTITY % e SYSTEM "{trap}"> %e;]'),
    "a schema elsewhere": elsewhere,
    "a stylesheet": lambda trap, _: envelope(NOTHING, before=f'<?xml-stylesheet href="{trap}"?>'),
    "10,000 deep": lambda *_: envelope(nested(10_000)),
    "100,000 wide": lambda *_: envelope("<m:x/>" * 100_000),
    "50 MB": lambda *_: envelope("x" * 50_000_000),
    "50 MB in a fault": lambda *_: fault("soap:Client", "x" * 50_000_000),
    "UTF-16": lambda *_: envelope(NOTHING).decode().replace("UTF-8", "UTF-16").encode("utf-16"),
}
"""Every kind, by name. An address that is caught when called, and one of a file, are what they would fetch."""


@dataclass
class Rogue:
    """A server that answers every POST with what is set, and counts everything that is fetched from it."""

    answers: dict[str, bytes] = field(default_factory=dict)
    status: int = 200
    fetched: int = 0
    url: str = ""


@pytest.fixture
def rogue() -> Iterator[Rogue]:
    state = Rogue()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            content = state.answers[self.path]
            self.send_response(state.status)
            self.send_header("Content-Type", "text/xml; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            try:
                self.wfile.write(content)
            except OSError:
                self.close_connection = True  # the other side has seen enough

        def do_GET(self) -> None:
            state.fetched += 1
            self.send_response(404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        state.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield state
        server.shutdown()
        thread.join()


@pytest.fixture
def secret(tmp_path: Path) -> str:
    path = tmp_path / "secret"
    path.write_text(MARKER)
    return path.as_uri()


def steps_at(url: str) -> tuple[Step, ...]:
    """One request: where its answer is believed, something comes back."""
    connection = {"soap_url": url, "user": USER, "password": PASSWORD}
    with SoapBinding(Link(connection, {}, {}), 20.0).talk() as wire:
        return wire.steps("WB-1")


class TestAnswers:
    def test_a_sound_one_is_believed(self, rogue: Rogue) -> None:
        rogue.answers = {"/": envelope(NOTHING)}
        assert steps_at(f"{rogue.url}/") == ()

    @pytest.mark.parametrize("status", [200, 500])
    @pytest.mark.parametrize("name", HOSTILE)
    def test_it_is_refused(self, rogue: Rogue, secret: str, name: str, status: int) -> None:
        rogue.answers, rogue.status = {"/": HOSTILE[name](f"{rogue.url}/trap", secret)}, status
        problem = caught(lambda: steps_at(f"{rogue.url}/"))
        assert (type(problem), problem.reason) == (NothingSent, Reason.UNAVAILABLE)
        assert rogue.fetched == 0

    def test_it_takes_little_time_and_memory(self, rogue: Rogue, secret: str) -> None:
        """In a process of its own, whose memory nothing else has filled, and by its own time."""
        every = {f"/{number}": make(rogue.url, secret) for number, make in enumerate(HOSTILE.values())}
        rogue.answers = {**every, "/good": envelope(NOTHING)}
        measured = subprocess.run(
            [sys.executable, "-c", MEASURE, rogue.url, *every],
            cwd=ROOT,
            env={**os.environ, "WISE_BRIDGE_ALLOW_LOOPBACK": "1"},
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        found = json.loads(measured.stdout)
        assert found.keys() == every.keys()
        assert all(seconds < SECONDS for seconds, _ in found.values())
        assert all(grown < MEBIBYTES * 1024 for _, grown in found.values())
        assert rogue.fetched == 0

    def test_a_bomb_from_the_simulator(self, soap_world: MosaicSoapWorld) -> None:
        soap_world.set_fault("xml_bomb", "write")
        problem = caught(lambda: file(soap_world.system, soap_world.filing()))
        assert (type(problem), problem.reason) == (OutcomeUnknown, Reason.UNEXPECTED_ANSWER)
        soap_world.set_fault("xml_bomb", "read")
        assert isinstance(caught(lambda: soap_world.system.look_up("WB-0001")), NothingSent)
        soap_world.clear_faults()
        assert soap_world.filed(soap_world.filing()) == soap_world.system.look_up("WB-0001")


MEASURE = """
import json, sys, time
from tests.adapters.test_mosaic_xml import steps_at
from tests.support.memory import begin, grown_since
from service.errors import NothingSent

def refused(path):
    before, begun = begin(), time.process_time()
    try:
        steps_at(sys.argv[1] + path)
    except NothingSent:
        return time.process_time() - begun, grown_since(before)

def careless():
    before, taken = begin(), b"x" * 50_000_000
    return grown_since(before)

assert steps_at(sys.argv[1] + "/good") == ()
assert careless() > 40 * 1024, "what takes 50 MB is seen to"
print(json.dumps({path: refused(path) for path in sys.argv[2:]}))
"""


class TestReader:
    def test_limits_are_where_they_are_said_to_be(self) -> None:
        assert len(list(parse(nested(DEEPEST).replace("m:", "").encode()).iter())) == DEEPEST
        with pytest.raises(UnreadableError):
            parse(nested(DEEPEST + 1).replace("m:", "").encode())
        parse(b"<x>" + b"<y/>" * (MOST_ELEMENTS - 1) + b"</x>")
        with pytest.raises(UnreadableError):
            parse(b"<x>" + b"<y/>" * MOST_ELEMENTS + b"</x>")
        parse(b"<x>" + b" " * (LARGEST - 7) + b"</x>")
        with pytest.raises(UnreadableError):
            parse(b"<x>" + b" " * (LARGEST - 6) + b"</x>")

    def test_text_that_only_looks_hostile(self) -> None:
        root = parse(b"<x><![CDATA[<!DOCTYPE x>]]>&lt;!ENTITY<!-- &e; -->&#x1F600;</x>")
        assert root.text == "<!DOCTYPE x><!ENTITY\U0001f600"

    @pytest.mark.parametrize(
        "content", [b"", b"<x>", b"<x/><y/>", b"<x a=1/>", b"<x>&e;</x>", b"\xff\xfe", b"<x>\xff</x>"]
    )
    def test_what_is_not_xml(self, content: bytes) -> None:
        with pytest.raises(UnreadableError) as found:
            parse(content)
        assert found.value.__context__ is None
        assert found.value.args == ()


class TestDescriptions:
    def test_nothing_can_be_loaded_or_sent(self) -> None:
        transport = NoTransport()
        for call in (transport.load, transport.get, transport.post, transport.post_xml):
            with pytest.raises(LoadRefusedError):
                call("https://mosaic.example/x.wsdl")

    @pytest.mark.parametrize("place", ["network", "file address", "path"])
    @pytest.mark.parametrize(
        "element",
        [
            '<xs:import namespace="urn:other" schemaLocation="{}"/>',
            '<xs:include schemaLocation="{}"/>',
            '<wsdl:import namespace="urn:other" location="{}"/>',
        ],
    )
    def test_what_it_points_to_is_not_fetched(self, rogue: Rogue, tmp_path: Path, element: str, place: str) -> None:
        """What is pointed to is there and sound, so that only the refusal can stop it."""
        other = tmp_path / "other.xsd"
        other.write_text('<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:other"/>')
        target = {"network": f"{rogue.url}/x.xsd", "file address": other.as_uri(), "path": str(other)}[place]
        before = '<xs:simpleType name="Id">' if element.startswith("<xs:") else "<wsdl:types>"
        own = WSDL.read_text(encoding="utf-8")
        assert own.count(before) == 1
        with pytest.raises((LoadRefusedError, ExternalReferenceForbidden)):
            Description(own.replace(before, element.format(target) + before).encode())
        assert rogue.fetched == 0

    def test_a_document_type_in_it(self, rogue: Rogue) -> None:
        own = WSDL.read_text(encoding="utf-8")
        for kind in (f'<!DOCTYPE x SYSTEM "{rogue.url}">', f"<!DOCTYPE x [{LAUGHS}]>"):
            with pytest.raises(UnreadableError):
                Description(own.replace("?>", f"?>{kind}", 1).encode())
        assert rogue.fetched == 0
