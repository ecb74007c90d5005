"""A gateway in front of the product that lets in whoever has the client's certificate, and nobody else.

It ends TLS and passes bytes on to the plain server behind it, which knows these connections by their source port.
"""

import contextlib
import datetime
import ipaddress
import select
import socket
import ssl
import threading
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"
_LIFETIME = datetime.timedelta(days=30)
_PATIENCE_SECONDS = 120.0


class TlsFront:
    """Listens with TLS; `ports` holds the source ports of the connections it has opened to the server behind it."""

    def __init__(self, folder: Path) -> None:
        self.files = _certificates(folder)
        self.ports: set[int] = set()
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(folder / "server.pem", folder / "server.key")
        self._context.load_verify_locations(self.files["authority"])
        self._context.verify_mode = ssl.CERT_REQUIRED
        self._listener: socket.socket | None = None
        self._port = 0

    @property
    def url(self) -> str:
        return f"https://{HOST}:{self._port}"

    def start(self, target: int) -> None:
        """Listen; a second start takes the same port."""
        self._listener = socket.create_server((HOST, self._port))
        self._port = self._listener.getsockname()[1]
        arguments = (self._listener, target)
        threading.Thread(target=self._accept, args=arguments, name="simulator-tls", daemon=True).start()

    def stop(self) -> None:
        if self._listener is None:
            return
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._listener = None

    def _accept(self, listener: socket.socket, target: int) -> None:
        with contextlib.suppress(OSError):
            while True:
                caller, _ = listener.accept()
                threading.Thread(target=self._serve, args=(caller, target), daemon=True).start()

    def _serve(self, caller: socket.socket, target: int) -> None:
        """One connection, from its handshake to the end of either side."""
        caller.settimeout(_PATIENCE_SECONDS)
        with contextlib.suppress(OSError), caller, self._context.wrap_socket(caller, server_side=True) as inside:
            self._let_in(inside, target)

    def _let_in(self, inside: ssl.SSLSocket, target: int) -> None:
        with socket.create_connection((HOST, target)) as behind:
            port = behind.getsockname()[1]
            self.ports.add(port)
            try:
                _pass_on(inside, behind)
            finally:
                self.ports.discard(port)


def _pass_on(inside: ssl.SSLSocket, behind: socket.socket) -> None:
    """In one thread, because OpenSSL does not let two of them use one connection at a time."""
    while True:
        both = [inside, behind]
        ready = [inside] if inside.pending() else select.select(both, [], [], _PATIENCE_SECONDS)[0]
        for source in ready:
            data = source.recv(1 << 16)
            if not data:
                return
            (behind if source is inside else inside).sendall(data)
        if not ready:
            return


def _certificates(folder: Path) -> dict[str, Path]:
    """A fictional authority and what it signed for the server and for the client, made anew."""
    folder.mkdir(parents=True, exist_ok=True)
    issuer, issuer_key = _made("Fictional authority", None)
    _write(folder / "authority", issuer, issuer_key)
    for name in ("server", "client"):
        _write(folder / name, *_made(f"Fictional {name}", (issuer, issuer_key)))
    return {
        "authority": folder / "authority.pem",
        "certificate": folder / "client.pem",
        "key": folder / "client.key",
    }


def _made(
    name: str, signer: tuple[x509.Certificate, ec.EllipticCurvePrivateKey] | None
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
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
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HOST))]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), critical=False)
    )
    return builder.sign(signing, hashes.SHA256()), key


def _write(path: Path, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> None:
    path.with_suffix(".pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    written = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    secret = path.with_suffix(".key")
    secret.touch(mode=0o600)
    secret.write_bytes(written)
