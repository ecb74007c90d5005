"""OAuth 2 client credentials (RFC 6749, 4.4): a token for as long as it lasts, one request for all threads."""

from __future__ import annotations

import time
from collections.abc import Mapping

from service.adapters.http.kept import KeptSignIn, Pass, refusal
from service.adapters.http.messages import Reply, Request
from service.adapters.http.sign_in import Basic
from service.domain.delivery import Reason
from service.errors import NothingSent

EARLY_SECONDS = 30.0
USUAL_SECONDS, LONGEST_SECONDS = 300.0, 86_400.0
TOKEN_LIMIT = 16 * 1024


class ClientCredentials(KeptSignIn):
    """Renewed a little before it ends.

    `in_body` sends id and secret as fields of the form, for servers that take no Basic header; an empty `grant_type`
    is left out, for servers that know no other way.
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
        super().__init__(_token_request(url, client_id, secret, fields, in_body=in_body))

    def _read(self, reply: Reply) -> Pass:
        if reply.status != 200:
            raise refusal(reply)
        body = reply.body or {}
        token, kind = body.get("access_token"), body.get("token_type", "Bearer")
        if not _is_token(token) or not isinstance(kind, str) or kind.lower() != "bearer":
            raise NothingSent(Reason.UNAVAILABLE, "token_unreadable")
        return Pass({"Authorization": f"Bearer {token}"}, time.monotonic() + _usable(body.get("expires_in")))


def _token_request(url: str, client_id: str, secret: str, given: Mapping[str, str], *, in_body: bool) -> Request:
    fields = {name: value for name, value in given.items() if value}
    if in_body:
        return Request("POST", url, writes=False, fields=fields | {"client_id": client_id, "client_secret": secret})
    return Request("POST", url, writes=False, fields=fields, headers=Basic(client_id, secret).given)


def _is_token(token: object) -> bool:
    """What fits into a header."""
    return isinstance(token, str) and 0 < len(token) <= TOKEN_LIMIT and token.isascii() and token.isprintable()


def _usable(given: object) -> float:
    """Seconds to use a token: what the server says, less a margin that is no more than half of it."""
    text = str(given)
    said = float(text) if text.isascii() and text.isdecimal() and len(text) < 12 else USUAL_SECONDS
    lasts = min(said, LONGEST_SECONDS)
    return lasts - min(EARLY_SECONDS, lasts / 2)
