"""Nobody is let in by anything else than a good answer to what this browser asked; and all are told the same."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.test import TestResponse

from service.api.people.refusal import SAID
from simulators.issuer.variants import CLAIMS, SIGNATURE, TOKEN
from tests.people.world import FLOW, PAGE, Browser, Issuers
from tests.store.rows import rows
from tests.support.bridge import SALFORD, STOCKPORT, Bridge

REFUSED = {
    "iss_other": "token_issuer_wrong", "iss_missing": "token_issuer_wrong",
    "aud_other": "token_audience_wrong", "aud_many": "token_audience_wrong", "azp_other": "token_audience_wrong",
    "sub_missing": "token_malformed", "sub_number": "token_malformed",
    "nonce_other": "nonce_wrong", "nonce_missing": "nonce_wrong",
    "exp_past": "id_token_expired", "exp_missing": "token_times_wrong", "exp_text": "token_times_wrong",
    "iat_future": "token_times_wrong", "iat_old": "id_token_expired", "iat_missing": "token_times_wrong",
    "nbf_future": "token_times_wrong",
    "auth_time_old": "signed_in_too_long_ago", "auth_time_missing": "signed_in_too_long_ago",
    "amr_missing": "no_second_factor",
    "alg_none": "algorithm_refused", "alg_hs256": "algorithm_refused",
    "kid_unknown": "key_unknown", "key_other": "signature_wrong",
    "signature_changed": "signature_wrong", "signature_missing": "signature_wrong", "claims_changed": "signature_wrong",
    "id_token_missing": "token_malformed", "token_refused": "code_refused",
    "keys_swapped": "signature_wrong", "keys_none": "issuer_wrong", "keys_doubled": "key_unknown",
    "discovery_other_issuer": "issuer_wrong",
    "discovery_http": "issuer_wrong", "discovery_jwks_elsewhere": "issuer_wrong",
    "discovery_token_elsewhere": "issuer_wrong", "discovery_without_jwks": "issuer_wrong",
    "error_access_denied": "issuer_refused", "error_server_error": "issuer_refused",
    "error_temporarily_unavailable": "issuer_refused",
    "state_changed": "state_wrong", "state_missing": "state_wrong",
    "response_iss_other": "answer_issuer_wrong", "response_iss_missing": "answer_issuer_wrong",
    "code_of_other_client": "code_refused",
}  # fmt: skip
OF_TENANTS = {
    "tid_other": "tenant_wrong", "tid_missing": "tenant_wrong", "groups_overage": "no_role",
    "discovery_issuer_template": "issuer_wrong",
}  # fmt: skip
WHERE = ("token", "jwks", ".well-known/openid-configuration")
HARMLESS = {"kid_missing", "at_hash_other", "nonce_added", "events_missing", "subject_missing"}
"""One key alone fits; the access token is never used; the last are about logout tokens."""


def counted(bridge: Bridge) -> dict[tuple[str, str], int]:
    found = rows(bridge.database, "SELECT authority, reason, total FROM casework.sign_in_failure")
    return {(each["authority"], each["reason"]): each["total"] for each in found}


def shown(answer: TestResponse) -> tuple[Any, ...]:
    """All that somebody can see of it, but the number."""
    number = answer.headers["X-Request-ID"]
    return answer.status_code, answer.mimetype, answer.text.replace(number, "")


def attempt(browser: Browser, name: str, login: str = "amira") -> TestResponse:
    """Where it is refused before they are sent anywhere, that answer."""
    first = browser.get(f"/sign-in/{name}", **PAGE)
    return first if first.status_code != 302 else browser.sign_in(name, login)


def test_every_way_in_which_an_issuer_may_be_wrong_is_tried() -> None:
    assert {*CLAIMS, *SIGNATURE, *TOKEN} == ({*REFUSED, *OF_TENANTS} | HARMLESS) & {*CLAIMS, *SIGNATURE, *TOKEN}


@pytest.mark.parametrize(("variant", "reason"), REFUSED.items(), ids=list(REFUSED))
def test_nobody_is_let_in_by(variant: str, reason: str, browser: Browser, world: Issuers, bridge: Bridge) -> None:
    sim = world.sims["stockport"]
    sim.be(variant, times=None)
    answer = attempt(browser, "stockport")

    assert answer.status_code == (503 if reason == "issuer_wrong" else 403)
    assert browser.me() is None
    assert browser.cookie() == ""
    authority = "" if reason == "state_wrong" else STOCKPORT
    assert counted(bridge) == {(authority, reason): 1}
    assert sim.asked_elsewhere == 0
    sim.well()
    world.forgotten(bridge.casework.application)
    assert browser.sign_in().status_code == 200, "and without it they are"


@pytest.mark.parametrize(("variant", "reason"), OF_TENANTS.items(), ids=list(OF_TENANTS))
def test_nobody_of_a_tenant_is_let_in_by(
    variant: str, reason: str, browser: Browser, world: Issuers, bridge: Bridge
) -> None:
    world.sims["salford"].be(variant, times=None)
    assert attempt(browser, "salford").status_code == (503 if reason == "issuer_wrong" else 403)
    assert browser.me() is None
    assert counted(bridge) == {(SALFORD, reason): 1}


@pytest.mark.parametrize(
    ("name", "login", "reason"),
    [
        ("stockport", "one-factor", "no_second_factor"),
        ("stockport", "no-role", "no_role"),
        ("salford", "elsewhere", "token_issuer_wrong"),
        ("salford", "no-role", "no_role"),
    ],
)
def test_who_is_not_let_in(name: str, login: str, reason: str, browser: Browser, bridge: Bridge) -> None:
    answer = browser.sign_in(name, login)
    assert (answer.status_code, answer.mimetype) == (403, "text/html")
    assert browser.me() is None
    assert [reason for _, reason in counted(bridge)] == [reason]
    assert any(each in answer.text for each in SAID.values()) is (reason in SAID)


def test_who_signed_in_there_long_ago_has_to_do_it_again(browser: Browser) -> None:
    """Who the issuer remembers for nine hours is asked again by it, or not let in here."""
    assert browser.sign_in("stockport", "long-ago").status_code == 403
    assert browser.me() is None


@pytest.mark.parametrize(
    ("fault", "where"),
    [
        *((fault, where) for fault in ("redirect", "login_page", "huge_50mb") for where in WHERE),
        ("garbage", "token"), ("reset", "jwks"), ("cut", WHERE[-1]), ("drip", "token"),
    ],
)  # fmt: skip
def test_an_issuer_that_is_not_itself_lets_nobody_in_and_holds_nobody_up(
    fault: str, where: str, browser: Browser, world: Issuers, bridge: Bridge
) -> None:
    sim = world.sims["stockport"]
    sim.be(fault, times=None, on=f"/realms/stockport/{where}")
    answer = attempt(browser, "stockport")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"
    assert browser.me() is None
    assert sim.world.faults.followed == 0
    assert counted(bridge) == {(STOCKPORT, "issuer_away"): 1}


def test_a_way_back_counts_once(browser: Browser, bridge: Bridge) -> None:
    begun = browser.sent_to("stockport")
    assert begun
    held = browser.cookie(FLOW)
    way = browser.way_back("stockport", "amira")
    held = browser.cookie(FLOW)
    assert browser.get(way, **PAGE).status_code == 200

    browser.plant(held, FLOW)
    assert browser.get(way, **PAGE).status_code == 403
    assert counted(bridge) == {("", "state_replayed"): 1}


def test_a_way_back_counts_in_the_browser_that_began_it_and_in_no_other(
    browser: Browser, another: Browser, bridge: Bridge
) -> None:
    """Else somebody could sign others in as themselves."""
    way = browser.way_back("stockport", "amira")
    assert another.get(way, **PAGE).status_code == 403
    another.sent_to("stockport")
    assert another.get(way, **PAGE).status_code == 403
    assert another.me() is None
    assert counted(bridge) == {("", "state_wrong"): 2}
    assert browser.get(way, **PAGE).status_code == 200, "and it is not used up by that"


def test_a_way_back_ends_after_ten_minutes(browser: Browser, bridge: Bridge) -> None:
    way = browser.way_back("stockport", "amira")
    people = bridge.casework.application.extensions["wise_bridge_people"]
    hand = people.clock
    object.__setattr__(people, "clock", lambda: hand() + 601)
    try:
        assert browser.get(way, **PAGE).status_code == 403
    finally:
        object.__setattr__(people, "clock", hand)
    assert counted(bridge) == {("", "sign_in_expired"): 1}


@pytest.mark.parametrize("cookie", ["", "x", "a.b.1.c", "é", "...", "." * 4000])
def test_a_cookie_that_is_not_ours_is_none(cookie: str, browser: Browser) -> None:
    way = browser.way_back("stockport", "amira")
    browser.plant(cookie, FLOW)
    assert browser.get(way, **PAGE).status_code == 403


def test_a_changed_cookie_is_none(browser: Browser) -> None:
    """A later end, or another issuer."""
    way = browser.way_back("stockport", "amira")
    seed, issuer, until, seal = browser.cookie(FLOW).split(".")
    for changed in ((seed, issuer, str(int(until) + 1)), (seed, "salford", until), ("x" * 43, issuer, until)):
        browser.plant(".".join((*changed, seal)), FLOW)
        assert browser.get(way, **PAGE).status_code == 403


@pytest.mark.parametrize("more", ["&code=x", "&state=x", "&iss=x"])
def test_what_is_given_twice_is_not_taken(more: str, browser: Browser) -> None:
    assert browser.get(browser.way_back("stockport", "amira") + more, **PAGE).status_code == 403


@pytest.mark.parametrize("code", ["", "x", "%00", "x" * 5000, "%C3%A9"])
def test_a_code_that_is_none(code: str, browser: Browser, bridge: Bridge) -> None:
    way = browser.way_back("stockport", "amira").split("&")
    changed = "&".join(part if "code=" not in part else f"{part.split('code=')[0]}code={code}" for part in way)
    assert browser.get(changed, **PAGE).status_code == 403
    assert counted(bridge) == {(STOCKPORT, "code_refused"): 1}


def test_a_code_of_one_sign_in_is_no_good_in_another(browser: Browser, another: Browser) -> None:
    """The verifier is the browser's own."""
    theirs = dict(part.split("=", 1) for part in browser.way_back("stockport", "amira").partition("?")[2].split("&"))
    ours = another.way_back("stockport", "ben").partition("?")[2].split("&")
    mixed = "&".join(f"code={theirs['code']}" if part.startswith("code=") else part for part in ours)
    assert another.get(f"/sign-in/back?{mixed}", **PAGE).status_code == 403
    assert another.me() is None


def test_an_answer_of_one_issuer_is_no_good_for_another(browser: Browser) -> None:
    way = browser.way_back("stockport", "amira")
    held = browser.cookie(FLOW)
    salfords = browser.way_back("salford", "amira")
    mine = [part for part in salfords.partition("?")[2].split("&") if part.startswith("state=")]
    parts = [part for part in way.partition("?")[2].split("&") if not part.startswith("state=")]
    assert browser.cookie(FLOW) != held
    assert browser.get(f"/sign-in/back?{'&'.join([*parts, *mine])}", **PAGE).status_code == 403


def test_refusals_look_alike(browser: Browser, world: Issuers) -> None:
    """Whatever an attacker could learn from it."""
    sim, seen = world.sims["stockport"], set()
    for variant in (
        "nonce_other",
        "aud_other",
        "iss_other",
        "signature_changed",
        "exp_past",
        "token_refused",
        "state_changed",
    ):
        sim.be(variant)
        seen.add(shown(browser.sign_in()))
    assert len(seen) == 1
    (page,) = seen
    assert page[0] == 403


def test_programs_are_told_by_a_problem(browser: Browser) -> None:
    answer = browser.get("/sign-in/nowhere", Accept="application/json")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
    assert answer.get_json()["title"] == "You are not signed in"


def test_the_trail_says_whose_issuer_it_was_and_who(browser: Browser, bridge: Bridge) -> None:
    browser.sign_in("stockport", "no-role")
    (entry,) = rows(bridge.database, "SELECT authority, actor, action, subject_type, detail FROM casework.audit")
    assert (entry["authority"], entry["action"], entry["subject_type"]) == (STOCKPORT, "sign_in_refused", "person")
    assert entry["actor"].startswith("person:p_")
    assert entry["detail"] == {"reason": "no_role"}


def test_the_hubs_refusals_are_counted_at_the_hub(hubs: Browser, bridge: Bridge) -> None:
    assert hubs.sign_in("hub", "no-role").status_code == 403
    found = rows(bridge.database, "SELECT reason, total FROM central.sign_in_failure")
    assert found == [{"reason": "no_role", "total": 1}]
    assert counted(bridge) == {}
