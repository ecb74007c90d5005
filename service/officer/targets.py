"""The addresses that a connection's settings name, to be held against the rules on where connections may go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from service.adapters.egress import Egress
from service.errors import NeedsHuman

_USUAL = {"http": 80, "https": 443}
_PROXY_PORT = 3128


@dataclass(frozen=True, repr=False)
class Target:
    """One address by the key that gives it."""

    key: str
    scheme: str
    host: str
    port: int

    def is_allowed(self, egress: Egress) -> bool:
        """Whether a rule names it. What its name leads to is only known when it is dialled."""
        try:
            egress.require_target(self.host, self.port, scheme=self.scheme)
        except NeedsHuman:
            return False
        return True


def targets(settings: Mapping[str, str]) -> Iterator[Target]:
    """By keys that end in `_url`, and by `host` with its `port`. One that cannot be read is the connector's to tell."""
    for key, value in settings.items():
        section, _, name = key.rpartition(".")
        if name.endswith("_url"):
            yield from _of_url(key, value)
        elif name == "host" and (port := settings.get(f"{section}.port", "22")).isdecimal():
            yield Target(key, "sftp", value, int(port))


def _of_url(key: str, value: str) -> Iterator[Target]:
    try:
        parts = urlsplit(value)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return
    if key.endswith("proxy_url"):
        yield Target(key, "proxy", host, port or _PROXY_PORT)
    elif host and parts.scheme in _USUAL:
        yield Target(key, parts.scheme, host, port or _USUAL[parts.scheme])
