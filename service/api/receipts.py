"""`GET /.well-known/wise-bridge-receipts.json`: the keys that check our receipts."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from service.api.guard import unguarded
from service.api.openapi import tells
from service.api.openapi.answers.open import KEYS
from service.api.openapi.shapes import json
from service.api.services import services

blueprint = Blueprint("receipts", __name__)


@blueprint.get("/.well-known/wise-bridge-receipts.json")
@unguarded
@tells({200: json("The key in use, then those before it.", KEYS)})
def get_receipt_keys() -> Response:
    """A JSON Web Key Set (RFC 7517). Public keys are for everybody."""
    return jsonify(services().receipts.public)
