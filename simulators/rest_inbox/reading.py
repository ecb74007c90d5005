"""What the body of a request must look like, before anybody asks what it means."""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from simulators.restful.forms import is_date

from .model import RECORD, REVIEW_TASK, WITHDRAWAL, Wire
from .refusals import malformed

REFERENCE = re.compile(r"[A-Za-z0-9-]{4,64}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
Check = Callable[[Any], bool]


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def _is_day(value: Any) -> bool:
    return isinstance(value, str) and is_date(value)


def _is_whole(value: Any) -> bool:
    return type(value) is int and value >= 0


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _is_digest(value: Any) -> bool:
    return isinstance(value, str) and bool(_SHA256.fullmatch(value))


def _or_null(check: Check) -> Check:
    return lambda value: value is None or check(value)


def _is_answer(value: Any) -> bool:
    if not isinstance(value, dict) or not {"code", "row", "value"} <= value.keys():
        return False
    row = value["row"] is None or type(value["row"]) is int
    return row and isinstance(value["code"], str) and isinstance(value["value"], str)


def _are_answers(value: Any) -> bool:
    return isinstance(value, list) and all(_is_answer(each) for each in value)


_DOCUMENT: Mapping[str, Check] = {
    **dict.fromkeys(("name", "title", "type"), _is_text),
    "sha256": _is_digest,
    "content": lambda value: isinstance(value, str),
}


def _is_document(value: Any) -> bool:
    return isinstance(value, dict) and not _wrong(value, _DOCUMENT)


_EVERY: Mapping[str, Check] = {
    **dict.fromkeys(("reference", "authority", "child_id"), _is_text),
    "content_sha256": _is_digest,
}
_KINDS: Mapping[str, Mapping[str, Check]] = {
    RECORD: {
        **_EVERY,
        **dict.fromkeys(("record_type", "form"), _is_text),
        "date_of_birth": _or_null(_is_day),
        "age": _or_null(_is_whole),
        **dict.fromkeys(("age_as_at", "completed_on"), _is_day),
        "restricted": _is_flag,
        "replaces": _or_null(_is_text),
        "answers": _are_answers,
        "document": _or_null(_is_document),
    },
    REVIEW_TASK: {**_EVERY, **dict.fromkeys(("task", "team", "text"), _is_text), "due_on": _is_day},
    WITHDRAWAL: {**_EVERY, **dict.fromkeys(("number", "text"), _is_text)},
}


def read(raw: bytes, reference: str) -> tuple[Wire, bytes | None]:
    """The item of a body, and the bytes of its document. Raises `NotKept` for anything that is not one."""
    body = _json(raw)
    wanted = _KINDS.get(str(body.get("kind")), {})
    if wrong := _wrong(body, wanted) if wanted else ["kind"]:
        raise malformed(f"Missing or of another shape: {', '.join(wrong)}.")
    if body["reference"] != reference:
        raise malformed("The reference is not that of the address.")
    if body["kind"] == RECORD and body["date_of_birth"] is None and body["age"] is None:
        raise malformed("Date of birth and age must not both be null.")
    if body["content_sha256"] != digest(body):
        raise malformed("content_sha256 is not that of the content.")
    return _apart(body)


def digest(body: Wire) -> str:
    """As the page reckons it: without itself, and a document by its own."""
    counted = {name: value for name, value in body.items() if name != "content_sha256"}
    if body["kind"] == RECORD and body["document"] is not None:
        counted["document"] = counted["document"]["sha256"]
    canonical = json.dumps(counted, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    try:
        return hashlib.sha256(canonical.encode("utf-8")).hexdigest()
    except UnicodeEncodeError:
        raise malformed("There is half a character in it.") from None


def _json(raw: bytes) -> Wire:
    try:
        body = json.loads(raw, object_pairs_hook=_no_duplicates)
    except (ValueError, RecursionError):
        raise malformed("The body is not JSON.") from None
    if not isinstance(body, dict):
        raise malformed("The body is not an object.")
    return body


def _no_duplicates(pairs: list[tuple[str, Any]]) -> Wire:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _wrong(body: Wire, wanted: Mapping[str, Check]) -> list[str]:
    return [name for name, check in wanted.items() if name not in body or not check(body[name])]


def _apart(body: Wire) -> tuple[Wire, bytes | None]:
    """The bytes are kept once, and not as text."""
    document = body.get("document")
    if document is None:
        return body, None
    try:
        content = base64.b64decode(document["content"], validate=True)
    except binascii.Error:
        raise malformed("The document's content is not base64.") from None
    if hashlib.sha256(content).hexdigest() != document["sha256"]:
        raise malformed("The document's sha256 is not that of its content.")
    kept = {name: value for name, value in document.items() if name != "content"}
    return {**body, "document": kept}, content
