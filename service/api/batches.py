"""`POST /v1/batches`: up to 500 records at once, each judged and kept by itself, answered in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from flask import Blueprint, Response, jsonify, request

from service.api.guard import caller, needs
from service.api.intake import accept, receipt
from service.api.limits import charge
from service.api.openapi import ANYTHING, Body, Parameter, tells
from service.api.openapi.answers.records import BATCH
from service.api.openapi.shapes import TEXT, json
from service.api.parsing import BODY_MAX, body_bytes, parse_json, parse_object
from service.api.services import services
from service.domain.codes import RECORD_TYPES
from service.errors import Conflict, Invalid, Malformed, Refused, TooLarge, Unavailable

blueprint = Blueprint("batches", __name__, url_prefix="/v1")

ITEMS_MAX = 500
BATCH_MAX = 16 * BODY_MAX
_KEY_MAX = 64
_LINES = "application/x-ndjson"
_LISTS = {"type": "array", "items": ANYTHING, "minItems": 1, "maxItems": ITEMS_MAX}
_BODY = Body(
    lambda: {"Batch": {"anyOf": [_LISTS, {"type": "object", "properties": {"items": _LISTS}, "required": ["items"]}]}},
    also={_LINES: TEXT | {"description": "One record a line."}},
    refused=(400, 413, 415),
)
_KEY = Parameter(
    "Idempotency-Key",
    TEXT | {"maxLength": _KEY_MAX, "pattern": "^[ -~]*$"},
    "Yours for this batch. The same key with other content is a conflict.",
    place="header",
)

Item = Callable[[], tuple[dict[str, Any], bytes]]
"""Reads one item, and the bytes it came in: its line, or the whole list; raises `Refused` when it is not readable."""


@blueprint.post("/batches")
@needs("records:write", shows_receipts=True)
@tells({200: json("What became of each item, in their order.", BATCH)}, headers=(_KEY,), body=_BODY, problems=(409,))
def post_batch() -> Response:
    """Takes each record or says what is wrong with it. One bad item never spoils the others.

    The same `Idempotency-Key` with other content is a conflict; with the same content each item is a replay.
    """
    request.max_content_length = BATCH_MAX
    raw = body_bytes(request, "application/json", _LINES, limit=BATCH_MAX)
    items = _items(raw)
    _note(raw, len(items))
    charge(caller().client_id, len(items) - 1)
    results = [_result(index, item) for index, item in enumerate(items)]
    return jsonify({"items": results, "counts": _counts(results)})


def _items(raw: bytes) -> list[Item]:
    items = list(_lines(raw) if request.mimetype == _LINES else _listed(raw))
    if not 0 < len(items) <= ITEMS_MAX:
        raise TooLarge(f"This batch has {len(items):,} records; it takes 1 to {ITEMS_MAX}. Split it.")
    return items


def _lines(raw: bytes) -> Iterator[Item]:
    """A line of its own for each record. A line that cannot be read is that item's affair."""
    for line in raw.split(b"\n"):
        if line.strip():
            yield partial(_line, line)


def _line(line: bytes) -> tuple[dict[str, Any], bytes]:
    if len(line) > BODY_MAX:
        raise TooLarge(f"A record may have up to {BODY_MAX:,} bytes.")
    return parse_object(line), line


def _listed(raw: bytes) -> Iterator[Item]:
    value = parse_json(raw)
    if isinstance(value, dict):
        value = value.get("items")
    if not isinstance(value, list):
        raise Malformed('Send {"items": [record, …]}, or one record a line as application/x-ndjson.')
    for item in value:
        yield partial(_object, item, raw)


def _note(raw: bytes, items: int) -> None:
    """Keeps what this batch was, so that its key cannot stand for another."""
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return
    if len(key) > _KEY_MAX or not key.isascii() or not key.isprintable():
        raise Malformed(f"`Idempotency-Key` has up to {_KEY_MAX} printable characters.")
    authority = caller().authority
    digest = services().digest(authority, raw)
    with services().casework.transaction(authority) as tx:
        if tx.batches.note(key, digest, items) != digest:
            raise Conflict("That idempotency key was used for another batch. Use a new one.")


def _result(index: int, item: Item) -> dict[str, Any]:
    """What became of one item, as its own route would have answered."""
    try:
        record, raw = item()
        received = accept(record, _record_type(record), raw)
    except Refused as error:
        return {"index": index, "status": error.status, "problem": _problem(error)}
    except Unavailable as error:
        detail = f"{error.detail} This item was not kept; send it again."
        return {"index": index, "status": 503, "problem": {"type": "unavailable", "detail": detail}}
    return {"index": index, "status": 200 if received.replayed else 201, "receipt": receipt(received)}


def _object(record: Any, raw: bytes) -> tuple[dict[str, Any], bytes]:
    if not isinstance(record, dict):
        raise Malformed("This item is not a JSON object.")
    return record, raw


def _record_type(record: dict[str, Any]) -> str:
    said = record.get("record_type")
    if said not in RECORD_TYPES:
        raise Invalid(f"`/record_type` is one of: {', '.join(RECORD_TYPES)}.")
    return str(said)


def _problem(error: Refused) -> dict[str, Any]:
    faults = [fault.as_dict() for fault in error.faults]
    return {"type": error.type, "title": error.title, "detail": error.detail} | ({"errors": faults} if faults else {})


def _counts(results: list[dict[str, Any]]) -> dict[str, int]:
    by_status = [result["status"] for result in results]
    kept, replayed = by_status.count(201), by_status.count(200)
    return {"received": kept, "replayed": replayed, "refused": len(results) - kept - replayed}
