"""The Flask application: sign-in, the allow-list, then the routes of the protocol."""

from collections.abc import Callable
from typing import Any

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.wrappers import Response as AnyResponse

from simulators.kit.bad_days import committed

from .attachments import too_large
from .filters import search
from .operations import Operations
from .refusals import Refusal, bad_request, route_not_found
from .tokens import Tokens
from .views import FIELDS, Views

PREFIX = "/services/api"
TOKEN_PATH = f"{PREFIX}/auth/token"
VIEW = "wisebridge"
_LARGEST_REQUEST = 64 * 1024 * 1024

ROUTES = frozenset(
    {
        *(f"GET {entity}" for entity in FIELDS),
        *(f"POST {entity}" for entity in ("caseform", "task", "casenote", "caseformattachment")),
        "PUT caseform",
    }
)
"""What the bridge's client is allowed, as verb and entity."""


def build_app(operations: Operations, views: Views, tokens: Tokens, routes: set[str], lock: Any) -> Flask:
    """One application for one authority; `routes` is the client's allow-list, and may change while it runs."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = app.config["MAX_FORM_MEMORY_SIZE"] = _LARGEST_REQUEST
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.before_request(_signed_in(tokens))
    _add_token(app, tokens)
    _add_views(app, views, routes, lock)
    _add_writes(app, operations, routes, lock)
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(HTTPException, _http_error)
    return app


def _signed_in(tokens: Tokens) -> Callable[[], Response | None]:
    """Sign-in covers the whole prefix, so that even unknown routes tell a stranger nothing."""

    def check() -> Response | None:
        if not request.path.startswith(PREFIX) or request.path == TOKEN_PATH:
            return None
        request.get_data()
        return None if tokens.is_good(request.headers.get("Authorization")) else _unauthorised()

    return check


def _unauthorised() -> Response:
    return Response(status=401, headers={"WWW-Authenticate": "Bearer"})


def _add_token(app: Flask, tokens: Tokens) -> None:
    @app.post(TOKEN_PATH)
    def token() -> Response:
        if set(request.form) != {"client_id", "client_secret"}:
            return _unauthorised()
        made = tokens.new(request.form["client_id"], request.form["client_secret"])
        return jsonify({"access_token": made}) if made else _unauthorised()


def _add_views(app: Flask, views: Views, routes: set[str], lock: Any) -> None:
    @app.get(f"{PREFIX}/core/data/<entity>/system-view/<view>")
    def rows(entity: str, view: str) -> Response:
        _require_route("GET", entity, routes)
        if view != VIEW:
            raise route_not_found()
        with lock:
            return jsonify(search(views.rows(entity), FIELDS[entity], request.args))


def _add_writes(app: Flask, operations: Operations, routes: set[str], lock: Any) -> None:
    creators = {"caseform": operations.open_form, "task": operations.add_task, "casenote": operations.withdraw}

    @app.post(f"{PREFIX}/core/data/<entity>")
    def create(entity: str) -> tuple[Response, int]:
        _require_route("POST", entity, routes)
        if entity not in creators:
            raise route_not_found()
        with lock:
            return _stored(creators[entity](_body()))

    @app.put(f"{PREFIX}/core/data/<entity>/<record_id>")
    def change(entity: str, record_id: str) -> tuple[Response, int]:
        _require_route("PUT", entity, routes)
        with lock:
            return _stored(operations.change_form(record_id, _body()))

    @app.post(f"{PREFIX}/files/<entity>")
    def upload(entity: str) -> tuple[Response, int]:
        _require_route("POST", entity, routes)
        if entity != "caseformattachment":
            raise route_not_found()
        with lock:
            return _stored(operations.attach(_body()))


def _require_route(verb: str, entity: str, routes: set[str]) -> None:
    """What is allowed is also only what exists: nobody can allow a route the simulator does not have."""
    route = f"{verb} {entity}"
    if route not in routes or route not in ROUTES:
        raise route_not_found()


def _body() -> Any:
    content = request.get_json(silent=True) if request.is_json else None
    if content is None:
        raise bad_request("InvalidBody", "The body must be a JSON object.")
    return content


def _stored(record_id: str) -> tuple[Response, int]:
    """201 for a change as for a creation: that is what the product answers."""
    committed()
    return jsonify({"id": record_id}), 201


def _refused(refusal: Refusal) -> tuple[Response, int]:
    return jsonify(refusal.body()), refusal.status


def _http_error(error: HTTPException) -> AnyResponse | tuple[Response, int]:
    """Under the prefix every refusal has the protocol's body; a wrong verb looks like a missing route."""
    if not request.path.startswith(PREFIX):
        return error.get_response()
    if error.code == 413:
        return _refused(too_large())
    if error.code in {NotFound.code, 405}:
        return _refused(route_not_found())
    return _refused(bad_request("InvalidBody", "The request could not be read."))
