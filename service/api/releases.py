"""`GET /v1/releases`, `/v1/releases/{quarter}` and its files: everything of a release at once, for the Hub."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, url_for

from service.api.guard import needs
from service.api.openapi import Answer, tells
from service.api.openapi.answers.releases import RELEASE, RELEASES
from service.api.openapi.parameters import ETAG, KNOWN, SAVED_AS
from service.api.openapi.shapes import BYTES, FREE, TEXT, json
from service.api.released import Entry, OffTheMenu, allow, attached, named, next_release_day, published, sent

blueprint = Blueprint("releases", __name__, url_prefix="/v1/releases")
_TAG = {"ETag": ETAG}
_RELEASE = {200: json("The release.", RELEASE, ETag=ETAG), 304: Answer("The asker has it.", headers=_TAG)}
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_KINDS = {_XLSX: BYTES, "application/zip": BYTES, "text/csv": TEXT, "application/json": FREE}
_SAVED = _TAG | {"Content-Disposition": SAVED_AS}
_FILE = {200: Answer("The file.", _KINDS, _SAVED), 304: Answer("The asker has it.", headers=_SAVED)}


@blueprint.get("")
@needs("aggregates:read")
@tells({200: json("All of them.", RELEASES)}, query=())
def list_releases() -> Response:
    """Every release, the newest first, and when the next one may come. It holds no figure and is not noted."""
    allow()
    listed = [_listed(each) for each in published().releases()]
    return jsonify({"releases": listed, "next_release_day": next_release_day().isoformat()})


@blueprint.get("/<quarter>")
@needs("aggregates:read")
@tells(_RELEASE, query=(), headers=(KNOWN,))
def get_release(quarter: str) -> Response:
    """What one release counts, whom it leaves out, and its tables."""
    allow()
    entry = named(quarter)
    return sent(entry, published().about(entry), "releases/release.json")


@blueprint.get("/<quarter>/<file>")
@needs("aggregates:read")
@tells(_FILE, query=(), headers=(KNOWN,))
def get_file(quarter: str, file: str) -> Response:
    """One file with all of a release."""
    allow()
    entry = named(quarter)
    found = published().whole_file(entry, file)
    if found is None:
        raise OffTheMenu("There is no such file; `files` lists those there are.", 404)
    return attached(sent(entry, found, f"releases/{found.name}"), entry, found)


def _listed(entry: Entry) -> dict[str, object]:
    links = {name: url_for(".get_file", quarter=entry.quarter, file=name) for name in published().whole_files()}
    return {
        "quarter": entry.quarter,
        "number": entry.number,
        "digest": entry.digest,
        "published_on": entry.published_on.isoformat(),
        "catalogue": entry.catalogue,
        "links": {"self": url_for(".get_release", quarter=entry.quarter), **links},
    }
