"""Mosaic's own switches, beside those every simulator has. They are not part of the protocol.

They are turned with a JSON content type only: a web page somebody has open in a browser cannot
send that here without the browser asking first.
"""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from simulators.kit.control import own_machine_only

from .knobs import KnobError, Knobs
from .payload import json_body


def knobs_blueprint(knobs: Knobs) -> Blueprint:
    """`/_simulator/knobs`: POST changes the named knobs, DELETE puts all of them back."""
    control = Blueprint("knobs", __name__, url_prefix="/_simulator")
    control.before_request(own_machine_only)

    @control.post("/knobs")
    def change() -> Response:
        knobs.set(_object(json_body(request)))
        return jsonify({"changed": True})

    @control.delete("/knobs")
    def reset() -> Response:
        knobs.reset()
        return jsonify({"changed": True})

    control.register_error_handler(KnobError, _unknown_knob)
    return control


def _object(body: Any) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise KnobError("knobs are set with a JSON object")
    return body


def _unknown_knob(error: Exception) -> tuple[dict[str, str], int]:
    return {"code": "KNOB", "message": str(error)}, 422
