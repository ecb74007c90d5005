"""The yardstick: the least a Flask application under gunicorn can do with the same body."""

from __future__ import annotations

from flask import Flask, Response, request


def app() -> Flask:
    """Sends the body back."""
    echo = Flask("echo")

    @echo.post("/echo")
    def back() -> Response:
        return Response(request.get_data(), status=201, mimetype="application/json")

    @echo.get("/health/ready")
    def ready() -> str:
        return "ok"

    return echo
