"""`GET /openapi.json`, `/openapi-3.0.json` and `/docs`: what may be asked of this side, for programs and for people.

Open to everybody unless a setting closes them: they hold addresses and forms, and nothing of anybody.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import cache

from flask import Blueprint, Flask, Response, current_app, request

from service.api.guard import unguarded
from service.api.openapi import Answer, tells
from service.api.openapi.document import document
from service.api.openapi.older import older
from service.api.openapi.page import as_page
from service.api.openapi.parameters import ETAG, KNOWN
from service.api.openapi.shapes import FREE, TEXT

blueprint = Blueprint("openapi", __name__)
KEEP = "public, max-age=3600"
MEDIA_TYPE = "application/json"
_TAG = {"ETag": ETAG}
_HAS_IT = Answer("The asker has it.", headers=_TAG)
_DOCUMENT = {200: Answer("The document.", {MEDIA_TYPE: FREE}, _TAG), 304: _HAS_IT}
_PAGE = {200: Answer("The page.", {"text/html": TEXT}, _TAG), 304: _HAS_IT}


def register(app: Flask, *, wanted: bool = True) -> Flask:
    """Adds the three, where the operator wants them. Each is made when first asked for, of the routes there are."""
    if not wanted:
        return app
    made = cache(lambda: document(app))
    app.extensions["wise_bridge_openapi"] = {
        "newer": cache(lambda: _as_bytes(made())),
        "older": cache(lambda: _as_bytes(older(made()))),
        "page": cache(lambda: as_page(made())),
    }
    app.register_blueprint(blueprint)
    return app


@blueprint.get("/openapi.json")
@unguarded
@tells(_DOCUMENT, headers=(KNOWN,))
def get_openapi() -> Response:
    """This document, as OpenAPI 3.1."""
    return _kept(Response(_made("newer"), mimetype=MEDIA_TYPE))


@blueprint.get("/openapi-3.0.json")
@unguarded
@tells(_DOCUMENT, headers=(KNOWN,))
def get_older_openapi() -> Response:
    """The same as OpenAPI 3.0, for tools that read no newer one."""
    return _kept(Response(_made("older"), mimetype=MEDIA_TYPE))


@blueprint.get("/docs")
@unguarded
@tells(_PAGE, headers=(KNOWN,))
def get_docs() -> Response:
    """The same as a page to read, without a script or anything from elsewhere."""
    page: tuple[bytes, str] = current_app.extensions["wise_bridge_openapi"]["page"]()
    response = _kept(Response(page[0], mimetype="text/html"))
    response.headers["Content-Security-Policy"] = page[1]
    return response


def _made(form: str) -> bytes:
    make: Callable[[], bytes] = current_app.extensions["wise_bridge_openapi"][form]
    return make()


def _as_bytes(made: object) -> bytes:
    """In UTF-8 and without surrogates: some tools read JSON as YAML, which knows none."""
    return (json.dumps(made, ensure_ascii=False) + "\n").encode()


def _kept(response: Response) -> Response:
    response.set_etag(hashlib.sha256(response.get_data()).hexdigest())
    response.make_conditional(request)
    response.headers["Cache-Control"] = KEEP
    return response
