"""The control route for demos and black-box tests. It is not part of the protocol.

Only loopback callers get an answer, and only with a JSON content type: a web page somebody has
open in a browser cannot send that here without the browser asking first.
"""

import ipaddress
from typing import Any

from flask import Blueprint, Response, jsonify, request

from .knobs import KnobError, Knobs
from .payload import json_body
from .refusals import Refusal


def control_blueprint(knobs: Knobs) -> Blueprint:
    """`/_simulator/knobs`: POST changes the named knobs, DELETE puts all of them back."""
    control = Blueprint("control", __name__, url_prefix="/_simulator")
    control.before_request(_loopback_only)

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


def _loopback_only() -> None:
    if not ipaddress.ip_address(request.remote_addr or "0.0.0.0").is_loopback:
        raise Refusal(403, "NO_PERMISSION", "Knobs are turned on this machine only.")


def _unknown_knob(error: Exception) -> tuple[dict[str, str], int]:
    return {"code": "KNOB", "message": str(error)}, 422
