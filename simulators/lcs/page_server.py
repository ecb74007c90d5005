"""The HTTP port."""

import threading

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server


class _Quiet(WSGIRequestHandler):
    """Standard output belongs to the ready line, and page views are of no interest."""

    def log_request(self, *_args: object, **_kwargs: object) -> None:
        return None


class PageServer:
    """Serves from `start` to `stop`, on the loopback address only."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._server: BaseWSGIServer | None = None
        self._thread: threading.Thread | None = None

    def start(self, port: int) -> int:
        """The port listened on."""
        self._server = make_server("127.0.0.1", port, self._app, threaded=True, request_handler=_Quiet)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="lcs-http", daemon=True)
        self._thread.start()
        return self._server.server_port

    def stop(self) -> None:
        if self._server is None or self._thread is None:
            return
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._server = None
