"""The authorization endpoint: OpenID Connect Core 3.1.2, PKCE (RFC 7636) required, `iss` in the answer (RFC 9207)."""

import re
from dataclasses import dataclass, replace
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, make_response, redirect, request
from werkzeug.wrappers import Response

from .clients import Client
from .grants import Grant, Session
from .pages import form_post, sign_in_form
from .refusals import NotSentBack, SentBack
from .variants import AUTHORIZE
from .world import World

COOKIE = "fictional_issuer"
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_SPACES = re.compile(r" +")


@dataclass(frozen=True)
class Wanted:
    """A request whose client and address are registered; everything else may still be refused by sending back."""

    client: Client
    redirect_uri: str
    given: dict[str, str]


def authorize_blueprint(world: World) -> Blueprint:
    found = Blueprint("authorize", __name__)

    @found.route(world.shape.authorize, methods=["GET", "POST"])
    def authorize() -> Response:
        wanted = _wanted(world, request.values.to_dict())
        met = world.met(world.shape.authorize, AUTHORIZE)
        try:
            _check(wanted.given)
            return _signed_in(world, wanted, met)
        except SentBack as error:
            return _back(world, wanted, {"error": error.code, "error_description": error.message}, met)

    found.register_error_handler(NotSentBack, lambda error: make_response(error.message, 400))
    return found


def _wanted(world: World, given: dict[str, str]) -> Wanted:
    """Until client and address are known nobody is sent anywhere."""
    client = world.clients.get(given.get("client_id"))
    address = given.get("redirect_uri", "")
    if client is None or address not in client.redirect_uris:
        raise NotSentBack("The client is not known, or its redirect_uri is not registered.")
    return Wanted(client, address, given)


def _check(given: dict[str, str]) -> None:
    if any(len(request.values.getlist(name)) > 1 for name in given):
        raise SentBack("invalid_request", "A parameter is given twice.")
    if {"request", "request_uri"} & set(given):
        raise SentBack("request_not_supported", "Request objects are not supported.")
    if given.get("response_type") != "code":
        raise SentBack("unsupported_response_type", "response_type is code.")
    if "openid" not in _SPACES.split(given.get("scope", "")):
        raise SentBack("invalid_scope", "scope has openid in it.")
    if given.get("code_challenge_method") != "S256" or not _CHALLENGE.fullmatch(given.get("code_challenge", "")):
        raise SentBack("invalid_request", "PKCE with S256 is required.")
    if given.get("response_mode", "query") not in {"query", "form_post"}:
        raise SentBack("invalid_request", "response_mode is query or form_post.")
    if not given.get("max_age", "0").isdecimal():
        raise SentBack("invalid_request", "max_age is a number of seconds.")


def _signed_in(world: World, wanted: Wanted, met: set[str]) -> Response:
    """By a session there is, by `login_hint` without a form, or by the form."""
    for name in sorted(met):
        if name.startswith("error_"):
            raise SentBack(name.removeprefix("error_"), "As a variant asked for.")
    given = wanted.given
    if given.get("refused"):
        raise SentBack("access_denied", "The person refused.")
    prompts, session = given.get("prompt", "").split(), _session(world, wanted)
    person = world.people.find(given.get("login_hint", ""))
    fits = session is not None and (person is None or person.login == session.person.login)
    if session and fits and not {"login", "select_account"} & set(prompts):
        return _back(world, wanted, _code(world, wanted, session, met), met)
    if "none" in prompts:
        raise SentBack("login_required", "Nobody is signed in.")
    if person is None:
        return make_response(sign_in_form(world.shape.authorize, given, world.people.all()))
    cookie, session = world.grants.new_session(person)
    answer = _back(world, wanted, _code(world, wanted, session, met), met)
    answer.set_cookie(COOKIE, cookie, httponly=True, secure=request.is_secure, samesite="Lax")
    return answer


def _session(world: World, wanted: Wanted) -> Session | None:
    """None as well where it is older than `max_age` allows. Who it is, as the directory knows them now."""
    session = world.grants.session(request.cookies.get(COOKIE))
    person = world.people.find(session.person.login) if session else None
    longest = wanted.given.get("max_age")
    if session is None or person is None:
        return None
    if longest is not None and world.clock.now() - session.auth_time > int(longest):
        return None
    return replace(session, person=person)


def _code(world: World, wanted: Wanted, session: Session, met: set[str]) -> dict[str, str]:
    given = wanted.given
    scopes = frozenset(_SPACES.split(given["scope"]))
    grant = Grant(wanted.client.id, wanted.redirect_uri, given["code_challenge"], given.get("nonce"), scopes, session)
    if "code_of_other_client" in met:
        grant = replace(grant, client_id=world.clients.another_than(wanted.client.id))
    return {"code": world.grants.new_code(grant)}


def _back(world: World, wanted: Wanted, said: dict[str, str], met: set[str]) -> Response:
    """With the state as it came, unless a variant has it otherwise."""
    if "state" in wanted.given and "state_missing" not in met:
        said["state"] = "another-state" if "state_changed" in met else wanted.given["state"]
    if not world.shape.is_entra and "response_iss_missing" not in met:
        said["iss"] = world.issuer
    if "response_iss_other" in met:
        said["iss"] = "https://another-issuer.example"
    if wanted.given.get("response_mode") == "form_post":
        return make_response(form_post(wanted.redirect_uri, said))
    joint = "&" if urlsplit(wanted.redirect_uri).query else "?"
    return redirect(f"{wanted.redirect_uri}{joint}{urlencode(said)}", 302)
