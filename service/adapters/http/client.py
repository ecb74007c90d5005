"""The HTTP client of the connectors.

One conversation per call of a port, with its own connections: no cookie, no connection and no failure outlives it, and
threads share nothing but a sign-in's token. Proxies and netrc of the environment are off, and a redirect is an answer
like any other: it is not followed, because following one would send a child's record to an address nobody agreed to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from functools import cached_property
from ssl import SSLContext

from service.adapters.egress import Deadline, Egress, only
from service.adapters.http.conversation import Conversation
from service.adapters.http.proxy import Proxy
from service.adapters.http.sign_in import NO_SIGN_IN, SignIn
from service.adapters.http.tls import Tls, make_context
from service.adapters.http.wire import CURRENT, Call, Connections, Route

CALL_SECONDS = 60.0


class HttpClient:
    """Where a system is and how to sign in there. Holds no connection.

    Without `egress` only the address itself and the sign-in's may be called, at public addresses (and never through a
    proxy, which takes a rule of its own). Without `tls` the public authorities are trusted. May raise
    `ConfigurationFault` for key material that cannot be used.
    """

    def __init__(
        self,
        base_url: str,
        headers: Mapping[str, str],
        *,
        seconds: float = CALL_SECONDS,
        egress: Egress | None = None,
        tls: Tls | None = None,
        proxy: Proxy | None = None,
        auth: SignIn = NO_SIGN_IN,
    ) -> None:
        self._base_url, self._headers, self._seconds = base_url.rstrip("/"), dict(headers), seconds
        self._sign_in, self._tls = auth, tls or Tls()
        self._route = Route(egress or only(base_url, *auth.urls), proxy)
        if tls is not None:
            _ = self._context  # told at start-up, not by the first delivery

    @contextmanager
    def conversation(self) -> Iterator[Conversation]:
        """A conversation; its connections are closed at the end, whatever happened."""
        with Deadline(self._seconds) as deadline, closing(Connections(lambda: self._context)) as connections:
            call = Call(deadline, self._route)
            token = CURRENT.set(call)
            try:
                yield Conversation(self._base_url, self._headers, self._sign_in, connections, call)
            finally:
                CURRENT.reset(token)

    @cached_property
    def _context(self) -> SSLContext:
        return make_context(self._tls)
