"""The routes of the protocol: read the request, call the operation, write the answer."""

import hmac
from typing import Any

from flask import Blueprint, Response, jsonify, request

from simulators.kit.bad_days import committed

from . import payload
from .newstep import external_reference
from .operations import Operations
from .refusals import Fault, invalid, not_found

_LARGEST_ID = 2**63 - 1


def api_blueprint(operations: Operations) -> Blueprint:
    """The protocol's routes, without the base path."""
    api = Blueprint("api", __name__)
    _add_readers(api, operations)
    _add_writers(api, operations)
    return api


def authorised(header: str | None, key: str) -> bool:
    """Compared in constant time, so that answering speed tells nothing about the key."""
    scheme, _, given = (header or "").partition(" ")
    same = hmac.compare_digest(given.encode("utf-8", "replace"), key.encode("utf-8"))
    return same and scheme.lower() == "bearer"


def unauthorised() -> Response:
    """A bare 401, as the protocol says."""
    return Response(status=401, headers={"WWW-Authenticate": "Bearer"})


def _add_readers(api: Blueprint, operations: Operations) -> None:
    @api.get("/people/<person>")
    def person(person: str) -> Response:
        return jsonify(operations.person(_number(person)).wire())

    @api.get("/steps")
    def search() -> Response:
        found = operations.search(_reference_asked_for())
        return jsonify({"steps": [step.wire() for step in found]})

    @api.get("/notes")
    def notes() -> Response:
        found = operations.notes(_reference_asked_for())
        return jsonify({"notes": [note.wire() for note in found]})

    @api.get("/steps/<step>")
    def read(step: str) -> Response:
        return jsonify(operations.step(_number(step)).wire())


def _add_writers(api: Blueprint, operations: Operations) -> None:
    @api.post("/steps")
    def create() -> Response:
        return _committed(operations.create(payload.json_body(request)).wire(), 201)

    @api.put("/steps/<step>/answers")
    def answers(step: str) -> Response:
        number, body = _number(step), payload.json_body(request)
        return _committed(operations.replace_answers(number, body).wire(), 200)

    @api.post("/steps/<step>/documents")
    def documents(step: str) -> Response:
        number, upload = _number(step), payload.upload(request)
        return _committed(operations.add_document(number, upload).wire(), 201)

    @api.post("/steps/<step>/complete")
    def complete(step: str) -> Response:
        number, body = _number(step), payload.json_body(request)
        return _committed(operations.complete(number, body).wire(), 200)

    @api.post("/steps/<step>/notes")
    def add_note(step: str) -> Response:
        number, body = _number(step), payload.json_body(request)
        return _committed(operations.add_note(number, body).wire(), 201)


def _committed(content: dict[str, Any], status: int) -> Response:
    """Tell the transport that something is on disk, which is what some knobs and faults wait for."""
    committed()
    answer = jsonify(content)
    answer.status_code = status
    return answer


def _number(written: str) -> int:
    """An id from the path; anything else cannot be a record, so it is simply not found."""
    if not (written.isascii() and written.isdigit()) or len(written) > 19 or written.startswith("0"):
        raise not_found()
    number = int(written)
    if number > _LARGEST_ID:
        raise not_found()
    return number


def _reference_asked_for() -> str:
    reference = request.args.get("externalReference", "")
    code = external_reference(reference)
    if code:
        raise invalid([Fault(code, field="externalReference")])
    return reference
