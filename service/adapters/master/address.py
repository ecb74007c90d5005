"""Where a holder of the master key may be asked: over TLS, or on this machine; and who vouches for it."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from service.adapters.egress import Egress, operators_own
from service.adapters.egress.addresses import LOOPBACK, is_address, is_in, plain_host
from service.adapters.http import Tls
from service.errors import ConfigFault

_PORTS = {"http": 80, "https": 443}

Refused = Callable[[str], None]
"""Is told, by a code, why our own door lets nothing out to the holder's address."""


def tell_nobody(_reason: str) -> None:
    """Where there is nobody to tell."""


def way_to(url: str) -> Egress | None:
    """This host and port and no other; None for what is no address, and for one without TLS that is not this machine.

    A path or a user's name in it is a fault: neither would be used.
    """
    try:
        parts = urlsplit(url.rstrip("/"))
        host, port = plain_host(parts.hostname or ""), parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return None
    if not host or port is None or parts.scheme not in _PORTS or parts.username or parts.path or parts.query:
        return None
    own = _is_own(host)
    return None if parts.scheme == "http" and not own else operators_own(parts.scheme, host, port, loopback=own)


def trust(ca_file: Path | None, setting: str, faults: list[ConfigFault]) -> Tls | None:
    """The certificate authorities of a PEM file; None for the public ones, and with one more fault where it is none."""
    try:
        return Tls(authorities=ca_file.read_text(encoding="utf-8").strip()) if ca_file else None
    except (OSError, UnicodeDecodeError):
        faults.append(fault(setting, "names no file that can be read.", "Name a PEM file."))
    return None


def fault(setting: str, detail: str, fix: str) -> ConfigFault:
    """Of the environment."""
    return ConfigFault("environment", None, setting, detail, fix)


def _is_own(host: str) -> bool:
    return host == "localhost" or (is_address(host) and is_in(ip_address(host), LOOPBACK))
