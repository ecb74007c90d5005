"""Certificates that an authority's case system must not be believed with, by the very key that is trusted."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Impostor:
    """`host` is whom it names, `days` for how long it is still good; negative when it is over."""

    name: str
    host: str
    days: int


IMPOSTORS = (Impostor("expired", "127.0.0.1", -1), Impostor("wrong name", "127.0.0.2", 1))


def forge(impostor: Impostor, trusted: Path, folder: Path) -> dict[str, str]:
    """Signed by the key beside the trusted certificate; the files as the receiver's control takes them."""
    signer = x509.load_pem_x509_certificate(trusted.read_bytes())
    signing = serialization.load_pem_private_key(trusted.with_suffix(".key").read_bytes(), None)
    assert isinstance(signing, ec.EllipticCurvePrivateKey)
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    made = x509.CertificateBuilder(
        issuer_name=signer.subject,
        subject_name=x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"fictional: {impostor.name}")]),
        public_key=key.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=now - timedelta(days=9),
        not_valid_after=now + timedelta(days=impostor.days),
    )
    host = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(impostor.host))])
    certificate, private = folder / f"{impostor.name}.pem", folder / f"{impostor.name}.key"
    signed = made.add_extension(host, critical=False).sign(signing, hashes.SHA256())
    certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8
    private.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
    return {"certificate": str(certificate), "key": str(private)}
