"""`GET /.well-known/wise-bridge-receipts.json`: the keys that check our receipts."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from service.api.guard import unguarded
from service.api.services import services

blueprint = Blueprint("receipts", __name__)


@blueprint.get("/.well-known/wise-bridge-receipts.json")
@unguarded
def get_receipt_keys() -> Response:
    """A JSON Web Key Set (RFC 7517). Public keys are for everybody."""
    return jsonify(services().receipts.public)
