"""`GET /sign-in…`: to the issuer and back (OpenID Connect, authorization code with PKCE), or by a link in a sandbox."""

from __future__ import annotations

import hmac
from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Blueprint, Response, redirect, request

from service.api.guard import unguarded
from service.api.openapi import tells
from service.api.people import cookies
from service.api.people.answers import BACK, CHOICE, SENT_ON, SIGNED_IN
from service.api.people.desk import Provider, desk
from service.api.people.flow import Flow, begin, opened, sealed
from service.api.people.pages import as_page
from service.api.people.reference import reference_of
from service.api.people.refusal import not_let_in
from service.domain.people import NotVouched, Vouched, roles_of

blueprint = Blueprint("sign_in", __name__, url_prefix="/sign-in")
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP")


@blueprint.get("")
@unguarded
@tells(CHOICE, problems=(403, 503))
def choose() -> Response:
    """A page with the issuers there are; where there is one, straight to it."""
    providers = sorted(desk().providers.values(), key=lambda each: each.label)
    return _sent(providers[0]) if len(providers) == 1 else as_page("choose.html.j2", providers=providers)


@blueprint.get("/<issuer>")
@unguarded
@tells(SENT_ON, problems=(403, 503))
def go(issuer: str) -> Response:
    """To one issuer, by its name."""
    provider = desk().providers.get(issuer)
    if provider is None:
        raise not_let_in("issuer_unknown")
    return _sent(provider)


@blueprint.get("/back")
@unguarded
@tells(SIGNED_IN, query=BACK, problems=(403, 404, 503))
def back() -> Response:
    """Where an issuer sends people. It counts once, in the browser that began it, for ten minutes."""
    flow = _flow()
    provider = desk().providers.get(flow.issuer)
    if provider is None:
        raise not_let_in("issuer_unknown")
    if request.args.get("error") is not None:
        raise not_let_in("issuer_refused", authority=provider.authority)
    vouched = _vouched(provider, flow)
    reference = reference_of(provider.url, vouched.subject, desk().key)
    session = cookies.new_session()
    begun = desk().sessions.begin(
        session,
        cookies.session(),
        authority=provider.authority,
        reference=reference,
        roles=vouched.roles,
        way="issuer",
        issuer_session=f"{provider.url}\n{vouched.issuer_session}" if vouched.issuer_session else "",
    )
    if not begun:
        raise not_let_in("barred", authority=provider.authority, reference=reference)
    return _signed_in(session)


@blueprint.get("/link/<link>")
@unguarded
@tells(SIGNED_IN, problems=(403, 503))
def by_link(link: str) -> Response:
    """The link that `wise-bridge sign-in-link` prints: once, on this very machine, in a sandbox."""
    if not desk().links or not _is_this_machine():
        raise not_let_in("link_not_taken")
    found = desk().sessions.use_link(link)
    if found is None:
        raise not_let_in("link_not_good")
    authority, reference, role = found
    if role not in roles_of(authority):
        raise not_let_in("link_not_good", authority=authority)
    session = cookies.new_session()
    given = {"authority": authority, "reference": reference}
    if not desk().sessions.begin(session, cookies.session(), **given, roles=(role,), way="link"):
        raise not_let_in("barred", **given)
    return _signed_in(session)


def _sent(provider: Provider) -> Response:
    people = desk()
    flow = begin(provider.name, people.clock())
    try:
        with people.one_of_few():
            there = provider.address(back=people.back, state=flow.state, nonce=flow.nonce, verifier=flow.verifier)
    except NotVouched as refusal:
        raise not_let_in(refusal.reason, authority=provider.authority) from None
    response: Response = redirect(there)  # type: ignore[assignment] # Flask's own responses are this class
    cookies.give_flow(response, sealed(flow, people.key))
    return response


def _flow() -> Flow:
    """The sign-in that this browser began, which is then used up, whatever comes of it."""
    people, state = desk(), request.args.get("state", "")
    flow = opened(cookies.flow(), people.key) if people.key else None
    if flow is None or any(len(given) > 1 for given in request.args.listvalues()):
        raise not_let_in("state_wrong")
    if not hmac.compare_digest(state.encode("utf-8", "surrogatepass"), flow.state.encode()):
        raise not_let_in("state_wrong")
    if flow.until <= people.clock():
        raise not_let_in("sign_in_expired")
    if not people.sessions.use(flow.seed, flow.until):
        raise not_let_in("state_replayed")
    return flow


def _vouched(provider: Provider, flow: Flow) -> Vouched:
    people, named = desk(), request.args.get("iss")
    try:
        with people.one_of_few():
            code = request.args.get("code", "")
            return provider.vouched(code, named=named, back=people.back, nonce=flow.nonce, verifier=flow.verifier)
    except NotVouched as refusal:
        who = reference_of(provider.url, refusal.subject, people.key) if refusal.subject else ""
        raise not_let_in(refusal.reason, authority=provider.authority, reference=who) from None


def _signed_in(session: str) -> Response:
    """A page, and not sent on: a browser would not send the new cookie with what another site began."""
    response = as_page("signed_in.html.j2")
    cookies.give_session(response, session)
    cookies.take_flow(response)
    return response


def _is_this_machine() -> bool:
    """Who asks, where we listen, and as what we were addressed; and nobody in between."""
    asked = (request.remote_addr, request.environ.get("SERVER_NAME"), urlsplit(request.host_url).hostname)
    return all(_is_loopback(each or "") for each in asked) and not any(each in request.headers for each in _FORWARDED)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
