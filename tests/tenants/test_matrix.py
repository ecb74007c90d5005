"""Route by method by role by thing: who may not gets one answer; what is another's is as if it were not there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from service.api.scopes import HUB, HUB_SCOPES, TRAINING_SCOPES, possible_scopes
from tests.store.rows import let_go
from tests.support.bridge import SALFORD, STOCKPORT
from tests.support.by_hand import BridgeByHand, config_of_all
from tests.support.records import example
from tests.support.servers import Database
from tests.support.training import train_the_workers
from tests.tenants.matrix import BODIES, REAL_METHODS, Address, addresses
from tests.tenants.world import FOREIGN, MALFORMED, MISSING, OWN, another, things

EVERYTHING = {authority: possible_scopes(authority) for authority in (STOCKPORT, SALFORD)}
HUBS = (*HUB_SCOPES, *TRAINING_SCOPES)
VARY = {"trace_id", "X-Request-ID", "Date"}
"""They differ between any two answers."""


@pytest.fixture(scope="module")
def bridge(
    session_database: Database, broker: str, keys_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BridgeByHand]:
    session_database.empty()
    train_the_workers(session_database)
    folder = config_of_all(tmp_path_factory.mktemp("tenants") / "config")
    built = BridgeByHand(session_database, broker, folder, keys_dir)
    yield built
    built.close()
    let_go()


@pytest.fixture(scope="module")
def own(bridge: BridgeByHand) -> dict[str, str]:
    return things(bridge)


@pytest.fixture(scope="module")
def all_addresses(bridge: BridgeByHand) -> list[Address]:
    return addresses(bridge.casework.application)


def ask(bridge: BridgeByHand, address: Address, method: str, named: dict[str, str], token: str) -> TestResponse:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    body: Any = BODIES.get(address.rule, {}) if method in ("POST", "PUT", "PATCH") else None
    return bridge.casework.open(address.path(named), method=method, json=body, headers=headers)


def shown(answer: TestResponse) -> tuple[int, dict[str, str], Any]:
    """All of an answer but what differs between any two."""
    body = answer.get_json(silent=True)
    said = {name: value for name, value in body.items() if name not in VARY} if isinstance(body, dict) else answer.data
    return answer.status_code, {name: value for name, value in answer.headers if name not in VARY}, said


def test_the_matrix_has_every_address_and_knows_what_each_names(
    all_addresses: list[Address], own: dict[str, str]
) -> None:
    """One that names something new fails here, with a KeyError that says what."""
    assert len(all_addresses) > 50
    assert all(address.path(own) for address in all_addresses)
    posts = {each.rule for each in all_addresses if each.is_of_something and "POST" in each.methods}
    assert posts == set(BODIES)


def test_what_is_ones_own_is_there(bridge: BridgeByHand, all_addresses: list[Address], own: dict[str, str]) -> None:
    """Otherwise everything below would be alike for want of anything to see. Nothing is changed here."""
    token = bridge.token(STOCKPORT, *EVERYTHING[STOCKPORT])
    found = {
        each.rule: ask(bridge, each, "GET", own, token).status_code
        for each in all_addresses
        if each.is_of_something and "GET" in each.methods
    }

    assert {rule: status for rule, status in found.items() if status != 200} == {}


@pytest.mark.parametrize("method", REAL_METHODS)
def test_another_authoritys_thing_is_as_one_that_is_not_there(
    bridge: BridgeByHand, all_addresses: list[Address], own: dict[str, str], method: str
) -> None:
    token = bridge.token(SALFORD, *EVERYTHING[SALFORD])
    differing = {}
    for address in all_addresses:
        if not address.is_of_something:
            continue
        foreign = shown(ask(bridge, address, method, own, token))
        missing = shown(ask(bridge, address, method, another(MISSING, own), token))
        malformed = shown(ask(bridge, address, method, another(MALFORMED, own), token))
        if not foreign == missing == malformed or (method in address.methods and foreign[0] != 404):
            differing[address.rule] = {FOREIGN: foreign, MISSING: missing, MALFORMED: malformed}

    assert differing == {}


@pytest.mark.parametrize("method", REAL_METHODS)
@pytest.mark.parametrize("who", ["nobody", "a made-up token", "the Hub", "without the scope"])
def test_who_may_not_gets_one_answer_whatever_is_there(
    bridge: BridgeByHand, all_addresses: list[Address], own: dict[str, str], method: str, who: str
) -> None:
    seen: dict[str, Any] = {}
    for address in all_addresses:
        if address.scope is None or method not in address.methods:
            continue
        token = token_of(bridge, who, address.scope)
        if token is None:
            continue
        answers = [
            shown(ask(bridge, address, method, named, token))
            for named in (own, another(MISSING, own), another(MALFORMED, own))
        ]
        expected = 401 if who in ("nobody", "a made-up token") else 403
        if answers[0][0] != expected or answers[1:] != answers[:1] * 2:
            seen[address.rule] = {OWN: answers[0], MISSING: answers[1], MALFORMED: answers[2]}

    assert seen == {}


def token_of(bridge: BridgeByHand, who: str, scope: str) -> str | None:
    """None where there is no such client: the Hub may have what it has."""
    if who == "nobody":
        return ""
    if who == "a made-up token":
        return "eyJhbGciOiJub25lIn0.e30."
    if who == "the Hub":
        return None if scope in HUBS else bridge.token(HUB, *HUBS)
    others = tuple(each for each in EVERYTHING[STOCKPORT] if each != scope)
    return bridge.token(STOCKPORT, *others)


def test_nothing_of_another_authority_is_in_any_list(
    bridge: BridgeByHand, all_addresses: list[Address], own: dict[str, str]
) -> None:
    token = bridge.token(SALFORD, *EVERYTHING[SALFORD])
    lists = [each for each in all_addresses if each.scope and not each.is_of_something and "GET" in each.methods]
    found = {
        each.rule: [name for name, value in own.items() if value in ask(bridge, each, "GET", own, token).text]
        for each in lists
    }

    assert len(found) > 10
    assert {rule: names for rule, names in found.items() if names} == {}


def test_a_token_of_one_authority_and_a_record_of_another_disagree(bridge: BridgeByHand) -> None:
    answer = bridge.post(example("wise", submission_id="A-foreign"), authority=SALFORD)

    assert answer.status_code == 403
