"""The four ways a product may ask who is calling."""

import base64
import hmac
import secrets
import threading
import time
from collections.abc import Collection
from dataclasses import dataclass, field

from flask import Blueprint, Request, Response, jsonify, request

KINDS = ("api_key", "basic", "oauth2", "certificate")
TOKEN_PATH = "/oauth/token"


@dataclass
class SignIn:
    """Who may call. `trusted_ports` are the source ports of connections whose certificate was checked in front."""

    kind: str
    user: str
    secret: str
    key_header: str = "X-Api-Key"
    seconds: int = 300
    trusted_ports: Collection[int] = ()
    _tokens: dict[str, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown sign-in; there are {', '.join(KINDS)}")
        if not self.secret:
            raise ValueError("the secret must not be empty")

    def allows(self, asked: Request) -> bool:
        """Whether the request comes from the client."""
        if self.kind == "api_key":
            return _same(asked.headers.get(self.key_header, ""), self.secret)
        if self.kind == "basic":
            return self._by_password(asked)
        if self.kind == "oauth2":
            return self._by_token(asked)
        return int(asked.environ.get("REMOTE_PORT", 0)) in self.trusted_ports

    def expire(self) -> None:
        """Every token handed out so far is worth nothing any more."""
        with self._lock:
            self._tokens.clear()

    def blueprint(self) -> Blueprint:
        """The token route; refused as not found where tokens are not the way in."""
        tokens = Blueprint("tokens", __name__)

        @tokens.post(TOKEN_PATH)
        def token() -> Response:
            return self._token()

        return tokens

    def unauthorised(self) -> Response:
        """A bare 401."""
        scheme = {"basic": "Basic", "oauth2": "Bearer"}.get(self.kind)
        return Response(status=401, headers={"WWW-Authenticate": scheme} if scheme else None)

    def _token(self) -> Response:
        if self.kind != "oauth2" or not self._by_password(request):
            return _token_refused("invalid_client", 401)
        if request.form.get("grant_type") != "client_credentials":
            return _token_refused("unsupported_grant_type", 400)
        made = secrets.token_urlsafe(24)
        with self._lock:
            self._tokens[made] = time.monotonic() + self.seconds
        return jsonify({"access_token": made, "token_type": "Bearer", "expires_in": self.seconds})

    def _by_password(self, asked: Request) -> bool:
        expected = base64.b64encode(f"{self.user}:{self.secret}".encode()).decode()
        return _same(_after("basic", asked), expected)

    def _by_token(self, asked: Request) -> bool:
        with self._lock:
            return self._tokens.get(_after("bearer", asked), 0.0) > time.monotonic()


def _after(scheme: str, asked: Request) -> str:
    given, _, rest = asked.headers.get("Authorization", "").partition(" ")
    return rest if given.lower() == scheme else ""


def _same(given: str, expected: str) -> bool:
    """In constant time, so that answering speed tells nothing about the secret."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())


def _token_refused(error: str, status: int) -> Response:
    answer = jsonify({"error": error})
    answer.status_code = status
    return answer
