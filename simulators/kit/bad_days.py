"""The bad days of a network, put between the socket and the application.

This sits outside Flask because Flask would turn a raised error into a 500 answer, while a lost
answer is exactly no answer: the handler must see the error itself and close the socket.
"""

import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from .bad_answers import ELSEWHERE, JSON, BadAnswer, Media, bad_answers, gateway_away
from .faults import AFTER_COMMIT, RESET_AFTER_COMMIT, Call, Faults
from .sockets import after_reading, hang_up

Environ = dict[str, Any]
WsgiApp = Callable[[Environ, Any], Iterable[bytes]]
HEADER = "HTTP_X_SIMULATE"
_OUTCOME = "simulators.outcome"
_LONGEST_HANG_SECONDS = 3600.0


def committed() -> None:
    """Called by the application, inside a Flask request, once a change is stored."""
    outcome(request.environ)["committed"] = True


def outcome(environ: Environ) -> dict[str, bool]:
    """What became of a request. A dictionary of its own, since each layer hands on a copy of the environment."""
    found: dict[str, bool] = environ.setdefault(_OUTCOME, {"committed": False})
    return found


def reads_by_method(environ: Environ) -> bool:
    """What most protocols mean by reading."""
    return environ["REQUEST_METHOD"] in {"GET", "HEAD"}


class BadDays:
    """A WSGI layer that lets requests under a prefix meet the faults that are set; other paths are left alone.

    `media` is how the protocol's answers look. Where all calls go to one address, `is_read` says what only reads, and
    `place` gives a path by which `on` can name a call. `more` adds faults of one protocol by name. A request's
    `X-Simulate` header asks for one fault for that request alone.
    """

    def __init__(
        self,
        app: WsgiApp,
        faults: Faults,
        stopping: threading.Event,
        prefix: str = "/api",
        *,
        media: Media = JSON,
        is_read: Callable[[Environ], bool] = reads_by_method,
        place: Callable[[Environ], str] = lambda environ: environ["PATH_INFO"],
        more: Mapping[str, BadAnswer] | None = None,
    ) -> None:
        self._app, self._faults, self._stopping = app, faults, stopping
        self._prefix, self._is_read, self._place = prefix, is_read, place
        self._answers = {**bad_answers(media, stopping), **(more or {})}

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == ELSEWHERE:
            self._faults.count_followed()
            return after_reading(environ, Response("{}", mimetype="application/json"))(environ, start_response)
        if not path.startswith(self._prefix):
            return self._app(environ, start_response)
        call = Call((path, path.removeprefix(self._prefix), self._place(environ)), self._is_read(environ))
        return self._answer(environ, call)(environ, start_response)

    def _answer(self, environ: Environ, call: Call) -> Response:
        asked_for = environ.get(HEADER)
        if asked_for is not None and asked_for not in self._known():
            return after_reading(environ, Response("X-Simulate names no fault of this protocol.\n", 400))
        # A fault for one request is not taken from those that are set for others.
        name = asked_for or self._faults.take(call, self._known() - AFTER_COMMIT)
        if name and name not in AFTER_COMMIT:
            return self._instead(environ, name)
        return self._through(environ, call, asked_for)

    def _instead(self, environ: Environ, name: str) -> Response:
        """The request does not reach the application."""
        if name == "reset":
            hang_up(environ)
        if name == "hang":
            after_reading(environ, Response())
            self._stopping.wait(_LONGEST_HANG_SECONDS)
            hang_up(environ)
        return after_reading(environ, self._answers[name]())

    def _through(self, environ: Environ, call: Call, asked_for: str | None) -> Response:
        """Only a stored change uses up one of `AFTER_COMMIT`: the answer is lost, the change is not."""
        result = outcome(environ)
        answer = Response.from_app(self._app, environ, buffered=True)
        name = (asked_for or self._faults.take(call, AFTER_COMMIT)) if result["committed"] else None
        if name == RESET_AFTER_COMMIT:
            hang_up(environ)
        return gateway_away() if name else answer

    def _known(self) -> set[str]:
        return {"hang", "reset", *AFTER_COMMIT, *self._answers}
