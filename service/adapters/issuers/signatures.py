"""Whether a token was signed by one of an issuer's keys, by an algorithm that is allowed.

The key decides which algorithms fit it: a public key is never taken for a shared secret, and there is no `none`.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey
from joserfc.jws import JWSRegistry

from service.domain.people import NotVouched

KINDS: Mapping[str, str] = {"RS256": "RSA", "PS256": "RSA", "ES256": "EC"}
LENGTH_MOST = 32 * 1024
_RSA_LEAST, _RSA_MOST = 2048, 8192
_TYPES = ("", "JWT")
LOGOUT_TYPES = ("", "JWT", "LOGOUT+JWT")
Keys = Sequence[Mapping[str, Any]]
Fetch = Callable[[bool], Keys]
"""The issuer's keys; with True fetched anew where that may be."""


class _Algorithms(JWSRegistry):
    """The allow-list itself: no other algorithm can be reached through it."""

    algorithms = {name: JWSRegistry.algorithms[name] for name in KINDS}  # noqa: RUF012


_REGISTRY = _Algorithms(algorithms=list(KINDS))


def verified(token: object, keys: Fetch, types: Sequence[str] = _TYPES) -> dict[str, Any]:
    """The claims. Raises `NotVouched`: token_malformed, algorithm_refused, key_unknown, signature_wrong."""
    header = _header(token)
    alg, kid, kind = header.get("alg"), header.get("kid"), header.get("typ", "")
    if not isinstance(alg, str) or alg not in KINDS:
        raise NotVouched("algorithm_refused")
    if not isinstance(kid, str | None) or not isinstance(kind, str) or kind.upper() not in types:
        raise NotVouched("token_malformed")
    key = _fitting(keys(False), alg, kid) or _fitting(keys(True), alg, kid)  # noqa: FBT003 - what `Fetch` takes
    if key is None:
        raise NotVouched("key_unknown")
    try:
        claims = jwt.decode(str(token), key, registry=_REGISTRY).claims
    except (JoseError, ValueError, TypeError, RecursionError):
        claims = None
    if not isinstance(claims, dict):
        raise NotVouched("signature_wrong")
    return claims


def _header(token: object) -> dict[str, Any]:
    if not isinstance(token, str) or len(token) > LENGTH_MOST or not token.isascii() or token.count(".") != 2:
        raise NotVouched("token_malformed")
    first = token.partition(".")[0]
    try:
        found = json.loads(urlsafe_b64decode(first + "=" * (-len(first) % 4)))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise NotVouched("token_malformed")
    return found


def _fitting(keys: Keys, alg: str, kid: str | None) -> RSAKey | ECKey | None:
    """The one key it can be. Without a `kid` only where there is no choice."""
    may = [each for each in keys if _fits(each, alg) and kid in (None, each.get("kid"))]
    return _imported(may[0]) if len(may) == 1 else None


def _fits(jwk: Mapping[str, Any], alg: str) -> bool:
    right = jwk.get("kty") == KINDS[alg] and jwk.get("use", "sig") == "sig" and jwk.get("alg", alg) == alg
    return right and (jwk["kty"] == "RSA" or jwk.get("crv") == "P-256")


def _imported(jwk: Mapping[str, Any]) -> RSAKey | ECKey | None:
    """Its public members alone; None for what cannot be read, or is too short to mean anything."""
    try:
        if jwk["kty"] == "EC":
            return ECKey.import_key({name: jwk[name] for name in ("kty", "crv", "x", "y")})
        modulus = urlsafe_b64decode(jwk["n"] + "=" * (-len(jwk["n"]) % 4))
        if not _RSA_LEAST <= int.from_bytes(modulus).bit_length() <= _RSA_MOST:
            return None
        return RSAKey.import_key({name: jwk[name] for name in ("kty", "n", "e")})
    except (JoseError, KeyError, ValueError, TypeError):
        return None
