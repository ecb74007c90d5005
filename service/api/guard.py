"""Every route says which scope it needs. A route without a guard fails a test."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import current_app, g, request

from service.api.certificates import comes_with
from service.api.limits import limit
from service.api.refusals import refused
from service.api.scopes import HUB_SCOPES, SCOPES
from service.api.standing import Standing
from service.api.tokens import Caller, TokenReader
from service.errors import NotAllowed, NotSignedIn

P = ParamSpec("P")
R = TypeVar("R")
Feeds = Callable[[str], Caller | None]
"""Given an Authorization header, who it is if that is the key of a feed."""
Sessions = Callable[[], Caller | None]
"""Whose session came with the request."""
_LACKS_ROLE = "None of your roles lets you do this."


def needs(scope: str, *, shows_receipts: bool = False) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """The route may be used with a valid token that has this scope, and not too often.

    One that `shows_receipts` is let in also when the client asks too often: it sees to it by itself that then only
    what was answered before is answered.
    """
    if scope not in SCOPES:
        raise ValueError(f"no such scope: {scope}")

    def guard(route: Callable[P, R]) -> Callable[P, R]:
        @wraps(route)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            g.caller = _signed_in(scope)
            limit(g.caller.client_id, unless_known=shows_receipts)
            return route(*args, **kwargs)

        guarded.needs_scope = scope  # type: ignore[attr-defined] # read by the test that lists every route
        guarded.takes_feed_keys = scope in HUB_SCOPES  # type: ignore[attr-defined] # read by the published document
        return guarded

    return guard


def caller() -> Caller:
    """Who is asking. Only inside a guarded route."""
    found: Caller = g.caller
    return found


def _signed_in(scope: str) -> Caller:
    header = request.headers.get("Authorization", "")
    found = _by_feed(header) or _by_token(_bearer(header)) if header else _by_session()
    if found is None:
        raise NotSignedIn("Get a token at /oauth/token and send it as Authorization: Bearer.")
    if scope not in found.scopes:
        refused("scope_missing", authority=found.authority, client_id=found.client_id)
        raise NotAllowed(_LACKS_ROLE if found.person else f"This client's token does not have the scope {scope}.")
    return found


def _by_session() -> Caller | None:
    """Somebody who is signed in, where people can be. What comes with an Authorization header is a machine's."""
    sessions: Sessions | None = current_app.extensions.get("wise_bridge_sessions")
    return sessions() if sessions is not None else None


def _by_token(token: str) -> Caller | None:
    """Where clients can be looked up, a token ends when its client or key is revoked, and not with its time alone.

    One that is bound to a certificate is none without it.
    """
    reader: TokenReader = current_app.extensions["wise_bridge_tokens"]
    standing: Standing | None = current_app.extensions.get("wise_bridge_standing")
    found = reader.caller(token)
    if found is None:
        refused("token_expired" if reader.was_good(token) else "token_not_valid")
    elif standing is not None and not standing.stands(found.client_id, found.kid):
        refused("token_revoked", authority=found.authority, client_id=found.client_id)
        return None
    elif not comes_with(found.bound_to):
        refused("certificate_wrong", authority=found.authority, client_id=found.client_id)
        return None
    return found


def _by_feed(header: str) -> Caller | None:
    """The Hub's side alone knows keys of feeds."""
    feeds: Feeds | None = current_app.extensions.get("wise_bridge_feeds")
    return feeds(header) if feeds is not None else None


def _bearer(header: str) -> str:
    scheme, _, token = header.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def unguarded(route: Callable[P, R]) -> Callable[P, R]:
    """Marks a route that is open on purpose: health, and the token endpoint itself."""
    route.needs_scope = None  # type: ignore[attr-defined] # read by the test that lists every route
    return route
