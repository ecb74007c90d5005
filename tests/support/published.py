"""What the published document says, held against what the service really does: every answer that a test sees."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

import pytest
from flask import Flask, Response, request, request_finished
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from service.api.openapi.document import document
from tests.support.seen import Parameters, remembering

SIDES = ("wise-bridge-casework", "wise-bridge-hub")
PROBLEM = "application/problem+json"
READ_WITH_THE_FORM = "/oauth/token"
"""Authlib looks in form and query at once; what is only in the query gives no token (test_sign_in)."""
OURS = "urn:openapi"
EVERYWHERE = {
    "content-type", "content-length", "content-disposition", "cache-control", "x-content-type-options",
    "referrer-policy", "content-security-policy", "allow", "www-authenticate",
    "date", "strict-transport-security", "cross-origin-resource-policy",
}  # fmt: skip
"""Headers of HTTP itself, and those that every answer is sent with."""


class Published:
    """One application's document, ready to be held against answers."""

    def __init__(self, made: dict[str, Any]) -> None:
        self.document = made

    @cached_property
    def _registry(self) -> Any:
        return Registry().with_resource(OURS, DRAFT202012.create_resource(self.document))

    def operation(self, rule: str, method: str) -> dict[str, Any] | None:
        """What is said of a Flask rule and a method; HEAD is GET without its body."""
        path = re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule)
        found: dict[str, Any] | None = self.document["paths"].get(path, {}).get(method.lower().replace("head", "get"))
        return found

    def faults(self, rule: str | None, method: str, response: Response) -> Iterator[str]:
        """Everything an answer has that is not told."""
        operation = self.operation(rule, method) if rule else None
        where = f"{method} {rule} {response.status_code}"
        if method == "OPTIONS":
            return
        if operation is None:
            yield from self._nowhere(where, response)
            return
        told = operation["responses"].get(str(response.status_code))
        if told is None:
            yield f"{where}: this status is not told"
            return
        yield from _headers(where, told, response)
        if method != "HEAD" and response.status_code != 304:  # whose body goes only when it is sent
            yield from self._content(where, told, response)

    def _nowhere(self, where: str, response: Response) -> Iterator[str]:
        """An address or method there is none of: always a problem."""
        if response.status_code not in (404, 405) or response.mimetype != PROBLEM:
            yield f"{where}: answered, and not in the document"
        else:
            yield from self._body(where, {"$ref": "#/components/schemas/Problem"}, response)

    def _content(self, where: str, told: dict[str, Any], response: Response) -> Iterator[str]:
        content = told.get("content", {})
        if not content and not response.get_data():
            return
        if response.mimetype not in content:
            yield f"{where}: {response.mimetype} is not among its media types"
        elif str(response.mimetype).endswith("json"):
            yield from self._body(where, content[response.mimetype]["schema"], response)

    def _body(self, where: str, schema: dict[str, Any], response: Response) -> Iterator[str]:
        validator = Draft202012Validator(_absolute(schema), registry=self._registry, format_checker=FormatChecker())
        for fault in validator.iter_errors(response.get_json()):
            place = "/".join(str(part) for part in fault.absolute_path)
            yield f"{where}: at /{place}: {fault.validator} {str(fault.message)[:200]}"


def _absolute(schema: Any) -> Any:
    """References that lead into the document from outside of it."""
    if isinstance(schema, dict):
        return {
            name: OURS + value if name == "$ref" and isinstance(value, str) else _absolute(value)
            for name, value in schema.items()
        }
    return [_absolute(each) for each in schema] if isinstance(schema, list) else schema


def _headers(where: str, told: dict[str, Any], response: Response) -> Iterator[str]:
    known = EVERYWHERE | {name.lower() for name in told.get("headers", {})}
    for name in response.headers.keys():  # noqa: SIM118 - iterating it gives pairs
        if name.lower() not in known:
            yield f"{where}: the header {name} is not told"
    for name in ("X-Request-ID", "Location", "ETag", "Retry-After"):
        if name in told.get("headers", {}) and name not in response.headers:
            yield f"{where}: the header {name} is told and not there"


_MADE: WeakKeyDictionary[Flask, Published] = WeakKeyDictionary()


def published(app: Flask) -> Published:
    """Made once for each application."""
    if app not in _MADE:
        _MADE[app] = Published(document(app))
    return _MADE[app]


@contextmanager
def watching(*names: str) -> Iterator[list[str]]:
    """A list that fills with what is not told, of every answer of either application, or of these."""
    found: list[str] = []

    def look(app: Flask, response: Response, **_: object) -> None:
        if app.name not in (names or SIDES):
            return
        rule = request.url_rule.rule if request.url_rule else None
        told = published(app)
        found.extend(told.faults(rule, request.method, response))
        operation = told.operation(rule, request.method) if rule else None
        if rule != READ_WITH_THE_FORM and operation is not None and isinstance(request.args, Parameters):
            takes = {each["name"] for each in operation["parameters"] if each["in"] == "query"}
            found.extend(f"{request.method} {rule}: reads ?{name}" for name in request.args.read - takes)

    with request_finished.connected_to(look):
        yield found


@pytest.fixture(autouse=True)
def everything_is_told() -> Iterator[None]:
    """Every answer that a test sees is one the published document tells, and every parameter that is read too.

    A folder's conftest that imports this has it for all of its tests.
    """
    with remembering(), watching() as untold:
        yield
    if untold:
        pytest.fail("\n".join(sorted(set(untold))), pytrace=False)
