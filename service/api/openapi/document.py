"""The OpenAPI 3.1 document of one application, from its own addresses, guards, docstrings and what its routes tell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from service.api.openapi import common
from service.api.openapi.hoisting import Components
from service.api.openapi.operation import JSON, Answer, Body, Json, Operation, Parameter

VERSION = "1.0.0"
"""Of the REST surface: the number in its path, then what was added, then what was corrected."""
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_ARGUMENT = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")
_TITLES = {"casework": "WISE Bridge, casework side", "hub": "WISE Bridge, the Hub's side"}
_ABOUT = {
    "casework": "Authorities' systems post records here and follow their way. No aggregate is served from here.",
    "hub": "Published releases of protected counts, and the training register. There is no filter, on purpose.",
}


class NotTold(LookupError):
    """A route says nothing of itself. A test finds it before anybody else does."""


@dataclass(frozen=True)
class Route:
    """One address and method."""

    rule: Rule
    method: str
    view: Callable[..., Any]

    @property
    def path(self) -> str:
        """As OpenAPI writes it."""
        return _ARGUMENT.sub(r"{\1}", self.rule.rule)

    @property
    def scope(self) -> str | None:
        """What the guard asks for; None for an open route."""
        found: str | None = getattr(self.view, "needs_scope", None)
        return found

    @property
    def takes_feed_keys(self) -> bool:
        """Whether the guard says that a feed's key opens it too."""
        return bool(getattr(self.view, "takes_feed_keys", False))

    @property
    def told(self) -> Operation:
        """Raises `NotTold`."""
        found: Operation | None = getattr(self.view, "tells", None)
        if found is None:
            raise NotTold(f"{self.method} {self.path}")
        return found


def routes(app: Flask) -> Iterator[Route]:
    """Every address with every method somebody wrote a function for: HEAD and OPTIONS follow from the others."""
    for rule in app.url_map.iter_rules():
        for method in METHODS:
            if method in (rule.methods or ()):
                yield Route(rule, method, app.view_functions[rule.endpoint])


def side_of(app: Flask) -> str:
    """`casework` or `hub`."""
    return app.name.removeprefix("wise-bridge-")


def document(app: Flask) -> Json:
    """OpenAPI 3.1. Takes about half a second where there are records; make it once."""
    side, components, paths = side_of(app), Components(common.SCHEMAS), dict[str, Json]()
    found = sorted(routes(app), key=lambda each: (each.path, METHODS.index(each.method)))
    for each in found:
        paths.setdefault(each.path, {})[each.method.lower()] = _operation(each, side, components)
    scopes = [each.scope for each in found if each.scope]
    feeds = any(each.takes_feed_keys for each in found)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": _TITLES.get(side, side),
            "version": VERSION,
            "description": _ABOUT.get(side, ""),
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/", "description": "This address."}],
        "tags": [{"name": name} for name in sorted({_tag(each) for each in found})],
        "paths": paths,
        "components": {
            "schemas": components.schemas,
            "headers": dict(common.HEADERS),
            "securitySchemes": common.security_schemes(scopes, feeds=feeds, here="/oauth/token" in paths),
        },
    }


def _operation(route: Route, side: str, components: Components) -> Json:
    summary, _, more = (route.view.__doc__ or "").strip().partition("\n")
    made: Json = {
        "operationId": route.rule.endpoint.rpartition(".")[2],
        "tags": [_tag(route)],
        "summary": summary,
        "parameters": list(_parameters(route, side)),
        "responses": _responses(route),
        "security": _security(route),
    }
    if more.strip():
        made["description"] = re.sub(r"\s*\n\s*(?=\S)", " ", more.strip())
    if route.told.body:
        made["requestBody"] = _body(route.told.body, components)
    return made


def _tag(route: Route) -> str:
    """The resource: the first word of the address that says one."""
    words = [word for word in route.path.split("/") if word and word not in ("v1", ".well-known")]
    return "admin" if words[0] == "admin" else words[0].partition(".")[0]


def _parameters(route: Route, side: str) -> Iterator[Json]:
    for name in _ARGUMENT.findall(route.rule.rule):
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
    for each in (*(route.told.query or ()), *route.told.headers):
        if each.side in ("", side):
            yield _parameter(each)
    yield common.REQUEST_ID_PARAMETER


def _parameter(each: Parameter) -> Json:
    made = {"name": each.name, "in": each.place, "description": each.about, "schema": each.schema}
    return made | ({"required": True} if each.required else {})


def _responses(route: Route) -> Json:
    told = route.told
    found = {status: _answer(answer) for status, answer in told.answers.items()}
    for status in _problems(route):
        problem = common.problem(status)
        if status in found:
            problem["description"] = found[status]["description"]
            problem["content"] |= found[status]["content"]
            problem["headers"] |= found[status]["headers"]
        found[status] = problem
    return {str(status): found[status] for status in sorted(found)}


def _problems(route: Route) -> set[int]:
    told = route.told
    found = {500, *told.problems}
    if route.scope:
        found |= {401, 403, 429, 503}
    if told.query is not None:
        found.add(400)
    if route.rule.arguments:
        found.add(404)
    return found | set(told.body.refused if told.body else ())


def _answer(answer: Answer) -> Json:
    own = {name: {"description": words, "schema": {"type": "string"}} for name, words in answer.headers.items()}
    made: Json = {"description": answer.about}
    made["headers"] = {common.REQUEST_ID: {"$ref": f"#/components/headers/{common.REQUEST_ID}"}} | own
    made["content"] = {media_type: {"schema": schema} for media_type, schema in answer.content.items()}
    return made


def _body(body: Body, components: Components) -> Json:
    references = [components.add(name, schema) for name, schema in body.schemas().items()]
    content: Mapping[str, Json] = {media_type: {"schema": schema} for media_type, schema in body.also.items()}
    if references:
        schema = references[0] if len(references) == 1 else {"anyOf": references}
        content = {body.media_type or JSON: {"schema": schema}} | dict(content)
    return {"required": True, "content": content}


def _security(route: Route) -> list[Json]:
    if not route.scope:
        return []
    feeds: list[Json] = [{name: []} for name in common.FEED_KEYS] if route.takes_feed_keys else []
    return [{common.SIGN_IN: [route.scope]}, *feeds]
