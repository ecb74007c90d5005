"""Answers a caller gets from what stands in front of a case system, or from one that is not well."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from werkzeug.wrappers import Response

ELSEWHERE = "/_simulator/elsewhere"
BadAnswer = Callable[[], Response]
_DRIP_SECONDS = 0.2
_DRIPS = 3000  # ten minutes: longer than any caller should wait, and nobody's thread for ever


@dataclass(frozen=True)
class Media:
    """Bodies that pass for the protocol's own: a beginning, what can follow it for ever, and one cut short."""

    type: str
    beginning: bytes
    filler: bytes
    cut: bytes


JSON = Media("application/json", b'{"items": ["', b"x", b'{"items": [{"id": 880123, "sta')
XML = Media("text/xml", b'<?xml version="1.0"?><items><item>', b"x", b'<?xml version="1.0"?><items><item id="88012')

LOGIN_PAGE = (
    "<!doctype html><html lang='en'><head><title>Sign in</title></head><body><h1>Sign in</h1>"
    "<form><label>User name <input name='user'></label></form></body></html>"
)
_MAINTENANCE = "<!doctype html><html lang='en'><title>Maintenance</title><h1>We will be back soon</h1></html>"
_FAULT = "<!doctype html><html lang='en'><title>Runtime error</title><h1>Server error in application</h1></html>"
_AWAY = "<!doctype html><html lang='en'><title>503</title><h1>Service unavailable</h1></html>"


def bad_answers(media: Media, stopping: threading.Event) -> dict[str, BadAnswer]:
    """One maker for each fault that is an answer; the unending ones end when `stopping` is set."""
    return {
        "auth_expired": lambda: Response(status=401, headers={"WWW-Authenticate": "Bearer"}),
        "denied": lambda: _said(403, "FORBIDDEN", media),
        "throttled": lambda: _said(429, "THROTTLED", media, {"Retry-After": "7"}),
        "maintenance": lambda: _html(_MAINTENANCE, 503, {"Retry-After": "60"}),
        "login_page": lambda: _html(LOGIN_PAGE, 200),
        "html_fault": lambda: _html(_FAULT, 500),
        "redirect": lambda: Response(status=307, headers={"Location": ELSEWHERE}),
        "garbage": lambda: Response(media.cut, 200, mimetype=media.type),
        "drip": lambda: Response(_dripping(media, stopping), 200, mimetype=media.type),
        "huge": lambda: Response(_unending(media, stopping), 200, mimetype=media.type),
    }


def gateway_away() -> Response:
    """What a gateway says when its backend took too long: nothing of what the backend did, and no `Retry-After`."""
    return _html(_AWAY, 503)


def _said(status: int, code: str, media: Media, headers: dict[str, Any] | None = None) -> Response:
    """A gateway knows JSON at most; in front of anything else it says nothing."""
    if media.type != JSON.type:
        return Response(status=status, headers=headers)
    body = json.dumps({"code": code, "message": "Set by a switch of the simulator."})
    return Response(body, status, headers, mimetype=JSON.type)


def _html(page: str, status: int, headers: dict[str, Any] | None = None) -> Response:
    return Response(page, status, headers, mimetype="text/html")


def _dripping(media: Media, stopping: threading.Event) -> Iterator[bytes]:
    """Often enough that no single read times out, so that only a limit on the whole answer helps."""
    yield media.beginning
    for _ in range(_DRIPS):
        if stopping.wait(_DRIP_SECONDS):
            return
        yield media.filler


def _unending(media: Media, stopping: threading.Event) -> Iterator[bytes]:
    yield media.beginning
    while not stopping.is_set():
        yield media.filler * (1 << 16)
