"""The switches for demos and black-box tests. They are part of no protocol.

Only loopback callers get an answer, and a browser only from the page itself: a web page somebody has open next to
it cannot turn a switch.
"""

import ipaddress
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from .faults import FaultError, Faults
from .pages import careful

_ARGUMENTS = ("name", "times", "on", "after")


def control_blueprint(faults: Faults) -> Blueprint:
    """`/_simulator/`: the page; `/_simulator/faults`: POST sets a fault (JSON or form), DELETE clears them all."""
    control = Blueprint("control", __name__, url_prefix="/_simulator", template_folder="templates")
    control.before_request(own_machine_only)
    control.after_request(careful)

    @control.get("/")
    def switches() -> str:
        return render_template("switches.html", names=faults.names, settings=faults.now(), followed=faults.followed)

    @control.post("/faults")
    def change() -> AnyResponse:
        faults.set(**_arguments())
        return _done()

    @control.delete("/faults")
    @control.post("/faults/clear")
    def clear() -> AnyResponse:
        faults.clear()
        return _done()

    control.register_error_handler(FaultError, _refused)
    return control


def own_machine_only() -> None:
    """Also for switches a simulator adds. Any other name for this machine is a browser sent here by somebody else."""
    loopback = ipaddress.ip_address(request.remote_addr or "0.0.0.0").is_loopback
    by_name = urlsplit(f"//{request.host}").hostname in {"127.0.0.1", "localhost", "::1"}
    origin = request.headers.get("Origin")
    same_page = origin is None or origin == f"{request.scheme}://{request.host}"
    if not (loopback and by_name and same_page):
        abort(403, "Switches are turned on this machine only.")


def _arguments() -> dict[str, Any]:
    """The arguments of `Faults.set`; a form can only send text, and leaves a field empty for "until cleared"."""
    given = request.get_json(silent=True) if request.is_json else _from_form(request.form.to_dict())
    if not isinstance(given, dict) or "name" not in given or set(given) - set(_ARGUMENTS):
        raise FaultError(f"a fault is set with name and perhaps {', '.join(_ARGUMENTS[1:])}")
    return given


def _from_form(form: dict[str, str]) -> dict[str, Any]:
    """The same arguments with numbers read; what is no number is refused with the rest."""
    numbers = {name: form[name] for name in ("times", "after") if name in form}
    return {**form, **{name: _number(written) for name, written in numbers.items()}}


def _number(written: str) -> int | str | None:
    return int(written) if written.isdecimal() and len(written) < 10 else written or None


def _done() -> AnyResponse:
    """Back to the page for those who came from it."""
    from_page = not request.is_json and request.method == "POST"
    return redirect("/_simulator/", 303) if from_page else jsonify({"changed": True})


def _refused(error: FaultError) -> tuple[Response, int]:
    return jsonify({"code": "FAULT", "message": str(error)}), 422
