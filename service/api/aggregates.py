"""`GET /v1/aggregates` and its tables, of published releases only; and the Hub's application."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import Blueprint, Flask, Response, jsonify

from service.api import releases
from service.api.application import UNLIMITED, Front, bare_application
from service.api.feeds import FeedStore
from service.api.feeds import register as register_feeds
from service.api.guard import needs
from service.api.health import register as register_health
from service.api.openapi import Answer, Parameter, tells
from service.api.openapi.answers.releases import MENU, TABLE
from service.api.openapi.parameters import ETAG, KNOWN, SAVED_AS
from service.api.openapi.shapes import QUARTER, TEXT, json
from service.api.released import OffTheMenu, Published, allow, attached, chosen, published, register, sent
from service.api.tokens import TokenReader

blueprint = Blueprint("aggregates", __name__, url_prefix="/v1/aggregates")
_RELEASE = Parameter("release", QUARTER, "Left out: the newest.")
_TABLE = {
    200: Answer(
        "The table.",
        {"application/json": TABLE, "text/csv": TEXT},
        {"ETag": ETAG, "Content-Disposition": SAVED_AS},
    ),
    304: Answer("The asker has it.", headers={"ETag": ETAG, "Content-Disposition": SAVED_AS}),
}


def hub_application(
    published: Published,
    reader: TokenReader,
    today: Callable[[], date],
    front: Front = UNLIMITED,
    feeds: FeedStore | None = None,
) -> Flask:
    """The Hub's application. It is given nothing that can reach the casework side, nor a fact."""
    app = bare_application("wise-bridge-hub", front)
    app.extensions["wise_bridge_tokens"] = reader
    if feeds is not None:
        register_feeds(app, feeds)
    register_health(app, published.answers)
    register(app, published, today)
    app.register_blueprint(blueprint)
    app.register_blueprint(releases.blueprint)
    return app


@blueprint.get("")
@needs("aggregates:read")
@tells({200: json("Tables, axes and releases.", MENU)}, query=())
def menu() -> Response:
    """The fixed menu. It holds no figure and is not noted."""
    allow()
    return jsonify(published().menu())


@blueprint.get("/<asked>")
@needs("aggregates:read")
@tells(_TABLE, query=(_RELEASE,), headers=(KNOWN,))
def table(asked: str) -> Response:
    """One table of one release: by its name as JSON, with `.csv`, or with `.meta.csv` for what its columns are.

    The only parameter is `release`. There are no filters, on purpose: combined, they give people away.
    """
    allow(("release",))
    entry = chosen()
    file = published().table_file(entry, asked)
    if file is None:
        raise OffTheMenu("There is no such table in this release; `tables` lists those there are.", 404)
    response = sent(entry, file, f"aggregates/{file.name}")
    return response if file.name.endswith(".json") else attached(response, entry, file)
