"""A fictional certificate authority and what it signed for this machine's loopback names, made on the spot."""

import datetime
import ipaddress
import ssl
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_LIFETIME = datetime.timedelta(days=30)
_Made = tuple[x509.Certificate, ec.EllipticCurvePrivateKey]


def make(folder: Path, *names: str) -> Path:
    """Writes the server's chain and key; what is returned is the file of the authority that a client has to trust.

    Good for 127.0.0.1, localhost and `names`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    root = _made("Fictional authority", None, ())
    _write(folder / "authority", *root)
    _write(folder / "server", *_made("Fictional issuer", root, ("localhost", *names)))
    return folder / "authority.pem"


def context(folder: Path) -> ssl.SSLContext:
    """What serves with these files."""
    made = _Patient(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(folder / "server.pem", folder / "server.key")
    return made


class _Patient(ssl.SSLContext):
    """Shakes hands when a connection is first read, in its own thread: a caller that never does holds up nobody."""

    def wrap_socket(self, sock: Any, *arguments: Any, **options: Any) -> ssl.SSLSocket:
        return super().wrap_socket(sock, *arguments, **options | {"do_handshake_on_connect": False})


def _made(name: str, signer: _Made | None, names: tuple[str, ...]) -> _Made:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    signing = signer[1] if signer else key
    begins = datetime.datetime.now(datetime.UTC) - datetime.timedelta(hours=1)
    builder = (
        x509.CertificateBuilder(signer[0].subject if signer else subject, subject, key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + _LIFETIME)
        .add_extension(x509.BasicConstraints(ca=signer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), critical=False)
    )
    if signer:
        builder = builder.add_extension(x509.SubjectAlternativeName(_all(names)), critical=False)
    else:
        builder = builder.add_extension(_MAY_SIGN, critical=True)
    return builder.sign(signing, hashes.SHA256()), key


_MAY_SIGN = x509.KeyUsage(
    digital_signature=True,
    key_cert_sign=True,
    crl_sign=True,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    encipher_only=False,
    decipher_only=False,
)


def _all(names: tuple[str, ...]) -> list[x509.GeneralName]:
    return [x509.IPAddress(ipaddress.ip_address("127.0.0.1")), *map(x509.DNSName, names)]


def _write(path: Path, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> None:
    path.with_suffix(".pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    written = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    secret = path.with_suffix(".key")
    secret.touch(mode=0o600)
    secret.write_bytes(written)
