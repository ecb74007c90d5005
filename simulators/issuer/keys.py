"""The issuer's keys and its own way to sign, which also signs wrongly. Nothing here is shared with any client.

Written from RFC 7515 (JWS), 7517 (JWK) and 7518 (JWA): libraries refuse to make what clients have to refuse.
"""

import base64
import hashlib
import hmac
import json
import secrets
import threading
from collections.abc import Collection
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

ALGORITHMS = ("RS256", "ES256")
Private = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
Json = dict[str, Any]


class SigningKey:
    """One private key with its name."""

    def __init__(self, alg: str) -> None:
        self.alg, self.kid = alg, secrets.token_urlsafe(8)
        self.private: Private = (
            rsa.generate_private_key(public_exponent=65537, key_size=2048)
            if alg == "RS256"
            else ec.generate_private_key(ec.SECP256R1())
        )

    def jwk(self) -> Json:
        """The public half, as it is published."""
        return {"kid": self.kid, "alg": self.alg, "use": "sig"} | _numbers(self.private)

    def pem(self) -> bytes:
        """The public half, as a careless verifier would hold it."""
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return self.private.public_key().public_bytes(serialization.Encoding.PEM, form)

    def sign(self, content: bytes) -> bytes:
        if isinstance(self.private, rsa.RSAPrivateKey):
            return self.private.sign(content, padding.PKCS1v15(), hashes.SHA256())
        r, s = decode_dss_signature(self.private.sign(content, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


class Keys:
    """What signs now, what is published, and what is neither. Threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._signing = {alg: SigningKey(alg) for alg in ALGORITHMS}
        self._published = list(self._signing.values())
        self._hidden = {alg: SigningKey(alg) for alg in ALGORITHMS}

    def rotate(self, *, keep: bool = True) -> None:
        """New keys sign from now on. `keep`: those before stay published, so that their tokens can be checked."""
        with self._lock:
            self._signing = {alg: SigningKey(alg) for alg in ALGORITHMS}
            self._published = [*(self._published if keep else []), *self._signing.values()]

    def withdraw_former(self) -> None:
        """Only what signs now stays published."""
        with self._lock:
            self._published = list(self._signing.values())

    def published(self, variants: Collection[str] = ()) -> Json:
        """The key set. `variants` are names of `variants.JWKS`."""
        with self._lock:
            published, hidden = list(self._published), self._hidden
        listed = [key.jwk() for key in published]
        if "keys_swapped" in variants:
            listed = [hidden[key.alg].jwk() | {"kid": key.kid} for key in published]
        if "keys_doubled" in variants:
            listed = [*(hidden[key.alg].jwk() | {"kid": key.kid} for key in published), *listed]
        return {"keys": [] if "keys_none" in variants else listed}

    def signed(self, claims: Json, alg: str, typ: str, variants: Collection[str] = ()) -> str:
        """A token in compact form. `variants` are names of `variants.SIGNATURE`."""
        with self._lock:
            key, hidden = self._signing[alg], self._hidden[alg]
        signer = hidden if {"kid_unknown", "key_other"} & set(variants) else key
        header = {"typ": typ, "alg": _alg(alg, variants), "kid": hidden.kid if "kid_unknown" in variants else key.kid}
        if "kid_missing" in variants:
            del header["kid"]
        content = f"{_text(header)}.{_text(claims)}"
        signature = _signature(content.encode(), signer, variants)
        if "claims_changed" in variants:
            content = f"{_text(header)}.{_text(claims | {'sub': 'somebody-else'})}"
        return f"{content}.{signature}"


def left_half(token: str) -> str:
    """`at_hash` (OpenID Connect Core, 3.1.3.6), for algorithms with SHA-256."""
    return encoded(hashlib.sha256(token.encode("ascii")).digest()[:16])


def encoded(content: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _alg(alg: str, variants: Collection[str]) -> str:
    return "none" if "alg_none" in variants else "HS256" if "alg_hs256" in variants else alg


def _signature(content: bytes, signer: SigningKey, variants: Collection[str]) -> str:
    if {"alg_none", "signature_missing"} & set(variants):
        return ""
    if "alg_hs256" in variants:
        return encoded(hmac.new(signer.pem(), content, hashlib.sha256).digest())
    made = signer.sign(content)
    return encoded(bytes([made[0] ^ 1]) + made[1:] if "signature_changed" in variants else made)


def _text(content: Json) -> str:
    return encoded(json.dumps(content, separators=(",", ":")).encode())


def _numbers(private: Private) -> Json:
    if isinstance(private, rsa.RSAPrivateKey):
        public = private.public_key().public_numbers()
        return {"kty": "RSA", "n": _number(public.n, 256), "e": _number(public.e, 3)}
    point = private.public_key().public_numbers()
    return {"kty": "EC", "crv": "P-256", "x": _number(point.x, 32), "y": _number(point.y, 32)}


def _number(value: int, length: int) -> str:
    return encoded(value.to_bytes(length, "big"))
