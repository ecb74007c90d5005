"""One JSON object a line, asked and answered: how a scenario tells the proxy and the receiver what to do."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Callable
from typing import Any

Ask = dict[str, Any]
_LONGEST = 4 * 1024 * 1024


async def serve_lines(port: int, answer: Callable[[Ask], Ask]) -> asyncio.Server:
    """A server on 127.0.0.1. A fault of the asker is answered, never fatal."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            writer.write(json.dumps(_answered(answer, line)).encode() + b"\n")
            await writer.drain()
        writer.close()

    return await asyncio.start_server(talk, "127.0.0.1", port, limit=_LONGEST)


def _answered(answer: Callable[[Ask], Ask], line: bytes) -> Ask:
    try:
        return answer(json.loads(line))
    except (ValueError, KeyError, TypeError) as error:
        return {"error": f"{type(error).__name__}: {error}"}


class Control:
    """The asking side. One connection a question, so that threads may share it."""

    def __init__(self, port: int) -> None:
        self.port = port

    def ask(self, **what: Any) -> Ask:
        """The answer. `RuntimeError` when the question was not understood."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            connection.sendall(json.dumps(what).encode() + b"\n")
            with connection.makefile("rb") as lines:
                answer: Ask = json.loads(lines.readline(_LONGEST))
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer
