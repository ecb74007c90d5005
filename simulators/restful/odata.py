"""The OData 4 dialect, answering as SAP CAP does where the standard leaves it open."""

import base64
import binascii
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from simulators.kit.bad_days import committed

from .model import Entity, Note, Record, Task, etag
from .odata_query import Query, read_query
from .operations import Operations
from .refusals import Refusal, bad_request, not_found, refused
from .requests_in import check_if_match, json_body
from .shape import is_guid

BASE = "/odata/v4/social-care"
_PAGE = 100
_METADATA = Path(__file__).parent / "metadata.xml"
_OWN_STATUS = {400, 401, 404, 405, 412, 415, 428}
_BASE64URL = re.compile(r"[A-Za-z0-9_-]*={0,2}")

Reader = Callable[[], Sequence[Entity]]


def odata_blueprint(operations: Operations) -> Blueprint:
    """The service: documents of its own, entity sets, and what can be changed."""
    api = Blueprint("api", __name__, url_prefix=BASE)
    api.register_error_handler(Refusal, _refusal)
    api.register_error_handler(HTTPException, _other_error)
    api.after_request(_headers)
    _add_service(api)
    _add_readers(api, operations)
    _add_writers(api, operations)
    return api


def _add_service(api: Blueprint) -> None:
    @api.get("/")
    def service() -> Response:
        sets = ("People", "Records", "Documents", "Tasks", "Notes")
        return jsonify({"@odata.context": "$metadata", "value": [{"name": name, "url": name} for name in sets]})

    @api.get("/$metadata")
    def metadata() -> Response:
        return Response(_METADATA.read_bytes(), mimetype="application/xml")


def _add_readers(api: Blueprint, operations: Operations) -> None:
    def documents() -> list[Entity]:
        return [document for record in operations.records() for document in record.documents]

    readers: dict[str, Reader] = {
        "People": operations.people,
        "Records": operations.records,
        "Documents": documents,
        "Tasks": operations.tasks,
        "Notes": operations.notes,
    }
    for name, held in readers.items():
        _add_reader(api, name, held)

    @api.get("/Documents(<key>)/content")
    def content(key: str) -> Response:
        return Response(operations.document(_key(key)).content, mimetype="application/pdf")


def _add_reader(api: Blueprint, name: str, held: Reader) -> None:
    def some() -> Response:
        return _some(name, held(), read_query(request.args, name == "Records"))

    def one(key: str) -> Response:
        wanted, query = _key(key), read_query(request.args, name == "Records")
        entity = next((entity for entity in held() if entity.id == wanted), None)
        if entity is None:
            raise not_found()
        return _one(name, entity, query)

    api.add_url_rule(f"/{name}", f"list_{name}", some, methods=["GET"])
    api.add_url_rule(f"/{name}(<key>)", f"read_{name}", one, methods=["GET"])


def _add_writers(api: Blueprint, operations: Operations) -> None:
    makers: dict[str, Callable[[Any], Entity]] = {
        "Records": operations.open,
        "Tasks": operations.add_task,
        "Notes": operations.add_note,
        "Documents": lambda body: operations.attach(body, _content(body)),
    }
    for name, make in makers.items():
        _add_maker(api, name, make)

    @api.patch("/Records(<key>)")
    def change(key: str) -> Response:
        wanted, body = _key(key), json_body(request)
        _check_there(operations, wanted)
        record = operations.change(wanted, body, lambda seen: check_if_match(request, _tag(seen)))
        committed()
        return _written("Records", record, 200)


def _add_maker(api: Blueprint, name: str, make: Callable[[Any], Entity]) -> None:
    def create() -> Response:
        entity = make(json_body(request))
        committed()
        answer = _written(name, entity, 201)
        answer.headers["Location"] = f"{name}({entity.id})"
        return answer

    api.add_url_rule(f"/{name}", f"create_{name}", create, methods=["POST"])


def _check_there(operations: Operations, key: str) -> None:
    """If-Match on what does not exist is a precondition that fails; without it, a precondition is missing."""
    try:
        operations.record(key)
    except Refusal:
        check_if_match(request, "")
        raise


def _content(body: Any) -> bytes:
    """The bytes of base64url with its padding; other alphabets are not OData's."""
    written = body.get("content") if isinstance(body, dict) else None
    if not isinstance(written, str):
        raise bad_request("content must be text in base64url.")
    if not _BASE64URL.fullmatch(written):
        raise refused("WRONG_TYPE", "content")
    try:
        return base64.urlsafe_b64decode(written)
    except binascii.Error:
        raise refused("WRONG_TYPE", "content") from None


def _some(name: str, entities: Sequence[Entity], query: Query) -> Response:
    found = [entity for entity in entities if query.wanted(entity.wire())]
    size = min(_PAGE, _PAGE if query.top is None else query.top)
    page = found[query.skip : query.skip + size]
    body: dict[str, Any] = {"@odata.context": f"$metadata#{name}"}
    if query.count:
        body["@odata.count"] = len(found)
    body["value"] = [query.shown(entity.wire()) | _own_tag(entity) for entity in page]
    if query.top is None and len(found) > query.skip + _PAGE:
        body["@odata.nextLink"] = f"{name}?{_and_skip(query.skip + _PAGE)}"
    return jsonify(body)


def _one(name: str, entity: Entity, query: Query, status: int = 200) -> Response:
    head = {"@odata.context": f"$metadata#{name}/$entity"} | _own_tag(entity)
    answer = jsonify(head | query.shown(entity.wire()))
    answer.status_code = status
    return _tagged(answer, entity)


def _written(name: str, entity: Entity, status: int) -> Response:
    """What was made or changed, or, for callers that prefer so, only where it is."""
    preferred = next((part for part in ("return=minimal", "return=representation") if part in _preferences()), None)
    if preferred == "return=minimal":
        answer = _tagged(Response(status=204), entity)
        answer.headers["OData-EntityId"] = f"{name}({entity.id})"
    else:
        answer = _one(name, entity, Query(), status)
    if preferred:
        answer.headers["Preference-Applied"] = preferred
    return answer


def _preferences() -> set[str]:
    return {part.strip() for part in request.headers.get("Prefer", "").replace(";", ",").split(",")}


def _tagged(answer: Response, entity: Entity) -> Response:
    if isinstance(entity, Record | Task | Note):
        answer.headers["ETag"] = _tag(entity)
    return answer


def _own_tag(entity: Entity) -> dict[str, str]:
    return {"@odata.etag": _tag(entity)} if isinstance(entity, Record | Task | Note) else {}


def _tag(entity: Entity) -> str:
    return f'W/"{etag(entity)}"'


def _key(written: str) -> str:
    if not is_guid(written):
        raise not_found()
    return written.lower()


def _and_skip(skip: int) -> str:
    kept = request.query_string.decode("ascii", "replace").split("&")
    return "&".join([part for part in kept if part and "skiptoken=" not in part] + [f"$skiptoken={skip}"])


def _headers(answer: Response) -> Response:
    answer.headers["OData-Version"] = "4.0"
    return answer


def _refusal(refusal: Refusal) -> Response:
    """OData knows no 423, and one fault needs no details."""
    status = 409 if refusal.status == 423 else refusal.status
    error: dict[str, Any] = {"code": str(status) if status in _OWN_STATUS else refusal.code, "message": refusal.message}
    details = [{"code": fault.code, "message": "Refused.", "target": fault.target} for fault in refusal.faults]
    if len(details) == 1:
        error = details[0]
    elif details:
        error |= {"code": "MULTIPLE_ERRORS", "target": None, "details": details}
    error |= {f"@case.{name}": value for name, value in refusal.more.items()}
    answer = jsonify({"error": error})
    answer.status_code = status
    return answer


def _other_error(error: HTTPException) -> Response:
    answer = jsonify({"error": {"code": str(error.code), "message": error.name}})
    answer.status_code = error.code or 500
    return answer
