"""`/health/…` for supervisors: whether the process lives, may be given requests, and whether everything goes its way.

Open to anybody who reaches the port, so they say counts and ages, and never which authority. The reasons for what
makes which of them 503 are in docs/adr/0020-alarms-and-readiness.md.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Flask, Response, current_app, jsonify

from service.api.guard import unguarded
from service.api.openapi import tells
from service.api.openapi.answers.open import HEALTH
from service.api.openapi.shapes import json
from service.domain.health import Health

blueprint = Blueprint("health", __name__, url_prefix="/health")
_HEALTH = {200: json("It is.", HEALTH), 503: json("It is not.", HEALTH)}
watched = Blueprint("health_of_deliveries", __name__, url_prefix="/health")


def register(app: Flask, database_answers: Callable[[], bool], look: Callable[[], Health] | None = None) -> None:
    """Adds `live` and `ready`; and, for a side that has deliveries to speak of, `intake` and `delivery`."""
    app.extensions["wise_bridge_ready"] = database_answers
    app.extensions["wise_bridge_health"] = look
    app.register_blueprint(blueprint)
    if look is not None:
        app.register_blueprint(watched)


@blueprint.get("/live")
@unguarded
@tells({200: json("It does.", HEALTH)})
def live() -> Response:
    """The process answers."""
    return jsonify({"status": "ok"})


@blueprint.get("/ready")
@unguarded
@tells(_HEALTH)
def ready() -> Response:
    """The bridge does its work: the database answers, and somebody sweeps. One council's trouble does not change it."""
    look: Callable[[], Health] | None = current_app.extensions["wise_bridge_health"]
    if look is None:
        return _said(ok=current_app.extensions["wise_bridge_ready"]())
    found = look()
    return _said(ok=found.is_ready, health=found)


@watched.get("/intake")
@unguarded
@tells(_HEALTH)
def intake() -> Response:
    """Records can be taken and kept. For a load balancer: a dead worker is no reason to refuse a record."""
    return _said(ok=current_app.extensions["wise_bridge_ready"]())


@watched.get("/delivery")
@unguarded
@tells(_HEALTH)
def delivery() -> Response:
    """Everything is as it should be. For a monitor that calls somebody."""
    found: Health = current_app.extensions["wise_bridge_health"]()
    return _said(ok=found.is_well, health=found)


def _said(*, ok: bool, health: Health | None = None) -> Response:
    body: dict[str, object] = {"status": "ok" if ok else "unavailable"}
    if health is not None:
        body["checks"] = [
            {"name": each.name, "ok": each.ok, "count": each.count, "age_seconds": each.age} for each in health.checks
        ]
    response = jsonify(body)
    response.status_code = 200 if ok else 503
    return response
