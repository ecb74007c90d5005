"""The HTTP client of a connector, from its connection settings: every fault at once, and never with a value."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import SplitResult, urlsplit

from service.adapters.http import HttpClient, Proxy, SignIn, Tls, read_proxy, read_tls
from service.adapters.http.sign_in import NO_SIGN_IN
from service.adapters.shared.link import Link
from service.errors import ConfigFault, ConfigurationFault

TLS_SETTINGS = ("ca_bundle", "client_certificate", "client_key")


def open_web(
    link: Link,
    faults: Iterable[ConfigFault] = (),
    *,
    where: str,
    seconds: float,
    headers: Mapping[str, str] | None = None,
    auth: SignIn = NO_SIGN_IN,
) -> HttpClient:
    """The client of `base_url`, with the certificates and the proxy of the settings where these are given.

    `faults` are those the connector found in settings of its own; all are told together. `where` names the connection.
    """
    connection = link.connection
    every = [*base_url_faults(connection["base_url"], where), *faults]
    every += [*_faults(lambda: _tls(connection, where)), *_faults(lambda: _proxy(connection, where))]
    if every:
        raise ConfigurationFault(every)
    return HttpClient(
        connection["base_url"],
        headers or {},
        seconds=seconds,
        egress=link.egress,
        tls=_tls(connection, where),
        proxy=_proxy(connection, where),
        auth=auth,
    )


def base_url_faults(base_url: str, where: str) -> list[ConfigFault]:
    """TLS, or this machine; nothing in it that would end up in a log: no user name, no query."""
    try:
        parts = urlsplit(base_url)
        sound = _is_protected(parts) and not (parts.username or parts.query or parts.fragment)
    except ValueError:
        sound = False
    if sound:
        return []
    fix = "Give https://host/path without user name or query."
    return [ConfigFault(where, None, "base_url", "Not an address we may use.", fix)]


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


def _faults(read: Callable[[], object]) -> tuple[ConfigFault, ...]:
    try:
        read()
    except ConfigurationFault as fault:
        return fault.faults
    return ()


def _tls(connection: Mapping[str, str], where: str) -> Tls | None:
    """None trusts the public authorities and shows no certificate."""
    return read_tls(connection, where=where) if any(connection.get(each) for each in TLS_SETTINGS) else None


def _proxy(connection: Mapping[str, str], where: str) -> Proxy | None:
    return read_proxy(connection, where=where)
