"""Tokens bound to a client's certificate (RFC 8705, section 3), where a proxy in front says which one it has checked.

A token that was got with a certificate is good with that certificate only; whoever merely reads it has nothing.
The header is believed as it is, so it has to be the proxy's alone: it takes away what comes from outside.
"""

from __future__ import annotations

import base64
import hmac
from hashlib import sha256
from urllib.parse import unquote

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_der_x509_certificate, load_pem_x509_certificate
from flask import Flask, current_app, request

from service.errors import Malformed

_UNREADABLE = (
    "The client's certificate, which the proxy in front passes on, cannot be read. "
    "It has to be one certificate, as RFC 9440 or as URL-encoded PEM."
)


def register(app: Flask, header: str) -> None:
    """Which header the proxy says it in; empty: there is no such proxy, and no token can be bound."""
    app.extensions["wise_bridge_certificate_header"] = header


def presented() -> str:
    """The thumbprint (SHA-256, base64url) of the certificate of this request; empty when there is none.

    Raises `Malformed` for what is no certificate.
    """
    header: str = current_app.extensions["wise_bridge_certificate_header"]
    given = request.headers.get(header, "").strip() if header else ""
    try:
        return thumbprint(given) if given else ""
    except ValueError:
        raise Malformed(_UNREADABLE) from None


def comes_with(bound_to: str) -> bool:
    """Whether this request's certificate is the one a token is bound to. A token bound to none needs none."""
    if not bound_to:
        return True
    try:
        return hmac.compare_digest(presented(), bound_to)
    except Malformed:
        return False


def thumbprint(given: str) -> str:
    """`x5t#S256` of a certificate as `Client-Cert` writes it (RFC 9440: `:base64 of DER:`), or as URL-encoded PEM.

    Raises `ValueError`.
    """
    if given.startswith(":") and given.endswith(":"):
        certificate = load_der_x509_certificate(base64.b64decode(given[1:-1], validate=True))
    else:
        certificate = load_pem_x509_certificate(unquote(given).encode())
    digest = sha256(certificate.public_bytes(Encoding.DER)).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
