"""Who is signed in: sessions by cookie, and access tokens with refresh tokens. All of it is lost on `expire_all`."""

import base64
import hashlib
import hmac
import json
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

SESSION_SECONDS = 1800
REFRESH_SECONDS = 3600
_HEADER = {"alg": "HS256", "typ": "JWT"}


@dataclass(frozen=True, repr=False)
class Credentials:
    """What the authority gave its caller: a user for sessions, a client for tokens."""

    user_name: str
    password: str
    client_id: str
    client_secret: str


class SignIn:
    """The sign-ins in force, shared by all request threads."""

    def __init__(self, credentials: Credentials, token_seconds: int, clock: Callable[[], float]) -> None:
        self.token_seconds = token_seconds
        self._credentials, self._clock = credentials, clock
        self._lock = threading.Lock()
        self.expire_all()

    def expire_all(self) -> None:
        """Every session, access token and refresh token ends now."""
        with self._lock:
            self._key = secrets.token_bytes(32)
            self._sessions: dict[str, float] = {}
            self._refresh: dict[str, float] = {}

    def session(self, user_name: str, password: str) -> str | None:
        """A new session, or None for the wrong user or password."""
        known = self._credentials
        if not (_same(user_name, known.user_name) & _same(password, known.password)):
            return None
        name = secrets.token_urlsafe(24)
        with self._lock:
            self._sessions[name] = self._clock() + SESSION_SECONDS
        return name

    def session_lives(self, name: str) -> bool:
        """Whether the session is known and not over; asking prolongs it."""
        with self._lock:
            if self._sessions.get(name, 0) <= self._clock():
                return False
            self._sessions[name] = self._clock() + SESSION_SECONDS
            return True

    def is_client(self, client_id: str, client_secret: str) -> bool:
        """Compared in constant time, so that answering speed tells nothing about the secret."""
        return _same(client_id, self._credentials.client_id) & _same(client_secret, self._credentials.client_secret)

    def tokens(self) -> dict[str, Any]:
        """A new access token and its refresh token, as the token route answers."""
        refresh, now = secrets.token_urlsafe(24), self._clock()
        with self._lock:
            self._refresh[refresh] = now + REFRESH_SECONDS
        claims = {"sub": self._credentials.client_id, "exp": now + self.token_seconds, "jti": secrets.token_hex(8)}
        return {
            "access_token": self._signed(claims),
            "token_type": "Bearer",
            "expires_in": self.token_seconds,
            "refresh_token": refresh,
        }

    def end_refresh(self, token: str) -> bool:
        """Use a refresh token up; whether it was still good."""
        with self._lock:
            return self._refresh.pop(token, 0) > self._clock()

    def token_lives(self, token: str) -> bool:
        """Whether the access token is one of ours and not expired."""
        body, _, signature = token.rpartition(".")
        if not _same(signature, self._signature(body)):
            return False
        claims = body.partition(".")[2]
        content = base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4))
        return bool(json.loads(content)["exp"] > self._clock())

    def _signed(self, claims: dict[str, Any]) -> str:
        body = ".".join(_encoded(json.dumps(part).encode()) for part in (_HEADER, claims))
        return f"{body}.{self._signature(body)}"

    def _signature(self, body: str) -> str:
        return _encoded(hmac.new(self._key, body.encode("utf-8", "replace"), hashlib.sha256).digest())


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _same(given: str, known: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), known.encode("utf-8", "replace"))
