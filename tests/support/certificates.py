"""Certificates made on the spot, by an authority of one's own or by nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)


@dataclass
class Made:
    """A key and its certificate."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(Encoding.PEM).decode()

    def key_pem(self, password: bytes = b"") -> str:
        kind = BestAvailableEncryption(password) if password else NoEncryption()
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, kind).decode()


def made(name: str, by: Made | None = None) -> Made:
    """A certificate for a name; an authority's own without `by`."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    issuer = by.certificate.subject if by else subject
    builder = x509.CertificateBuilder(
        issuer, subject, key.public_key(), x509.random_serial_number(), now - timedelta(1), now + timedelta(1)
    )
    names = x509.SubjectAlternativeName([x509.DNSName(name)])
    builder = builder.add_extension(x509.BasicConstraints(ca=by is None, path_length=None), critical=True)
    return Made(key, builder.add_extension(names, critical=False).sign(by.key if by else key, hashes.SHA256()))
