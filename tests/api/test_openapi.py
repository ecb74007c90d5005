"""The published document: of every route, of every parameter, in two versions, and as a page."""

from __future__ import annotations

import ast
import inspect
import json
import re
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft4Validator, Draft202012Validator

from service import wiring
from service.api.application import bare_application
from service.api.guard import needs
from service.api.openapi import tells
from service.api.openapi.document import NotTold, Route, document, routes
from service.api.openapi.hoisting import Components
from service.api.openapi.older import older, schema
from service.api.openapi.shapes import TEXT
from service.api.openapi.shapes import json as json_answer
from service.api.scopes import HUB, HUB_SCOPES, SCOPES, possible_scopes
from tests.support.bridge import STOCKPORT, Bridge
from tests.support.published import Published, watching
from tests.support.seen import Parameters, remembering

NEWER, OLDER, PAGE = "/openapi.json", "/openapi-3.0.json", "/docs"
SIDES = ("casework", "hub")
ID = "018f3a52-6c1e-7d2a-9a41-3b52f0c1d4e5"


def side(bridge: Bridge, name: str) -> FlaskClient:
    return bridge.hub if name == "hub" else bridge.casework


def read(bridge: Bridge, name: str, path: str = NEWER) -> dict[str, Any]:
    answer = side(bridge, name).get(path)
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    found: dict[str, Any] = answer.get_json()
    return found


def operations(made: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in made["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def filled(path: str) -> str:
    return re.sub(r"{[^}]+}", ID, path)


def signed_in(bridge: Bridge, name: str) -> dict[str, str]:
    authority = HUB if name == "hub" else STOCKPORT
    return bridge.headers(authority, *possible_scopes(authority))


@pytest.mark.parametrize("name", SIDES)
def test_every_route_is_told_with_its_guards_scope(bridge: Bridge, name: str) -> None:
    made, app = read(bridge, name), side(bridge, name).application
    told = {(path, method): operation for path, method, operation in operations(made)}
    there = {(each.path, each.method.lower()): each for each in routes(app)}

    assert told.keys() == there.keys()
    for place, operation in told.items():
        scope = there[place].scope
        ways = [{"sign_in": [scope]}] if scope else []
        feeds: list[dict[str, list[str]]] = [{"feed_key_basic": []}, {"feed_key_bearer": []}]
        assert operation["security"] == ways + (feeds if scope in HUB_SCOPES else []), place
        assert operation["summary"], place
    assert len({operation["operationId"] for operation in told.values()}) == len(told)


@pytest.mark.parametrize("name", SIDES)
def test_the_scopes_are_those_of_this_side(bridge: Bridge, name: str) -> None:
    flow = read(bridge, name)["components"]["securitySchemes"]["sign_in"]["flows"]["clientCredentials"]

    assert flow["scopes"] == {scope: SCOPES[scope] for scope in possible_scopes(HUB if name == "hub" else STOCKPORT)}


READ_A_FORM = ("oauth.token", "signed_in.signed_out_there", "approvals.approve", "approvals.publish")
FROM_ISSUERS = "/sign-in/back"
"""People come there from an issuer, which may add parameters of its own: none is refused."""


@pytest.mark.parametrize("name", SIDES)
def test_the_parameters_told_are_exactly_those_taken(bridge: Bridge, name: str) -> None:
    """Asked with one that nobody takes, each address that refuses it says which it takes."""
    client, headers, asked = side(bridge, name), signed_in(bridge, name), 0
    for path, method, operation in operations(read(bridge, name)):
        route = next(each for each in routes(client.application) if (each.path, each.method.lower()) == (path, method))
        told = {each["name"] for each in operation["parameters"] if each["in"] == "query"}
        answer = client.open(f"{filled(path)}?nonsense=1", method=method.upper(), headers=headers)
        taken = parameters_taken(answer.get_json(silent=True))
        if path == FROM_ISSUERS:
            assert taken is None and told, path
        elif route.told.query is None:
            assert taken is None and not told, path
        else:
            asked += 1
            assert taken is not None and told - {"changed_since"} == taken, (path, answer.text)
    assert asked > 5


def parameters_taken(body: Any) -> set[str] | None:
    """From the problem's own words, or None when the parameter was not what was refused."""
    faults = body.get("errors", []) if isinstance(body, dict) else []
    said = [fault["fix"] for fault in faults if fault["code"] == "Q-1"]
    if not said:
        return None
    names = said[0].removeprefix("This address takes: ").removesuffix(".")
    return set() if names == "no parameters" else set(names.split(", "))


def calls(route: Route) -> set[str]:
    """What a route's own function calls, by module and name."""
    view = inspect.unwrap(route.view)
    tree = ast.parse(textwrap.dedent(inspect.getsource(view)))
    names = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    found = [view.__globals__[name] for name in names if name in view.__globals__]
    return {f"{each.__module__}.{each.__name__}".removeprefix("service.api.") for each in found}


@pytest.mark.parametrize("name", SIDES)
def test_what_takes_a_body_says_so(bridge: Bridge, name: str) -> None:
    """By reading the functions: a body that is judged and not told is found, and the other way round."""
    readers = {
        "own_items.judged_body", "admin.asked.sent", "parsing.json_body", "parsing.body_bytes", "records._accept",
        "records._validate", "admin.lane._switched",
    }  # fmt: skip
    for route in routes(side(bridge, name).application):
        reads = bool(calls(route) & readers) or route.rule.endpoint in READ_A_FORM
        assert (route.told.body is not None) == reads, route.path


@pytest.mark.parametrize("name", SIDES)
def test_every_schema_in_it_is_one(bridge: Bridge, name: str) -> None:
    for found in schemas_in(read(bridge, name)):
        Draft202012Validator.check_schema(found)
    for found in schemas_in(read(bridge, name, OLDER)):
        Draft4Validator.check_schema(found)


def schemas_in(made: dict[str, Any]) -> Iterator[Any]:
    """Every schema that stands on its own."""
    yield from made["components"]["schemas"].values()
    for _, _, operation in operations(made):
        yield from (each["schema"] for each in operation["parameters"])
        for holder in (operation.get("requestBody", {}), *operation["responses"].values()):
            yield from (each["schema"] for each in holder.get("content", {}).values())


@pytest.mark.parametrize("name", SIDES)
@pytest.mark.parametrize("path", [NEWER, OLDER])
def test_every_reference_leads_somewhere(bridge: Bridge, name: str, path: str) -> None:
    made = read(bridge, name, path)
    targets = set(re.findall(r'"\$ref": "([^"]+)"', json.dumps(made)))

    assert targets
    for target in targets:
        found: Any = made
        for part in target.removeprefix("#/").split("/"):
            found = found[part]


@pytest.mark.parametrize("name", SIDES)
def test_the_older_one_says_the_same_in_the_older_dialect(bridge: Bridge, name: str) -> None:
    newer, made = read(bridge, name), read(bridge, name, OLDER)
    text = json.dumps(made)

    assert (newer["openapi"], made["openapi"]) == ("3.1.0", "3.0.3")
    assert [each[:2] for each in operations(newer)] == [each[:2] for each in operations(made)]
    for path, method, operation in operations(newer):
        assert operation["responses"].keys() == made["paths"][path][method]["responses"].keys()
    for word in ('"const"', '"examples"', '"$defs"', '"contentMediaType"', '"type": ["', '"null"', '"identifier"'):
        assert word not in text, word
    assert made == older(newer)


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ({"type": ["string", "null"]}, {"type": "string", "nullable": True}),
        ({"type": ["string", "integer"]}, {"anyOf": [{"type": "string"}, {"type": "integer"}]}),
        ({"const": 1}, {"enum": [1]}),
        ({"type": "string", "examples": ["a", "b"]}, {"type": "string", "example": "a"}),
        ({"$ref": "#/x"}, {"$ref": "#/x"}),
        ({"$ref": "#/x", "maxLength": 3}, {"maxLength": 3, "allOf": [{"$ref": "#/x"}]}),
        ({"type": "string", "contentMediaType": "application/pdf"}, {"type": "string", "format": "binary"}),
        ({"properties": {"const": {"const": 1}}}, {"properties": {"const": {"enum": [1]}}}),
        ({"items": {"type": ["null", "string"]}}, {"items": {"type": "string", "nullable": True}}),
        ({"additionalProperties": False, "required": []}, {"additionalProperties": False}),
        ({"not": {"const": 2}, "$comment": "x"}, {"not": {"enum": [2]}}),
    ],
)
def test_each_difference_between_the_dialects(given: Any, made: Any) -> None:
    assert schema(given) == made


def test_two_schemas_of_one_name_are_refused() -> None:
    components = Components({})
    components.add("Thing", {"type": "string"})
    components.add("Thing", {"type": "string"})
    with pytest.raises(ValueError, match="two schemas are called Thing"):
        components.add("Thing", {"type": "integer"})


@pytest.mark.parametrize("name", SIDES)
@pytest.mark.parametrize("path", [NEWER, OLDER, PAGE])
def test_who_has_it_is_not_sent_it_again(bridge: Bridge, name: str, path: str) -> None:
    first = side(bridge, name).get(path)
    again = side(bridge, name).get(path, headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")
    assert first.headers["Cache-Control"] == "public, max-age=3600"


class Page(HTMLParser):
    """What a browser would do with it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.scopes: list[str | None] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        self.links += [str(given[name]) for name in ("href", "src", "action") if name in given]
        self.ids += [str(given["id"])] if "id" in given else []
        self.scopes += [given.get("scope")] if tag == "th" else []


@pytest.mark.parametrize("name", SIDES)
def test_the_page_runs_nothing_and_asks_nobody(bridge: Bridge, name: str) -> None:
    answer = side(bridge, name).get(PAGE)
    page, policy = Page(answer.text), answer.headers["Content-Security-Policy"]

    assert not {"script", "link", "img", "iframe", "form", "object"} & set(page.tags)
    assert all(link.startswith(("#", "/openapi")) for link in page.links)
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize("name", SIDES)
def test_the_page_tells_every_operation_and_can_be_walked(bridge: Bridge, name: str) -> None:
    page = Page(side(bridge, name).get(PAGE).text)
    told = {operation["operationId"] for _, _, operation in operations(read(bridge, name))}

    assert told <= set(page.ids)
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))
    assert page.tags.count("h1") == 1 and {"main", "nav", "header"} <= set(page.tags)
    assert set(page.scopes) == {"col", "row"}


def test_a_setting_closes_all_three(bridge: Bridge) -> None:
    closed = replace(bridge.settings("wise_central"), publish_openapi=False)
    app = wiring.hub_app(closed)
    try:
        assert {app.test_client().get(path).status_code for path in (NEWER, OLDER, PAGE)} == {404}
    finally:
        app.extensions["wise_bridge_close"]()


def little(*, told: bool = True) -> Any:
    """An application with one route, that answers with whatever `?say=` says."""
    app = bare_application("little")

    def answer() -> Any:
        """Answers."""
        from flask import jsonify, request

        response = jsonify({"said": request.args["say"]} if "extra" not in request.args else {"said": 1})
        response.status_code = int(request.args.get("status", "200"))
        return response

    view = (
        tells({200: json_answer("Said.", {"type": "object", "properties": {"said": TEXT}})})(answer) if told else answer
    )
    view.needs_scope = None  # type: ignore[attr-defined] # as an open route has it
    app.add_url_rule("/little", view_func=view)
    return app


@pytest.mark.parametrize(
    ("asked", "fault"),
    [
        ("say=x", "reads ?say"),
        ("say=x&status=418", "418: this status is not told"),
        ("say=x&extra=1", "at /said: type"),
    ],
)
def test_what_is_not_told_is_seen(asked: str, fault: str) -> None:
    with remembering(), watching("little") as untold:
        little().test_client().get(f"/little?{asked}")

    assert any(fault in each for each in untold)


def test_a_route_that_says_nothing_of_itself_is_found() -> None:
    with pytest.raises(NotTold, match="GET /little"):
        document(little(told=False))


def test_what_is_asked_of_the_query_is_remembered() -> None:
    query = Parameters([("a", "1")])
    query.get("b"), "c" in query, query["a"]

    assert query.read == {"a", "b", "c"}


def test_a_guard_hands_on_what_its_route_tells() -> None:
    guarded = needs("reviews:read")(tells({200: json_answer("Said.", TEXT)})(lambda: None))

    assert guarded.tells.answers.keys() == {200}  # type: ignore[attr-defined] # set by `tells`
    assert Published({"paths": {}, "components": {}}).operation("/x", "GET") is None
