"""The Flask application: the protocol, the pages and the switches side by side."""

from collections.abc import Callable, Collection

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from simulators.kit.control import control_blueprint
from simulators.kit.faults import Faults

from .pages import pages_blueprint
from .refusals import Refusal, not_authenticated, too_large
from .routes import api_blueprint
from .signin import SignIn
from .signin_routes import OPEN_PATHS, signed_in, signin_blueprint
from .world import World

API = "/eclipse/rest"
_ROOM_FOR_THE_REST = 64 * 1024
_CODES = {404: "NOT_FOUND", 405: "METHOD"}


def build_app(world: World, sign_in: SignIn, faults: Faults, permissions: Collection[str]) -> Flask:
    """One application for one authority."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = max(4 * world.limits.largest, 32 * 1024 * 1024) + _ROOM_FOR_THE_REST
    app.before_request(_guard(sign_in))
    app.register_blueprint(signin_blueprint(sign_in), url_prefix=API)
    app.register_blueprint(api_blueprint(world, permissions), url_prefix=API)
    app.register_blueprint(control_blueprint(faults))
    app.register_blueprint(pages_blueprint(world))
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(413, lambda _: _refused(too_large(world.limits.largest)))
    app.register_error_handler(HTTPException, _http_error)
    return app


def is_sign_in(path: str) -> bool:
    """Whether a path of the protocol is one of those that sign in; they change nothing that is filed."""
    return path.removeprefix(API).startswith(OPEN_PATHS)


def _guard(sign_in: SignIn) -> Callable[[], None]:
    """Sign-in covers the whole base path, so that even unknown routes tell a stranger nothing."""

    def check() -> None:
        if not request.path.startswith(API):
            return
        request.get_data()  # unread content would reset the connection and hide a refusal from the caller
        if not is_sign_in(request.path) and not signed_in(sign_in):
            raise not_authenticated()

    return check


def _refused(refusal: Refusal) -> Response:
    answer = jsonify(refusal.body())
    answer.status_code = refusal.status
    if refusal.status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _http_error(error: HTTPException) -> AnyResponse:
    """Under the base path every refusal has a JSON body, also those the protocol has no name for."""
    if not request.path.startswith(API):
        return error.get_response()
    status = error.code or 500
    return _refused(Refusal(status, _CODES.get(status, "FAULT"), error.name))
