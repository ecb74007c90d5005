"""`/approvals`: releases on their way, and an approver's decision, at the Hub's side. In the name of who is signed in.

What a page shows, and who may decide, the database looks up by the session; this part puts it into words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import wraps
from typing import ParamSpec, Protocol
from uuid import UUID

from flask import Blueprint, Flask, Response, current_app, g, redirect, request

from service.api.guard import unguarded
from service.api.limits import limit
from service.api.openapi import Body, tells
from service.api.openapi.shapes import TEXT
from service.api.people import cookies
from service.api.people.answers import BUILD, BUILDS, DECIDED
from service.api.people.pages import as_page
from service.api.people.session import with_role
from service.api.problems import problem
from service.domain.approvals import DONE, REFUSED, BuildShown, State
from service.domain.london import LONDON
from service.domain.people import Role, Session, through
from service.errors import NotAllowed, NotSignedIn, Refused

blueprint = Blueprint("approvals", __name__, url_prefix="/approvals")
P = ParamSpec("P")
_FORM = Body(dict, also={"application/x-www-form-urlencoded": {
    "type": "object", "properties": {"build": TEXT, "digest": TEXT, "read": TEXT}, "required": ["build", "digest"],
}}, refused=())  # fmt: skip
_DIGEST = re.compile("[0-9a-f]{64}")
_NOBODY = UUID(int=0)
PROBLEMS = (401, 403, 429, 503)


class Builds(Protocol):
    """Releases on their way, in the name of a session. Raises `Unavailable`."""

    def builds(self, session: str, quarter: str | None = None) -> Sequence[BuildShown]:
        """The newest of each quarter."""

    def approve(self, session: str, build: UUID, digest: str) -> str:
        """`done`, or why not."""

    def publish(self, session: str, build: UUID, digest: str) -> str:
        """As above."""


class NothingThere(Refused):
    """404: there is no build of that quarter."""

    status, type, title = 404, "not-found", "Nothing found"


def register(app: Flask, builds: Builds) -> None:
    """Adds the pages, where people sign in at the Hub."""
    app.extensions["wise_bridge_approvals"] = builds
    app.register_blueprint(blueprint)


def _approvers(page: Callable[P, Response]) -> Callable[P, Response]:
    """For approvers of the Hub who are signed in, and what they send from a page of ours alone."""

    @wraps(page)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> Response:
        found = with_role(Role.HUB_APPROVER)
        g.approver = found
        limit(through(found.reference), unless_known=False)
        return page(*args, **kwargs)

    guarded.needs_role = Role.HUB_APPROVER  # type: ignore[attr-defined] # read by the test that lists every route
    return unguarded(guarded)


@blueprint.get("")
@_approvers
@tells(BUILDS, problems=PROBLEMS)
def every() -> Response:
    """The newest build of each quarter, and how far it is."""
    return as_page("approvals.html.j2", builds=_builds().builds(cookies.session()), when=_when)


@blueprint.get("/<quarter>")
@_approvers
@tells(BUILD, problems=(*PROBLEMS, 404))
def one(quarter: str) -> Response:
    """One build: the audit's report, how much of each table is shown, and what may be done now. It holds no figure."""
    return _page(quarter)


@blueprint.post("/<quarter>/approve")
@_approvers
@tells(DECIDED, body=_FORM, problems=(*PROBLEMS, 404))
def approve(quarter: str) -> Response:
    """Approves the build that was read, in the name of who is signed in. The builder is refused."""
    if request.form.get("read") != "yes":
        return _page(quarter, "not_said")
    return _decided(quarter, _builds().approve)


@blueprint.post("/<quarter>/publish")
@_approvers
@tells(DECIDED, body=_FORM, problems=(*PROBLEMS, 404))
def publish(quarter: str) -> Response:
    """Enters the approved build in the ledger. From then on everybody at the Hub is served these bytes."""
    return _decided(quarter, _builds().publish)


@blueprint.errorhandler(NotSignedIn)
@blueprint.errorhandler(NotAllowed)
@blueprint.errorhandler(NothingThere)
def stopped(error: Refused) -> Response:
    """A page for people, which asks no browser for a password; a problem for programs."""
    if request.accept_mimetypes.best_match(("application/problem+json", "text/html")) != "text/html":
        response = problem(error.status, error.type, error.title, error.detail)
        if error.status == 401:
            response.headers["WWW-Authenticate"] = 'Bearer realm="wise-bridge"'
        return response
    title = "You are not signed in" if isinstance(error, NotSignedIn) else error.title
    response = as_page("stopped.html.j2", title=title, detail=error.detail, number=g.get("request_id"))
    response.status_code = 403 if isinstance(error, NotSignedIn) else error.status
    return response


def _builds() -> Builds:
    found: Builds = current_app.extensions["wise_bridge_approvals"]
    return found


def _decided(quarter: str, decide: Callable[[str, UUID, str], str]) -> Response:
    said = decide(cookies.session(), *_named())
    if said != DONE:
        return _page(quarter, said)
    response: Response = redirect(f"/approvals/{_build(quarter).quarter}", 303)  # type: ignore[assignment] # as Flask's
    return response


def _named() -> tuple[UUID, str]:
    """The build that the form names; one that is nobody's where it names none."""
    digest = request.form.get("digest", "")
    try:
        build = UUID(request.form.get("build", ""))
    except ValueError:
        build = _NOBODY
    return build, digest if _DIGEST.fullmatch(digest) else ""


def _build(quarter: str) -> BuildShown:
    found = _builds().builds(cookies.session(), quarter) if re.fullmatch("[0-9]{4}Q[1-4]", quarter) else ()
    if not found:
        raise NothingThere("There is no build of such a quarter. See the list.")
    return found[0]


def _page(quarter: str, refused: str = "") -> Response:
    me: Session = g.approver
    build = _build(quarter)
    mine = build.built_by.casefold() == me.reference.casefold()
    values = {"build": build, "state": State, "mine": mine, "me": me.reference, "when": _when}
    response = as_page("approval.html.j2", refused=REFUSED[refused] if refused else "", **values)
    response.status_code = 409 if refused else 200
    return response


def _when(moment: datetime) -> str:
    """In London, to the minute."""
    return f"{moment.astimezone(LONDON):%-d %B %Y, %H:%M}"
