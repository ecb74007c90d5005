"""A sender of sets to the LCS simulator that is not the bridge's own, and the sets it sends."""

from __future__ import annotations

import asyncio
import hashlib
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import asyncssh

from simulators.lcs import LcsInstance, LcsSimulator

PDF = b"%PDF-1.7 nothing much"
PERSON = "<person-id>STK0000417</person-id><date-of-birth>2011-03-02</date-of-birth>"
ANSWERS = '<answer no="selfText" row="1">“A good day”</answer><answer no="selfDay">14</answer>'
PATIENCE = 60.0
"""Seconds until something counts as not happening at all; on a busy machine what happens may take long."""
_numbers = count(1)


def until(ready: Callable[[], Any], seconds: float = PATIENCE) -> Any:
    """The first truthy result; polling keeps the tests as fast as the simulator."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if result := ready():
            return result
        time.sleep(0.01)
    raise AssertionError("did not happen in time")


def fresh() -> str:
    return f"WB-{next(_numbers):04d}"


def form(reference: str, **changes: str) -> bytes:
    parts = {"authority": "E08000007", "person": PERSON, "type": "9001", "answers": ANSWERS, "doc": "WISEASM"}
    parts |= {"replaces": ""} | changes
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<exchange version="1" kind="form"><reference>{reference}</reference><authority>{parts["authority"]}</authority>
{parts["replaces"]}<person>{parts["person"]}</person>
<form type="{parts["type"]}" completed-on="2026-09-14" restricted="no">{parts["answers"]}</form>
<document file="{reference}.pdf" type="{parts["doc"]}" title="WISE &lt;b&gt;bold&lt;/b&gt;"/></exchange>""".encode()


def task(reference: str, kind: str = "REVIEW", team: str = "CSE-TEAM") -> bytes:
    return f"""<exchange version="1" kind="task"><reference>{reference}</reference><authority>E08000007</authority>
<person><person-id>STK0000417</person-id></person>
<task type="{kind}" due-on="2026-12-14" assign-to="{team}"><title>Review due</title></task></exchange>""".encode()


def withdrawal(reference: str, record_id: str, **changes: str) -> bytes:
    parts = {"authority": "E08000007", "person": "STK0000417", "reason": "wrong_young_person"} | changes
    return f"""<exchange version="1" kind="withdrawal"><reference>{reference}</reference>
<authority>{parts["authority"]}</authority><person><person-id>{parts["person"]}</person-id></person>
<withdraw record-id="{record_id}" reason="{parts["reason"]}"/></exchange>""".encode()


def marker(files: dict[str, bytes]) -> bytes:
    return "".join(f"{hashlib.sha256(body).hexdigest()}  {name}\n" for name, body in files.items()).encode()


def form_set(reference: str, **changes: str) -> dict[str, bytes]:
    return {f"{reference}.xml": form(reference, **changes), f"{reference}.pdf": PDF}


@dataclass
class Client:
    """A well-behaved sender, with a connection per call."""

    port: int
    key: Path
    user: str = "wisebridge"

    def run(self, work: Callable[[asyncssh.SFTPClient], Any]) -> Any:
        return asyncio.run(self._run(work))

    async def _run(self, work: Callable[[asyncssh.SFTPClient], Any]) -> Any:
        options = {"known_hosts": None, "username": self.user, "client_keys": [str(self.key)], "config": None}
        connecting = asyncssh.connect("127.0.0.1", self.port, **options)
        async with connecting as connection, connection.start_sftp_client() as sftp:
            return await work(sftp)

    def upload(self, files: dict[str, bytes], rename: bool = True) -> None:
        async def work(sftp: asyncssh.SFTPClient) -> None:
            for name, body in files.items():
                async with sftp.open(f"inbox/{name}.tmp", "wb") as file:
                    await file.write(body)
            for name in files if rename else ():
                await sftp.posix_rename(f"inbox/{name}.tmp", f"inbox/{name}")

        self.run(work)

    def send(self, reference: str, files: dict[str, bytes], done: bytes | None = None) -> None:
        self.upload(files | {f"{reference}.done": marker(files) if done is None else done})


@dataclass
class Pair:
    simulator: LcsSimulator
    client: Client
    instance: LcsInstance

    def answer(self, reference: str) -> dict[str, str]:
        """The answer, read and collected as the bridge would."""
        outbox = self.instance.root / "outbox"
        path = until(lambda: next((p for p in outbox.glob(f"{reference}.*") if p.suffix in (".ack", ".rej")), None))
        root = ElementTree.fromstring(path.read_bytes())
        path.rename(outbox / "collected" / path.name)
        assert root.get("version") == "1"
        return {"": root.tag} | {part.tag: part.text or "" for part in root}

    def exchange(self, reference: str, files: dict[str, bytes], done: bytes | None = None) -> dict[str, str]:
        self.client.send(reference, files, done)
        return self.answer(reference)


def simulator(data: Path, key: Path, **instances: int) -> LcsSimulator:
    return LcsSimulator(data, instances or {"stockport": 0}, key.with_suffix(".pub"), poll_seconds=0.02)


def pair(running: LcsSimulator, key: Path, slug: str = "stockport") -> Pair:
    instance = running.instance(slug)
    return Pair(running, Client(instance.port, key, instance.user), instance)


def page(lcs: Pair, path: str = "") -> tuple[str, Any]:
    with urllib.request.urlopen(lcs.simulator.http_url + path) as response:
        return response.read().decode(), response.headers
