"""Who may call: OAuth2 client credentials, or a key in a header. A client certificate is checked in front of LCS."""

import hmac
import secrets
import threading
import time
from dataclasses import dataclass

from flask import Blueprint, Request, Response, jsonify, request

Refusal = tuple[Response, int]


@dataclass(frozen=True)
class Credentials:
    """What is set up for the bridge; a way of signing in that is not offered is None."""

    client_id: str | None = "wise-bridge"
    client_secret: str | None = "simulator-secret"
    api_key: str | None = "simulator-key"
    key_header: str = "X-Api-Key"


class SignIn:
    """Tokens are kept in memory and end after `token_seconds`."""

    def __init__(self, credentials: Credentials, token_seconds: int) -> None:
        self._credentials, self._seconds = credentials, token_seconds
        self._lock = threading.Lock()
        self._ends: dict[str, float] = {}
        self.issued = 0

    def allows(self, call: Request) -> bool:
        """A good key or a token that has not ended."""
        key = call.headers.get(self._credentials.key_header)
        if key is not None:
            return _same(key, self._credentials.api_key)
        scheme, _, token = call.headers.get("Authorization", "").partition(" ")
        with self._lock:
            return scheme.lower() == "bearer" and self._ends.get(token, 0.0) > time.monotonic()

    def expire(self) -> None:
        """End every token now."""
        with self._lock:
            self._ends.clear()

    def blueprint(self) -> Blueprint:
        """The token route."""
        tokens = Blueprint("tokens", __name__)
        tokens.post("/lcs/oauth/token")(self._token)
        return tokens

    def _token(self) -> Response | Refusal:
        form = request.form
        if "grant_type" not in form:
            return _refused(400, "invalid_request")
        if form["grant_type"] != "client_credentials":
            return _refused(400, "unsupported_grant_type")
        basic = request.authorization if request.authorization and request.authorization.type == "basic" else None
        pair = (basic.username, basic.password) if basic else (form.get("client_id"), form.get("client_secret"))
        if not self._is_client(*pair):
            return _refused(401, "invalid_client")
        answer = jsonify(access_token=self._new(), token_type="Bearer", expires_in=self._seconds)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    def _is_client(self, name: str | None, secret: str | None) -> bool:
        known = _same(name, self._credentials.client_id)
        return _same(secret, self._credentials.client_secret) and known

    def _new(self) -> str:
        token = secrets.token_urlsafe(24)
        with self._lock:
            self._ends[token] = time.monotonic() + self._seconds
            self.issued += 1
        return token


def _same(given: str | None, expected: str | None) -> bool:
    """Compared in constant time; what is not set up fits nothing."""
    if given is None or not expected:
        return False
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())


def _refused(status: int, error: str) -> Refusal:
    answer = jsonify(error=error)
    if status == 401:
        answer.headers["WWW-Authenticate"] = "Basic"
    return answer, status
