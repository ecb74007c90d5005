"""Names of OAuth 2 that more than one module of signing in needs."""

from __future__ import annotations

import re

from service.api.tokens import ISSUER

TOKEN_PATH = "/oauth/token"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
CLIENT_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


def audiences(public_url: str) -> frozenset[str]:
    """What an assertion may say it is for: the name that our tokens bear, and the token endpoint's address if told."""
    return frozenset({ISSUER, *([public_url.rstrip("/") + TOKEN_PATH] if public_url else [])})
