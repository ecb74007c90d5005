"""`GET /me`, `POST /sign-out`, and what an issuer says by itself: that somebody has signed out there."""

from __future__ import annotations

from flask import Blueprint, Response, g, jsonify, request

from service.api.guard import unguarded
from service.api.openapi import Body, tells
from service.api.openapi.shapes import TEXT
from service.api.people import cookies
from service.api.people.answers import HEARD, SIGNED_OUT, WHO
from service.api.people.desk import desk
from service.api.people.origin import is_ours
from service.api.people.pages import as_page
from service.api.people.reference import reference_of
from service.api.people.refusal import not_let_in
from service.api.people.session import NOT_OURS, current
from service.api.refusals import refused
from service.domain.london import LONDON
from service.domain.people import IN_WORDS, NotVouched
from service.errors import NotAllowed, NotSignedIn

blueprint = Blueprint("signed_in", __name__)
_TOKEN = Body(dict, also={"application/x-www-form-urlencoded": {
    "type": "object", "properties": {"logout_token": TEXT}, "required": ["logout_token"],
}}, refused=())  # fmt: skip


@blueprint.get("/me")
@unguarded
@tells(WHO, problems=(401, 503))
def me() -> Response:
    """Who is signed in, for whom, as what, and until when."""
    found = current()
    if found is None:
        raise NotSignedIn("Nobody is signed in here. Begin at /sign-in.")
    said = {
        "reference": found.reference,
        "authority": found.authority,
        "roles": sorted(found.roles),
        "since": found.began_at.isoformat(),
        "until": found.until.isoformat(),
    }
    if request.accept_mimetypes.best_match(("application/json", "text/html")) != "text/html":
        return jsonify(said)
    words = [IN_WORDS[each] for each in sorted(found.roles)]
    return as_page("me.html.j2", me=said, words=words, until=f"{found.until.astimezone(LONDON):%H:%M}")


@blueprint.post("/sign-out")
@unguarded
@tells(SIGNED_OUT, problems=(403, 503))
def sign_out() -> Response:
    """Ends the session here; said again, nothing happens. It has to come from a page of ours."""
    if not is_ours(desk().public_url):
        raise NotAllowed(NOT_OURS)
    if cookies.session():
        desk().sessions.end(cookies.session())
    response = as_page("signed_out.html.j2")
    cookies.take_session(response)
    return response


@blueprint.post("/sign-in/<issuer>/signed-out")
@unguarded
@tells(HEARD, body=_TOKEN, problems=(404, 503))
def signed_out_there(issuer: str) -> Response:
    """From the issuer itself: a person, or one session of theirs, has ended (Back-Channel Logout 1.0)."""
    provider = desk().providers.get(issuer)
    if provider is None:
        raise not_let_in("issuer_unknown")
    try:
        with desk().one_of_few():
            subject, session, jti, until = provider.signed_out(request.form.get("logout_token", ""))
    except NotVouched as refusal:
        g.presented = True
        refused(refusal.reason, authority=provider.authority)
        return Response(status=400)
    if desk().sessions.use(f"{provider.url}\n{jti}", until):
        desk().sessions.end_of_issuer(
            authority=provider.authority,
            reference=reference_of(provider.url, subject, desk().key) if subject else "",
            issuer_session=f"{provider.url}\n{session}" if session else "",
        )
    return Response(status=200)
