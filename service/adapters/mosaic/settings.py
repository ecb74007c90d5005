"""What both ways in ask of the connection settings: an address, and how to get there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from service.adapters.http import HttpClient
from service.adapters.shared.link import Link
from service.adapters.shared.web import open_web
from service.errors import ConfigFault, ConfigurationFault

WHERE = "mosaic connection"


def fault(setting: str, detail: str, fix: str) -> ConfigFault:
    """Something wrong in the connection settings; never with the value."""
    return ConfigFault(WHERE, None, setting, detail, fix)


def open_at(
    setting: str, link: Link, faults: Sequence[ConfigFault], *, seconds: float, headers: Mapping[str, str] | None = None
) -> HttpClient:
    """The client of the address in this setting. Raises `ConfigurationFault` with these faults and its own."""
    connection = {**link.connection, "base_url": link.connection.get(setting, "")}
    every = list(faults)
    try:
        client = open_web(replace(link, connection=connection), where=WHERE, seconds=seconds, headers=headers)
    except ConfigurationFault as found:
        every += [replace(each, field=setting) if each.field == "base_url" else each for each in found.faults]
    if every:
        raise ConfigurationFault(every)
    return client
