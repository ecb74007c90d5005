"""A request by somebody who is signed in: who they are, what their roles let them do, and where it may come from."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, g, request

from service.api.people import cookies
from service.api.people.desk import desk
from service.api.people.origin import SAFE, is_ours
from service.api.refusals import refused
from service.api.tokens import Caller
from service.domain.people import IN_WORDS, Role, Session, through
from service.errors import NotAllowed, NotSignedIn

SCOPES: Mapping[Role, frozenset[str]] = {
    Role.OFFICER: frozenset(
        {
            "deliveries:read", "deliveries:act", "holds:read", "holds:write", "packs:read", "packs:confirm",
            "reviews:read", "records:read", "audit:read",
        }
    ),
    Role.APPROVER: frozenset({"deliveries:read", "deliveries:approve"}),
    Role.ANALYST: frozenset({"aggregates:read"}),
    Role.HUB_APPROVER: frozenset({"aggregates:read"}),
    Role.OPERATOR: frozenset(),
}  # fmt: skip
"""Records are sent by machines alone. An operator sees to the bridge and has no business with records."""
NOT_OURS = "What changes something is taken from a page of the bridge itself, and this came from elsewhere."


def current() -> Session | None:
    """Who is signed in now. One that ended is routine; one that never was is noted like any other wrong key."""
    given = cookies.session()
    if not given:
        return None
    found, ever = desk().sessions.find(given)
    if found is None:
        g.presented = True
        refused("session_ended" if ever else "session_unknown")
    return found


def caller() -> Caller | None:
    """The person as the guard has callers. Raises `NotAllowed` for what another site may have made a browser send."""
    found = _from_our_pages()
    if found is None:
        return None
    scopes = frozenset().union(*(SCOPES[each] for each in found.roles))
    return Caller(through(found.reference), found.authority, scopes, person=found.reference)


def with_role(role: Role) -> Session:
    """Who is signed in and has this role: for pages that are people's alone. Raises `NotSignedIn`, `NotAllowed`."""
    found = _from_our_pages()
    if found is None:
        raise NotSignedIn("Nobody is signed in here. Begin at /sign-in.")
    if role not in found.roles:
        g.presented = True
        refused("scope_missing", authority=found.authority, client_id=through(found.reference))
        raise NotAllowed(f"This is for whoever signs in as {IN_WORDS[role]}.")
    return found


def _from_our_pages() -> Session | None:
    """Who is signed in. Raises `NotAllowed` for a change that another site may have made a browser send."""
    found = current()
    if found is not None:
        if request.method not in SAFE and not is_ours(desk().public_url):
            g.presented = True
            refused("other_site", authority=found.authority, client_id=through(found.reference))
            raise NotAllowed(NOT_OURS)
        g.by_session = True
    return found


def never_kept(response: Response) -> Response:
    """No browser and nothing in between keeps an answer to a person, whatever the route says for machines."""
    if g.get("by_session"):
        response.headers["Cache-Control"] = "no-store"
    return response
