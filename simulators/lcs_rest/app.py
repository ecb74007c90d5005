"""The Flask application: the protocol, its tokens, the pages and the switches side by side."""

from collections.abc import Callable

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from simulators.kit.control import control_blueprint
from simulators.kit.faults import Faults
from simulators.lcs_rest.api import api_blueprint
from simulators.lcs_rest.memory import Memory
from simulators.lcs_rest.operations import Operations
from simulators.lcs_rest.pages import pages_blueprint
from simulators.lcs_rest.people import World
from simulators.lcs_rest.refusals import Refused
from simulators.lcs_rest.sign_in import SignIn

API = "/lcs/api"
TOKENS = "/lcs/oauth"
_LARGEST_REQUEST = 64 * 1024 * 1024


def build_app(operations: Operations, memory: Memory, world: World, sign_in: SignIn, faults: Faults) -> Flask:
    """One application for one authority."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = _LARGEST_REQUEST
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.before_request(_guard(sign_in))
    app.register_blueprint(api_blueprint(operations, memory, world), url_prefix=API)
    app.register_blueprint(sign_in.blueprint())
    app.register_blueprint(control_blueprint(faults))
    app.register_blueprint(pages_blueprint(memory))
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(HTTPException, _http_error)
    return app


def _guard(sign_in: SignIn) -> Callable[[], Response | None]:
    """Sign-in covers the whole base path, so that even unknown routes tell a stranger nothing."""

    def check() -> Response | None:
        if not request.path.startswith(API):
            return None
        request.get_data()
        return None if sign_in.allows(request) else Response(status=401, headers={"WWW-Authenticate": "Bearer"})

    return check


def _refused(refused: Refused) -> tuple[Response, int]:
    return jsonify(refused.body), refused.status


def _http_error(error: HTTPException) -> AnyResponse | tuple[Response, int]:
    """Under the base path every refusal has a JSON body and one of the page's codes; a wrong method is no path."""
    if not request.path.startswith(API):
        return error.get_response()
    status = 404 if error.code == 405 else error.code or 500
    code = {400: "BAD_REQUEST", 404: "NOT_FOUND"}.get(status, "FAULT")
    return jsonify(code=code, message=error.name), status
