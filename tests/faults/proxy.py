"""The fault proxy, a process: `python -m tests.faults.proxy --listen 0 --to 127.0.0.1:8080 … --control 0`.

`--listen` and `--to` come in pairs, one a route; port 0 takes a free one, and the line printed at the start says which.
Over the control port: {"do": "rules", "route": 0, "rules": […]}, {"do": "counts", "route": 0}, {"do": "clear"},
{"do": "lead", "route": 0, "to": "127.0.0.1:8081"}.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import struct
import sys
from collections import Counter
from contextlib import suppress

from tests.faults.lines import Ask, serve_lines
from tests.faults.rules import ON_ANSWER, ON_REQUEST, Rule, counted, read_rules

CHUNK = 64 * 1024
_RST = struct.pack("ii", 1, 0)


class Route:
    """One way through: a listening port, where it leads, and the rules in force."""

    def __init__(self, port: int, target: str) -> None:
        self.port, self.rules, self.past = port, list[Rule](), Counter[str]()
        self.lead(target)
        self._server: asyncio.Server | None = None
        self._links: set[Link] = set()

    def lead(self, target: str) -> None:
        """From now on new connections go there; open ones stay where they are."""
        host, _, number = target.rpartition(":")
        self.host, self.target = host, int(number)

    async def open(self) -> None:
        """Listens; again on the same port after a refusal."""
        if self._server is None:
            self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, backlog=512)
            self.port = self._server.sockets[0].getsockname()[1]

    def set(self, rules: list[Rule]) -> None:
        """From now on these. An open connection that is silenced or drips is reset; another keeps what struck it."""
        self.past += counted(self.rules)
        self.rules = rules
        for link in [link for link in self._links if link.is_stuck]:
            link.reset()
        if any(rule.fault == "refuse" for rule in rules):
            self._refuse(rules)
        else:
            asyncio.get_running_loop().create_task(self.open())

    def counts(self) -> Counter[str]:
        """What struck, since the start."""
        return self.past + counted(self.rules) + Counter()

    def _refuse(self, rules: list[Rule]) -> None:
        for rule in rules:
            rule.struck += rule.fault == "refuse"
        if self._server is not None:
            self._server.close()
            self._server = None
        for link in list(self._links):
            link.reset()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.past["connections"] += 1
        link = Link(self, reader, writer)
        self._links.add(link)
        try:
            await link.run()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self._links.discard(link)
            link.close()


class Link:
    """One connection. An exchange begins when the client speaks after the target did."""

    def __init__(self, route: Route, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._route, self._reader, self._writer = route, reader, writer
        self._target: asyncio.StreamWriter | None = None
        self._of_connection = [rule for rule in route.rules if not rule.is_of_exchanges and rule.strikes()]
        self._asked, self._answered, self._sent = bytearray(), bytearray(), 0
        self._client_speaks = False
        self._rule: Rule | None = None
        self.is_stuck = False

    async def run(self) -> None:
        """Carries bytes both ways until one side ends."""
        answers, self._target = await asyncio.open_connection(self._route.host, self._route.target)
        ways = {asyncio.ensure_future(self._ask()), asyncio.ensure_future(self._answer(answers))}
        try:
            done, _ = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            for way in done:
                way.result()
        finally:
            for way in ways:
                way.cancel()

    def reset(self) -> None:
        """RST rather than FIN: the client learns that something broke, and not what."""
        handle: socket.socket | None = self._writer.get_extra_info("socket")
        with suppress(OSError):
            if handle is not None:
                handle.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RST)
        self._writer.transport.abort()

    def close(self) -> None:
        """Both sides."""
        for writer in (self._writer, self._target):
            if writer is not None:
                writer.close()

    def _chosen(self, among: frozenset[str]) -> Rule | None:
        """A rule about this exchange; else one that struck the whole connection."""
        for rule in self._route.rules:
            if rule.is_of_exchanges and rule.fault in among and rule.strikes(bytes(self._asked)):
                return rule
        return next((rule for rule in self._of_connection if rule.fault in among), None)

    async def _ask(self) -> None:
        while data := await self._reader.read(CHUNK):
            if not self._client_speaks:
                self._client_speaks, self._asked, self._sent = True, bytearray(), 0
                self._asked += data[:CHUNK]
                self._rule = self._chosen(ON_REQUEST)
            elif len(self._asked) < CHUNK:
                self._asked += data
            if not await self._forwarded(data):
                return

    async def _forwarded(self, data: bytes) -> bool:
        rule, target = self._rule, self._target
        assert target is not None
        if rule is not None and rule.fault == "black_hole":
            self.is_stuck = True
            return True
        if rule is not None and rule.fault == "reset":
            self.reset()
            return False
        if rule is not None and rule.fault == "cut_request":
            data = data[: rule.bytes - self._sent]
        self._sent += len(data)
        target.write(data)
        await target.drain()
        if rule is not None and rule.fault == "cut_request" and self._sent >= rule.bytes:
            self.reset()
            return False
        return True

    async def _answer(self, answers: asyncio.StreamReader) -> None:
        while data := await answers.read(CHUNK):
            if self._client_speaks:
                self._client_speaks, self._answered = False, bytearray()
                self._rule = self._chosen(ON_ANSWER)
                if self._rule is not None and self._rule.fault == "latency":
                    await asyncio.sleep(self._rule.ms / 1000)
            if not await self._given(data, self._rule):
                return

    async def _given(self, data: bytes, rule: Rule | None) -> bool:
        """Passes on what the rule leaves of an answer; no when the connection is to end."""
        before = len(self._answered)
        self._answered += data
        if rule is not None and rule.fault in ("cut", "cut_answer", "garbage"):
            return await self._broken(data, before, rule)
        if rule is not None and rule.fault == "drip":
            self.is_stuck = True
            await self._dripped(data, rule.ms / 1000)
            self.is_stuck = False
            return True
        self._writer.write(data)
        if rule is not None and rule.fault == "duplicate" and _is_whole(self._answered):
            self._writer.write(bytes(self._answered))
        await self._writer.drain()
        return True

    async def _broken(self, data: bytes, before: int, rule: Rule) -> bool:
        """`cut_answer` lets nothing through: the target has answered, so what was asked has been done."""
        if rule.fault == "garbage":
            self._writer.write(os.urandom(rule.bytes or 512))
            await self._writer.drain()
            return False
        self._writer.write(data[: max(rule.bytes - before, 0)])
        await self._writer.drain()
        if len(self._answered) < rule.bytes:
            return True
        await asyncio.sleep(0)
        self.reset()
        return False

    async def _dripped(self, data: bytes, seconds: float) -> None:
        for place in range(len(data)):
            self._writer.write(data[place : place + 1])
            await self._writer.drain()
            await asyncio.sleep(seconds)


def _is_whole(answer: bytes) -> bool:
    """Whether an HTTP answer is here to its end, by its Content-Length."""
    head, split, body = bytes(answer).partition(b"\r\n\r\n")
    lengths = [line.partition(b":")[2] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    return bool(split) and len(body) >= int(lengths[0] if lengths else 0)


class Proxy:
    """All routes, and what the control port says."""

    def __init__(self, routes: list[Route]) -> None:
        self._routes = routes

    def answer(self, ask: Ask) -> Ask:
        """Does what was asked."""
        chosen = self._routes if ask.get("route") is None else [self._routes[ask["route"]]]
        if ask["do"] == "counts":
            return {"counts": sum((route.counts() for route in chosen), Counter[str]())}
        if ask["do"] == "lead":
            for route in chosen:
                route.lead(ask["to"])
            return {"done": len(chosen)}
        if ask["do"] not in ("rules", "clear"):
            raise ValueError("no such thing to do")
        for route in chosen:
            route.set(read_rules(ask["rules"] if ask["do"] == "rules" else []))
        return {"done": len(chosen)}


async def _run(options: argparse.Namespace) -> None:
    routes = [Route(port, target) for port, target in zip(options.listen, options.to, strict=True)]
    for route in routes:
        await route.open()
    control = await serve_lines(options.control, Proxy(routes).answer)
    ready = {"control": control.sockets[0].getsockname()[1], "ports": [route.port for route in routes]}
    sys.stdout.write(json.dumps(ready) + "\n")
    sys.stdout.flush()
    async with control:
        await control.serve_forever()


def main(arguments: list[str] | None = None) -> None:
    """Serves until it is ended."""
    parser = argparse.ArgumentParser(prog="tests.faults.proxy", description=__doc__)
    parser.add_argument("--listen", type=int, action="append", required=True)
    parser.add_argument("--to", action="append", required=True, help="host:port")
    parser.add_argument("--control", type=int, default=0)
    asyncio.run(_run(parser.parse_args(arguments)))


if __name__ == "__main__":
    main()
