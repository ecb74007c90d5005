"""The two cookies: who is signed in, and a sign-in under way.

`__Host-` makes browsers take them from this very host alone, over TLS or from the machine itself, and send them
nowhere else. The session's is never sent with a request that another site began; the sign-in's has to come along when
the issuer sends somebody back.
"""

from __future__ import annotations

import secrets
from typing import Literal

from flask import Response, request

from service.api.people.flow import SECONDS

SESSION, FLOW = "__Host-wise", "__Host-wise-sign-in"
_LONGEST = 8 * 3600


def new_session() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(32)


def session() -> str:
    """What the browser sent, whatever it is."""
    return request.cookies.get(SESSION, "")


def flow() -> str:
    """As above."""
    return request.cookies.get(FLOW, "")


def give_session(response: Response, value: str) -> None:
    """For as long as a session can last at the most; the server ends it sooner."""
    _set(response, SESSION, value, _LONGEST, "Strict")


def give_flow(response: Response, value: str) -> None:
    """Until they come back."""
    _set(response, FLOW, value, SECONDS, "Lax")


def take_session(response: Response) -> None:
    """The browser forgets it."""
    _set(response, SESSION, "", 0, "Strict")


def take_flow(response: Response) -> None:
    """As above."""
    _set(response, FLOW, "", 0, "Lax")


def _set(response: Response, name: str, value: str, seconds: int, same_site: Literal["Strict", "Lax"]) -> None:
    response.set_cookie(name, value, max_age=seconds, path="/", secure=True, httponly=True, samesite=same_site)
