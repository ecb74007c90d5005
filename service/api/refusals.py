"""Sign-ins that were refused: counted, and kept in the trail. What was presented is never kept, nor how it was wrong.

A request that presents nothing is no attempt: monitors and curious people make those.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import structlog
from flask import Flask, Response, current_app, g, request

from service.errors import Unavailable

Note = Callable[[str, str, str], None]
"""Given authority, client id and reason; the first two empty where they are not known."""
_log = structlog.get_logger()


def register(app: Flask, note: Note) -> None:
    """Has this application's refusals noted after each request, whatever part of it refused."""
    app.extensions["wise_bridge_refusals"] = note
    app.after_request(_note)


def refused(reason: str, *, authority: str = "", client_id: str = "") -> None:
    """Says why this request is refused. The first reason holds: it is nearest to the cause."""
    if "refusal" not in g:
        g.refusal = (authority, client_id, reason)


def _note(response: Response) -> Response:
    """A refusal stays one when it cannot be noted; that it was not is in the log."""
    found = g.get("refusal")
    if found is None or not _presented():
        return response
    authority, client_id, reason = found
    _log.warning("sign_in_refused", request_id=g.get("request_id"), authority=authority, reason=reason)
    note: Note = current_app.extensions["wise_bridge_refusals"]
    with suppress(Unavailable):
        note(authority, client_id, reason)
    return response


def _presented() -> bool:
    """Something to sign in with came along."""
    names = ("client_assertion", "client_secret")
    return "Authorization" in request.headers or bool(g.get("presented")) or any(name in request.form for name in names)
