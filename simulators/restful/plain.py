"""The plain dialect: paths, property names, state words and codes as the product has them."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from simulators.kit.bad_days import committed

from .model import Entity, Note, Record, Task, etag
from .names import Names
from .operations import Operations
from .refusals import Refusal, bad_request
from .requests_in import check_if_match, json_body

BASE = "/api"
_PAGE = 100


def plain_blueprint(operations: Operations, names: Names) -> Blueprint:
    """The routes under the base path."""
    api = Blueprint("api", __name__, url_prefix=BASE)
    writing = _Writing(names)
    _add_readers(api, operations, names, writing)
    _add_records(api, operations, names, writing)
    _add_documents(api, operations, names, writing)
    _add_tasks_and_notes(api, operations, names, writing)
    return api


class _Writing:
    """Entities, lists and refusals under the product's names."""

    def __init__(self, names: Names) -> None:
        self._names = names

    def one(self, entity: Entity, status: int = 200, where: str = "") -> Response:
        answer = jsonify(self._names.outwards(entity.wire()))
        answer.status_code = status
        if isinstance(entity, Record | Task | Note):
            answer.headers["ETag"] = _tag(entity)
        if where:
            answer.headers["Location"] = f"{BASE}/{where}/{entity.id}"
        return answer

    def some(self, entities: Sequence[Entity]) -> Response:
        """A page of a list; the address of the next one stands beside it."""
        skip = _number(request.args.get("skip", "0"))
        page = [entity.wire() | _own_tag(entity) for entity in entities[skip : skip + _PAGE]]
        more = f"{request.base_url}?{_and_skip(skip + _PAGE)}" if len(entities) > skip + _PAGE else None
        return jsonify(self._names.outwards({"items": page, "next": more}))

    def refusal(self, refusal: Refusal) -> Response:
        body: dict[str, Any] = {"code": self._names.code(refusal.code), "message": refusal.message, **refusal.more}
        if "state" in body:
            body["state"] = self._names.word(body["state"])
        if refusal.faults:
            body["details"] = [self._detail(fault.code, fault.target) for fault in refusal.faults]
        answer = jsonify(body)
        answer.status_code = refusal.status
        return answer

    def _detail(self, code: str, target: str) -> dict[str, str]:
        return {"code": self._names.code(code), "field": self._names.target(target), "message": "Refused."}


def _add_readers(api: Blueprint, operations: Operations, names: Names, writing: _Writing) -> None:
    api.register_error_handler(Refusal, writing.refusal)
    api.register_error_handler(HTTPException, _other_error)

    @api.get(f"/{names.path('people')}")
    def people() -> Response:
        child_id = _asked_for(names, "childId")
        return writing.some([person for person in operations.people() if person.child_id == child_id])

    @api.get(f"/{names.path('people')}/<person_id>")
    def person(person_id: str) -> Response:
        return writing.one(_by_id(operations.people(), person_id))

    @api.get(f"/{names.path('records')}/<record_id>")
    def record(record_id: str) -> Response:
        return writing.one(operations.record(record_id))

    _add_searches(api, operations, names, writing)


def _add_searches(api: Blueprint, operations: Operations, names: Names, writing: _Writing) -> None:
    kinds = {"records": operations.records, "tasks": operations.tasks, "notes": operations.notes}
    for kind, held in kinds.items():

        def search(held: Any = held) -> Response:
            reference = _asked_for(names, "reference")
            return writing.some([entity for entity in held() if entity.reference == reference])

        api.add_url_rule(f"/{names.path(kind)}", f"search_{kind}", search, methods=["GET"])


def _add_records(api: Blueprint, operations: Operations, names: Names, writing: _Writing) -> None:
    path = names.path("records")

    @api.post(f"/{path}")
    def open_record() -> Response:
        record = operations.open(names.inwards(json_body(request)))
        committed()
        return writing.one(record, 201, path)

    @api.route(f"/{path}/<record_id>", methods=[names.method])
    def change(record_id: str) -> Response:
        operations.record(record_id)
        body, whole = names.inwards(json_body(request)), names.method == "PUT"
        record = operations.change(record_id, body, lambda seen: check_if_match(request, _tag(seen)), whole=whole)
        committed()
        return writing.one(record)


def _add_documents(api: Blueprint, operations: Operations, names: Names, writing: _Writing) -> None:
    path = f"/{names.path('records')}/<record_id>/{names.path('documents')}"

    @api.post(path)
    def attach(record_id: str) -> Response:
        operations.record(record_id)
        fields, content = _upload(names)
        document = operations.attach(fields | {"recordId": record_id}, content)
        committed()
        return writing.one(document, 201, f"{names.path('records')}/{record_id}/{names.path('documents')}")

    @api.get(f"{path}/<document_id>/content")
    def content(record_id: str, document_id: str) -> Response:
        return Response(operations.document(document_id, record_id).content, mimetype="application/octet-stream")


def _add_tasks_and_notes(api: Blueprint, operations: Operations, names: Names, writing: _Writing) -> None:
    @api.post(f"/{names.path('tasks')}")
    def add_task() -> Response:
        task = operations.add_task(names.inwards(json_body(request)))
        committed()
        return writing.one(task, 201, names.path("tasks"))

    @api.post(f"/{names.path('notes')}")
    def add_note() -> Response:
        note = operations.add_note(names.inwards(json_body(request)))
        committed()
        return writing.one(note, 201, names.path("notes"))

    @api.get(f"/{names.path('tasks')}/<task_id>")
    def task(task_id: str) -> Response:
        return writing.one(_by_id(operations.tasks(), task_id))

    @api.get(f"/{names.path('notes')}/<note_id>")
    def note(note_id: str) -> Response:
        return writing.one(_by_id(operations.notes(), note_id))


def _upload(names: Names) -> tuple[dict[str, Any], bytes]:
    """The parts of a multipart body under the default names."""
    if request.mimetype != "multipart/form-data":
        raise Refusal(415, "UNSUPPORTED_MEDIA_TYPE", "The body must be multipart/form-data.")
    file = request.files.get(names.name("file"))
    if file is None:
        raise bad_request("The body lacks the part with the file.")
    return {**names.inwards(request.form.to_dict()), "name": file.filename or "", "content": ""}, file.read()


def _asked_for(names: Names, name: str) -> str:
    value = request.args.get(names.name(name))
    if not value:
        raise bad_request("A search names what it searches for.")
    return value


def _by_id(entities: Sequence[Entity], wanted: str) -> Entity:
    found = next((entity for entity in entities if entity.id == wanted), None)
    if found is None:
        raise Refusal(404, "NOT_FOUND", "There is no such entry.")
    return found


def _own_tag(entity: Entity) -> dict[str, str]:
    return {"etag": _tag(entity)} if isinstance(entity, Record | Task | Note) else {}


def _tag(entity: Entity) -> str:
    return f'"{etag(entity)}"'


def _number(written: str) -> int:
    if not written.isdecimal() or len(written) > 9:
        raise bad_request("skip is no number.")
    return int(written)


def _and_skip(skip: int) -> str:
    kept = request.query_string.decode("ascii", "replace").split("&")
    return "&".join([part for part in kept if not part.startswith("skip=")] + [f"skip={skip}"])


def _other_error(error: HTTPException) -> Response:
    """Methods and limits the framework itself refuses."""
    answer = jsonify({"code": "NOT_FOUND" if error.code == 404 else "BAD_REQUEST", "message": error.name})
    answer.status_code = error.code or 500
    return answer
