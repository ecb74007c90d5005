"""Mosaic's own knobs, put between the socket and the application behind the faults every simulator has."""

import json
import threading
from collections.abc import Iterable
from typing import Any

from werkzeug.wrappers import Response

from simulators.kit.bad_answers import LOGIN_PAGE
from simulators.kit.bad_days import WsgiApp, outcome
from simulators.kit.sockets import after_reading, hang_up

from .knobs import Knobs
from .knobvalues import HANG_PLACES, Failure

API = "/api/v1"
PARTS = [place for place in HANG_PLACES if place != "steps"]


class TurnedKnobs:
    """A WSGI layer that applies the knobs to requests under the API base path only."""

    def __init__(self, app: WsgiApp, knobs: Knobs, stopping: threading.Event) -> None:
        self._app = app
        self._knobs = knobs
        self._stopping = stopping

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if not environ["PATH_INFO"].startswith(API):
            return self._app(environ, start_response)
        result = outcome(environ)
        answer = self._instead(environ) or Response.from_app(self._app, environ, buffered=True)
        stopped = self._wait(environ["PATH_INFO"])
        if stopped or (result["committed"] and self._knobs.take_drop()):
            hang_up(environ)
        return answer(environ, start_response)

    def _instead(self, environ: dict[str, Any]) -> Response | None:
        """The answer of something in front of Mosaic; the request does not reach it."""
        if self._knobs.now().html_instead:
            return after_reading(environ, Response(LOGIN_PAGE, mimetype="text/html"))
        failure = self._knobs.take_failure()
        return after_reading(environ, _failed(failure)) if failure else None

    def _wait(self, path: str) -> bool:
        """Wait after the commit, so that a caller who gives up cannot know; True when told to stop."""
        settings = self._knobs.now()
        seconds = settings.latency_seconds + settings.hang_seconds_on.get(_place(path), 0.0)
        return self._stopping.wait(seconds)


def _place(path: str) -> str:
    """Which kind of request this is, in the words of the hang knob."""
    last = path.rstrip("/").rpartition("/")[2]
    if last in PARTS:
        return last
    return "steps" if path.startswith(f"{API}/steps") else ""


def _failed(failure: Failure) -> Response:
    body = {"code": "UNAVAILABLE", "message": "Set by a knob of the simulator."}
    answer = Response(json.dumps(body), failure.status, mimetype="application/json")
    if failure.status == 401:
        answer = Response(status=401)
    if failure.retry_after is not None:
        answer.headers["Retry-After"] = str(failure.retry_after)
    return answer
