"""TLS as a profile wants it: whom to trust, and who we are. Never less than TLS 1.2, always with the host's name.

The context is made here and not by a library: theirs write session keys to a file when the environment says so.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from certifi import where as public_authorities

from service.errors import ConfigFault, ConfigurationFault


@dataclass(frozen=True, repr=False)
class Tls:
    """PEM texts. `authorities` replaces the public ones; `certificate`, with its chain, and `key` are ours."""

    authorities: str = ""
    certificate: str = ""
    key: str = ""


def read_tls(connection: Mapping[str, str], *, where: str = "connection") -> Tls:
    """From `ca_bundle`, `client_certificate` and `client_key`, each optional. Raises `ConfigurationFault`."""
    tls = Tls(*(connection.get(name, "") for name in ("ca_bundle", "client_certificate", "client_key")))
    make_context(tls, where=where)
    return tls


def make_context(tls: Tls, *, where: str = "connection") -> ssl.SSLContext:
    """A client's context. Raises `ConfigurationFault`; never with what the library says, which may quote the key."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # checks the certificate and the host's name
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    faults = [*_trust(context, tls, where), *_identify(context, tls, where)]
    if faults:
        raise ConfigurationFault(faults)
    return context


def _trust(context: ssl.SSLContext, tls: Tls, where: str) -> list[ConfigFault]:
    if not tls.authorities:
        context.load_verify_locations(public_authorities())
        return []
    try:
        context.load_verify_locations(cadata=tls.authorities)
    except (ssl.SSLError, ValueError):
        return [ConfigFault(where, None, "ca_bundle", "Not a list of certificates.", "Give them as PEM text.")]
    return []


def _identify(context: ssl.SSLContext, tls: Tls, where: str) -> list[ConfigFault]:
    if bool(tls.certificate) != bool(tls.key):
        missing = "client_key" if tls.certificate else "client_certificate"
        return [ConfigFault(where, None, missing, "This is missing.", "A certificate and its key come together.")]
    if not tls.key:
        return []
    try:
        with _as_file(f"{tls.key}\n{tls.certificate}\n") as path:
            context.load_cert_chain(path, password=_no_password)
    except (ssl.SSLError, ValueError):
        fix = "Give the certificate with its chain and its own unencrypted key, as PEM text."
        return [ConfigFault(where, None, "client_key", "Certificate and key do not fit together.", fix)]
    return []


def _no_password() -> str:
    """Without this OpenSSL asks the terminal."""
    raise ValueError("encrypted key")


@contextmanager
def _as_file(text: str) -> Iterator[str]:
    """A path for a library that takes nothing else. The key stays in memory and never comes onto a disk."""
    handle = os.memfd_create("client-certificate")
    try:
        os.write(handle, text.encode())
        yield f"/proc/self/fd/{handle}"
    finally:
        os.close(handle)
