"""OAuth 2 client credentials (RFC 6749, 4.4): a token for as long as it lasts, one request for all threads."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass

from service.adapters.egress import Deadline
from service.adapters.http.messages import Reply, Request
from service.adapters.http.sign_in import Basic, Send
from service.domain.delivery import Reason
from service.errors import DeliveryProblem, NeedsHuman, NothingSent

EARLY_SECONDS = 30.0
USUAL_SECONDS, LONGEST_SECONDS = 300.0, 86_400.0
WAIT_SECONDS = 20.0
TOKEN_LIMIT = 16 * 1024


@dataclass(frozen=True, repr=False)
class _Token:
    """`until` by the clock of this process: a server's own clock is not asked."""

    headers: Mapping[str, str]
    until: float


class ClientCredentials:
    """Renewed a little before it ends, and once after a 401. Keep one for all calls: it holds the token.

    `in_body` sends id and secret as fields of the form, for servers that take no Basic header; an empty `grant_type`
    is left out, for servers that know no other way. A token request changes nothing in the case system, so its
    failures mean "nothing sent", or that a person must look at them.
    """

    def __init__(
        self,
        url: str,
        client_id: str,
        secret: str,
        *,
        scope: str = "",
        audience: str = "",
        in_body: bool = False,
        grant_type: str = "client_credentials",
    ) -> None:
        fields = {"grant_type": grant_type, "scope": scope, "audience": audience}
        self._request = _token_request(url, client_id, secret, fields, in_body=in_body)
        self._lock = threading.Lock()
        self._token: _Token | None = None

    @property
    def urls(self) -> tuple[str, ...]:
        """Where tokens come from."""
        return (self._request.path,)

    def headers(self, send: Send, deadline: Deadline) -> Mapping[str, str]:
        """The token there is, or a new one. One thread asks; the others wait for it, though not for ever."""
        if not self._lock.acquire(timeout=deadline.left(WAIT_SECONDS)):
            raise NothingSent(Reason.UNAVAILABLE, "token_not_in_time")
        try:
            if self._token is None or self._token.until <= time.monotonic():
                self._token = _token_in(send(self._request))
            return self._token.headers
        finally:
            self._lock.release()

    def renew(self, refused: Mapping[str, str]) -> bool:
        """Forget the refused token; another thread may have had a newer one meanwhile, which stays."""
        with self._lock:
            if self._token is not None and self._token.headers == refused:
                self._token = None
        return True


def _token_request(url: str, client_id: str, secret: str, given: Mapping[str, str], *, in_body: bool) -> Request:
    fields = {name: value for name, value in given.items() if value}
    if in_body:
        return Request("POST", url, writes=False, fields=fields | {"client_id": client_id, "client_secret": secret})
    return Request("POST", url, writes=False, fields=fields, headers=Basic(client_id, secret).given)


def _token_in(reply: Reply) -> _Token:
    if reply.status != 200:
        raise _problem(reply)
    body = reply.body or {}
    token, kind = body.get("access_token"), body.get("token_type", "Bearer")
    if not _is_token(token) or not isinstance(kind, str) or kind.lower() != "bearer":
        raise NothingSent(Reason.UNAVAILABLE, "token_unreadable")
    return _Token({"Authorization": f"Bearer {token}"}, time.monotonic() + _usable(body.get("expires_in")))


def _is_token(token: object) -> bool:
    """What fits into a header."""
    return isinstance(token, str) and 0 < len(token) <= TOKEN_LIMIT and token.isascii() and token.isprintable()


def _usable(given: object) -> float:
    """Seconds to use a token: what the server says, less a margin that is no more than half of it."""
    text = str(given)
    said = float(text) if text.isascii() and text.isdecimal() and len(text) < 12 else USUAL_SECONDS
    lasts = min(said, LONGEST_SECONDS)
    return lasts - min(EARLY_SECONDS, lasts / 2)


def _problem(reply: Reply) -> DeliveryProblem:
    """400 is how the standard says "unknown client" or "not this scope"; 403 comes from what stands before it."""
    note = f"token_status_{reply.status}"
    if reply.status in (400, 401, 403):
        return NeedsHuman(Reason.SIGN_IN_REFUSED, note)
    if reply.status == 429:
        return NothingSent(Reason.THROTTLED, note, retry_after=reply.retry_after)
    return NothingSent(Reason.UNAVAILABLE, note, retry_after=reply.retry_after)
