"""The Flask application: both bindings of the protocol, the pages and the switches side by side."""

from flask import Blueprint, Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from simulators.kit.control import control_blueprint
from simulators.kit.faults import Faults

from .api import api_blueprint, authorised, unauthorised
from .control import knobs_blueprint
from .knobs import Knobs
from .operations import Operations
from .pages import Pages
from .refusals import Refusal
from .transport import API

_LARGEST_REQUEST = 64 * 1024 * 1024


def build_app(
    operations: Operations, pages: Pages, knobs: Knobs, key: str, *, soap: Blueprint, faults: Faults
) -> Flask:
    """One application for one authority."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = _LARGEST_REQUEST
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.before_request(_guard(key))
    app.register_blueprint(api_blueprint(operations), url_prefix=API)
    app.register_blueprint(soap)
    app.register_blueprint(control_blueprint(faults))
    app.register_blueprint(knobs_blueprint(knobs))
    app.register_blueprint(pages.blueprint())
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(HTTPException, _http_error)
    return app


def _guard(key: str):  # type: ignore[no-untyped-def]
    """Sign-in covers the whole base path, so that even unknown routes tell a stranger nothing."""

    def check() -> Response | None:
        if not request.path.startswith(API):
            return None
        request.get_data()
        return None if authorised(request.headers.get("Authorization"), key) else unauthorised()

    return check


def _refused(refusal: Refusal) -> tuple[Response, int]:
    return jsonify(refusal.body()), refusal.status


def _http_error(error: HTTPException) -> AnyResponse | tuple[Response, int]:
    """Under the base path every refusal has a JSON body, also those the protocol has no name for."""
    if not request.path.startswith(API):
        return error.get_response()
    status = error.code or 500
    code = "NOT_FOUND" if status == 404 else error.name.upper().replace(" ", "_")
    return jsonify({"code": code, "message": error.name}), status
