"""`/health/live` and `/health/ready`."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Flask, Response, current_app, jsonify

from service.api.guard import unguarded

blueprint = Blueprint("health", __name__, url_prefix="/health")


def register(app: Flask, database_answers: Callable[[], bool]) -> None:
    """Adds both; `database_answers` is asked by readiness."""
    app.extensions["wise_bridge_ready"] = database_answers
    app.register_blueprint(blueprint)


@blueprint.get("/live")
@unguarded
def live() -> Response:
    """The process answers."""
    return jsonify({"status": "ok"})


@blueprint.get("/ready")
@unguarded
def ready() -> Response:
    """The process can do its work: its database answers."""
    answers = current_app.extensions["wise_bridge_ready"]()
    response = jsonify({"status": "ok" if answers else "unavailable"})
    response.status_code = 200 if answers else 503
    return response
