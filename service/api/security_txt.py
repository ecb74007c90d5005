"""`GET /.well-known/security.txt` (RFC 9116): whom to tell of a weakness. Not there where no address is set."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Blueprint, Flask, Response, current_app

from service.api.guard import unguarded
from service.api.openapi import Answer, tells
from service.api.openapi.shapes import TEXT

blueprint = Blueprint("security_txt", __name__)
HOLDS = timedelta(days=180)
"""The form asks for less than a year, after which the reader looks again."""


def register(app: Flask, contact: str) -> None:
    """`contact` is an address such as mailto:security@bridge.example, or several with commas."""
    app.extensions["wise_bridge_security_contact"] = [each.strip() for each in contact.split(",") if each.strip()]
    if app.extensions["wise_bridge_security_contact"]:
        app.register_blueprint(blueprint)


@blueprint.get("/.well-known/security.txt")
@unguarded
@tells({200: Answer("Contacts, and until when they hold.", {"text/plain": TEXT})})
def security_txt() -> Response:
    """Contacts in the order in which they should be tried."""
    expires = (datetime.now(UTC) + HOLDS).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [f"Contact: {each}" for each in current_app.extensions["wise_bridge_security_contact"]]
    lines += [f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}", "Preferred-Languages: en"]
    return Response("\n".join(lines) + "\n", mimetype="text/plain")
