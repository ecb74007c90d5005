"""Every route of both applications says who may use it, and every answer is sent with care."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from service.api.guard import needs
from service.api.scopes import AUTHORITY_SCOPES, HUB, HUB_SCOPES, SCOPES, SEPARATE_SCOPES, TRAINING_SCOPES
from service.clock import LondonClock
from tests.support.bridge import STOCKPORT, Bridge
from tests.support.records import example

OPEN = {
    "/oauth/token", "/health/live", "/health/ready", "/health/intake", "/health/delivery", "/metrics", "/v1/schemas",
    "/v1/schemas/<record_type>/<edition>.json", "/.well-known/wise-bridge-receipts.json", "/openapi.json",
    "/openapi-3.0.json", "/docs", "/sign-in", "/sign-in/<issuer>", "/sign-in/back", "/sign-in/link/<link>",
    "/sign-in/<issuer>/signed-out", "/sign-out", "/me",
}  # fmt: skip
PEOPLES = {"/approvals", "/approvals/<quarter>", "/approvals/<quarter>/approve", "/approvals/<quarter>/publish"}
"""Pages for people of one role, whatever a machine's token says: tests/people/test_approving.py."""
UNGUARDED = object()
HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}


def routes(app: Flask) -> Iterator[tuple[str, Rule, Any]]:
    """Each address with its rule and what it needs."""
    for rule in app.url_map.iter_rules():
        yield rule.rule, rule, getattr(app.view_functions[rule.endpoint], "needs_scope", UNGUARDED)


def concrete(rule: Rule) -> str:
    return rule.rule.replace("<", "").replace(">", "")


def both(bridge: Bridge) -> tuple[FlaskClient, FlaskClient]:
    return bridge.casework, bridge.hub


def test_every_route_says_what_it_needs(bridge: Bridge) -> None:
    for client in both(bridge):
        needed = {address: scope for address, _, scope in routes(client.application)}
        assert UNGUARDED not in needed.values()
        assert {address for address, scope in needed.items() if scope is None} <= OPEN | PEOPLES
        views = client.application.view_functions
        roles = {
            rule.rule: getattr(views[rule.endpoint], "needs_role", None) for _, rule, _ in routes(client.application)
        }
        assert {address for address, role in roles.items() if role} == PEOPLES & needed.keys()


def test_the_casework_side_serves_no_aggregate_and_the_hub_no_record(bridge: Bridge) -> None:
    casework, hub = ({scope for _, _, scope in routes(client.application)} - {None} for client in both(bridge))
    assert casework == {*AUTHORITY_SCOPES, *TRAINING_SCOPES, *SEPARATE_SCOPES}
    assert hub == {*HUB_SCOPES, *TRAINING_SCOPES}
    assert sorted(SCOPES) == sorted((*AUTHORITY_SCOPES, *HUB_SCOPES, *TRAINING_SCOPES, *SEPARATE_SCOPES))


def test_without_a_token_no_guarded_route_does_anything(bridge: Bridge) -> None:
    for client in both(bridge):
        for _, rule, scope in routes(client.application):
            for method in (rule.methods or set()) - {"OPTIONS"}:
                if scope is not None:
                    answer = client.open(concrete(rule), method=method)
                    assert answer.status_code == 401, (method, rule.rule)
                    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_without_a_session_no_page_for_people_does_anything(bridge: Bridge) -> None:
    for headers in ({}, bridge.headers(HUB), bridge.headers(STOCKPORT)):
        for _, rule, _ in routes(bridge.hub.application):
            for method in (rule.methods or set()) - {"OPTIONS"} if rule.rule in PEOPLES else ():
                assert bridge.hub.open(concrete(rule), method=method, headers=headers).status_code == 401
    assert not PEOPLES & {address for address, *_ in routes(bridge.casework.application)}


def test_a_scope_nobody_has_heard_of_cannot_be_asked_for() -> None:
    with pytest.raises(ValueError, match="no such scope"):
        needs("records:erase")


def answers(bridge: Bridge) -> Iterator[tuple[int, TestResponse]]:
    """One answer of every kind."""
    casework, hub, signed_in = bridge.casework, bridge.hub, bridge.headers(STOCKPORT)
    post, form = "/v1/wise-assessments", {"grant_type": "client_credentials"}
    yield 200, casework.get("/health/live")
    yield 200, hub.get("/health/ready")
    yield 201, casework.post(post, json=example("wise"), headers=signed_in)
    yield 200, casework.post(post, json=example("wise"), headers=signed_in)
    yield 200, casework.post(f"{post}/validate", json=example("wise"), headers=signed_in)
    yield 200, casework.get("/v1/reviews", headers=signed_in)
    yield 200, hub.get("/v1/aggregates", headers=bridge.headers(HUB))
    yield 200, casework.post("/oauth/token", data=form, auth=bridge.credentials(STOCKPORT, ("records:read",)))
    yield 401, casework.post("/oauth/token", data=form, auth=("wb-x", "x"))
    yield 400, casework.post(post, data=b"{", headers=signed_in | {"Content-Type": "application/json"})
    yield 401, casework.get("/v1/reviews")
    yield 403, hub.get("/v1/aggregates", headers=signed_in)
    yield 404, casework.get("/v1/submissions/x", headers=signed_in)
    yield 404, hub.get("/nowhere")
    yield 405, casework.delete(post, headers=signed_in)
    yield 409, casework.post(post, json=example("wise", analysis_narrative="Other."), headers=signed_in)
    yield 413, casework.post(post, data=b" " * 3_000_000, headers=signed_in | {"Content-Type": "application/json"})
    yield 415, casework.post(post, data=b"{}", headers=signed_in)
    yield 422, casework.post(post, json={}, headers=signed_in)


def test_no_answer_may_be_kept_framed_or_guessed_at(bridge: Bridge) -> None:
    for status, answer in answers(bridge):
        assert answer.status_code == status, answer.text
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
        assert answer.headers["X-Request-ID"]
        assert "Set-Cookie" not in answer.headers
        if status >= 400 and not answer.request.path.startswith("/oauth"):
            problem = answer.get_json()
            assert answer.mimetype == "application/problem+json"
            assert problem["status"] == status
            assert problem["trace_id"] == answer.headers["X-Request-ID"]
            assert problem["type"] and problem["title"] and problem["detail"]


@pytest.mark.parametrize(
    "path", ["/", "/v1", "/v1/wise-assessments/", "/v1/reviews/x", "/static/x", "/V1/reviews", "/%00"]
)
def test_an_address_that_is_not_there_is_a_problem_document(bridge: Bridge, path: str) -> None:
    for client in both(bridge):
        answer = client.get(path)
        assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
        assert answer.get_json()["title"] == "Not Found"


def test_a_method_that_is_not_there_is_told_which_are(bridge: Bridge) -> None:
    for client, path, methods in (
        (bridge.casework, "/v1/wise-assessments", {"POST", "OPTIONS"}),
        (bridge.casework, "/v1/reviews", {"GET", "HEAD", "OPTIONS"}),
        (bridge.hub, "/v1/aggregates", {"GET", "HEAD", "OPTIONS"}),
    ):
        answer = client.patch(path)
        assert (answer.status_code, answer.mimetype) == (405, "application/problem+json")
        assert set(answer.headers["Allow"].split(", ")) == methods


def test_a_request_id_is_taken_over_only_if_it_is_one(bridge: Bridge) -> None:
    for given, kept in (
        ("abc-12345", True),
        ("short", False),
        ("with spaces in it", False),
        ("a" * 65, False),
        ("é" * 9, False),
    ):
        answer = bridge.casework.get("/health/live", headers={"X-Request-ID": given})
        assert (answer.headers["X-Request-ID"] == given) is kept


def test_our_own_fault_says_nothing_of_the_record(bridge: Bridge, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: LondonClock) -> None:
        raise RuntimeError("Nan Biscuit")

    monkeypatch.setattr(LondonClock, "today", broken)
    answer = bridge.post(example("wise"))
    assert (answer.status_code, answer.mimetype) == (500, "application/problem+json")
    assert "Biscuit" not in answer.text
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
