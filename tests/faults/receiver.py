"""A case system that never looks for doubles, as a process: `python -m tests.faults.receiver --journal FILE …`.

Written independently of the service and of its simulators. It speaks HTTP/1.1 on 127.0.0.1 for any number of
authorities, each below /<authority>/api. Over the control port: {"do": "mood", "authority": A, "moods": […]},
{"do": "clear"}, {"do": "rates", "authority": A}, {"do": "most", "authority": A}, {"do": "struck"}. {"do": "key",
"authority": A, "key": K}: another key lets in there. {"do": "certificate", "certificate": FILE, "key": FILE}: is shown
to whoever comes from now on.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import ssl
import sys
import time
from collections import Counter, defaultdict
from http import HTTPStatus
from pathlib import Path

from tests.faults.holdings import Holdings
from tests.faults.lines import Ask, serve_lines
from tests.faults.moods import Mood, instead
from tests.faults.routes import Answered, Asked, answer, read_asked, refusal


class Receiver:
    """All authorities' holdings, their moods, and how many requests came in each second."""

    def __init__(self, journal: Path, key: str) -> None:
        self._journal, self._key = journal, key
        self._keys: dict[str, str] = {}
        self.tls: ssl.SSLContext | None = None
        self._held: dict[str, Holdings] = {}
        self._moods: dict[str, list[Mood]] = defaultdict(list)
        self.rates: dict[str, Counter[int]] = defaultdict(Counter)
        self.now, self.most = Counter[str](), Counter[str]()
        """How many requests of each authority wait for their answer, and the most there were since `clear`."""

    def held(self, authority: str) -> Holdings:
        """One authority's holdings."""
        if authority not in self._held:
            self._held[authority] = Holdings(authority, self._journal)
        return self._held[authority]

    def answer(self, asked: Asked) -> tuple[Answered | None, float]:
        """The answer, None to hang up without one; and after how many seconds."""
        held = self.held(asked.authority)
        self.rates[asked.authority][int(time.time())] += 1
        moods = [mood for mood in self._moods[asked.authority] if mood.meets(asked, held)]
        wait = sum(mood.ms for mood in moods if mood.mode == "delay") / 1000
        if any(mood.mode == "down" for mood in moods):
            return None, wait
        for mood in moods:
            if (other := instead(mood, asked)) is not None:
                held.note("untrue", mode=mood.mode, place="/".join(asked.place))
                return other, wait
        true = self._true(asked, held)
        spoilt = any(mood.mode == "error_after_commit" for mood in moods)
        return (refusal(500, "INTERNAL") if spoilt else true), wait

    def begin(self, authority: str) -> None:
        """A request is there."""
        self.now[authority] += 1
        self.most[authority] = max(self.most[authority], self.now[authority])

    def end(self, authority: str) -> None:
        """It was answered, or its sender is gone."""
        self.now[authority] -= 1

    def control(self, ask: Ask) -> Ask:
        """Does what was asked."""
        if ask["do"] == "mood":
            self._moods[ask["authority"]] = [Mood(**each) for each in ask["moods"]]
            return {"done": len(ask["moods"])}
        if ask["do"] == "most":
            return {"most": self.most[ask["authority"]]}
        if ask["do"] == "clear":
            self._moods.clear()
            self.most.clear()
            return {"done": 0}
        if ask["do"] == "rates":
            return {"rates": self.rates[ask["authority"]]}
        if ask["do"] == "struck":
            return {"struck": [mood.struck for mood in self._moods[ask["authority"]]]}
        if ask["do"] == "key":
            self._keys[ask["authority"]] = ask["key"]
            return {"done": 1}
        if ask["do"] == "certificate" and self.tls is not None:
            self.tls.load_cert_chain(ask["certificate"], ask["key"])
            return {"done": 1}
        raise ValueError("no such thing to do")

    def _true(self, asked: Asked, held: Holdings) -> Answered:
        try:
            return answer(asked, held, self._keys.get(asked.authority, self._key))
        except (KeyError, ValueError, TypeError):
            return refusal(400, "BAD_REQUEST")


class Wire(asyncio.Protocol):
    """One connection, kept open between requests, one request at a time."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver, self._buffer = receiver, bytearray()
        self._transport: asyncio.Transport | None = None
        self._busy = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        self._look()

    def _look(self) -> None:
        if self._busy or (asked := self._taken()) is None:
            return
        self._busy = True
        self._receiver.begin(asked.authority)
        reply, wait = self._receiver.answer(asked)
        if wait:
            asyncio.get_running_loop().call_later(wait, self._reply, asked, reply)
        else:
            self._reply(asked, reply)

    def _taken(self) -> Asked | None:
        """The next whole request, out of the buffer."""
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return None
        first, *lines = self._buffer[:end].decode("latin-1").split("\r\n")
        pairs = (line.partition(":") for line in lines)
        headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
        size = int(headers.get("content-length", "0"))
        if len(self._buffer) < end + 4 + size:
            return None
        body = bytes(self._buffer[end + 4 : end + 4 + size])
        del self._buffer[: end + 4 + size]
        method, target, _ = first.split(" ", 2)
        return read_asked(method, target, headers, body)

    def _reply(self, asked: Asked, reply: Answered | None) -> None:
        self._receiver.end(asked.authority)
        if self._transport is None or self._transport.is_closing():
            return
        if reply is None:
            self._transport.abort()
            return
        self._transport.write(_written(reply))
        self._busy = False
        self._look()


def _written(reply: Answered) -> bytes:
    body = reply.raw if reply.raw is not None else json.dumps(reply.body).encode()
    head = [f"HTTP/1.1 {reply.status} {HTTPStatus(reply.status).phrase}", f"Content-Type: {reply.kind}"]
    head += [f"Content-Length: {len(body)}", *(f"{name}: {value}" for name, value in reply.headers.items())]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


async def _run(options: argparse.Namespace) -> None:
    receiver = Receiver(options.journal, options.key_file.read_text().strip())
    loop = asyncio.get_running_loop()
    servers = {"port": await loop.create_server(lambda: Wire(receiver), "127.0.0.1", options.port, backlog=512)}
    if options.certificate:
        tls = receiver.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(options.certificate, options.certificate_key)
        servers["tls"] = await loop.create_server(lambda: Wire(receiver), "127.0.0.1", 0, backlog=512, ssl=tls)
    servers["control"] = await serve_lines(options.control, receiver.control)
    ports = {name: each.sockets[0].getsockname()[1] for name, each in servers.items()}
    sys.stdout.write(json.dumps(ports) + "\n")
    sys.stdout.flush()
    await asyncio.gather(*(each.serve_forever() for each in servers.values()))


def main(arguments: list[str] | None = None) -> None:
    """Serves until it is ended."""
    parser = argparse.ArgumentParser(prog="tests.faults.receiver", description=__doc__)
    parser.add_argument("--journal", type=Path, required=True)
    parser.add_argument("--key-file", type=Path, required=True, help="the API key, kept out of the process list")
    parser.add_argument("--certificate", type=Path, help="with it, another port speaks TLS")
    parser.add_argument("--certificate-key", type=Path)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--control", type=int, default=0)
    asyncio.run(_run(parser.parse_args(arguments)))


if __name__ == "__main__":
    main()
