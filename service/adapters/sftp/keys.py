"""Our private key, from its text in the profile. Nothing is looked for on disk or in an agent."""

from __future__ import annotations

import io

import paramiko
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey


def load_key(text: str) -> paramiko.PKey | None:
    """The key, or None. No exception goes on: it may quote the key.

    Read by cryptography, because paramiko knows fewer formats and takes some sound ECDSA files for broken ones.
    """
    key = _read(text.encode("utf-8", "replace"))
    if isinstance(key, EllipticCurvePrivateKey):
        return _ecdsa(key)
    if isinstance(key, RSAPrivateKey):
        return paramiko.RSAKey(key=key) if key.key_size >= 2048 else None
    return paramiko.Ed25519Key(file_obj=io.StringIO(_openssh(key))) if isinstance(key, Ed25519PrivateKey) else None


def _read(data: bytes) -> object:
    for read in (serialization.load_ssh_private_key, serialization.load_pem_private_key):
        try:
            return read(data, password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            continue
    return None


def _ecdsa(key: EllipticCurvePrivateKey) -> paramiko.PKey | None:
    """Only the curves of SSH; another one would fail at the first signature."""
    if key.curve.name not in ("secp256r1", "secp384r1", "secp521r1"):
        return None
    return paramiko.ECDSAKey(vals=(key, key.public_key()))


def _openssh(key: Ed25519PrivateKey) -> str:
    """The only form in which paramiko takes this kind."""
    form = serialization.PrivateFormat.OpenSSH
    plain = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, form, plain).decode("ascii")
