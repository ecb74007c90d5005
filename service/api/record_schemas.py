"""`GET /v1/schemas` and `/v1/schemas/{record type}/{edition}.json`: what a record looks like. Open to everybody."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from flask import Blueprint, Flask, Response, current_app, jsonify, request, url_for

from service.api.guard import unguarded
from service.api.openapi import Answer, tells
from service.api.openapi.answers.open import SCHEMAS
from service.api.openapi.parameters import ETAG, KNOWN
from service.api.openapi.shapes import FREE, json
from service.errors import NotThere

MEDIA_TYPE = "application/schema+json"
_TAG = {"ETag": ETAG}
KEEP = "public, max-age=3600"
"""A schema is about nobody, so it may be kept; for an hour, so that a corrected one arrives the same day."""

blueprint = Blueprint("schemas", __name__, url_prefix="/v1/schemas")


@dataclass(frozen=True)
class Published:
    """A schema as it is sent."""

    body: bytes
    etag: str


def register(app: Flask, schemas: Callable[[], Mapping[tuple[str, str], bytes]]) -> None:
    """Adds both; `schemas` gives JSON documents by record type and edition, in the order in which to list them.

    It is called when somebody first asks: making them takes a second that no start of the service should wait for.
    """
    app.extensions["wise_bridge_schemas"] = cache(lambda: _published(schemas()))
    app.register_blueprint(blueprint)


def _published(schemas: Mapping[tuple[str, str], bytes]) -> Mapping[tuple[str, str], Published]:
    return {key: Published(body, hashlib.sha256(body).hexdigest()) for key, body in schemas.items()}


@blueprint.get("")
@unguarded
@tells({200: json("Their addresses.", SCHEMAS)})
def list_schemas() -> Response:
    """All there are, with the address of each."""
    return _kept(jsonify({"schemas": [_listed(record_type, edition) for record_type, edition in _schemas()]}))


@blueprint.get("/<record_type>/<edition>.json")
@unguarded
@tells(
    {200: Answer("The schema.", {MEDIA_TYPE: FREE}, _TAG), 304: Answer("The asker has it.", headers=_TAG)},
    headers=(KNOWN,),
)
def get_schema(record_type: str, edition: str) -> Response:
    """One schema, or 304 when the asker has it."""
    found = _schemas().get((record_type, edition))
    if found is None:
        raise NotThere("There is no such schema. See /v1/schemas for those there are.")
    response = Response(found.body, mimetype=MEDIA_TYPE)
    response.set_etag(found.etag)
    response.make_conditional(request)
    return _kept(response)


def _schemas() -> Mapping[tuple[str, str], Published]:
    found: Mapping[tuple[str, str], Published] = current_app.extensions["wise_bridge_schemas"]()
    return found


def _listed(record_type: str, edition: str) -> dict[str, str]:
    address = url_for("schemas.get_schema", record_type=record_type, edition=edition)
    return {"record_type": record_type, "edition": edition, "url": address}


def _kept(response: Response) -> Response:
    response.headers["Cache-Control"] = KEEP
    return response
