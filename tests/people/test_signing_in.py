"""The way to an issuer and back: what is asked for, what is given, and what the cookies are."""

from __future__ import annotations

import re

from werkzeug.test import TestResponse

from service.api.people.reference import reference_of
from tests.people.world import BACK, FLOW, PAGE, SESSION, TENANT, Browser, Issuers, asked
from tests.store.rows import rows
from tests.support.bridge import SALFORD, STOCKPORT, Bridge


def cookie(answer: TestResponse, name: str) -> list[str]:
    """The parts of a cookie that an answer sets."""
    (found,) = [each for each in answer.headers.getlist("Set-Cookie") if each.startswith(f"{name}=")]
    return sorted(part.strip() for part in found.split(";"))


def test_somebody_signs_in_and_is_known_by_a_reference(browser: Browser, world: Issuers) -> None:
    answer = browser.sign_in()

    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    me = browser.me()
    sub = reference_of(world.sims["stockport"].issuer, "3f0c9a52-amira", world.key_file.read_bytes())
    assert (me["reference"], me["authority"], me["roles"]) == (sub, STOCKPORT, ["officer"])
    assert re.fullmatch("p_[a-z2-7]{32}", sub)


def test_what_the_issuer_is_asked_for(browser: Browser) -> None:
    first, second = (asked(browser.sent_to("stockport")) for _ in range(2))
    said = {name: first[name] for name in ("response_type", "client_id", "redirect_uri", "scope", "max_age")}

    assert said == {
        "response_type": "code", "client_id": "wise bridge", "redirect_uri": BACK, "scope": "openid", "max_age": "3600",
    }  # fmt: skip
    assert first["code_challenge_method"] == "S256"
    for name in ("state", "nonce", "code_challenge"):
        assert re.fullmatch("[A-Za-z0-9_-]{43}", first[name])
        assert first[name] != second[name]
    assert len({first[name] for name in ("state", "nonce", "code_challenge")}) == 3


def test_the_cookies_are_for_this_host_alone_and_for_no_script(browser: Browser) -> None:
    begun = browser.get("/sign-in/stockport")
    there = cookie(begun, FLOW)
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax", "Max-Age=600"} <= set(there)
    assert not any(part.startswith("Domain") for part in there)

    answer = browser.sign_in()
    held = cookie(answer, SESSION)
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Strict", "Max-Age=28800"} <= set(held)
    assert not any(part.startswith("Domain") for part in held)
    assert "Max-Age=0" in cookie(answer, FLOW)
    assert answer.headers["Cache-Control"] == "no-store"


def test_what_the_browser_holds_is_not_what_is_kept(browser: Browser, bridge: Bridge) -> None:
    browser.sign_in()
    value = browser.cookie()
    (kept,) = rows(bridge.database, "SELECT encode(digest, 'hex') AS digest FROM casework.staff_session")

    assert len(value) == 43
    assert kept["digest"] != value.encode().hex()
    text = str(rows(bridge.database, "SELECT to_json(s)::text AS row FROM casework.staff_session s"))
    assert value not in text


def test_entras_people_are_of_the_one_tenant_and_have_roles_by_groups(browser: Browser) -> None:
    assert TENANT in browser.sent_to("salford")
    assert browser.sign_in("salford").status_code == 200
    assert (browser.me()["authority"], browser.me()["roles"]) == (SALFORD, ["officer"])


def test_the_hubs_people_sign_in_at_the_hub_and_nowhere_else(browser: Browser, hubs: Browser, bridge: Bridge) -> None:
    assert browser.get("/sign-in/hub").status_code == 404
    assert hubs.get("/sign-in/stockport").status_code == 404
    assert hubs.sign_in("hub", "ben").status_code == 200
    assert (hubs.me()["authority"], hubs.me()["roles"]) == ("hub", ["hub_approver"])
    assert rows(bridge.database, "SELECT * FROM casework.staff_session") == []

    browser.plant(hubs.cookie())
    assert browser.me() is None


def test_one_chooses_where_there_are_several_and_is_sent_on_where_there_is_one(browser: Browser, hubs: Browser) -> None:
    choice = browser.get("/sign-in", **PAGE)
    assert (choice.status_code, choice.mimetype) == (200, "text/html")
    assert 'href="/sign-in/salford">Fictional Salford<' in choice.text
    assert "hub" not in choice.text
    assert "<script" not in choice.text
    policy = choice.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "form-action 'self'" in policy
    assert hubs.get("/sign-in", **PAGE).status_code == 302


def test_who_signs_in_stands_in_the_trail(browser: Browser, bridge: Bridge) -> None:
    browser.sign_in()
    who = browser.me()["reference"]
    browser.post("/sign-out")

    found = rows(bridge.database, "SELECT authority, actor, action, subject_id, detail FROM casework.audit ORDER BY id")
    assert [each["action"] for each in found] == ["person_signed_in", "person_signed_out"]
    assert {(each["authority"], each["actor"], each["subject_id"]) for each in found} == {
        (STOCKPORT, f"person:{who}", who)
    }
    assert found[0]["detail"] == {"roles": "officer", "way": "issuer"}


def test_keys_that_changed_are_fetched_anew(browser: Browser, world: Issuers) -> None:
    assert browser.sign_in().status_code == 200
    world.sims["stockport"].world.keys.rotate(keep=True)
    assert browser.sign_in().status_code == 403, "once a minute at the most"
    world.hand.seconds += 61
    assert browser.sign_in().status_code == 200


def test_what_an_issuer_says_of_itself_is_asked_for_once_an_hour(browser: Browser, world: Issuers) -> None:
    sim = world.sims["stockport"]
    path = "/realms/stockport/.well-known/openid-configuration"
    before = sim.asked(path)
    for _ in range(3):
        browser.sent_to("stockport")
    assert sim.asked(path) == before + 1
    world.hand.seconds += 3601
    browser.sent_to("stockport")
    assert sim.asked(path) == before + 2


def test_a_page_says_who_it_is(browser: Browser) -> None:
    browser.sign_in()
    page = browser.get("/me", **PAGE)

    assert page.mimetype == "text/html"
    assert browser.me()["reference"] in page.text
    assert "authority officer" in page.text
    assert "Amira" not in page.text
