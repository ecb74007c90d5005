"""A real HTTP server on a loopback socket."""

import socket
import ssl
import threading
import time
from typing import Any

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from .bad_days import WsgiApp

HOST = "127.0.0.1"
PATIENCE = 10.0


class WebServer:
    """Serves from `start` to `stop`; a second start takes the same port, like a restarted server.

    `stop` sets `stopping`, so that requests that wait are cut off, and `start` clears it. With `context`, over TLS.
    """

    def __init__(
        self,
        app: WsgiApp,
        port: int = 0,
        stopping: threading.Event | None = None,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._app, self._port, self._context = app, port, context
        self._stopping = stopping or threading.Event()
        self._server: BaseWSGIServer | None = None

    def start(self) -> "WebServer":
        """Listen and serve in a thread."""
        if self._server is not None:
            raise RuntimeError("the simulator is running already")
        with _listening(self._port) as door:
            port = door.getsockname()[1]
            options: dict[str, Any] = {"request_handler": _Handler, "fd": door.fileno(), "ssl_context": self._context}
            server = make_server(HOST, port, self._app, threaded=True, **options)
        self._stopping.clear()
        self._server, self._port = server, server.port
        serve = {"poll_interval": 0.02}
        threading.Thread(target=server.serve_forever, kwargs=serve, name="simulator-http", daemon=True).start()
        return self

    def stop(self) -> None:
        """Stop at once; stopping what does not run is fine."""
        if self._server is None:
            return
        self._stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._server = None

    @property
    def port(self) -> int:
        """The port in use; 0 until the first start when a free one was asked for."""
        return self._port

    @property
    def url(self) -> str:
        """Where the page is, with a slash at its end."""
        return f"{'https' if self._context else 'http'}://{HOST}:{self._port}/"


def _listening(port: int) -> socket.socket:
    """A port of ours again after a stop may be in use for a moment: the system hands free ports to anybody."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return socket.create_server((HOST, port))
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


class _Handler(WSGIRequestHandler):
    """Quiet, and without the server's name and version."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """One line per request would bury the lines that matter under load."""

    def version_string(self) -> str:
        """Callers must not come to depend on what the simulator is made of."""
        return "simulator"

    def log(self, type: str, message: str, *arguments: Any) -> None:
        """Errors only: standard output belongs to the line that says where the simulator is."""
        if type == "error":
            super().log(type, message, *arguments)
