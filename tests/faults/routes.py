"""The receiver's interface: docs/protocols/generic-rest.md in plain JSON, below /<authority>/api."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

from tests.faults.holdings import Holdings, Record, Wire

BORN = "2010-05-02"
"""Every person's date of birth: any child id is somebody here."""


@dataclass(frozen=True)
class Asked:
    """A request. `place` are the segments behind /<authority>/api."""

    method: str
    authority: str
    place: tuple[str, ...]
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def writes(self) -> bool:
        """Whether it could change something."""
        return self.method in ("POST", "PATCH", "PUT")

    @property
    def finishes(self) -> bool:
        """Whether it is the last step of a record."""
        return self.method in ("PATCH", "PUT") and b'"complete"' in self.body


@dataclass(frozen=True)
class Answered:
    """An answer; `raw` stands instead of JSON. `None` for a body means none at all."""

    status: int
    body: Wire | None = None
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    kind: str = "application/json"


def read_asked(method: str, target: str, headers: dict[str, str], body: bytes) -> Asked:
    """From the request line on."""
    parts = urlsplit(target)
    authority, _, *place = [unquote(part) for part in parts.path.strip("/").split("/")] + [""] * 2
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    return Asked(method, authority, tuple(part for part in place if part), query, headers, body)


def answer(asked: Asked, held: Holdings, key: str) -> Answered:
    """What a truthful system says and does."""
    if asked.headers.get("x-api-key") != key:
        return refusal(401, "NOT_SIGNED_IN")
    match asked.method, *asked.place:
        case "GET", "people":
            return Answered(200, {"items": [_person(asked.query["childId"])]})
        case "GET", "records":
            found = held.by_reference.get(asked.query["reference"], [])
            return Answered(200, {"items": [{**each.wire(), "etag": _tag(each)} for each in found]})
        case "GET", ("tasks" | "notes") as collection:
            kept = [each for each in held.kept[collection] if each["reference"] == asked.query["reference"]]
            return Answered(200, {"items": kept})
        case "POST", "records":
            return _shown(held.open(json.loads(asked.body)), 201)
        case "POST", ("tasks" | "notes") as collection:
            return Answered(201, held.keep(collection, json.loads(asked.body)))
        case _, "records", number, *rest if number in held.records:
            return _of_one(asked, held, held.records[number], rest)
    return refusal(404, "NOT_FOUND")


def refusal(status: int, code: str, **more: object) -> Answered:
    """In the protocol's shape."""
    return Answered(status, {"code": code, "message": "No.", **more})


def _of_one(asked: Asked, held: Holdings, record: Record, rest: list[str]) -> Answered:
    if asked.method == "GET" and not rest:
        return _shown(record)
    if asked.method == "POST" and rest == ["documents"]:
        return Answered(201, held.attach(record, *_file(asked)))
    if asked.method != "PATCH":
        return refusal(405, "BAD_REQUEST")
    if "if-match" not in asked.headers:
        return refusal(428, "PRECONDITION_REQUIRED")
    if asked.headers["if-match"] != _tag(record):
        return refusal(412, "PRECONDITION_FAILED")
    if record.state != "draft":
        return refusal(409, "STATE", state=record.state)
    return _shown(held.change(record, json.loads(asked.body)))


def _shown(record: Record, status: int = 200) -> Answered:
    return Answered(status, record.wire(), {"ETag": _tag(record), "Location": f"records/{record.id}"})


def _tag(record: Record) -> str:
    return f'"v{record.version}"'


def _person(child_id: str) -> Wire:
    return {
        "id": f"p-{child_id}",
        "childId": child_id,
        "dateOfBirth": BORN,
        "dateOfBirthEstimated": False,
        "mergedTo": None,
        "restricted": False,
    }


def _file(asked: Asked) -> tuple[str, bytes]:
    """Name and bytes of the file in a multipart form."""
    boundary = asked.headers["content-type"].partition("boundary=")[2].strip('"').encode()
    for part in asked.body.split(b"--" + boundary):
        head, _, content = part.partition(b"\r\n\r\n")
        if b'name="file"' in head:
            return head.partition(b'filename="')[2].partition(b'"')[0].decode(), content.removesuffix(b"\r\n")
    raise ValueError("no file in the form")
