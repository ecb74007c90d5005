"""An issuer says by itself that somebody has signed out there (OpenID Connect Back-Channel Logout 1.0)."""

from __future__ import annotations

import pytest
from werkzeug.test import TestResponse

from simulators.issuer.variants import LOGOUT_TOKEN
from tests.people.world import PUBLIC, Browser, Issuers
from tests.store.rows import rows
from tests.support.bridge import Bridge


def told(browser: Browser, token: str, name: str = "stockport") -> TestResponse:
    """As the issuer posts it: no browser, no cookie."""
    client = browser.client.application.test_client()
    return client.post(f"/sign-in/{name}/signed-out", base_url=PUBLIC, data={"logout_token": token})


def token(world: Issuers, login: str = "amira", name: str = "stockport") -> str:
    return world.sims[name].logout_token("wise bridge", login)


def test_who_signed_out_there_is_signed_out_here(
    browser: Browser, another: Browser, world: Issuers, bridge: Bridge
) -> None:
    browser.sign_in("stockport", "amira")
    another.sign_in("stockport", "ben")
    assert told(browser, token(world)).status_code == 200
    assert browser.me() is None
    assert another.me(), "nobody else is"
    actions = [each["action"] for each in rows(bridge.database, "SELECT action FROM casework.audit ORDER BY id")]
    assert actions.count("person_signed_out_by_issuer") == 1


def test_a_logout_token_counts_once(browser: Browser, world: Issuers) -> None:
    """Else whoever got hold of one could sign them out again and again."""
    browser.sign_in()
    once = token(world)
    assert told(browser, once).status_code == 200
    browser.sign_in()
    assert told(browser, once).status_code == 200
    assert browser.me()


WRONG = ("iss_other", "aud_other", "exp_past", "iat_old", "iat_future", "alg_none", "alg_hs256", "kid_unknown",
         "key_other", "signature_changed", "nonce_added", "events_missing", "subject_missing")  # fmt: skip


@pytest.mark.parametrize("variant", WRONG)
def test_nobody_is_signed_out_by(variant: str, browser: Browser, world: Issuers) -> None:
    browser.sign_in()
    world.sims["stockport"].be(variant, on=LOGOUT_TOKEN)
    assert told(browser, token(world)).status_code == 400
    assert browser.me()


def test_another_issuers_token_signs_nobody_out(browser: Browser, another: Browser, world: Issuers) -> None:
    browser.sign_in("stockport")
    another.sign_in("salford")
    assert told(browser, token(world, name="salford"), "stockport").status_code == 400
    assert browser.me() and another.me()
    assert told(browser, "x").status_code == 400
    assert told(browser, token(world), "nowhere").status_code == 404
