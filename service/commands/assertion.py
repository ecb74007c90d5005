"""Signing a client assertion (RFC 7523), as a council developer would: good for two minutes, and used once."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey

AUDIENCE = "wise-bridge"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
SECONDS = 120
_ALGORITHMS = {"EC": "ES256", "OKP": "Ed25519", "RSA": "PS256"}

_KINDS: Mapping[str, type[ECKey] | type[OKPKey] | type[RSAKey]] = {"EC": ECKey, "OKP": OKPKey, "RSA": RSAKey}


class KeyUnusable(Exception):
    """The file holds no private key that can be read. Its text is a sentence and repeats nothing of the file."""


def client_assertion(client_id: str, key_file: Path) -> dict[str, str]:
    """The two fields to send to the token endpoint. Raises `KeyUnusable`."""
    key = read_private_key(key_file)
    alg, now = _ALGORITHMS[key.key_type], int(time.time())
    claims = {"iss": client_id, "sub": client_id, "aud": AUDIENCE, "jti": uuid4().hex, "iat": now, "exp": now + SECONDS}
    signed = jwt.encode({"alg": alg, "kid": key.kid or key.thumbprint()}, claims, key, algorithms=[alg])
    return {"client_assertion_type": ASSERTION_TYPE, "client_assertion": signed}


def read_private_key(file: Path) -> ECKey | OKPKey | RSAKey:
    """From PEM, or from a private JSON Web Key, whose own `kid` is kept. Raises `KeyUnusable`."""
    try:
        content = file.read_bytes()
        return _from_pem(content) if content.lstrip().startswith(b"-----BEGIN") else _from_jwk(content)
    except (OSError, ValueError, TypeError, KeyError, JoseError):
        raise KeyUnusable(f"{file} holds no private key that can be read. `wise-bridge keys new` makes one.") from None


def _from_pem(content: bytes) -> ECKey | OKPKey | RSAKey:
    key = load_pem_private_key(content, None)
    if isinstance(key, EllipticCurvePrivateKey):
        return ECKey.import_key(content)
    return OKPKey.import_key(content) if isinstance(key, Ed25519PrivateKey) else RSAKey.import_key(content)


def _from_jwk(content: bytes) -> ECKey | OKPKey | RSAKey:
    given = json.loads(content)
    key = _KINDS[given["kty"]].import_key(given)
    if not key.is_private:
        raise ValueError
    return key
