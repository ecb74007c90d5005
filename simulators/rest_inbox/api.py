"""The one route of the protocol."""

import hmac
from collections.abc import Callable

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from simulators.kit.bad_days import committed

from .inbox import Inbox
from .model import FILED, Item
from .reading import REFERENCE, read
from .refusals import Locked, NotKept, Refused, malformed

BASE = "/inbox"
_LOCKED_SECONDS = 30


def api_blueprint(inbox: Inbox) -> Blueprint:
    """Items are put and got."""
    api = Blueprint("api", __name__, url_prefix=BASE)
    api.register_error_handler(Refused, lambda refused: _said(422, refused.code))
    api.register_error_handler(NotKept, lambda refused: _said(refused.status, "NOT_KEPT", refused.words))
    api.register_error_handler(Locked, _locked)

    @api.get("/items/<reference>")
    def get(reference: str) -> Response:
        found = inbox.find(reference)
        return _said(404, "NOT_THERE") if found is None else _item(200, found)

    @api.put("/items/<reference>")
    def put(reference: str) -> Response:
        new, item = inbox.take(_sent(reference))
        if not new:
            return _item(412, item)
        committed()
        return _item(201 if item.state == FILED else 202, item)

    return api


def key_guard(header: str, key: str) -> Callable[[], Response | None]:
    """The key covers the whole base path, so that even unknown routes tell a stranger nothing."""

    def check() -> Response | None:
        if not request.path.startswith(BASE):
            return None
        request.get_data(cache=True, parse_form_data=False)
        given = request.headers.get(header, "")
        return None if hmac.compare_digest(given.encode(), key.encode()) else _said(401, "NOT_SIGNED_IN")

    return check


def http_error(error: HTTPException) -> Response:
    """What the framework itself refuses. A wrong path is not the 404 of an item that is not there."""
    return _said(error.code or 500, "NOT_KEPT") if request.path.startswith(BASE) else Response(status=error.code)


def _sent(reference: str) -> Item:
    """The item of a request. Raises `NotKept`."""
    if request.mimetype != "application/json":
        raise NotKept(415, "The body must be application/json.")
    if request.headers.get("If-None-Match", "").strip() != "*":
        raise NotKept(428, "If-None-Match: * is missing.")
    if not REFERENCE.fullmatch(reference):
        raise malformed("That is no reference.")
    return Item(*read(request.get_data(), reference))


def _item(status: int, item: Item) -> Response:
    answer = jsonify(item.wire())
    answer.status_code = status
    return answer


def _said(status: int, code: str, words: str = "") -> Response:
    answer = jsonify({"code": code, "message": words} if words else {"code": code})
    answer.status_code = status
    return answer


def _locked(_: Locked) -> Response:
    answer = _said(423, "LOCKED")
    answer.headers["Retry-After"] = str(_LOCKED_SECONDS)
    return answer
