"""What is refused at the door is counted, told and entered in the trail; what was presented is kept nowhere."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from joserfc.jwk import ECKey, RSAKey

from service.central.feeds import FeedKeys
from service.store.alarms import AlarmRows
from service.store.engine import short_lived_engine
from service.store.pulse import PulseRows
from service.store.sign_in import SignInRows
from service.usecases.alarms import AlarmWatch
from tests.store.rows import rows
from tests.support.assertions import keyed_client, present, signed
from tests.support.bridge import SALFORD, STOCKPORT, Bridge
from tests.support.records import example

KEY, OTHER = ECKey.generate_key("P-256"), ECKey.generate_key("P-256")
TRAIL = "SELECT authority, actor, subject_id, detail FROM casework.audit WHERE action = 'sign_in_refused' ORDER BY id"


def counted(bridge: Bridge) -> dict[tuple[str, str], int]:
    found = rows(bridge.database, "SELECT authority, reason, total FROM casework.sign_in_failure")
    return {(each["authority"], each["reason"]): each["total"] for each in found}


def test_each_way_of_failing_is_counted_where_it_belongs(bridge: Bridge) -> None:
    client_id, once = keyed_client(bridge, KEY), signed(keyed_client(bridge, KEY), KEY)
    _, secret = bridge.credentials(STOCKPORT, ("records:read",))
    assert present(bridge, once).status_code == 200
    attempts = [
        ("", "client_unknown", signed("wb-0000000000000000", KEY)),
        (STOCKPORT, "signature_wrong", signed(client_id, OTHER, header={"kid": KEY.thumbprint()})),
        (STOCKPORT, "key_unknown", signed(client_id, OTHER)),
        (STOCKPORT, "assertion_expired", signed(client_id, KEY, iat=1, exp=2)),
        (STOCKPORT, "audience_wrong", signed(client_id, KEY, aud="x")),
        (STOCKPORT, "too_long_lived", signed(client_id, KEY, iat=1)),
        (STOCKPORT, "assertion_replayed", once),
        ("", "algorithm_refused", signed(client_id, RSAKey.generate_key(2048), "PS384")),
    ]
    for _, _, assertion in attempts:
        assert present(bridge, assertion).status_code == 401
    form = {"grant_type": "client_credentials"}
    assert bridge.casework.post("/oauth/token", data=form, auth=("wb-x", secret)).status_code == 401
    assert present(bridge, signed(client_id, KEY), scope="records:write").status_code == 400
    expected = {(authority, reason): 1 for authority, reason, _ in attempts}
    assert counted(bridge) == expected | {("", "secret_wrong"): 1, (STOCKPORT, "scope_refused"): 1}


def test_routes_count_what_they_refuse_and_not_who_presents_nothing(bridge: Bridge) -> None:
    reviews = "/v1/reviews"
    headers = bridge.headers(STOCKPORT, "records:read", "records:write")
    for each in ({}, {"Authorization": "Bearer x"}, {"Authorization": "Basic Og=="}, headers):
        assert bridge.casework.get(reviews, headers=each).status_code in (401, 403)
    foreign = bridge.casework.post("/v1/wise-assessments", json=example("wise", authority=SALFORD), headers=headers)
    assert foreign.status_code == 403
    assert counted(bridge) == {
        ("", "token_not_valid"): 2,
        (STOCKPORT, "scope_missing"): 1,
        (STOCKPORT, "not_allowed"): 1,
    }


def test_the_trail_says_who_and_why_once_a_minute_and_the_count_is_exact(bridge: Bridge) -> None:
    client_id = keyed_client(bridge, KEY)
    for _ in range(5):
        assert present(bridge, signed(client_id, KEY, aud="x")).status_code == 401
        assert present(bridge, signed("wb-0000000000000000", KEY)).status_code == 401
    assert counted(bridge) == {(STOCKPORT, "audience_wrong"): 5, ("", "client_unknown"): 5}
    assert rows(bridge.database, TRAIL) == [
        {"authority": STOCKPORT, "actor": client_id, "subject_id": client_id, "detail": {"reason": "audience_wrong"}},
        {"authority": "", "actor": "stranger", "subject_id": "", "detail": {"reason": "client_unknown"}},
    ]
    with bridge.database.as_admin() as admin:
        admin.execute("UPDATE casework.sign_in_failure SET noted_at = noted_at - interval '61 seconds'")
    assert present(bridge, signed(client_id, KEY, aud="x")).status_code == 401
    assert len(rows(bridge.database, TRAIL)) == 3


def test_nothing_presented_is_kept_or_logged(bridge: Bridge, capfd: pytest.CaptureFixture[str]) -> None:
    client_id, marks = keyed_client(bridge, KEY), ("marked-jti", "wb-marked-as-nobody", "marked-secret", "marked-token")
    once = signed(client_id, KEY, jti="marked-jti", aud="marked-audience")
    present(bridge, once)
    present(bridge, signed("wb-marked-as-nobody", KEY))
    form = {"grant_type": "client_credentials"}
    bridge.casework.post("/oauth/token", data=form, auth=("wb-marked-as-nobody", "marked-secret"))
    bridge.casework.get("/v1/reviews", headers={"Authorization": "Bearer marked-token"})
    kept = json.dumps(rows(bridge.database, "SELECT to_json(a)::text FROM casework.audit a"))
    kept += json.dumps(rows(bridge.database, "SELECT to_json(f)::text FROM casework.sign_in_failure f"))
    kept += json.dumps(rows(bridge.database, "SELECT to_json(u)::text FROM casework.assertion_used u"))
    logged = "".join(capfd.readouterr())
    assert "token_not_valid" in kept
    for mark in (*marks, "marked-audience", once, once.rpartition(".")[2]):
        assert mark not in kept
        assert mark not in logged


def raised(bridge: Bridge) -> list[Any]:
    """The bridge's own open alarms, after a look."""
    with short_lived_engine(bridge.database.url("wise_delivery")) as engine:
        book = AlarmRows(engine)
        AlarmWatch(book, PulseRows(engine), [], dict, timedelta(0)).look()
        return [each for each in book.open(None) if each.kind == "sign_in_failures"]


def fail(bridge: Bridge, times: int, reason: str) -> None:
    with short_lived_engine(bridge.database.url("wise_intake")) as engine:
        for _ in range(times):
            SignInRows(engine).refused("", "", reason)


def test_more_than_a_hundred_in_an_hour_are_an_alarm_until_two_hours_are_quiet(bridge: Bridge) -> None:
    fail(bridge, 60, "token_not_valid")
    fail(bridge, 200, "token_expired")
    with short_lived_engine(bridge.database.url("wise_central")) as engine:
        for _ in range(40):
            FeedKeys(engine).refused("", "feed_key_refused")
    assert raised(bridge) == [], "a hundred of both sides, and tokens that merely ended"
    fail(bridge, 1, "secret_wrong")
    (alarm,) = raised(bridge)
    assert (alarm.count, alarm.owner.value) == (101, "operator of the bridge")
    for hours, left in ((1, 1), (1, 0)):
        with bridge.database.as_admin() as admin:
            for schema in ("casework", "central"):
                admin.execute(f"UPDATE {schema}.sign_in_failure SET hour = hour - interval '1 hour' * {hours}")
        assert len(raised(bridge)) == left


def test_the_next_hour_begins_at_one_and_remembers_the_last(bridge: Bridge) -> None:
    fail(bridge, 3, "secret_wrong")
    with bridge.database.as_admin() as admin:
        admin.execute("UPDATE casework.sign_in_failure SET hour = hour - interval '1 hour'")
    fail(bridge, 2, "secret_wrong")
    columns = "SELECT total, in_hour, hour_before FROM casework.sign_in_failure"
    assert rows(bridge.database, columns) == [{"total": 5, "in_hour": 2, "hour_before": 3}]
    with bridge.database.as_admin() as admin:
        admin.execute("UPDATE casework.sign_in_failure SET hour = hour - interval '5 hours'")
    fail(bridge, 1, "secret_wrong")
    assert rows(bridge.database, columns) == [{"total": 6, "in_hour": 1, "hour_before": 0}]


def test_metrics_count_by_reason(bridge: Bridge) -> None:
    fail(bridge, 2, "secret_wrong")
    bridge.casework.application.extensions["wise_bridge"].health._at = float("-inf")  # a look of before is kept
    text = bridge.casework.get("/metrics").text
    assert 'wise_bridge_sign_in_failures_total{reason="secret_wrong"} 2' in text
