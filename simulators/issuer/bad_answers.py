"""Faults of single answers beside those all web simulators have, and the layer that serves them."""

from collections.abc import Iterable, Iterator
from typing import Any

from werkzeug.wrappers import Request, Response

from simulators.kit.bad_days import BadDays, WsgiApp
from simulators.kit.faults import Call

from .world import Asked, World

_CHUNK, _CHUNKS = 1 << 20, 50


class Layers:
    """From the socket inwards: who asked, then faults, then the application. Switches and pages meet no fault."""

    def __init__(self, app: WsgiApp, world: World) -> None:
        more = {"cut": _cut, "huge_50mb": lambda: Response(_fifty(), mimetype="application/json")}
        self._app, self._world = app, world
        self._bad = BadDays(app, world.faults, world.stopping, "/", more=more)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path.startswith("/_simulator/") and path != "/_simulator/elsewhere":
            return self._app(environ, start_response)
        asked = Request(environ)
        self._world.asked.append(Asked(asked.host, asked.method, path, frozenset(asked.args)))
        if self._world.faults.take(Call((path,), is_read=asked.method == "GET"), {"slow"}):
            self._world.stopping.wait(self._world.slow_seconds)
        return self._bad(environ, start_response)


def _cut() -> Response:
    """The connection ends where more was announced."""
    answer = Response(b'{"keys": [', mimetype="application/json")
    answer.headers["Content-Length"] = "4096"
    return answer


def _fifty() -> Iterator[bytes]:
    yield b'{"padding": "'
    for _ in range(_CHUNKS):
        yield b"x" * _CHUNK
    yield b'"}'
