"""Which public keys a client may sign its assertions with, and reading one from a file: a JWK, or PEM."""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey

from service.errors import NotPossible

KID = re.compile(r"[A-Za-z0-9._~:-]{1,100}")
RSA_LEAST, RSA_MOST = 2048, 8192
KINDS: Mapping[str, str] = {"ES256": "EC", "Ed25519": "OKP", "EdDSA": "OKP", "PS256": "RSA"}
"""The algorithms there are, each with the kind of its keys. `EdDSA` is the former name of `Ed25519`."""
_MEMBERS: Mapping[str, tuple[str, ...]] = {"EC": ("crv", "x", "y"), "OKP": ("crv", "x"), "RSA": ("n", "e")}
_PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_FITTING = "Give an elliptic key on P-256, an Ed25519 key, or an RSA key of 2048 to 8192 bits: `wise-bridge keys new`."
Key = ECKey | OKPKey | RSAKey
_KINDS: Mapping[str, type[ECKey] | type[OKPKey] | type[RSAKey]] = {"EC": ECKey, "OKP": OKPKey, "RSA": RSAKey}


@dataclass(frozen=True)
class PublicKey:
    """A key that may be registered. `jwk` has the public members alone; `kid` is the file's own, or its thumbprint."""

    kid: str
    jwk: Mapping[str, str]


def import_key(jwk: Mapping[str, Any]) -> Key:
    """A registered key, to verify with."""
    kind: type[ECKey] | type[OKPKey] | type[RSAKey] = _KINDS[jwk["kty"]]
    return kind.import_key(dict(jwk))


def read_public_key(content: bytes) -> PublicKey:
    """From a file's bytes. Raises `NotPossible`, saying what to do; nothing of the file is repeated."""
    if b"PRIVATE KEY" in content:
        raise NotPossible(
            "This file holds a private key. Register the public one, and make a new pair if this file left its machine."
        )
    return _from_pem(content) if content.lstrip().startswith(b"-----BEGIN") else _from_jwk(content)


def _from_jwk(content: bytes) -> PublicKey:
    try:
        given = json.loads(content)
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict):
        raise NotPossible("This file is neither a JSON Web Key nor a public key in PEM.")
    if _PRIVATE & given.keys():
        raise NotPossible(
            "This JSON Web Key is private, or a shared secret. Register the public one, and make a new pair."
        )
    kid = given.get("kid")
    if kid is not None and not (isinstance(kid, str) and KID.fullmatch(kid)):
        raise NotPossible("The key's `kid` may have letters, digits and . _ ~ : - in it, 100 at the most.")
    return _checked(given, kid)


def _from_pem(content: bytes) -> PublicKey:
    try:
        key = load_pem_public_key(content)
    except (ValueError, TypeError):
        raise NotPossible("This file holds no public key in PEM that can be read. " + _FITTING) from None
    if isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1):
        return _checked(dict(ECKey(key, key).as_dict(private=False)), None)
    if isinstance(key, Ed25519PublicKey):
        return _checked(dict(OKPKey(key, key).as_dict(private=False)), None)
    if isinstance(key, RSAPublicKey):
        return _checked(dict(RSAKey(key, key).as_dict(private=False)), None)
    raise NotPossible("This key is of a kind that is not taken. " + _FITTING)


def _checked(given: Mapping[str, Any], kid: str | None) -> PublicKey:
    kind = given.get("kty")
    members = _MEMBERS.get(kind, ()) if isinstance(kind, str) else ()
    jwk = {name: given[name] for name in ("kty", *members) if isinstance(given.get(name), str)}
    if not members or len(jwk) != len(members) + 1 or not _fits(jwk):
        raise NotPossible("This key is of a kind or size that is not taken. " + _FITTING)
    try:
        key = import_key(jwk)
        _ = key.public_key
    except (JoseError, ValueError, TypeError):
        raise NotPossible("This key cannot be read. " + _FITTING) from None
    return PublicKey(kid or key.thumbprint(), jwk)


def _fits(jwk: Mapping[str, str]) -> bool:
    """Looked at before the key is made, which a weak one must not be."""
    if jwk["kty"] == "RSA":
        return RSA_LEAST <= _number(jwk["n"]).bit_length() <= RSA_MOST and _number(jwk["e"]) >= 65537
    return jwk["crv"] == {"EC": "P-256", "OKP": "Ed25519"}[jwk["kty"]]


def _number(text: str) -> int:
    """Of base64url without padding; 0 where it is none."""
    try:
        return int.from_bytes(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError:
        return 0
