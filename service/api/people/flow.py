"""A sign-in under way, kept by the browser alone: a random value with a seal of ours, for ten minutes.

`state`, `nonce` and the PKCE verifier are worked out from that value. So whoever has the address of the way back and
not the browser's cookie can do nothing with it, no row is made for those who only knock, and nothing secret is stored.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass

SECONDS = 600
_PARTS = 4


@dataclass(frozen=True, repr=False)
class Flow:
    """`seed`: 256 random bits as text. `until`: seconds since 1970."""

    seed: str
    issuer: str
    until: int

    @property
    def state(self) -> str:
        """What comes back with the code."""
        return self._worked_out("state")

    @property
    def nonce(self) -> str:
        """What the ID token has to carry."""
        return self._worked_out("nonce")

    @property
    def verifier(self) -> str:
        """What the code can be exchanged with (RFC 7636)."""
        return self._worked_out("verifier")

    def _worked_out(self, what: str) -> str:
        return _text(hmac.digest(self.seed.encode(), what.encode(), "sha256"))


def begin(issuer: str, now: float) -> Flow:
    """A new one."""
    return Flow(secrets.token_urlsafe(32), issuer, int(now) + SECONDS)


def sealed(flow: Flow, key: bytes) -> str:
    """As the cookie holds it."""
    said = f"{flow.seed}.{flow.issuer}.{flow.until}"
    return f"{said}.{_seal(said, key)}"


def opened(cookie: str, key: bytes) -> Flow | None:
    """None for anything that is not ours. Whether its time is over is not looked at."""
    said, _, seal = cookie.rpartition(".")
    if not hmac.compare_digest(seal.encode("utf-8", "surrogatepass"), _seal(said, key).encode()):
        return None
    seed, issuer, until = said.split(".", _PARTS - 2)
    return Flow(seed, issuer, int(until))


def _seal(said: str, key: bytes) -> str:
    return _text(hmac.digest(key, b"sign-in " + said.encode("utf-8", "surrogatepass"), "sha256"))


def _text(value: bytes) -> str:
    return urlsafe_b64encode(value).decode().rstrip("=")
