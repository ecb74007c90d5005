"""Each way in which the issuer can be hostile or faulty, seen from outside, and that it is well again afterwards."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from authlib.integrations.base_client import OAuthError
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from simulators.issuer import entra, variants
from simulators.kit.faults import FaultError
from tests.simulators.issuer_client import OURS, TENANT, THEIRS, Outsider, issuer, opened

VERIFIER = "v" * 43
HOUR, DAY = 3600, 86400
Claims = dict[str, Any]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outsider]:
    with issuer(tmp_path_factory.mktemp("issuer")) as found:
        yield found


@pytest.fixture
def outside(running: Outsider) -> Iterator[Outsider]:
    yield Outsider(running.sim, OURS)
    running.sim.well()


DISCOVERY: dict[str, Callable[[Claims, Outsider], bool]] = {
    "discovery_other_issuer": lambda told, _: told["issuer"] == "https://another-issuer.example",
    "discovery_issuer_template": lambda told, seen: told["issuer"] == seen.sim.issuer,  # of Entra ID's form only
    "discovery_http": lambda told, _: _schemes(told) == {"http"},
    "discovery_jwks_elsewhere": lambda told, seen: told["jwks_uri"] == f"{seen.sim.elsewhere}/jwks",
    "discovery_token_elsewhere": lambda told, seen: told["token_endpoint"] == f"{seen.sim.elsewhere}/token",
    "discovery_without_jwks": lambda told, _: "jwks_uri" not in told,
}
AUTHORIZE: dict[str, Callable[[Claims, Outsider], bool]] = {
    "error_access_denied": lambda back, _: (back["error"], "code" in back) == ("access_denied", False),
    "error_server_error": lambda back, _: back["error"] == "server_error",
    "error_temporarily_unavailable": lambda back, _: back["error"] == "temporarily_unavailable",
    "state_changed": lambda back, _: back["state"] == "another-state",
    "state_missing": lambda back, _: "state" not in back,
    "response_iss_other": lambda back, seen: back["iss"] != seen.sim.issuer,
    "response_iss_missing": lambda back, _: "iss" not in back,
    "code_of_other_client": lambda back, seen: _refused(seen, back["code"]),
}
CLAIMS: dict[str, Callable[[Claims], bool]] = {
    "iss_other": lambda claims: claims["iss"] == "https://another-issuer.example",
    "iss_missing": lambda claims: "iss" not in claims,
    "aud_other": lambda claims: claims["aud"] == THEIRS.id,
    "aud_many": lambda claims: (claims["aud"], "azp" in claims) == ([OURS.id, THEIRS.id], False),
    "azp_other": lambda claims: (claims["aud"], claims.get("azp")) == ([OURS.id, THEIRS.id], THEIRS.id),
    "sub_missing": lambda claims: "sub" not in claims,
    "sub_number": lambda claims: claims["sub"] == 1234,
    "nonce_other": lambda claims: claims["nonce"] == "another-nonce",
    "nonce_missing": lambda claims: "nonce" not in claims,
    "tid_other": lambda claims: claims["tid"].endswith("cccc"),
    "tid_missing": lambda claims: "tid" not in claims,
    "exp_past": lambda claims: claims["exp"] < time.time() - HOUR / 2,
    "exp_missing": lambda claims: "exp" not in claims,
    "exp_text": lambda claims: isinstance(claims["exp"], str),
    "iat_future": lambda claims: claims["iat"] > time.time() + HOUR / 2,
    "iat_old": lambda claims: claims["iat"] < time.time() - DAY / 2 and claims["exp"] > time.time(),
    "iat_missing": lambda claims: "iat" not in claims,
    "nbf_future": lambda claims: claims["nbf"] > time.time() + HOUR / 2,
    "auth_time_old": lambda claims: claims["auth_time"] < time.time() - DAY / 2,
    "auth_time_missing": lambda claims: "auth_time" not in claims,
    "amr_missing": lambda claims: not {"amr", "acr"} & set(claims),
    "at_hash_other": lambda claims: claims["at_hash"] == _half("another-access-token"),
    "groups_overage": lambda claims: ("groups" in claims, "_claim_names" in claims) == (False, True),
}
OF_LOGOUT: dict[str, Callable[[Claims], bool]] = {
    "nonce_added": lambda claims: "nonce" in claims,
    "events_missing": lambda claims: "events" not in claims,
    "subject_missing": lambda claims: not {"sub", "sid"} & set(claims),
}


@pytest.mark.parametrize("name", DISCOVERY)
def test_discovery(outside: Outsider, name: str) -> None:
    well = outside.told()
    outside.sim.be(name)
    assert DISCOVERY[name](outside.told(), outside)
    assert outside.told() == well


@pytest.mark.parametrize("name", variants.JWKS)
def test_keys(outside: Outsider, name: str) -> None:
    token = outside.signed_in()["id_token"]
    assert outside.claims(token)
    outside.sim.be(name)
    keys = outside.get(outside.told()["jwks_uri"]).json()["keys"]
    first = next((key for key in keys if key["kid"] == opened(token)[0]["kid"]), None)

    outside.sim.be(name)
    if name == "keys_doubled":
        assert [key["kid"] for key in keys].count(opened(token)[0]["kid"]) == 2
    else:
        assert (first is None) == (name == "keys_none")
        with pytest.raises((JoseError, ValueError)):
            outside.claims(token)


@pytest.mark.parametrize("name", AUTHORIZE)
def test_what_the_browser_brings_back(outside: Outsider, name: str) -> None:
    outside.sim.be(name)
    assert AUTHORIZE[name](outside.sent_back("amira", VERIFIER), outside)
    back = outside.sent_back("amira", VERIFIER)
    assert (back["state"], back["iss"]) == ("the-state", outside.sim.issuer)
    assert outside.token(back["code"], VERIFIER)["id_token"]


@pytest.mark.parametrize("name", CLAIMS)
def test_what_an_id_token_says(outside: Outsider, name: str) -> None:
    well = outside.claims(outside.signed_in("ben")["id_token"])
    outside.sim.be(name)
    token = outside.signed_in("ben")["id_token"]
    bad = outside.claims(token)  # the signature holds: only the claims are wrong

    assert CLAIMS[name](bad)
    if name not in {"tid_other", "tid_missing", "nbf_future"}:
        assert not CLAIMS[name](well)
    again = outside.claims(outside.signed_in("ben")["id_token"])
    assert set(again) == set(well)


@pytest.mark.parametrize("name", OF_LOGOUT)
def test_what_a_logout_token_says(outside: Outsider, name: str) -> None:
    outside.signed_in()
    outside.sim.be(name, on=variants.LOGOUT_TOKEN)
    assert OF_LOGOUT[name](outside.claims(outside.sim.logout_token(OURS.id, "amira")))
    assert not OF_LOGOUT[name](outside.claims(outside.sim.logout_token(OURS.id, "amira")))


@pytest.mark.parametrize("name", variants.SIGNATURE)
@pytest.mark.parametrize("kind", [variants.ID_TOKEN, variants.LOGOUT_TOKEN])
def test_how_a_token_is_signed(outside: Outsider, name: str, kind: str) -> None:
    def made() -> str:
        answer: str = outside.signed_in()["id_token"]
        return answer if kind == variants.ID_TOKEN else outside.sim.logout_token(OURS.id, "amira")

    outside.sim.be(name, on=kind)
    bad = made()
    if name != "kid_missing":
        with pytest.raises((JoseError, ValueError)):
            outside.claims(bad, "RS256")
    assert ("kid" in opened(bad)[0]) == (name != "kid_missing")
    assert outside.claims(made(), "RS256")


def test_the_public_key_as_a_secret_is_what_a_careless_verifier_would_hold(outside: Outsider) -> None:
    outside.sim.be("alg_hs256", on=variants.ID_TOKEN)
    token = outside.signed_in()["id_token"]
    published = KeySet.import_key_set(outside.get(outside.told()["jwks_uri"]).json())
    pem = published.get_by_kid(opened(token)[0]["kid"]).as_pem(private=False)
    body, _, signature = token.rpartition(".")

    made = base64.urlsafe_b64encode(hmac.new(pem, body.encode(), hashlib.sha256).digest()).rstrip(b"=").decode()
    assert (opened(token)[0]["alg"], signature) == ("HS256", made)


@pytest.mark.parametrize("name", variants.TOKEN)
def test_the_token_endpoint(outside: Outsider, name: str) -> None:
    outside.sim.be(name)
    code = outside.sent_back("amira", VERIFIER)["code"]
    if name == "token_refused":
        with pytest.raises(OAuthError, match="invalid_grant"):
            outside.token(code, VERIFIER)
    else:
        assert "id_token" not in outside.token(code, VERIFIER)
    assert outside.signed_in()["id_token"]


def test_userinfo_of_somebody_else(outside: Outsider) -> None:
    access = outside.signed_in()["access_token"]
    outside.sim.be("userinfo_other_sub")
    where, headers = outside.told()["userinfo_endpoint"], {"Authorization": f"Bearer {access}"}
    assert outside.get(where, headers=headers).json()["sub"] == "somebody-else"
    assert outside.get(where, headers=headers).json()["sub"] == "3f0c9a52-amira"


@dataclass
class Bad:
    """An answer of the network's own."""

    name: str
    seen: Callable[[Outsider, str], bool]


def _status(status: int, type: str) -> Callable[[Outsider, str], bool]:
    def seen(outside: Outsider, url: str) -> bool:
        answer = outside.get(url)
        return (answer.status_code, answer.headers["Content-Type"].split(";")[0]) == (status, type)

    return seen


def _fails(outside: Outsider, url: str) -> bool:
    try:
        outside.get(url)
    except requests.RequestException:
        return True
    return False


def _size(outside: Outsider, url: str) -> bool:
    answer = outside.get(url)
    return len(answer.content) > 50_000_000 and len(json.loads(answer.content)) == 1


def _drips(outside: Outsider, url: str) -> bool:
    with outside.get(url, stream=True) as answer:
        chunks = answer.iter_content(chunk_size=None)
        return bool(next(chunks)) and next(chunks) == b"x"


BAD = [
    Bad("cut", _fails),
    Bad("reset", _fails),
    Bad("huge_50mb", _size),
    Bad("drip", _drips),
    Bad("login_page", _status(200, "text/html")),
    Bad("html_fault", _status(500, "text/html")),
    Bad("maintenance", _status(503, "text/html")),
    Bad("throttled", _status(429, "application/json")),
    Bad("garbage", lambda outside, url: not _is_json(outside.get(url).content)),
]


def _is_json(content: bytes) -> bool:
    try:
        json.loads(content)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name)
@pytest.mark.parametrize("place", ["/.well-known/openid-configuration", "/jwks"])
def test_the_network(outside: Outsider, bad: Bad, place: str) -> None:
    url = outside.sim.issuer + place
    outside.sim.be(bad.name, on=place)
    assert bad.seen(outside, url)
    assert outside.get(url).status_code == 200


def test_slow_is_as_slow_as_is_said_and_still_right(outside: Outsider) -> None:
    outside.sim.world.slow_seconds = 60.0
    outside.sim.be("slow", on="/jwks")
    with pytest.raises(requests.Timeout):
        requests.get(f"{outside.sim.issuer}/jwks", timeout=0.3, verify=_trusted(outside))
    outside.sim.world.slow_seconds = 0.01
    outside.sim.be("slow", on="/jwks")
    assert outside.get(f"{outside.sim.issuer}/jwks").json()["keys"]


def test_a_redirect_of_the_token_endpoint_counts_who_follows_with_the_secret(outside: Outsider) -> None:
    url, form = outside.told()["token_endpoint"], {"client_secret": "s"}  # pragma: allowlist secret
    outside.sim.be("redirect", on="/token", times=2)
    left = requests.post(url, form, timeout=10, verify=_trusted(outside), allow_redirects=False)
    assert (left.status_code, outside.sim.world.faults.followed) == (307, 0)
    requests.post(url, form, timeout=10, verify=_trusted(outside))
    assert outside.sim.world.faults.followed == 1


def test_the_other_host_has_the_same_keys_and_counts_who_comes(outside: Outsider) -> None:
    before = outside.sim.asked_elsewhere
    outside.sim.be("discovery_jwks_elsewhere")
    there = outside.get(outside.told()["jwks_uri"]).json()
    assert there == outside.get(f"{outside.sim.issuer}/jwks").json()
    assert outside.sim.asked_elsewhere == before + 1
    assert outside.sim.asked("/jwks") > 0


def test_without_tls_everything_announced_is_without_tls(outside: Outsider) -> None:
    told = requests.get(f"{outside.sim.plain_url}/.well-known/openid-configuration", timeout=10).json()
    assert told["issuer"] == outside.sim.plain_url
    assert _schemes(told) == {"http"}


def test_the_template_of_entra_s_common_endpoint(tmp_path: Path) -> None:
    with issuer(tmp_path, entra(TENANT)) as outside:
        outside.sim.be("discovery_issuer_template")
        assert outside.told()["issuer"].endswith("/{tenantid}/v2.0")
        assert outside.told()["issuer"] == outside.sim.issuer


def test_several_at_once_and_only_as_often_as_was_said(outside: Outsider) -> None:
    outside.sim.be("nonce_other", "exp_missing", times=2, on=variants.ID_TOKEN)
    tokens = [outside.claims(outside.signed_in()["id_token"]) for _ in range(3)]
    assert [(each["nonce"], "exp" in each) for each in tokens] == [
        ("another-nonce", False),
        ("another-nonce", False),
        ("the-nonce", True),
    ]


def test_a_variant_that_there_is_not_is_refused(outside: Outsider) -> None:
    with pytest.raises(FaultError):
        outside.sim.be("nonce_otter")


def test_every_variant_is_tried_here() -> None:
    tried = {*DISCOVERY, *AUTHORIZE, *CLAIMS, *OF_LOGOUT, *variants.JWKS, *variants.SIGNATURE, *variants.TOKEN}
    tried |= {"userinfo_other_sub", "slow", *(bad.name for bad in BAD)}
    assert set(variants.ALL) - tried == set()


def _half(token: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(token.encode()).digest()[:16]).rstrip(b"=").decode()


def _refused(outside: Outsider, code: str) -> bool:
    try:
        outside.token(code, VERIFIER)
    except OAuthError as error:
        return bool(error.error == "invalid_grant")
    return False


def _schemes(told: Claims) -> set[str]:
    return {told[name].partition(":")[0] for name in told if name.endswith(("_endpoint", "_uri"))}


def _trusted(outside: Outsider) -> str:
    return str(outside.sim.authority)
