"""Machines sign in with keys: which assertions are taken, and what is said of the others."""

from __future__ import annotations

import base64
import hmac
import json
import time
from dataclasses import replace
from typing import Any

import pytest
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey
from werkzeug.test import TestResponse

from service.api.oauth_names import audiences
from service.settings import Settings
from tests.support.assertions import LEFT_OUT, TYPE, Key, another_key, keyed_client, present, signed
from tests.support.bridge import STOCKPORT, Bridge

EC, OTHER, OKP = ECKey.generate_key("P-256"), ECKey.generate_key("P-256"), OKPKey.generate_key("Ed25519")
RSA = RSAKey.generate_key(2048)


class In(int):
    """So many seconds from now, whenever the test runs."""


def at_once(changes: dict[str, Any]) -> dict[str, Any]:
    now = int(time.time())
    return {name: now + value if isinstance(value, In) else value for name, value in changes.items()}


def part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def renamed(assertion: str, **header: Any) -> str:
    """Under another header, with the signature it had."""
    head, rest = assertion.split(".", 1)
    found = json.loads(base64.urlsafe_b64decode(head + "=="))
    return f"{part(found | header)}.{rest}"


def refusal(answer: TestResponse) -> tuple[Any, ...]:
    """All a stranger can see of it."""
    headers = sorted((name, value) for name, value in answer.headers if name != "X-Request-ID")
    return answer.status_code, answer.data, headers


def said(answer: TestResponse) -> str:
    assert (answer.status_code, answer.get_json()["error"]) == (401, "invalid_client"), answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    return str(answer.get_json()["error_description"])


@pytest.mark.parametrize(("key", "alg"), [(EC, "ES256"), (OKP, "Ed25519"), (RSA, "PS256")])
def test_a_key_lets_its_client_in(bridge: Bridge, key: Key, alg: str) -> None:
    client_id = keyed_client(bridge, key)
    answer = present(bridge, signed(client_id, key, alg), client_id=client_id)
    assert answer.status_code == 200, answer.text
    body = answer.get_json()
    assert (body["token_type"], body["expires_in"], body["scope"]) == ("Bearer", 600, "records:read reviews:read")
    reviews = bridge.casework.get("/v1/reviews", headers={"Authorization": f"Bearer {body['access_token']}"})
    assert reviews.status_code == 200


def test_ed25519_is_known_by_its_former_name(bridge: Bridge) -> None:
    """Libraries from before RFC 9864 write EdDSA. Signed by hand: a new one warns of it."""
    client_id = keyed_client(bridge, OKP)
    content = renamed(signed(client_id, OKP, "Ed25519"), alg="EdDSA").rpartition(".")[0]
    signature = base64.urlsafe_b64encode(OKP.private_key.sign(content.encode())).decode().rstrip("=")
    assert present(bridge, f"{content}.{signature}").status_code == 200


def test_two_keys_are_good_while_a_client_changes_from_one_to_the_next(bridge: Bridge) -> None:
    client_id = keyed_client(bridge, EC)
    assert present(bridge, signed(client_id, OTHER)).status_code == 401
    another_key(bridge, client_id, OTHER)
    assert [present(bridge, signed(client_id, key)).status_code for key in (EC, OTHER)] == [200, 200]
    with bridge.database.as_admin() as admin:
        admin.execute("UPDATE casework.client_key SET revoked_at = now() WHERE kid = %s", (EC.thumbprint(),))
    assert [present(bridge, signed(client_id, key)).status_code for key in (EC, OTHER)] == [401, 200]
    with bridge.database.as_admin() as admin:
        admin.execute("UPDATE casework.client_key SET not_after = now() - interval '1 second'")
    assert present(bridge, signed(client_id, OTHER)).status_code == 401


WRONG_CLAIMS = {
    "expired": ({"exp": In(-60), "iat": In(-90)}, "has expired (exp)"),
    "no exp": ({"exp": LEFT_OUT}, "The claim exp is needed"),
    "exp that is a text": ({"exp": "soon"}, "The claim exp is needed"),
    "exp that is true": ({"exp": True}, "The claim exp is needed"),
    "exp beyond all dates": ({"exp": 10**30}, "The claim exp is needed"),
    "good for an hour": ({"exp": In(3600)}, "good for too long"),
    "made an hour ago": ({"iat": In(-3600)}, "good for too long"),
    "from tomorrow": ({"iat": In(86_400), "exp": In(86_460)}, "not good yet"),
    "not before a later time": ({"nbf": In(120), "exp": In(180)}, "not good yet"),
    "ends before it begins": ({"iat": In(20), "exp": In(10)}, "before exp"),
    "another service": ({"aud": "https://elsewhere.example/oauth/token"}, "The claim aud"),
    "no audience": ({"aud": LEFT_OUT}, "The claim aud"),
    "this service and another": ({"aud": ["wise-bridge", "https://elsewhere.example"]}, "The claim aud"),
    "an empty list of audiences": ({"aud": []}, "The claim aud"),
    "another issuer": ({"iss": "wb-0000000000000000"}, "iss and sub"),
    "no issuer": ({"iss": LEFT_OUT}, "iss and sub"),
    "no jti": ({"jti": LEFT_OUT}, "The claim jti"),
    "an empty jti": ({"jti": ""}, "The claim jti"),
    "a jti that is a number": ({"jti": 7}, "The claim jti"),
    "a jti without end": ({"jti": "x" * 201}, "The claim jti"),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "words"), WRONG_CLAIMS.values(), ids=list(WRONG_CLAIMS))
def test_who_signed_it_is_told_which_claim_is_wrong(bridge: Bridge, changes: dict[str, Any], words: str) -> None:
    client_id = keyed_client(bridge, EC)
    assert words in said(present(bridge, signed(client_id, EC, **at_once(changes))))


def test_every_fault_is_told_at_once_and_only_to_who_signed_it(bridge: Bridge) -> None:
    client_id = keyed_client(bridge, EC)
    wrong = at_once({"aud": "x", "jti": "", "exp": In(-60), "iat": In(-90)})
    words = said(present(bridge, signed(client_id, EC, **wrong)))
    assert all(each in words for each in ("aud", "jti", "exp"))
    by_another = signed(client_id, OTHER, header={"kid": EC.thumbprint()}, **wrong)
    assert said(present(bridge, by_another)).startswith("The assertion's signature or client is not known here.")


def test_a_list_of_one_audience_and_the_public_address_are_taken() -> None:
    assert audiences("") == {"wise-bridge"}
    assert audiences("https://bridge.example/") == {"wise-bridge", "https://bridge.example/oauth/token"}


def test_the_token_endpoints_address_is_an_audience_where_it_is_set(running: Bridge, bridge: Bridge) -> None:
    from service.wiring import casework_app

    client_id, there = keyed_client(bridge, EC), "https://bridge.example/oauth/token"
    assert present(bridge, signed(client_id, EC, aud=["wise-bridge"])).status_code == 200
    assert present(bridge, signed(client_id, EC, aud=there)).status_code == 401
    app = casework_app(replace(running.settings("wise_intake"), public_url="https://bridge.example/"))
    form = {"grant_type": "client_credentials", "client_assertion_type": TYPE}
    try:
        for aud in (there, [there], "wise-bridge"):
            one = signed(client_id, EC, aud=aud)
            assert app.test_client().post("/oauth/token", data=form | {"client_assertion": one}).status_code == 200
    finally:
        app.extensions["wise_bridge_close"]()


def test_unknown_revoked_and_wrongly_signed_are_answered_alike(bridge: Bridge) -> None:
    """A difference would tell which client ids there are."""
    client_id, revoked, bare = (keyed_client(bridge, EC) for _ in range(3))
    with bridge.database.as_admin() as admin:
        admin.execute("UPDATE casework.client SET revoked_at = now() WHERE client_id = %s", (revoked,))
        admin.execute("UPDATE casework.client_key SET revoked_at = now() WHERE client_id = %s", (bare,))
    by_secret, _ = bridge.credentials(STOCKPORT, ("records:read",))
    head, claims, signature = signed(client_id, EC).split(".")
    attempts = {
        "another key under the kid of the right one": signed(client_id, OTHER, header={"kid": EC.thumbprint()}),
        "a key of nobody's": signed(client_id, OTHER),
        "an unknown client": signed("wb-0000000000000000", EC),
        "what is no client id": signed("a\0b'--", EC),
        "a revoked client": signed(revoked, EC),
        "a revoked key": signed(bare, EC),
        "a client without keys": signed(by_secret, EC),
        "an unknown client with an RSA key": signed("wb-0000000000000000", RSA, "PS256"),
        "another kind of key under its kid": signed(client_id, OKP, "Ed25519", {"kid": EC.thumbprint()}),
        "the signature cut": f"{head}.{claims}.{signature[:-4]}",
        "no signature": f"{head}.{claims}.",
        "other claims": f"{head}.{part({'sub': client_id, 'iss': client_id})}.{signature}",
    }  # fmt: skip
    answers = {name: refusal(present(bridge, each)) for name, each in attempts.items()}
    one = answers["an unknown client"]
    assert (one[0], json.loads(one[1])["error"]) == (401, "invalid_client")
    assert {name for name, answer in answers.items() if answer != one} == set()


def not_allowed() -> dict[str, str]:
    plain, shared = signed("wb-x", EC), OctKey.generate_key(256)
    content = renamed(plain, alg="HS256").rpartition(".")[0]
    forged = base64.urlsafe_b64encode(hmac.digest(EC.as_pem(private=False), content.encode(), "sha256")).decode()
    return {
        "none": f"{part({'alg': 'none', 'kid': 'x'})}.{plain.split('.')[1]}.",
        "HS256 by the public key": f"{content}.{forged.rstrip('=')}",
        "HS256": signed("wb-x", shared, "HS256"),  # type: ignore[arg-type]
        "RS256": signed("wb-x", RSA, "RS256"),
        "PS512": signed("wb-x", RSA, "PS512"),
        "an algorithm that is a list": renamed(plain, alg=["ES256"]),
        "no algorithm": renamed(plain, alg=None),
    }


@pytest.mark.parametrize("name", not_allowed())
def test_no_other_algorithm_is_allowed(bridge: Bridge, name: str) -> None:
    client_id = keyed_client(bridge, EC)
    answer = present(bridge, not_allowed()[name])
    assert "algorithm is not allowed" in said(answer)
    assert client_id not in answer.text


@pytest.mark.parametrize(
    "assertion",
    ["", "x", "..", "a.b.c", "é.é.é", f"{part([])}.{part([])}.x", f"{part({'alg': 'ES256'})}.{part({})}.x",
     f"{part({'alg': 'ES256', 'kid': 'k'})}.{part({'sub': 7})}.x", "a.b.c.d.e", "[" * 9000 + ".x.y", "x" * 20_000],
)  # fmt: skip
def test_what_is_no_assertion_is_said_to_be_none(bridge: Bridge, assertion: str) -> None:
    assert said(present(bridge, assertion))


def test_one_way_of_signing_in_at_a_time(bridge: Bridge) -> None:
    client_id = keyed_client(bridge, EC)
    asked = {"grant_type": "client_credentials", "client_assertion_type": TYPE}
    for more in (
        {"data": asked | {"client_assertion": signed(client_id, EC)}, "auth": bridge.credentials(STOCKPORT, ())},
        {"data": asked | {"client_assertion": signed(client_id, EC), "client_secret": "x"}},
        {"data": asked | {"client_assertion": [signed(client_id, EC), signed(client_id, EC)]}},
        {"data": asked | {"client_assertion": signed(client_id, EC), "client_id": "wb-0000000000000000"}},
    ):
        answer = bridge.casework.post("/oauth/token", **more)  # type: ignore[arg-type]
        assert (answer.status_code, answer.get_json()["error"]) == (400, "invalid_request")
    assert bridge.casework.post("/oauth/token", data=asked).status_code == 401
    assert bridge.casework.post("/oauth/token", query_string=asked | {"client_assertion": signed(client_id, EC)}, data={
        "grant_type": "client_credentials"}).status_code == 401  # fmt: skip
    other = "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"
    assert "client_assertion_type" in said(present(bridge, signed(client_id, EC), client_assertion_type=other))


def test_a_secret_is_taken_in_a_sandbox_and_nowhere_else(running: Bridge, bridge: Bridge) -> None:
    closed = replace(running, sandbox=False, _tokens={}, _closing=[])
    client_id, secret = bridge.credentials(STOCKPORT, ("records:read",))
    form = {"grant_type": "client_credentials"}
    in_form = form | {"client_id": client_id, "client_secret": secret}
    try:
        answers = [
            closed.casework.post("/oauth/token", data=form, auth=(client_id, secret)),
            closed.casework.post("/oauth/token", data=in_form),
            closed.casework.post("/oauth/token", data=form, auth=("wb-0000000000000000", "x")),
        ]
        assert all(refusal(each) == refusal(answers[0]) for each in answers)
        assert "Register a public key" in said(answers[0])
        assert present(closed, signed(keyed_client(bridge, EC), EC)).status_code == 200
    finally:
        closed.close()
    assert bridge.casework.post("/oauth/token", data=in_form).status_code == 200
    assert Settings.sandbox is False, "closed unless somebody opens it"


def test_a_client_with_a_key_has_no_secret(bridge: Bridge) -> None:
    client_id = keyed_client(bridge, EC)
    for secret in ("", "x", "\0"):
        form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
        assert bridge.casework.post("/oauth/token", data=form).status_code == 401
