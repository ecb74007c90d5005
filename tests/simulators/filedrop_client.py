"""A sender of sets to the file exchange simulator that is not the bridge's own, and the sets it sends."""

from __future__ import annotations

import asyncio
import csv
import hashlib
import io
import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

import asyncssh

from simulators.filedrop import FileDropSimulator
from tests.simulators.lcs_client import fresh, marker, until

__all__ = ["PDF", "WORDS", "Sender", "body", "fresh", "marker", "sender", "spelled", "task", "until", "withdrawal"]

PDF = b"%PDF-1.7 nothing much"
WORDS = '=1+1, "quoted"\n@home -  “A good day”'
Body = dict[str, Any]


def body(reference: str, document: bytes | None = PDF, **changes: Any) -> Body:
    """A form's manifest in the shape of the JSON one; `changes` replace whole parts, and None takes one out."""
    made: Body = {"version": "1", "kind": "form", "reference": reference, "authority": "E08000007"}
    made["person"] = {"childId": "0040211", "dateOfBirth": "2010-05-02"}
    made["form"] = {"type": "WISE", "completedOn": "2026-09-14", "restricted": False}
    if document is not None:
        size, sha256 = len(document), hashlib.sha256(document).hexdigest()
        paper = {"file": f"{reference}.pdf", "type": "WISEASM", "title": "WISE, 14 September", "size": size}
        made["document"] = {**paper, "sha256": sha256}
    made["answers"] = [{"question": "ownWords", "row": 1, "value": WORDS}, {"question": "day", "value": ""}]
    return {name: value for name, value in deepcopy(made | changes).items() if value is not None}


def task(reference: str, **changes: Any) -> Body:
    said = {"team": "REVIEW", "dueOn": "2026-12-14", "title": "Review due"}
    parts = {"kind": "task", "form": None, "answers": None, "person": {"childId": "0040211"}, "task": said}
    return body(reference, None, **(parts | changes))


def withdrawal(reference: str, number: str, **changes: Any) -> Body:
    said = {"recordNumber": number, "reason": "entered_twice"}
    parts = {"kind": "withdrawal", "form": None, "answers": None, "person": {"childId": "0040211"}, "withdraw": said}
    return body(reference, None, **(parts | changes))


def spelled(manifest: Body, suffix: str) -> bytes:
    """The manifest in one of the three formats."""
    return {"json": _json, "xml": _xml, "csv": _csv}[suffix](manifest)


def _json(manifest: Body) -> bytes:
    return json.dumps(manifest, ensure_ascii=False).encode()


TOP = ("version", "kind", "reference", "authority")
PARTS = ("person", "replaces", "form", "document", "task", "withdraw")


def _text(value: Any) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _xml(manifest: Body) -> bytes:
    root = Element("exchange", {name: manifest[name] for name in TOP if name in manifest})
    for part in (name for name in PARTS if name in manifest):
        SubElement(root, part, {name: _text(value) for name, value in manifest[part].items()})
    for answer in manifest.get("answers", []):
        fields = {name: _text(answer[name]) for name in ("question", "row") if name in answer}
        SubElement(root, "answer", fields).text = answer["value"]
    content: bytes = tostring(root, encoding="UTF-8", xml_declaration=True)
    return content


def _csv(manifest: Body) -> bytes:
    rows = [("part", "name", "row", "value")]
    rows += [("exchange", name, "", manifest[name]) for name in TOP if name in manifest]
    for part in (name for name in PARTS if name in manifest):
        rows += [(part, name, "", _text(value)) for name, value in manifest[part].items()]
    rows += [("answer", one["question"], str(one.get("row", "")), one["value"]) for one in manifest.get("answers", [])]
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


@dataclass
class Sender:
    """A well-behaved sender, with a connection per call."""

    sim: FileDropSimulator
    key: Path
    suffix: str = "json"
    inbox: str = "in"
    outbox: str = "out"

    def run(self, work: Callable[[asyncssh.SFTPClient], Any], seconds: float = 30) -> Any:
        """What the work gives; TimeoutError when it takes longer."""
        return asyncio.run(self._run(work, seconds))

    async def _run(self, work: Callable[[asyncssh.SFTPClient], Any], seconds: float) -> Any:
        options = {"known_hosts": None, "username": "wisebridge", "client_keys": [str(self.key)], "config": None}
        connecting = asyncssh.connect("127.0.0.1", self.sim.port, **options)
        async with connecting as connection, connection.start_sftp_client() as sftp:
            try:
                return await asyncio.wait_for(work(sftp), seconds)
            except TimeoutError:
                connection.abort()  # a server that hangs would not answer a goodbye either
                raise

    def put(self, files: dict[str, bytes]) -> None:
        async def work(sftp: asyncssh.SFTPClient) -> None:
            for name, content in files.items():
                async with sftp.open(f"{self.inbox}/{name}.tmp", "wb") as file:
                    await file.write(content)
                await sftp.posix_rename(f"{self.inbox}/{name}.tmp", f"{self.inbox}/{name}")

        self.run(work)

    def files(self, manifest: Body, document: bytes | None = PDF) -> dict[str, bytes]:
        reference = manifest["reference"]
        made = {f"{reference}.{self.suffix}": spelled(manifest, self.suffix)}
        return made | ({f"{reference}.pdf": document} if "document" in manifest and document is not None else {})

    def send(self, reference: str, files: dict[str, bytes], done: bytes | None = None) -> None:
        self.put(files | {f"{reference}.done": marker(files) if done is None else done})

    def answer(self, reference: str) -> dict[str, str]:
        """The answer, taken away so that the next one cannot be mistaken for it."""
        folder = self.sim.root / self.outbox
        path = until(lambda: next((p for p in folder.glob(f"{reference}.*") if p.suffix in (".ack", ".rej")), None))
        content = path.read_bytes()
        path.unlink()
        fields = json.loads(content) if content.startswith(b"{") else _fields(content)
        assert fields["kind"] == {".ack": "acknowledgement", ".rej": "rejection"}[path.suffix]
        assert (fields["version"], fields["reference"]) == ("1", reference)
        assert all(isinstance(value, str) and value for value in fields.values())
        return fields

    def exchange(self, manifest: Body, document: bytes | None = PDF) -> dict[str, str]:
        self.send(manifest["reference"], self.files(manifest, document))
        return self.answer(manifest["reference"])


def _fields(content: bytes) -> dict[str, str]:
    rows = list(csv.reader(io.StringIO(content.decode(), newline="")))
    assert (rows[0], rows[-1]) == (["name", "value"], ["end", ""])
    return dict(rows[1:-1])


def sender(folder: Path, key: Path, **settings: Any) -> Sender:
    """For a simulator that has not started yet."""
    sim = FileDropSimulator(folder, key.with_suffix(".pub"), poll_seconds=0.02, **settings)
    inbox, _, outbox, _ = settings.get("folders", ("in", "", "out", ""))
    return Sender(sim, key, settings.get("manifest", "json"), inbox, outbox)
