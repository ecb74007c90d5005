"""The connection settings of an SFTP exchange, read once: faults stop the start-up, not the first delivery."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import paramiko

from service.adapters.egress import Egress, only
from service.adapters.sftp.keys import load_key
from service.errors import ConfigFault, ConfigurationFault

_FINGERPRINT = re.compile(r"^SHA256:[A-Za-z0-9+/]{43}$")

Finding = tuple[str, str, str]
"""Setting, what is wrong, what to do."""


@dataclass(frozen=True, repr=False)
class Endpoint:
    """Where the exchange is, who we are there, the only host keys we believe, and the rules for calling it."""

    host: str
    port: int
    user: str
    private_key: paramiko.PKey
    host_keys: frozenset[str]
    egress: Egress


def read_endpoint(
    connection: Mapping[str, str], *, where: str = "sftp connection", egress: Egress | None = None
) -> Endpoint:
    """The settings, or every fault in them at once. `where` is what the faults call their place.

    Without `egress` only this host and port may be called, at public addresses.
    """
    key = load_key(connection["private_key"])
    findings = [*_port_findings(connection), *_pin_findings(connection), *_key_findings(key)]
    if key is None or findings:
        raise ConfigurationFault([ConfigFault(where, None, *finding) for finding in findings])
    host, port = connection["host"], int(connection["port"])
    return Endpoint(host, port, connection["user"], key, _pins(connection), egress or only(_url(host, port)))


def _url(host: str, port: int) -> str:
    return f"sftp://[{host}]:{port}" if ":" in host else f"sftp://{host}:{port}"


def _port_findings(connection: Mapping[str, str]) -> list[Finding]:
    port = str(connection["port"])
    if port.isascii() and port.isdigit() and 0 < int(port) < 65536:
        return []
    return [("port", "Not a port number.", "Give a number from 1 to 65535.")]


def _pins(connection: Mapping[str, str]) -> frozenset[str]:
    """Fingerprints without the padding that some tools print."""
    given = connection["host_keys"]
    parts = given.split(",") if isinstance(given, str) else given
    return frozenset(part.strip().rstrip("=") for part in parts if part.strip())


def _pin_findings(connection: Mapping[str, str]) -> list[Finding]:
    pins = _pins(connection)
    if pins and all(_FINGERPRINT.match(pin) for pin in pins):
        return []
    return [("host_keys", "Not a list of SHA-256 fingerprints.", "Give them as ssh-keygen -l prints them.")]


def _key_findings(key: paramiko.PKey | None) -> list[Finding]:
    if key is not None:
        return []
    fix = "Give an unencrypted Ed25519, ECDSA or RSA (2048 bits or more) key."
    return [("private_key", "Not a private key we can use.", fix)]
