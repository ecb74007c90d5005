"""Keys of feeds: for what was published alone, as a password or bearer token, never in an address."""

from __future__ import annotations

import base64

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from service.central.feeds import all_feeds, create_feed, revoke_feed
from service.central.tables import feed_key
from service.errors import NotPossible
from service.store.engine import short_lived_engine
from tests.store.rows import rows
from tests.support.bridge import STOCKPORT, Bridge

MENU = "/v1/aggregates"


def feed(bridge: Bridge, days: int = 90, name: str = "Hub dashboard") -> tuple[str, str]:
    with short_lived_engine(bridge.database.url("wise_owner")) as engine, engine.begin() as connection:
        return create_feed(connection, name, days)


def basic(password: str, user: str = "feed") -> dict[str, str]:
    return {"Authorization": f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"}


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def refused(bridge: Bridge) -> dict[str, int]:
    found = rows(bridge.database, "SELECT reason, total FROM central.sign_in_failure")
    return {each["reason"]: each["total"] for each in found}


def test_a_feed_pulls_as_user_feed_or_with_a_bearer_token(bridge: Bridge) -> None:
    _, key = feed(bridge)
    for headers in (basic(key), bearer(key)):
        assert bridge.hub.get(MENU, headers=headers).status_code == 200
        assert bridge.hub.get("/v1/releases", headers=headers).status_code == 200
    assert refused(bridge) == {}


def test_who_is_asked_for_a_password_is_told_so(bridge: Bridge) -> None:
    challenges = bridge.hub.get(MENU).headers.get_all("WWW-Authenticate")
    assert challenges == ['Bearer realm="wise-bridge"', 'Basic realm="wise-bridge", charset="UTF-8"']
    assert bridge.casework.get("/v1/reviews").headers.get_all("WWW-Authenticate") == ['Bearer realm="wise-bridge"']
    assert refused(bridge) == {}, "who presents nothing has tried nothing"


def test_no_other_key_lets_anybody_in(bridge: Bridge) -> None:
    (one, key), (_, ended), (revoked, its_key) = feed(bridge), feed(bridge), feed(bridge)
    with short_lived_engine(bridge.database.url("wise_owner")) as engine, engine.begin() as connection:
        assert revoke_feed(connection, revoked)
        assert not revoke_feed(connection, revoked)
    with bridge.database.as_admin() as admin:
        admin.execute(
            "UPDATE central.feed_key SET created_at = now() - interval '9 days', expires_at = now() - interval '1 s'"
            " WHERE id = %s",
            ("feed-" + ended.split("_")[1],),
        )
    other = key[:-1] + ("A" if key[-1] != "A" else "B")
    swapped = f"feed_{its_key.split('_', 2)[1]}_{key.split('_', 2)[2]}"
    wrong = [ended, its_key, other, swapped, key + "x", key.upper(), one, "feed_", "feed_000000000000_" + "x" * 43, ""]
    for each in wrong:
        for headers in (basic(each), bearer(each), basic(each, user="Feed")):
            answer = bridge.hub.get(MENU, headers=headers)
            assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
    assert bridge.hub.get(MENU, headers=basic(key, user="wb-x")).status_code == 401
    assert bridge.hub.get(MENU, headers=basic(key)).status_code == 200
    assert set(refused(bridge)) == {"feed_key_refused", "token_not_valid"}


def test_a_feed_opens_nothing_but_what_is_published(bridge: Bridge) -> None:
    _, key = feed(bridge)
    for headers in (basic(key), bearer(key)):
        assert bridge.hub.get("/v1/training-records", headers=headers).status_code == 403
        assert bridge.hub.post("/v1/training-records", json=[], headers=headers).status_code == 403
        assert bridge.casework.get("/v1/reviews", headers=headers).status_code == 401
        form = {"grant_type": "client_credentials"}
        assert bridge.casework.post("/oauth/token", data=form, headers=headers).status_code == 401
    assert refused(bridge) == {"scope_missing": 4}


@pytest.mark.parametrize("place", ["?key={}", "?release={}", "?release=2026Q3&{}", "/{}", "?a=%66eed_{}", "?x=1{}"])
def test_a_key_in_the_address_is_refused_and_is_to_be_revoked(bridge: Bridge, place: str) -> None:
    _, key = feed(bridge)
    for headers in ({}, bearer(key), bridge.headers("hub")):
        answer = bridge.hub.get(MENU + place.format(key), headers=headers)
        problem = answer.get_json()
        assert (answer.status_code, problem["title"]) == (400, "A key was in the address")
        assert "revoked" in problem["detail"]
        assert key not in answer.text
    assert refused(bridge) == {"key_in_address": 3}


def test_the_hubs_process_reads_the_feed_it_names_and_no_name(bridge: Bridge) -> None:
    (one, key), (other, _) = feed(bridge), feed(bridge)
    with short_lived_engine(bridge.database.url("wise_central")) as engine, engine.begin() as connection:
        assert list(connection.scalars(select(feed_key.c.id))) == []
        connection.execute(text("SELECT set_config('wise.feed', :id, true)"), {"id": one})
        assert list(connection.scalars(select(feed_key.c.id))) == [one]
        assert list(connection.scalars(select(feed_key.c.id).where(feed_key.c.id == other))) == []
    (kept,) = rows(bridge.database, "SELECT f::text AS row FROM central.feed_key f WHERE id = %s", one)
    assert key.split("_", 2)[2] not in kept["row"]


def test_the_database_keeps_no_feed_for_longer_than_a_year(bridge: Bridge) -> None:
    feed(bridge, days=366)
    with pytest.raises(IntegrityError, match="ck_feed_key_expires"):
        feed(bridge, days=367)


def test_feeds_are_listed_without_their_keys(bridge: Bridge) -> None:
    one, key = feed(bridge, name="Excel at the Hub")
    with short_lived_engine(bridge.database.url("wise_owner")) as engine, engine.begin() as connection:
        (listed,) = all_feeds(connection)
        assert (listed.id, listed.name, listed.revoked_at) == (one, "Excel at the Hub", None)
        assert key.split("_", 2)[2] not in repr(listed)
        with pytest.raises(NotPossible, match="no feed of this id"):
            revoke_feed(connection, "feed-000000000000")


def test_a_councils_token_is_still_no_key_of_a_feed(bridge: Bridge) -> None:
    assert bridge.hub.get(MENU, headers=bridge.headers(STOCKPORT)).status_code == 403
    assert bridge.hub.get(MENU, headers=bridge.headers("hub")).status_code == 200
