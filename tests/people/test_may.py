"""What a session may do: by role, for one's own authority, in one's own name, and from a page of ours alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from service.api.people.session import SCOPES
from service.domain.people import Role
from tests.api.test_routes import concrete, routes
from tests.people.world import PUBLIC, Browser, Issuers
from tests.store.rows import rows
from tests.support.bridge import SALFORD, STOCKPORT, Bridge
from tests.support.records import example

HOLD = {"because": "looks_wrong"}
WAYS_IN: list[tuple[dict[str, str], bool]] = [
    ({"Sec-Fetch-Site": "same-origin"}, True),
    ({"Origin": "https://bridge.example"}, True),
    ({"Sec-Fetch-Site": "same-origin", "Origin": "https://bridge.example"}, True),
    ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, True),
    ({"Accept": "*/*"}, False),
    ({"Sec-Fetch-Site": "cross-site"}, False),
    ({"Sec-Fetch-Site": "same-site"}, False),
    ({"Sec-Fetch-Site": "none"}, False),
    ({"Origin": "null"}, False),
    ({"Origin": "https://evil.example"}, False),
    ({"Origin": "http://bridge.example"}, False),
    ({"Origin": "https://bridge.example.evil.example"}, False),
    ({"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"}, False),
    ({"Sec-Fetch-Site": "cross-site", "Origin": "https://bridge.example"}, False),
    ({"Referer": "https://bridge.example/me"}, False),
]


def signed_in(browser: Browser, world: Issuers, *roles: str) -> None:
    """At Stockport, as whatever the issuer says."""
    names = {"officer": "WiseBridge.Officer", "approver": "WiseBridge.Manager"}
    people = world.sims["stockport"].world.people
    before = people.find("amira")
    assert before is not None
    people.change("amira", roles=tuple(names[each] for each in roles))
    try:
        assert browser.sign_in().status_code == 200
    finally:
        people.put(before)


def open_to(browser: Browser, app: Flask) -> Iterator[str]:
    """The scopes of the routes that a session opens, whatever they answer then."""
    for _, rule, scope in routes(app):
        for method in (rule.methods or set()) - {"OPTIONS", "HEAD"} if scope else ():
            headers = {"Sec-Fetch-Site": "same-origin"}
            answer = browser.client.open(concrete(rule), method=method, base_url=PUBLIC, headers=headers)
            assert answer.status_code != 401
            refused = answer.status_code == 403 and "None of your roles" in answer.text
            if not refused:
                yield str(scope)


@pytest.mark.parametrize(
    ("roles", "authority_roles"),
    [
        (("officer",), {Role.OFFICER}),
        (("approver",), {Role.APPROVER}),
        (("officer", "approver"), {Role.OFFICER, Role.APPROVER}),
    ],
)
def test_a_role_opens_its_routes_and_no_other(
    roles: tuple[str, ...], authority_roles: set[Role], browser: Browser, world: Issuers, bridge: Bridge
) -> None:
    signed_in(browser, world, *roles)
    wanted = set().union(*(SCOPES[each] for each in authority_roles))
    assert set(open_to(browser, bridge.casework.application)) == wanted


def test_no_role_may_send_records_read_words_or_reach_the_register() -> None:
    everything = set().union(*SCOPES.values())
    assert not everything & {"records:write", "documents:read", "deliveries:open", "supervision:read",
                             "evaluation:read", "training:read", "training:write", "webhooks:read"}  # fmt: skip
    assert SCOPES[Role.OPERATOR] == frozenset()
    assert set(SCOPES) == set(Role)


def test_analysts_pull_aggregates_at_the_hub_and_nothing_is_kept(hubs: Browser, bridge: Bridge) -> None:
    hubs.sign_in("hub", "amira")
    answer = hubs.get("/v1/aggregates")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert set(open_to(hubs, bridge.hub.application)) == {"aggregates:read"}


def delivery_of(bridge: Bridge) -> str:
    where = bridge.post(example("wise")).get_json()["status_url"]
    return str(bridge.get(where, STOCKPORT).get_json()["deliveries"][0]["reference"])


def test_an_officer_orders_in_their_own_name(browser: Browser, bridge: Bridge) -> None:
    delivery = delivery_of(bridge)
    browser.sign_in()
    who = browser.me()["reference"]
    assert browser.post(f"/v1/admin/deliveries/{delivery}/hold", HOLD).status_code == 200
    (order,) = rows(bridge.database, "SELECT by, through FROM casework.officer_order")
    assert order == {"by": who, "through": f"person:{who}"}
    (entry,) = rows(bridge.database, "SELECT actor, detail FROM casework.audit WHERE action = 'delivery_held'")
    assert (entry["actor"], entry["detail"]["by"]) == (f"person:{who}", who)

    again = browser.post(f"/v1/admin/deliveries/{delivery}/hold", HOLD | {"by_ref": who})
    assert again.status_code == 200, "who says so besides may"


@pytest.mark.parametrize(
    ("path", "name", "body"),
    [
        ("/v1/admin/deliveries/x/hold", "by_ref", HOLD),
        ("/v1/admin/lane/pause", "by_ref", {"because": "maintenance"}),
        ("/v1/admin/replays", "by_ref", {"because": "put_right", "dry_run": True}),
        ("/v1/packs/x/take", "taken_by_ref", {}),
        ("/v1/packs/x/confirmation", "confirmed_by_ref", {"record_number": "1"}),
        ("/v1/packs/x/refusal", "refused_by_ref", {"reason": "already_withdrawn"}),
        ("/v1/holds/x/release", "decided_by_ref", {}),
    ],
)
def test_nobody_acts_in_another_name(path: str, name: str, body: dict[str, Any], browser: Browser) -> None:
    browser.sign_in()
    answer = browser.post(path, {**body, name: "stk-sw-21"})
    assert answer.status_code == 422
    assert [(each["pointer"], each["code"]) for each in answer.get_json()["errors"]] == [(f"/{name}", "PE-1")]
    assert "stk-sw-21" not in answer.text
    assert browser.post(path, body).status_code in (200, 404), "and in their own it is looked at"


def test_who_ordered_cannot_approve_and_another_can(
    browser: Browser, another: Browser, bridge: Bridge, world: Issuers
) -> None:
    delivery = delivery_of(bridge)
    with bridge.database.as_admin() as admin:
        admin.execute("ALTER TABLE casework.delivery DISABLE TRIGGER USER")
        admin.execute(
            "UPDATE casework.delivery SET state = 'delivered', reason = 'waiting', record_number = '1',"
            " delivered_at = now() WHERE reference = %s",
            (delivery,),
        )
        admin.execute("ALTER TABLE casework.delivery ENABLE TRIGGER USER")
    signed_in(browser, world, "officer", "approver")
    asked = browser.post(f"/v1/admin/deliveries/{delivery}/reopen", {"because": "not_found_there"})
    assert asked.status_code == 202, asked.text
    approval = f"/v1/admin/orders/{asked.get_json()['order_id']}/approval"
    refused = browser.post(approval, {"decision": "approve"})
    assert (refused.status_code, "cannot approve" in refused.text) == (409, True)

    another.sign_in("stockport", "ben")
    assert another.post(f"/v1/admin/deliveries/{delivery}/hold", HOLD).status_code == 403, "an approver orders nothing"
    assert another.post(approval, {"decision": "approve"}).status_code == 200


def test_another_authoritys_things_are_not_there(browser: Browser, bridge: Bridge) -> None:
    delivery = delivery_of(bridge)
    browser.sign_in("salford")
    assert browser.me()["authority"] == SALFORD
    for path in (f"/v1/admin/deliveries/{delivery}", f"/v1/packs/{delivery}"):
        assert browser.get(path).status_code == 404
    assert browser.post(f"/v1/admin/deliveries/{delivery}/hold", HOLD).status_code == 404
    assert browser.get("/v1/admin/deliveries").get_json()["deliveries"] == []


@pytest.mark.parametrize(("headers", "taken"), WAYS_IN, ids=str)
def test_what_changes_something_comes_from_a_page_of_ours(
    headers: dict[str, str], *, taken: bool, browser: Browser, bridge: Bridge
) -> None:
    browser.sign_in()
    sent = {"base_url": PUBLIC, "json": {"because": "maintenance"}, "headers": headers}
    answer = browser.client.post("/v1/admin/lane/pause", **sent)
    assert answer.status_code == (200 if taken else 403)
    found = rows(bridge.database, "SELECT hold FROM casework.lane WHERE hold <> 'none'")
    assert len(found) == int(taken)
    counted = rows(bridge.database, "SELECT reason FROM casework.sign_in_failure")
    assert counted == ([] if taken else [{"reason": "other_site"}])
    out = browser.client.post("/sign-out", base_url=PUBLIC, headers=headers)
    assert out.status_code == (200 if taken else 403)
    assert (browser.me() is None) is taken


def test_a_machines_token_is_a_machines_whatever_cookie_comes_with_it(browser: Browser, bridge: Bridge) -> None:
    browser.sign_in()
    both = bridge.headers(STOCKPORT, "reviews:read")
    assert browser.get("/v1/reviews", **both).status_code == 200
    assert browser.get("/v1/admin/lane", **both).status_code == 403
    assert browser.get("/v1/admin/lane", Authorization="Bearer x").status_code == 401
    assert browser.get("/v1/admin/lane").status_code == 200


def test_nothing_that_is_shown_to_a_person_may_be_kept(browser: Browser) -> None:
    browser.sign_in()
    for path in ("/v1/admin/lane", "/v1/reviews", "/v1/packs", "/v1/holds", "/me", "/v1/packs/x"):
        assert browser.get(path).headers["Cache-Control"] == "no-store"
