"""The connection settings of a Mosaic, read once: faults stop the start-up, not the first delivery."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

from service.adapters.http import HttpClient
from service.errors import ConfigFault, ConfigurationFault


def open_client(connection: Mapping[str, str], seconds: float) -> HttpClient:
    """The client, or every fault in the settings at once."""
    faults = [*_address_faults(connection["base_url"]), *_key_faults(connection["api_key"])]
    if faults:
        raise ConfigurationFault(faults)
    headers = {"Authorization": f"Bearer {connection['api_key']}"}
    return HttpClient(connection["base_url"], headers, seconds=seconds)


def _fault(setting: str, detail: str, fix: str) -> ConfigFault:
    return ConfigFault("mosaic connection", None, setting, detail, fix)


def _address_faults(base_url: str) -> list[ConfigFault]:
    try:
        parts = urlsplit(base_url)
        sound = _is_protected(parts) and not (parts.username or parts.query or parts.fragment)
    except ValueError:
        sound = False
    if sound:
        return []
    return [_fault("base_url", "Not an address we may use.", "Give https://host/path without user name or query.")]


def _is_protected(parts: SplitResult) -> bool:
    """TLS, or a conversation that never leaves this machine."""
    if parts.scheme == "http":
        return _is_loopback(parts.hostname or "")
    return parts.scheme == "https" and bool(parts.hostname)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _key_faults(key: str) -> list[ConfigFault]:
    """A line end in a header is refused by every client, and only once the first record is on its way."""
    if key and key.isascii() and key.isprintable() and " " not in key:
        return []
    return [_fault("api_key", "Not a key that fits into a header.", "Give the key without spaces and line ends.")]
