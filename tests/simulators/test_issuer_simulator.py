"""The issuer as it should be, over real TLS, by Authlib's client and by plain requests."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote_plus, urlsplit

import pytest
import requests
from authlib.integrations.base_client import OAuthError
from flask import Flask, request
from joserfc.errors import InvalidKeyIdError

from simulators.issuer import entra, plain
from simulators.kit.server import WebServer
from tests.simulators.issuer_client import AFTER, BACK, OURS, TENANT, THEIRS, Outsider, issuer, opened

ROOT = Path(__file__).resolve().parents[2]
VERIFIER = "v" * 43


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outsider]:
    with issuer(tmp_path_factory.mktemp("issuer")) as found:
        yield found


@pytest.fixture
def outside(running: Outsider) -> Outsider:
    """With a browser in which nobody is signed in."""
    return Outsider(running.sim, running.client)


@pytest.fixture(scope="module")
def of_entra(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outsider]:
    with issuer(tmp_path_factory.mktemp("entra"), entra(TENANT)) as found:
        yield found


@pytest.mark.parametrize("path", ["", "/realms/salford"])
def test_discovery_names_the_issuer_it_was_asked_of(tmp_path: Path, path: str) -> None:
    with issuer(tmp_path, plain(path)) as outside:
        told = outside.told()

        assert told["issuer"] == outside.sim.issuer == f"https://127.0.0.1:{outside.sim.port}{path}"
        assert all(told[name].startswith(f"{told['issuer']}/") for name in told if name.endswith(("_endpoint", "_uri")))
        assert (told["code_challenge_methods_supported"], told["response_types_supported"]) == (["S256"], ["code"])
        assert outside.claims(outside.signed_in()["id_token"])["iss"] == told["issuer"]


def test_somebody_named_by_a_hint_is_signed_in_without_a_form(outside: Outsider) -> None:
    back = outside.sent_back("amira", VERIFIER)
    assert (back["state"], back["iss"]) == ("the-state", outside.sim.issuer)

    answer = outside.token(back["code"], VERIFIER)
    claims = outside.claims(answer["id_token"], "RS256")

    assert (answer["token_type"], answer["expires_in"]) == ("Bearer", 3600)
    assert (claims["iss"], claims["aud"], claims["nonce"]) == (outside.sim.issuer, "bridge", "the-nonce")
    assert (claims["sub"], claims["email"]) == ("3f0c9a52-amira", "amira.fictional@salford.example")
    assert (claims["roles"], claims["amr"], claims["acr"]) == (
        ["WiseBridge.Officer"],
        ["pwd", "mfa"],
        "urn:example:two-factors",
    )
    assert claims["exp"] - claims["iat"] == 3600
    assert claims["auth_time"] <= claims["iat"]


def test_a_person_with_nothing_has_no_empty_claims(outside: Outsider) -> None:
    claims = outside.claims(outside.signed_in("no-role")["id_token"])
    assert not {"roles", "groups", "acr"} & set(claims)
    assert "email" not in outside.claims(outside.signed_in("ben", scope="openid", prompt="login")["id_token"])


def test_es256_for_a_client_that_asked_for_it(tmp_path: Path) -> None:
    with issuer(tmp_path, client=replace(OURS, alg="ES256")) as outside:
        token = outside.signed_in()["id_token"]
        assert opened(token)[0]["alg"] == "ES256"
        assert outside.claims(token, "ES256")["sub"] == "3f0c9a52-amira"


def test_the_form_signs_in_whoever_is_chosen(outside: Outsider) -> None:
    page = outside.asked(None, VERIFIER)
    assert (page.status_code, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "<script>" not in page.text
    assert "form-action" not in page.headers["Content-Security-Policy"]
    form = dict(_hidden(page.text))
    where = outside.told()["authorization_endpoint"]

    chosen = outside.browser.post(where, {**form, "login_hint": "ben"}, timeout=10, allow_redirects=False)
    refused = outside.browser.post(where, {**form, "refused": "yes"}, timeout=10, allow_redirects=False)

    back = parse_qs(urlsplit(chosen.headers["Location"]).query)
    assert outside.claims(outside.token(back["code"][0], VERIFIER)["id_token"])["sub"] == "3f0c9a52-ben"
    assert parse_qs(urlsplit(refused.headers["Location"]).query)["error"] == ["access_denied"]


def _hidden(page: str) -> list[tuple[str, str]]:
    return [(name, unescape(value)) for name, value in re.findall(r"type='hidden' name='(\w+)' value='([^']*)'", page)]


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_both_ways_for_a_client_to_show_itself(outside: Outsider, method: str) -> None:
    back = outside.sent_back("amira", VERIFIER)
    assert outside.token(back["code"], VERIFIER, method=method)["id_token"]


def test_a_code_is_good_once_and_what_it_led_to_ends_with_the_second_use(outside: Outsider) -> None:
    code = outside.sent_back("amira", VERIFIER)["code"]
    access = outside.token(code, VERIFIER)["access_token"]
    assert _userinfo(outside, access).status_code == 200

    with pytest.raises(OAuthError, match="invalid_grant"):
        outside.token(code, VERIFIER)

    assert _userinfo(outside, access).status_code == 401


def test_a_code_is_good_for_a_minute(outside: Outsider) -> None:
    code = outside.sent_back("amira", VERIFIER)["code"]
    outside.sim.world.clock.ahead = 61
    try:
        with pytest.raises(OAuthError, match="invalid_grant"):
            outside.token(code, VERIFIER)
    finally:
        outside.sim.well()


@pytest.mark.parametrize(
    ("verifier", "more"),
    [
        ("w" * 43, {}),
        ("short", {}),
        ("", {}),
        (VERIFIER, {"redirect_uri": "https://bridge.example/other"}),
        (VERIFIER, {"code": "made-up"}),
    ],
)
def test_a_code_needs_its_verifier_and_its_address(outside: Outsider, verifier: str, more: dict[str, str]) -> None:
    form = {"grant_type": "authorization_code", "redirect_uri": BACK, "code_verifier": verifier}
    form["code"] = outside.sent_back("amira", VERIFIER)["code"]
    answer = _post(outside, form | more)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    assert (answer.headers["Cache-Control"], answer.headers["Pragma"]) == ("no-store", "no-cache")


@pytest.mark.parametrize(
    ("auth", "more", "status", "error"),
    [
        (("bridge", "wrong"), {}, 401, "invalid_client"),
        (("nobody", "wrong"), {}, 401, "invalid_client"),
        (None, {}, 401, "invalid_client"),
        (None, {"client_id": "bridge", "client_secret": "wrong"}, 401, "invalid_client"),
        (("bridge", "a secret/with: signs"), {"client_secret": "a"}, 400, "invalid_request"),
        (("bridge", "a secret/with: signs"), {"client_id": "other"}, 400, "invalid_request"),
        (("bridge", "a secret/with: signs"), {"grant_type": "password"}, 400, "unsupported_grant_type"),
        (("other", "another secret"), {}, 400, "invalid_grant"),
    ],
)
def test_strangers_get_no_token(
    outside: Outsider, auth: tuple[str, str] | None, more: dict[str, str], status: int, error: str
) -> None:
    form = {"grant_type": "authorization_code", "redirect_uri": BACK, "code_verifier": VERIFIER}
    form["code"] = outside.sent_back("amira", VERIFIER)["code"]
    answer = _post(outside, form | more, auth)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert ("WWW-Authenticate" in answer.headers) == (status == 401 and auth is not None)


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"request": "eyJ"}, "request_not_supported"),
        ({"max_age": "soon"}, "invalid_request"),
        ({"prompt": "none", "login_hint": None}, "login_required"),
    ],
)
def test_what_is_wrong_with_a_request_goes_back_with_its_state(
    outside: Outsider, more: dict[str, str | None], error: str
) -> None:
    back = outside.sent_back("amira", VERIFIER, **more)
    assert (back["error"], back["state"], back["iss"]) == (error, "the-state", outside.sim.issuer)
    assert "code" not in back


@pytest.mark.parametrize(
    "more", [{"client_id": "nobody"}, {"redirect_uri": f"{BACK}/more"}, {"redirect_uri": THEIRS.redirect_uris[0]}]
)
def test_nobody_is_sent_where_no_client_is_registered(outside: Outsider, more: dict[str, str]) -> None:
    answer = outside.asked("amira", VERIFIER, **more)
    assert (answer.status_code, "Location" in answer.headers) == (400, False)


def test_a_session_signs_in_again_until_another_sign_in_is_asked_for(outside: Outsider) -> None:
    first = outside.claims(outside.signed_in("amira")["id_token"])
    again = outside.claims(outside.signed_in(None, prompt="none")["id_token"])  # type: ignore[arg-type]
    anew = outside.claims(outside.signed_in("amira", prompt="login")["id_token"])

    assert (again["sub"], again["sid"], again["auth_time"]) == (first["sub"], first["sid"], first["auth_time"])
    assert anew["sid"] != first["sid"]
    assert outside.asked(None, VERIFIER, prompt="select_account").status_code == 200


def test_a_session_older_than_max_age_is_none(outside: Outsider) -> None:
    claims = outside.claims(outside.signed_in("long-ago")["id_token"])
    assert claims["iat"] - claims["auth_time"] >= 32400
    assert outside.sent_back(None, VERIFIER, prompt="none", max_age="3600")["error"] == "login_required"
    assert "code" in outside.sent_back(None, VERIFIER, prompt="none", max_age="86400")


def test_an_answer_by_form_post(outside: Outsider) -> None:
    page = outside.asked("amira", VERIFIER, response_mode="form_post")
    sent = dict(_hidden(page.text))
    assert (page.status_code, sent["state"], f"action='{BACK}'" in page.text) == (200, "the-state", True)
    assert outside.token(sent["code"], VERIFIER)["id_token"]


def test_userinfo_tells_what_the_scopes_ask_for(outside: Outsider) -> None:
    answer = outside.signed_in("ben")
    assert _userinfo(outside, answer["access_token"]).json() == {
        "sub": "3f0c9a52-ben",
        "name": "Ben Fictional",
        "preferred_username": "ben.fictional@salford.example",
        "email": "ben.fictional@salford.example",
    }
    stranger = _userinfo(outside, "made-up")
    assert (stranger.status_code, "invalid_token" in stranger.headers["WWW-Authenticate"]) == (401, True)


def test_new_keys_sign_and_the_former_stay_until_they_are_withdrawn(tmp_path: Path) -> None:
    with issuer(tmp_path) as outside:
        before = outside.signed_in()["id_token"]
        outside.sim.world.keys.rotate()
        after = outside.signed_in()["id_token"]

        assert opened(before)[0]["kid"] != opened(after)[0]["kid"]
        assert outside.claims(before)["sub"] == outside.claims(after)["sub"]

        outside.sim.world.keys.withdraw_former()
        assert outside.claims(after)
        with pytest.raises(InvalidKeyIdError):
            outside.claims(before)


def test_people_come_change_and_go(tmp_path: Path) -> None:
    with issuer(tmp_path) as outside:
        outside.sim.world.people.change("ben", roles=("WiseBridge.Officer",), more={"department": "made up"})
        claims = outside.claims(outside.signed_in("ben.fictional@salford.example")["id_token"])
        assert (claims["roles"], claims["department"]) == (["WiseBridge.Officer"], "made up")
        outside.sim.world.people.remove("ben")
        assert outside.asked("ben", VERIFIER, prompt="login").status_code == 200  # the form again


def test_entra_s_form(of_entra: Outsider) -> None:
    told = of_entra.told()
    base = f"https://127.0.0.1:{of_entra.sim.port}/{TENANT}"
    assert (told["issuer"], told["token_endpoint"]) == (f"{base}/v2.0", f"{base}/oauth2/v2.0/token")
    assert not {"code_challenge_methods_supported", "authorization_response_iss_parameter_supported"} & set(told)

    back = of_entra.sent_back("amira", VERIFIER, prompt="login")
    claims = of_entra.claims(of_entra.token(back["code"], VERIFIER)["id_token"], "RS256")

    assert "iss" not in back
    assert (claims["iss"], claims["tid"], claims["ver"]) == (told["issuer"], TENANT, "2.0")
    assert claims["oid"] == "6a1f0000-0000-4000-8000-000000000001"


def test_a_person_of_another_tenant_says_so_in_entra_s_form(of_entra: Outsider) -> None:
    claims = of_entra.claims(of_entra.signed_in("elsewhere", prompt="login")["id_token"])
    other = "7e570000-0000-4000-8000-00000000bbbb"
    assert (claims["tid"], claims["iss"]) == (other, of_entra.sim.issuer.replace(TENANT, other))


def test_whoever_does_not_trust_the_certificate_is_told_nothing(outside: Outsider) -> None:
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(f"{outside.sim.issuer}/.well-known/openid-configuration", timeout=10)


def test_a_caller_that_never_shakes_hands_holds_up_nobody(outside: Outsider) -> None:
    with socket.create_connection(("127.0.0.1", outside.sim.port)):
        assert outside.told()["issuer"]


def test_signing_out_goes_to_a_registered_address_only(outside: Outsider) -> None:
    token = outside.signed_in()["id_token"]
    where = outside.told()["end_session_endpoint"]
    given = {"id_token_hint": token, "post_logout_redirect_uri": AFTER, "state": "s"}

    answer = outside.browser.get(where, params=given, timeout=10, allow_redirects=False)
    elsewhere = outside.browser.get(
        where, params=given | {"post_logout_redirect_uri": "https://x.example"}, timeout=10, allow_redirects=False
    )

    assert (answer.status_code, answer.headers["Location"]) == (302, f"{AFTER}?state=s")
    assert (elsewhere.status_code, "Location" in elsewhere.headers) == (200, False)
    assert outside.sent_back(None, VERIFIER, prompt="none")["error"] == "login_required"


def test_clients_are_told_that_somebody_signed_out(tmp_path: Path) -> None:
    got: list[str] = []
    app = Flask(__name__)
    app.add_url_rule("/out", view_func=lambda: got.append(request.form["logout_token"]) or "", methods=["POST"])
    server = WebServer(app).start()
    try:
        with issuer(tmp_path, client=replace(OURS, backchannel_logout_uri=f"{server.url}out")) as outside:
            sid = outside.claims(outside.signed_in()["id_token"])["sid"]
            (told,) = outside.sim.log_out("amira")

            claims = outside.claims(got[0])
            assert (told.status, told.sid, opened(got[0])[0]["typ"]) == (200, sid, "logout+jwt")
            assert (claims["sid"], claims["sub"], claims["aud"]) == (sid, "3f0c9a52-amira", "bridge")
            assert claims["events"] == {"http://schemas.openid.net/event/backchannel-logout": {}}
            assert "nonce" not in claims
            assert claims["jti"]

            assert outside.sim.log_out("amira") == []
    finally:
        server.stop()


def test_a_client_that_is_away_is_told_of_as_such(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/out"
    with issuer(tmp_path, client=replace(OURS, backchannel_logout_uri=address)) as outside:
        outside.signed_in()
        assert [told.status for told in outside.sim.log_out("amira")] == [None]


def test_it_runs_as_a_process_with_switches_for_this_machine(tmp_path: Path) -> None:
    (tmp_path / "clients.json").write_text(json.dumps([{"id": "bridge", "secret": "s", "redirect_uris": [BACK]}]))
    command = [sys.executable, "-m", "simulators.issuer", "--data", str(tmp_path / "tls")]
    command += ["--clients", str(tmp_path / "clients.json"), "--entra", TENANT]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        host = told["issuer"].removesuffix(f"/{TENANT}/v2.0")
        keys = f"{host}/{TENANT}/discovery/v2.0/keys"

        def switch(name: str, given: Any, **headers: str) -> int:
            url = f"{host}/_simulator/{name}"
            return requests.post(url, json=given, headers=headers, timeout=10, verify=told["authority"]).status_code

        def published() -> set[str]:
            return {key["kid"] for key in requests.get(keys, timeout=10, verify=told["authority"]).json()["keys"]}

        before = published()
        assert switch("keys", {"keep": False}) == 200
        assert not before & published()
        assert switch("people", {"login": "gil", "sub": "gil-1", "amr": ["pwd"]}) == 200
        assert switch("clock", {"ahead": 30}) == 200
        assert switch("log-out", {"login": "gil"}) == 200
        assert switch("faults", {"name": "keys_none"}) == 200
        assert (published(), bool(published())) == (set(), True)
        assert [switch("people", {"shoe_size": 4}), switch("clock", {}), switch("nothing", {})] == [422] * 3
        assert switch("keys", {}, Origin="https://elsewhere.example") == 403
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0


def _userinfo(outside: Outsider, token: str) -> requests.Response:
    return outside.get(outside.told()["userinfo_endpoint"], headers={"Authorization": f"Bearer {token}"})


def _post(
    outside: Outsider, form: dict[str, str], auth: tuple[str, str] | None = ("bridge", "a+secret%2Fwith%3A+signs")
) -> requests.Response:
    if auth and "%" not in auth[1]:
        auth = (quote_plus(auth[0]), quote_plus(auth[1]))
    return requests.post(
        outside.told()["token_endpoint"], form, auth=auth, timeout=10, verify=str(outside.sim.authority)
    )
