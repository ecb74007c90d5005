"""Access tokens: signed JSON Web Tokens for ten minutes, bound to one client, one authority and its scopes (RFC 9068).

The Hub's process can check one with the public key alone; it needs no way to where clients are kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from authlib.oauth2.rfc6750.errors import InvalidTokenError
from authlib.oauth2.rfc9068 import JWTBearerTokenGenerator, JWTBearerTokenValidator
from joserfc.jwk import ECKey

ISSUER = "wise-bridge"
AUDIENCE = "wise-bridge"
ALGORITHM = "ES256"


@dataclass(frozen=True)
class Caller:
    """Who is asking, as the token says. The tenant comes from here and from nowhere else."""

    client_id: str
    authority: str
    scopes: frozenset[str]


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

    def get_extra_claims(self, client: Any, grant_type: Any, user: Any, scope: Any) -> dict[str, str]:
        """The one authority the client is bound to."""
        return {"authority": client.authority}


class TokenReader(JWTBearerTokenValidator):  # type: ignore[misc] # Authlib has no types
    """Checks signature, issuer, audience and expiry."""

    def __init__(self, public_key: ECKey) -> None:
        super().__init__(issuer=ISSUER, resource_server=AUDIENCE)
        self._key = public_key

    def get_jwks(self) -> ECKey:
        """The public key."""
        return self._key

    def caller(self, token: str) -> Caller | None:
        """Who the token names, or None for any token that is not valid now."""
        try:
            claims = self.authenticate_token(token)
            self.validate_token(claims, [], None)
        except (InvalidTokenError, ValueError):
            return None
        authority, scope = claims.get("authority"), claims.get("scope")
        if not isinstance(authority, str) or not isinstance(scope, str):
            return None
        return Caller(claims["client_id"], authority, frozenset(scope.split()))
