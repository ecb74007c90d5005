"""A mail server on a real socket, written from RFC 5321, 3207 and 4954: it keeps what it takes, or misbehaves."""

from __future__ import annotations

import base64
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Post:
    """What came, and how."""

    port: int = 0
    messages: list[str] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    signed_in: list[tuple[str, str]] = field(default_factory=list)
    over_tls: list[bool] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)


@contextmanager
def mail_server(
    *, host: str = "127.0.0.1", context: ssl.SSLContext | None = None, at_once: bool = False, mode: str = "usual"
) -> Iterator[Post]:
    """`context` with `at_once`: TLS from the first byte; without: offered as STARTTLS.

    `mode`: usual, no_recipients, wrong_password or drip.
    """
    listener = socket.create_server((host, 0))
    post = Post(listener.getsockname()[1])

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=_guarded, args=(connection, post, context, at_once, mode), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield post
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def _guarded(connection: socket.socket, post: Post, context: ssl.SSLContext | None, at_once: bool, mode: str) -> None:
    with suppress(OSError), connection:
        if context and at_once:
            with context.wrap_socket(connection, server_side=True) as wrapped:
                _Conversation(wrapped, post, None, mode, tls=True).run()
        else:
            _Conversation(connection, post, context, mode, tls=False).run()


class _Conversation:
    def __init__(
        self, connection: socket.socket, post: Post, context: ssl.SSLContext | None, mode: str, *, tls: bool
    ) -> None:
        self._connection, self._post, self._context, self._mode, self._tls = connection, post, context, mode, tls
        self._lines = connection.makefile("rb")

    def run(self) -> None:
        """Closes what STARTTLS made of the connection, too."""
        try:
            self._say("220 mail.example ESMTP")
            verb = ""
            while verb != "QUIT" and (line := self._lines.readline().decode().strip()):
                verb = line.split(" ")[0].upper()
                self._post.commands.append(verb)
                self._answer(verb, line)
        finally:
            self._lines.close()
            self._connection.close()

    def _answer(self, verb: str, line: str) -> None:
        if verb in ("EHLO", "HELO"):
            offers = [
                "250-mail.example",
                "250-AUTH PLAIN",
                *(["250-STARTTLS"] if self._context else []),
                "250 8BITMIME",
            ]
            self._say("\r\n".join(offers))
        elif verb == "STARTTLS" and self._context:
            self._say("220 go on")
            self._lines.close()
            self._connection = self._context.wrap_socket(self._connection, server_side=True)
            self._context, self._lines, self._tls = None, self._connection.makefile("rb"), True
        elif verb == "AUTH":
            _, user, password = base64.b64decode(line.split(" ")[2]).decode().split("\0")
            self._post.signed_in.append((user, password))
            self._say("535 no" if self._mode == "wrong_password" else "235 welcome")
        elif verb == "RCPT" and self._mode == "no_recipients":
            self._say("550 nobody here of that name")
        elif verb == "RCPT":
            self._post.recipients.append(line.partition("<")[2].partition(">")[0])
            self._say("250 ok")
        elif verb == "DATA":
            self._say("354 go on")
            self._take()
        else:
            self._say("221 bye" if verb == "QUIT" else "250 ok")

    def _take(self) -> None:
        lines = iter(self._lines.readline, b".\r\n")
        self._post.messages.append(b"".join(lines).decode())
        self._post.over_tls.append(self._tls)
        self._say("250 taken")

    def _say(self, text: str) -> None:
        for byte in text.encode() + b"\r\n" if self._mode == "drip" else ():
            self._connection.sendall(bytes([byte]))
            time.sleep(0.1)
        if self._mode != "drip":
            self._connection.sendall(text.encode() + b"\r\n")
