"""Scenario 18: a case system answers what fetches, what grows, and what never ends; in XML, JSON and descriptions.

Refused, with nothing fetched from the trap. The full form also judges the study's second and 50 MiB, by the reader's
own time and memory; the suite tells them only.
"""

from __future__ import annotations

import http.server
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from service.adapters.egress import ALLOW_LOOPBACK
from service.adapters.mosaic.soap.description import WSDL
from tests.adapters.mosaic_xml import envelope
from tests.adapters.test_mosaic_xml import HOSTILE, LAUGHS, NOTHING
from tests.architecture.project import ROOT
from tests.attacks.outcome import Attack, Effort, Line, Report, Size
from tests.attacks.target import Target

SECONDS, MEBIBYTES = 1.0, 50.0
CARELESS, SEEN = "a careless reader", 40.0
DEEP, BIG = 10_000, 50_000_000
KINDS = {"SOAP": "text/xml; charset=utf-8", "OData": "application/json", "plain JSON": "application/json"}
FEW = ("billion laughs", "10,000 deep", "50 MB", "an entity from the network")


@dataclass
class Rogue:
    """Answers every call with what is set for its first word, and counts what is fetched from its trap."""

    answers: dict[str, bytes] = field(default_factory=dict)
    kind: str = ""
    asked: int = 0
    fetched: int = 0
    url: str = ""


@contextmanager
def rogue() -> Iterator[Rogue]:
    """A server on this machine."""
    state = Rogue()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self._answer()

        def do_GET(self) -> None:
            self._answer()

        def _answer(self) -> None:
            name = self.path.strip("/").partition("/")[0]
            if name not in state.answers:
                state.fetched += 1
                self.send_error(404)
                return
            state.asked += 1
            content = state.answers[name]
            self.send_response(200)
            self.send_header("Content-Type", state.kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            try:
                self.wfile.write(content)
            except OSError:
                self.close_connection = True  # the other side has seen enough

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        state.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield state
        server.shutdown()
        thread.join()


def of_soap(trap: str, secret: str) -> dict[str, bytes]:
    """In envelopes."""
    return {name: make(trap, secret) for name, make in HOSTILE.items()}


def of_json(trap: str, secret: str) -> dict[str, bytes]:
    """Instead of a list: bombs of JSON, XML under a false name, and links to elsewhere."""
    links = {"@odata.context": trap, "@odata.nextLink": trap, "value": [], "items": [], "next": trap}
    return {
        "10,000 deep": b'{"value":' + b"[" * DEEP + b"]" * DEEP + b"}",
        "100,000 deep": b"[" * 100_000,
        "50 MB": b'{"value": "' + b"x" * BIG + b'"}',
        "100,000 wide": b'{"value": [' + b"{}," * 100_000 + b"{}]}",
        "a long number": b'{"value": ' + b"9" * 900_000 + b"}",
        "NaN": b'{"value": NaN}',
        "a name twice": b'{"value": [], "value": [{"id": 1}]}',
        "links to elsewhere, and a record of nobody": json.dumps(links | {"value": [{"id": secret}]}).encode(),
        "billion laughs": f"<!DOCTYPE x [{LAUGHS}]><x>&e9;</x>".encode(),
        "an entity from the network": f'<!DOCTYPE x [<!ENTITY e SYSTEM "{trap}">]><x>&e;</x>'.encode(),
        "bytes that are no UTF-8": b'{"value": "\xff\xfe"}',
    }


def of_wsdl(trap: str, secret: str) -> dict[str, bytes]:
    """Our own description with something more in it."""
    own = WSDL.read_bytes()
    types, begins = b"<wsdl:types>", own.index(b"?>") + 2
    declared = {
        "billion laughs": f"<!DOCTYPE x [{LAUGHS}]>",
        "an external document type": f'<!DOCTYPE x SYSTEM "{trap}">',
        "an entity from the network": f'<!DOCTYPE x [<!ENTITY e SYSTEM "{trap}">]>',
    }
    imports = {
        "an import from the network": f'<wsdl:import namespace="urn:other" location="{trap}"/>',
        "an import from a file": f'<wsdl:import namespace="urn:other" location="{secret}"/>',
    }
    made = {name: own[:begins] + text.encode() + own[begins:] for name, text in declared.items()}
    made |= {name: own.replace(types, text.encode() + types, 1) for name, text in imports.items()}
    deep = b"<x>" * DEEP + b"</x>" * DEEP
    return made | {
        "10,000 deep": own.replace(types, deep + types, 1),
        "50 MB": own[:begins] + b"<!--" + b"x" * BIG + b"-->" + own[begins:],
    }


def of_files(trap: str, secret: str) -> dict[str, bytes]:
    """As answers that are laid into a folder."""
    body = "<acknowledgement version='1'><reference>WB-0001</reference>{}</acknowledgement>"

    def declaring(declared: str, text: str = "") -> bytes:
        return f"<!DOCTYPE acknowledgement {declared}>{body.format(text)}".encode()

    return {
        "billion laughs": declaring(f"[{LAUGHS}]", "<x>&e9;</x>"),
        "an external document type": declaring(f'SYSTEM "{trap}"'),
        "an entity from the network": declaring(f'[<!ENTITY e SYSTEM "{trap}">]', "<x>&e;</x>"),
        "an entity from a file": declaring(f'[<!ENTITY e SYSTEM "{secret}">]', "<x>&e;</x>"),
        "a parameter entity": declaring(f'[<!ENTITY % e SYSTEM "{trap}"> %e;]'),
        "10,000 deep": body.format("<x>" * DEEP + "</x>" * DEEP).encode(),
        "50 MB": body.format("x" * BIG).encode(),
        "UTF-16": body.format("").encode("utf-16"),
    }


SOUND = "… a sound one"
"""Must be believed: a reader that refuses everything would prove nothing."""
ACKNOWLEDGED = {
    "reference": "WB-0001", "record-id": "700052", "document-id": "81017", "version": "2", "manifest-sha256": "a" * 64,
    "filed-at": "2026-09-16T10:14:02Z",
}  # fmt: skip


def sound() -> dict[str, bytes]:
    """What each reader believes."""
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in ACKNOWLEDGED.items())
    filed = {"kind": "acknowledgement", "version": "1", "reference": "WB-0001", "recordNumber": "700052"}
    filed |= {"recordVersion": "2", "documentNumber": "81017", "documentSha256": "b" * 64}
    filed |= {"manifestSha256": "a" * 64, "filedAt": ACKNOWLEDGED["filed-at"]}
    return {
        "SOAP": envelope(NOTHING), "OData": b'{"value": []}', "plain JSON": b'{"items": []}', "WSDL": WSDL.read_bytes(),
        "LCS answers": f'<acknowledgement version="1">{inner}</acknowledgement>'.encode(),
        "answers by SFTP": json.dumps(filed).encode(),
    }  # fmt: skip


MAKERS = {
    "SOAP": of_soap, "OData": of_json, "plain JSON": of_json, "WSDL": of_wsdl, "LCS answers": of_files,
    "answers by SFTP": of_json,
}  # fmt: skip


def run(target: Target, effort: Effort) -> Report:
    """Each reader in a process of its own, with everything that is hostile to it."""
    report, secret = Report("hostile_xml"), target.folder / "secret.xsd"
    secret.write_text('<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:other"/>')
    fetched = 0
    with rogue() as server:
        for reader, make in MAKERS.items():
            every = make(f"{server.url}/trap", secret.as_uri())
            if effort.size is Size.SHORT:
                every = {name: each for name, each in every.items() if name in FEW}
            every = {SOUND: sound()[reader]} | every  # first, so that what is loaded when first needed, is loaded
            report.lines += _read(target, server, reader, every, judged=effort.size is Size.FULL)
        fetched = server.fetched
        asked = server.asked
        report.lines += _read(target, server, CARELESS, {CARELESS: b"x" * BIG}, judged=False)
    trap = Line("the trap", f"{fetched} fetches, {asked} answers given", 0, "" if not fetched else "it was fetched")
    trap.wrong = trap.wrong or ("" if asked else "nothing was asked of the server")
    report.lines.append(trap)
    return report


def _read(target: Target, server: Rogue, reader: str, every: Mapping[str, bytes], *, judged: bool) -> Iterator[Line]:
    server.kind = KINDS.get(reader, "")
    places = _placed(target, server, reader, every)
    argv = [sys.executable, "-m", "tests.attacks.hostile", reader, *places.values()]
    environ = {**os.environ, ALLOW_LOOPBACK: "1"}
    began = time.monotonic()
    done = subprocess.run(argv, cwd=ROOT, env=environ, capture_output=True, text=True, check=False, timeout=600)
    if done.returncode:
        yield Line(reader, "died", time.monotonic() - began, done.stderr[-300:])
        return
    told = json.loads(done.stdout)
    for name, place in places.items():
        yield _line(f"{reader}: {name}", told[place], judged=judged)


def _placed(target: Target, server: Rogue, reader: str, every: Mapping[str, bytes]) -> dict[str, str]:
    """Where each is found: at an address, or as a file."""
    if reader in KINDS:
        server.answers = {str(number): content for number, content in enumerate(every.values())}
        return {name: f"{server.url}/{number}" for number, name in enumerate(every)}
    folder = target.folder / reader.replace(" ", "-")
    folder.mkdir(exist_ok=True)
    made = {name: folder / str(number) for number, name in enumerate(every)}
    for name, path in made.items():
        Path(path).write_bytes(every[name])
    return {name: str(path) for name, path in made.items()}


def _line(name: str, told: Mapping[str, object], *, judged: bool) -> Line:
    seconds, grown = float(str(told["seconds"])), float(str(told["grown"])) / 1024
    line = Line(name, f"{told['ended']}, {grown:.1f} MiB", seconds)
    if name.endswith(SOUND):
        line.wrong = "" if told["ended"] == "believed" else "it was not believed"
    elif name.endswith(CARELESS):
        line.wrong = "" if grown > SEEN else "its growth is not seen, so no growth would be"
    elif not str(told["ended"]).startswith("refused"):
        line.wrong = "it was not refused"
    elif judged and (seconds > SECONDS or grown > MEBIBYTES):
        line.wrong = f"more than {SECONDS:g} s or {MEBIBYTES:g} MiB"
    return line


ATTACK = Attack("hostile_xml", "Answers and descriptions that fetch, grow or never end.", run)
