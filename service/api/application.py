"""What both applications share: request ids, headers, problem documents."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from uuid import uuid4

import structlog
from flask import Flask, Response, g, request

from service.api import certificates, problems, security_txt
from service.api.limits import Limiter
from service.api.parsing import BODY_MAX

_log = structlog.get_logger()
_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}


@dataclass(frozen=True)
class Front:
    """What a deployment says of its doors.

    How often a client may ask each process, whom to tell of a weakness, and the header in which a proxy in front says
    what certificate a client showed it. 0 requests a second: as often as it likes. No contact: no security.txt. No
    header: no token is bound.
    """

    requests_per_second: float = 0
    security_contact: str = ""
    certificate_header: str = ""


UNLIMITED = Front()


def bare_application(name: str, front: Front = UNLIMITED) -> Flask:
    """An application with nothing of its own to show yet."""
    app = Flask(name, static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=2 * BODY_MAX, JSON_SORT_KEYS=False)
    app.json.sort_keys = False  # type: ignore[attr-defined] # Flask's default provider has it
    app.url_map.strict_slashes = True
    app.extensions["wise_bridge_limiter"] = Limiter(front.requests_per_second)
    security_txt.register(app, front.security_contact)
    certificates.register(app, front.certificate_header)
    app.before_request(_begin)
    app.after_request(_end)
    problems.register(app)
    return app


def _begin() -> None:
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given if _REQUEST_ID.fullmatch(given) else uuid4().hex
    g.began = time.perf_counter()


def _end(response: Response) -> Response:
    response.headers["X-Request-ID"] = g.request_id
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    _log.info(
        "request",
        request_id=g.request_id,
        method=request.method,
        route=str(request.url_rule) if request.url_rule else "(none)",
        status=response.status_code,
        duration_ms=round((time.perf_counter() - g.began) * 1000, 1),
    )
    return response
