"""Somebody is not let in: one page or problem document, whatever the reason, unless it helps them and nobody else."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, g, request

from service.api.people import cookies
from service.api.people.pages import as_page
from service.api.problems import problem
from service.api.refusals import refused
from service.domain.people import through
from service.errors import Refused

_NOT_ASKED = "Nobody was signed in. Begin again from the sign-in page; if that fails too, tell the operator the number."
_NO_ROLE = "Your organisation knows you, but you have no part here. Ask whoever gives out the roles for WISE Bridge."
SAID: Mapping[str, str] = {
    "no_role": _NO_ROLE,
    "barred": _NO_ROLE,
    "no_second_factor": "A password is not enough. Sign in with a second factor, such as a code or a key.",
    "signed_in_too_long_ago": "It is long since you signed in at your organisation. Sign out there and begin again.",
    "issuer_refused": "Your organisation did not sign you in. Begin again, or ask its service desk.",
}
"""Only to people whom their own organisation has vouched for, or whom it has told the same itself."""
AWAY = frozenset({"issuer_away", "issuer_wrong", "secret_unreadable"})
"""Not the doing of whoever signs in."""
_AWAY_SAID = "Your organisation's sign-in cannot be used just now. Try again in a minute."


class NotLetIn(Refused):
    """403, or 503 where the issuer is away, or 404 where there is none of this name."""

    status, type, title = 403, "not-let-in", "You are not signed in"

    def __init__(self, reason: str) -> None:
        super().__init__(SAID.get(reason, _AWAY_SAID if reason in AWAY else _NOT_ASKED))
        if reason in AWAY:
            self.status = 503
        if reason == "issuer_unknown":
            self.status = 404


def not_let_in(reason: str, *, authority: str = "", reference: str = "") -> NotLetIn:
    """Notes it for the operator. To be raised."""
    g.presented = True
    refused(reason, authority=authority, client_id=through(reference) if reference else "")
    return NotLetIn(reason)


def answer(error: NotLetIn) -> Response:
    """As a page for people, or as a problem for programs. A sign-in that failed is not gone on with."""
    wanted = request.accept_mimetypes.best_match(("application/problem+json", "text/html"))
    if wanted == "text/html":
        response = as_page("refused.html.j2", detail=error.detail, number=g.get("request_id"))
        response.status_code = error.status
    else:
        response = problem(error.status, error.type, error.title, error.detail)
    if error.status == 503:
        response.headers["Retry-After"] = "60"
    cookies.take_flow(response)
    return response
