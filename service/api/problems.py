"""Problem documents (RFC 9457): one shape for everything that goes wrong, and nothing in it of the record's values."""

from __future__ import annotations

from typing import Any

import structlog
from flask import Flask, Response, g, jsonify
from werkzeug.exceptions import HTTPException

from service.api.refusals import refused
from service.errors import NotAllowed, NotSignedIn, Refused, TooManyRequests, Unavailable
from service.observability import describe

TYPES = "https://wise-bridge.example/problems/"
_log = structlog.get_logger()


def problem(status: int, kind: str, title: str, detail: str, **more: Any) -> Response:
    """A problem document with its own media type, never cached."""
    body = {"type": TYPES + kind, "title": title, "status": status, "detail": detail, "trace_id": g.get("request_id")}
    response: Response = jsonify(body | more)
    response.status_code = status
    response.mimetype = "application/problem+json"
    return response


def register(app: Flask) -> None:
    """Makes every error of this application a problem document."""
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(Unavailable, _unavailable)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def _refused(error: Refused) -> Response:
    if isinstance(error, NotSignedIn | NotAllowed):
        who = g.get("caller")  # signed in, where it is refused what it asked for and not its sign-in
        refused(
            error.type.replace("-", "_"),
            authority=who.authority if who else "",
            client_id=who.client_id if who else "",
        )
    more: dict[str, Any] = {"errors": [fault.as_dict() for fault in error.faults]} if error.faults else {}
    response = problem(error.status, error.type, error.title, error.detail, **more)
    if isinstance(error, TooManyRequests):
        response.headers["Retry-After"] = str(error.retry_after)
    if error.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="wise-bridge"'
    return response


def _unavailable(error: Unavailable) -> Response:
    response = problem(503, "unavailable", "Not available just now", f"{error.detail} Nothing was kept; send it again.")
    response.headers["Retry-After"] = str(error.retry_after)
    return response


_HTTP_KINDS = {404: "not-found", 405: "method-not-allowed", 413: "too-large", 415: "wrong-media-type"}


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    kind = _HTTP_KINDS.get(status, "request")
    response = problem(status, kind, error.name, "See the documentation for the addresses and methods there are.")
    if allowed := getattr(error, "valid_methods", None):
        response.headers["Allow"] = ", ".join(sorted(allowed))
    return response


def _unexpected(error: Exception) -> Response:
    _log.error("request_failed", request_id=g.get("request_id"), **describe(error))
    return problem(500, "our-fault", "Something failed here", "This is our fault, not the request's. It was logged.")
