"""Signing in: who gets a token, what it is good for, and that nothing else is."""

from __future__ import annotations

import base64
import hmac
import json
from dataclasses import dataclass
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey
from werkzeug.test import TestResponse

from service.api.scopes import AUTHORITY_SCOPES, HUB, HUB_SCOPES, SCOPES, possible_scopes
from service.api.tokens import AUDIENCE, ISSUER, TokenMaker, TokenReader, read_key
from tests.support.bridge import SALFORD, STOCKPORT, Bridge
from tests.support.records import example

TOKEN = "/oauth/token"
GRANT = {"grant_type": "client_credentials"}
KEY, OTHER_KEY = ECKey.generate_key("P-256"), ECKey.generate_key("P-256")
READER = TokenReader(KEY)


@dataclass
class Machine:
    """A client as the token maker asks about it."""

    authority: str = STOCKPORT

    def get_client_id(self) -> str:
        return "wb-test"


def made(key: ECKey = KEY, *, minutes: int = 10, authority: str = STOCKPORT, scope: str = "reviews:read") -> str:
    maker = TokenMaker(key, minutes=minutes)
    token: str = maker.access_token_generator(Machine(authority), "client_credentials", None, scope)
    return token


def registered(bridge: Bridge) -> None:
    """The client that made tokens name."""
    with bridge.database.as_admin() as admin:
        admin.execute("INSERT INTO casework.client VALUES ('wb-test', %s, 'test', '', '{}')", (STOCKPORT,))


def part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def claims_of(token: str) -> dict[str, Any]:
    body = token.split(".")[1]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return found


def signed(header: dict[str, str] | None = None, **changes: Any) -> str:
    """A token by the right key, with other claims; None leaves a claim out."""
    claims = {name: value for name, value in (claims_of(made()) | changes).items() if value is not None}
    return jwt.encode({"alg": "ES256", "typ": "at+jwt"} | (header or {}), claims, KEY)


def swapped(token: str, claims: dict[str, Any]) -> str:
    """A good token's header and signature around other claims."""
    head, _, signature = token.split(".")
    return f"{head}.{part(claims)}.{signature}"


def forged(secret: bytes) -> str:
    """The public key used as if it were a shared secret."""
    content = f"{part({'alg': 'HS256', 'typ': 'at+jwt'})}.{part(claims_of(made()))}"
    digest = hmac.digest(secret, content.encode(), "sha256")
    return f"{content}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"


def sign_in(bridge: Bridge, client_id: str, secret: str, **form: str) -> TestResponse:
    return bridge.casework.post(TOKEN, data=GRANT | form, auth=(client_id, secret))


def refusal(answer: TestResponse) -> tuple[Any, ...]:
    """All a stranger can see of it."""
    headers = sorted((name, value) for name, value in answer.headers if name != "X-Request-ID")
    return answer.status_code, answer.data, headers


def test_a_token_is_for_ten_minutes_one_authority_and_its_scopes(bridge: Bridge) -> None:
    client_id, secret = bridge.credentials(STOCKPORT, ("records:read", "reviews:read"))
    answer = sign_in(bridge, client_id, secret)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    body = answer.get_json()
    assert (body["token_type"], body["expires_in"], body["scope"]) == ("Bearer", 600, "records:read reviews:read")
    claims = claims_of(body["access_token"])
    assert claims["exp"] - claims["iat"] == 600
    assert (claims["authority"], claims["client_id"], claims["aud"]) == (STOCKPORT, client_id, AUDIENCE)
    assert secret not in str(claims)


def test_the_secret_may_come_in_the_form(bridge: Bridge) -> None:
    client_id, secret = bridge.credentials(STOCKPORT, ("records:read",))
    form = GRANT | {"client_id": client_id, "client_secret": secret}
    assert bridge.casework.post(TOKEN, data=form).status_code == 200


def test_the_secret_may_not_come_in_the_address(bridge: Bridge) -> None:
    client_id, secret = bridge.credentials(STOCKPORT, ("records:read",))
    there = {"client_id": client_id, "client_secret": secret}
    for answer in (
        bridge.casework.post(TOKEN, query_string=there, data=GRANT),
        bridge.casework.post(TOKEN, query_string=there | GRANT),
        bridge.casework.post(TOKEN, query_string={"client_secret": secret}, data=GRANT | {"client_id": client_id}),
    ):
        assert answer.status_code in (400, 401)
        assert "access_token" not in answer.text


def test_wrong_unknown_and_revoked_are_answered_alike(bridge: Bridge) -> None:
    """A difference would tell which client ids there are."""
    client_id, secret = bridge.credentials(STOCKPORT, ("records:read",))
    revoked, its_secret = bridge.credentials(STOCKPORT, ("records:read",))
    assert sign_in(bridge, revoked, its_secret).status_code == 200
    with bridge.database.as_admin() as connection:
        connection.execute("UPDATE casework.client SET revoked_at = now() WHERE client_id = %s", (revoked,))
    attempts = [
        (client_id, "wrong"),
        ("wb-0000000000000000", secret),
        (revoked, its_secret),
        ("a\0b'--", "x"),
        ("", ""),
    ]
    basic = [refusal(sign_in(bridge, *attempt)) for attempt in attempts]
    form = [
        refusal(bridge.casework.post(TOKEN, data=GRANT | {"client_id": name, "client_secret": word}))
        for name, word in attempts
    ]
    assert all(each == basic[0] for each in basic + form)
    assert basic[0][0] == 401
    assert json.loads(basic[0][1])["error"] == "invalid_client"
    assert "WWW-Authenticate" in dict(basic[0][2])


@pytest.mark.parametrize("header", ["Basic", "Basic ", "Basic /////w==", "Basic é", "basic !", "Basic a b c"])
def test_credentials_that_cannot_be_read_are_the_senders_fault(bridge: Bridge, header: str) -> None:
    answer = bridge.casework.post(TOKEN, data=GRANT, headers={"Authorization": header})
    assert answer.status_code in (400, 401)


@pytest.mark.parametrize(
    "form", [{}, {"grant_type": "password"}, {"grant_type": "authorization_code"}, {"grant_type": "refresh_token"}]
)
def test_there_is_one_way_to_get_a_token(bridge: Bridge, form: dict[str, str]) -> None:
    answer = bridge.casework.post(TOKEN, data=form, auth=bridge.credentials(STOCKPORT, ("records:read",)))
    assert answer.status_code == 400
    assert answer.get_json()["error"] == "unsupported_grant_type"


@pytest.mark.parametrize(
    ("asked", "got"),
    [
        ("reviews:read", {"reviews:read"}),
        ("reviews:read records:read", {"records:read", "reviews:read"}),
        ("reviews:read records:write", {"reviews:read"}),
    ],
)
def test_a_client_may_ask_for_less_and_never_gets_more(bridge: Bridge, asked: str, got: set[str]) -> None:
    credentials = bridge.credentials(STOCKPORT, ("records:read", "reviews:read"))
    token = sign_in(bridge, *credentials, scope=asked).get_json()["access_token"]
    assert set(claims_of(token)["scope"].split()) == got
    headers = {"Authorization": f"Bearer {token}"}
    assert (bridge.casework.get("/v1/reviews", headers=headers).status_code == 200) is ("reviews:read" in got)
    assert bridge.casework.post("/v1/wise-assessments", json=example("wise"), headers=headers).status_code == 403


@pytest.mark.parametrize("asked", ["aggregates:read", "everything", "reviews:READ", "records:write aggregates:read"])
def test_a_client_that_may_have_nothing_of_what_it_asks_for_is_told_so(bridge: Bridge, asked: str) -> None:
    answer = sign_in(bridge, *bridge.credentials(STOCKPORT, ("records:read", "reviews:read")), scope=asked)
    assert (answer.status_code, answer.get_json()["error"]) == (400, "invalid_scope")


def test_a_token_of_one_scope_opens_no_other_route(bridge: Bridge) -> None:
    receipt = bridge.post(example("wise")).get_json()["status_url"]
    for scope in (*possible_scopes(STOCKPORT), *possible_scopes(HUB)):
        headers = bridge.headers(HUB if scope in HUB_SCOPES else STOCKPORT, scope)
        opened = {
            "records:write": bridge.casework.post("/v1/wise-assessments", json=example("wise"), headers=headers),
            "records:read": bridge.casework.get(receipt, headers=headers),
            "holds:read": bridge.casework.get("/v1/holds", headers=headers),
            "holds:write": bridge.casework.post("/v1/holds/x/release", json={"decided_by_ref": "a"}, headers=headers),
            "documents:read": bridge.casework.get(f"{receipt}/documents", headers=headers),
            "reviews:read": bridge.casework.get("/v1/reviews", headers=headers),
            "training:read": bridge.casework.get("/v1/training-records", headers=headers),
            "training:write": bridge.casework.post("/v1/training-records", json=[], headers=headers),
            "evaluation:read": bridge.casework.get("/v1/evaluation-extract", headers=headers),
            "supervision:read": bridge.casework.get("/v1/reflective-supervisions/x", headers=headers),
            "packs:read": bridge.casework.get("/v1/packs", headers=headers),
            "packs:confirm": bridge.casework.post("/v1/packs/x/take", json={}, headers=headers),
            "webhooks:read": bridge.casework.get("/v1/admin/webhooks", headers=headers),
            "audit:read": bridge.casework.get(f"{receipt}/access", headers=headers),
            "deliveries:read": bridge.casework.get("/v1/admin/lane", headers=headers),
            "deliveries:act": bridge.casework.post("/v1/admin/deliveries/x/hold", json={}, headers=headers),
            "deliveries:approve": bridge.casework.post("/v1/admin/orders/x/approval", json={}, headers=headers),
            "deliveries:open": bridge.casework.get("/v1/admin/deliveries/x/preview/words", headers=headers),
            "aggregates:read": bridge.hub.get("/v1/aggregates", headers=headers),
        }
        assert {name for name, answer in opened.items() if answer.status_code != 403} == {scope}
        assert set(opened) == set(SCOPES)


def test_the_hub_and_a_council_cannot_use_each_others_side(bridge: Bridge) -> None:
    council, hub = bridge.headers(STOCKPORT), bridge.headers(HUB)
    assert bridge.hub.get("/v1/aggregates", headers=hub).status_code == 200
    assert bridge.hub.get("/v1/aggregates", headers=council).status_code == 403
    assert bridge.casework.get("/v1/reviews", headers=hub).status_code == 403
    assert bridge.casework.post("/v1/wise-assessments", json=example("wise"), headers=hub).status_code == 403
    assert bridge.hub.get("/v1/reviews", headers=council).status_code == 404
    assert bridge.casework.get("/v1/aggregates", headers=hub).status_code == 404
    assert bridge.hub.post(TOKEN, data=GRANT, auth=bridge.credentials(HUB, ("aggregates:read",))).status_code == 404


def test_a_hub_token_with_a_councils_scope_still_reaches_no_record(bridge: Bridge) -> None:
    """Even if somebody made such a client by hand: the Hub is no tenant."""
    receipt = bridge.post(example("wise")).get_json()["status_url"]
    headers = bridge.headers(HUB, *AUTHORITY_SCOPES)
    assert bridge.casework.get(receipt, headers=headers).status_code == 404
    assert bridge.casework.get("/v1/reviews", headers=headers).get_json()["reviews"] == []
    assert bridge.casework.post("/v1/wise-assessments", json=example("wise"), headers=headers).status_code == 403


NOT_VALID = {
    "expired": made(minutes=-1),
    "signed by another key": made(OTHER_KEY),
    "no signature": made().rsplit(".", 1)[0] + ".",
    "another authority put in": swapped(made(), claims_of(made(authority=SALFORD))),
    "alg none": f"{part({'alg': 'none', 'typ': 'at+jwt'})}.{part(claims_of(made()))}.",
    "public key as a shared secret": forged(KEY.as_pem(private=False)),
    "another issuer": signed(iss="https://elsewhere.example"),
    "another audience": signed(aud="another-service"),
    "not an access token": signed({"typ": "JWT"}),
    "no expiry": signed(exp=None),
    "no client": signed(client_id=None),
    "no authority": signed(authority=None),
    "no scope": signed(scope=None),
    "an authority that is no text": signed(authority=["E08000007"]),
    "scopes that are no text": signed(scope=["reviews:read"]),
    "not a token": "let-me-in",
    "three empty parts": "..",
    "nothing": "",
    "not ASCII": "é.é.é",
    "parts that are JSON and no more": f"{part({})}.{part({})}.{part({})}",
    "a list for claims": f"{part({'alg': 'ES256'})}.{part([])}.{part('')}",
    "five parts": "a.b.c.d.e",
}  # fmt: skip


def test_what_is_changed_below_is_a_valid_token_without_the_change() -> None:
    for token in (made(), signed()):
        caller = READER.caller(token)
        assert caller is not None
        assert (caller.authority, caller.scopes) == (STOCKPORT, {"reviews:read"})


@pytest.mark.parametrize("token", NOT_VALID.values(), ids=list(NOT_VALID))
def test_nobody_is_let_in_by(token: str) -> None:
    assert READER.caller(token) is None


def test_whoever_is_not_let_in_is_told_where_to_sign_in(bridge: Bridge) -> None:
    registered(bridge)
    key = read_key(bridge.keys_dir / "token-signing.pem")
    reviews = "/v1/reviews"
    fine = bridge.casework.get(reviews, headers={"Authorization": f"bearer  {made(key)}"})
    assert fine.status_code == 200
    wrong = [made(key, minutes=-1), made(OTHER_KEY), "", "x"]
    headers = [{"Authorization": f"Bearer {token}"} for token in wrong]
    headers += [{}, {"Authorization": made(key)}, {"Authorization": f"Basic {made(key)}"}]
    for each in headers:
        for answer in (bridge.casework.get(reviews, headers=each), bridge.hub.get("/v1/aggregates", headers=each)):
            assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
            assert answer.headers["WWW-Authenticate"] == 'Bearer realm="wise-bridge"'
    assert bridge.casework.get(reviews, query_string={"access_token": made(key)}).status_code == 401


def test_a_token_of_an_authority_without_a_profile_sends_nothing(bridge: Bridge) -> None:
    registered(bridge)
    key = read_key(bridge.keys_dir / "token-signing.pem")
    token = made(key, authority="E08000001", scope="records:write")
    headers = {"Authorization": f"Bearer {token}"}
    for record in (example("wise"), example("wise", authority="E08000001")):
        assert bridge.casework.post("/v1/wise-assessments", json=record, headers=headers).status_code == 403


def test_tokens_name_this_service() -> None:
    assert claims_of(made())["iss"] == ISSUER
