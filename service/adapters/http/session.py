"""A session: user name and password are posted as JSON, and what comes back is a cookie, of whatever name."""

from __future__ import annotations

import time
from collections.abc import Mapping

from service.adapters.http.kept import KeptSignIn, Pass, refusal
from service.adapters.http.messages import Reply, Request
from service.adapters.http.status import PAGES
from service.domain.delivery import Reason
from service.errors import NothingSent

COOKIE_LIMIT = 4096


class SessionSignIn(KeptSignIn):
    """Left for a new one after `seconds`; choose them shorter than the time without a request that ends a session.

    `credentials` is the whole body. The cookies go to the system the client talks to, and nowhere else.
    """

    def __init__(self, url: str, credentials: Mapping[str, str], *, seconds: float) -> None:
        super().__init__(Request("POST", url, writes=False, json=dict(credentials)))
        self._seconds = seconds

    def _read(self, reply: Reply) -> Pass:
        """A page, too, may come with a cookie: the one of somebody who is yet to sign in."""
        if reply.status not in (200, 204):
            raise refusal(reply)
        cookie = "; ".join(f"{name}={value}" for name, value in reply.cookies.items())
        if not cookie or reply.kind in PAGES or not _fits(cookie):
            raise NothingSent(Reason.UNAVAILABLE, "session_unreadable")
        return Pass({"Cookie": cookie}, time.monotonic() + self._seconds)


def _fits(cookie: str) -> bool:
    """Into a header."""
    return len(cookie) <= COOKIE_LIMIT and cookie.isascii() and cookie.isprintable()
