"""What a layer outside the application does to the connection itself."""

import socket
from typing import Any, NoReturn

from werkzeug.wrappers import Request, Response


def hang_up(environ: dict[str, Any]) -> NoReturn:
    """Close the socket without writing another byte.

    Raised outside the application on purpose: a framework would turn the error into an answer.
    """
    environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
    raise ConnectionAbortedError("closed without an answer")


def after_reading(environ: dict[str, Any], answer: Response) -> Response:
    """Unread content would reset the connection and hide the answer from the caller."""
    stream = Request(environ).stream
    while stream.read(1 << 20):
        pass
    return answer
