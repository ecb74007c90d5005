"""Access tokens: signed JSON Web Tokens for ten minutes, bound to one client, one authority and its scopes (RFC 9068).

The Hub's process can check one with the public key alone; it needs no way to where clients are kept.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any

from authlib.oauth2.rfc6750.errors import InvalidTokenError
from authlib.oauth2.rfc9068 import JWTBearerTokenGenerator, JWTBearerTokenValidator
from joserfc.jwk import ECKey

from service.domain.people import actor_of

ISSUER = "wise-bridge"
AUDIENCE = "wise-bridge"
ALGORITHM = "ES256"
_THUMBPRINT = "x5t#S256"
REMEMBERED = 1_000
"""Tokens whose signature need not be checked again. A client asks for a new one every few minutes."""


@dataclass(frozen=True)
class Caller:
    """Who is asking, as the token says. The tenant comes from here and from nowhere else."""

    client_id: str
    authority: str
    scopes: frozenset[str]
    kid: str = ""
    """The key it signed in with; empty for a secret."""
    bound_to: str = ""
    """The thumbprint of the certificate it signed in with; empty: the token is good without one."""
    person: str = ""
    """The reference of whoever is signed in by a session; empty for a machine."""

    @property
    def actor(self) -> str:
        """Who it was, for the trail."""
        return actor_of(self.client_id)


def read_key(path: Path) -> ECKey:
    """A PEM key, signing or public."""
    return ECKey.import_key(path.read_text())


class TokenMaker(JWTBearerTokenGenerator):  # type: ignore[misc] # Authlib has no types
    """Signs tokens for the token endpoint."""

    def __init__(self, signing_key: ECKey, *, minutes: int) -> None:
        super().__init__(issuer=ISSUER, alg=ALGORITHM, expires_generator=lambda _client, _grant: minutes * 60)
        self._key = signing_key

    def get_jwks(self) -> ECKey:
        """The signing key."""
        return self._key

    def get_audiences(self, client: Any, user: Any, scope: Any) -> str:
        """This service."""
        return AUDIENCE

    def get_extra_claims(self, client: Any, grant_type: Any, user: Any, scope: Any) -> dict[str, Any]:
        """The one authority the client is bound to, the key it signed in with, and the certificate it came with."""
        kid, certificate = getattr(client, "kid", ""), getattr(client, "certificate", "")
        bound = {"cnf": {_THUMBPRINT: certificate}} if certificate else {}
        return {"authority": client.authority} | ({"client_key": kid} if kid else {}) | bound


class TokenReader(JWTBearerTokenValidator):  # type: ignore[misc] # Authlib has no types
    """Checks signature, issuer, audience and expiry; of a token it has checked before, the expiry alone.

    It remembers the digests of good tokens and not the tokens, and of no more than `REMEMBERED`.
    """

    def __init__(self, public_key: ECKey) -> None:
        super().__init__(issuer=ISSUER, resource_server=AUDIENCE)
        self._key = public_key
        self._checked: dict[bytes, tuple[Caller, float]] = {}
        self._remembering = Lock()

    def get_jwks(self) -> ECKey:
        """The public key."""
        return self._key

    def caller(self, token: str) -> Caller | None:
        """Who the token names, or None for any token that is not valid now."""
        digest = sha256(token.encode("utf-8", "surrogateescape")).digest()
        checked = self._checked.get(digest)
        if checked is None:
            checked = self._check(token)
            if checked is not None:
                self._remember(digest, checked)
        if checked is None or checked[1] < time.time():
            return None
        return checked[0]

    def was_good(self, token: str) -> bool:
        """Whether it was checked here before: then it has merely ended, and nobody has tried anything."""
        return sha256(token.encode("utf-8", "surrogateescape")).digest() in self._checked

    def _check(self, token: str) -> tuple[Caller, float] | None:
        """The caller and when the token ends."""
        try:
            claims = self.authenticate_token(token)
            self.validate_token(claims, [], None)
        except (InvalidTokenError, ValueError):
            return None
        authority, scope, ends = claims.get("authority"), claims.get("scope"), claims.get("exp")
        bound_to = claims.get("cnf", {}).get(_THUMBPRINT, "")
        if not isinstance(authority, str) or not isinstance(scope, str) or not isinstance(ends, int | float):
            return None
        kid = str(claims.get("client_key", ""))
        return Caller(claims["client_id"], authority, frozenset(scope.split()), kid, bound_to), ends

    def _remember(self, digest: bytes, checked: tuple[Caller, float]) -> None:
        with self._remembering:
            while len(self._checked) >= REMEMBERED:
                del self._checked[next(iter(self._checked))]
            self._checked[digest] = checked
