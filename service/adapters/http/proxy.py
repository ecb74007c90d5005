"""An outbound proxy that a profile names; nothing of the environment. It carries bytes, and TLS goes through it."""

from __future__ import annotations

import re
import socket
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from service.domain.delivery import Reason
from service.errors import ConfigFault, ConfigurationFault, NeedsHuman, NothingSent

HEAD_LIMIT = 16 * 1024
_STATUS = re.compile(rb"HTTP/1\.[01] ([0-9]{3})[ \r]")


@dataclass(frozen=True, repr=False)
class Proxy:
    """Where it is, and who we are there. Spoken to in plain HTTP, so its credentials are worth little."""

    host: str
    port: int
    user: str = ""
    password: str = ""


def read_proxy(connection: Mapping[str, str], *, where: str = "connection") -> Proxy | None:
    """From `proxy_url` (http://host:port), `proxy_user` and `proxy_password`; None without the first."""
    url, user, password = (connection.get(name, "") for name in ("proxy_url", "proxy_user", "proxy_password"))
    if not url:
        return None
    try:
        parts = urlsplit(url)
        sound = parts.scheme == "http" and parts.hostname and parts.port and parts.path in ("", "/")
        if sound and not (parts.username or parts.query or parts.fragment):
            return Proxy(parts.hostname or "", parts.port or 0, user, password)
    except ValueError:
        pass
    fix = "Give http://host:port; user and password are settings of their own."
    raise ConfigurationFault([ConfigFault(where, None, "proxy_url", "Not an address of a proxy.", fix)])


def open_tunnel(connection: socket.socket, proxy: Proxy, host: str, port: int) -> None:
    """Ask for a tunnel. Nothing of a record is in it, so its failures mean "nothing sent"."""
    connection.sendall(_question(proxy, host, port))
    status = _status(connection)
    if status == 407:
        raise NeedsHuman(Reason.SIGN_IN_REFUSED, "proxy_status_407")
    if status == 403:
        raise NeedsHuman(Reason.NOT_PERMITTED, "proxy_status_403")
    if not 200 <= status < 300:
        raise NothingSent(Reason.UNREACHABLE, f"proxy_status_{status}")


def _question(proxy: Proxy, host: str, port: int) -> bytes:
    target = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}"]
    if proxy.user:
        lines.append(f"Proxy-Authorization: Basic {b64encode(f'{proxy.user}:{proxy.password}'.encode()).decode()}")
    return "\r\n".join([*lines, "", ""]).encode("ascii")


def _status(connection: socket.socket) -> int:
    """The proxy's word; 0 for one that speaks something else. Whoever is behind it waits for our first byte."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        chunk = connection.recv(4096)
        head += chunk
        if not chunk or len(head) > HEAD_LIMIT:
            return 0
    found = _STATUS.match(head)
    return int(found[1]) if found else 0
