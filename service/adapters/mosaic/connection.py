"""The connection settings of a Mosaic, read once: faults stop the start-up, not the first delivery."""

from __future__ import annotations

from service.adapters.http import HttpClient
from service.adapters.shared.link import Link
from service.adapters.shared.web import base_url_faults
from service.errors import ConfigFault, ConfigurationFault

WHERE = "mosaic connection"


def open_client(link: Link, seconds: float) -> HttpClient:
    """The client, or every fault in the settings at once."""
    connection = link.connection
    faults = [*base_url_faults(connection["base_url"], WHERE), *_key_faults(connection["api_key"])]
    if faults:
        raise ConfigurationFault(faults)
    headers = {"Authorization": f"Bearer {connection['api_key']}"}
    return HttpClient(connection["base_url"], headers, seconds=seconds, egress=link.egress)


def _fault(setting: str, detail: str, fix: str) -> ConfigFault:
    return ConfigFault(WHERE, None, setting, detail, fix)


def _key_faults(key: str) -> list[ConfigFault]:
    """A line end in a header is refused by every client, and only once the first record is on its way."""
    if key and key.isascii() and key.isprintable() and " " not in key:
        return []
    return [_fault("api_key", "Not a key that fits into a header.", "Give the key without spaces and line ends.")]
