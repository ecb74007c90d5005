"""The connection settings of an LCS, read once: faults stop the start-up, not the first delivery."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import paramiko

from service.adapters.lcs.keys import load_key
from service.errors import ConfigFault, ConfigurationFault

_FINGERPRINT = re.compile(r"^SHA256:[A-Za-z0-9+/]{43}$")


@dataclass(frozen=True, repr=False)
class Endpoint:
    """Where the exchange is, who we are there, and the only host keys we believe."""

    host: str
    port: int
    user: str
    private_key: paramiko.PKey
    host_keys: frozenset[str]


def read_endpoint(connection: Mapping[str, str]) -> Endpoint:
    """The settings, or every fault in them at once."""
    key = load_key(connection["private_key"])
    faults = [*_port_faults(connection), *_pin_faults(connection), *_key_faults(key)]
    if key is None or faults:
        raise ConfigurationFault(faults)
    return Endpoint(connection["host"], int(connection["port"]), connection["user"], key, _pins(connection))


def _fault(setting: str, detail: str, fix: str) -> ConfigFault:
    return ConfigFault("lcs connection", None, setting, detail, fix)


def _port_faults(connection: Mapping[str, str]) -> list[ConfigFault]:
    port = str(connection["port"])
    if port.isascii() and port.isdigit() and 0 < int(port) < 65536:
        return []
    return [_fault("port", "Not a port number.", "Give a number from 1 to 65535.")]


def _pins(connection: Mapping[str, str]) -> frozenset[str]:
    """Fingerprints without the padding that some tools print."""
    given = connection["host_keys"]
    parts = given.split(",") if isinstance(given, str) else given
    return frozenset(part.strip().rstrip("=") for part in parts if part.strip())


def _pin_faults(connection: Mapping[str, str]) -> list[ConfigFault]:
    pins = _pins(connection)
    if pins and all(_FINGERPRINT.match(pin) for pin in pins):
        return []
    return [_fault("host_keys", "Not a list of SHA-256 fingerprints.", "Give them as ssh-keygen -l prints them.")]


def _key_faults(key: paramiko.PKey | None) -> list[ConfigFault]:
    if key is not None:
        return []
    return [
        _fault(
            "private_key",
            "Not a private key we can use.",
            "Give an unencrypted Ed25519, ECDSA or RSA (2048 bits or more) key.",
        )
    ]
