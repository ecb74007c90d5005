"""Connections that go where they may, are watched by the call's deadline and say whether a byte of the request left.

The class of an exception cannot prove that nothing was sent: a broken connection may have been reset before the request
or after it. The connection itself knows, so it is asked.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from ssl import SSLContext
from typing import Any

from urllib3 import BaseHTTPResponse, HTTPConnectionPool, HTTPSConnectionPool, Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError
from urllib3.util import Url

from service.adapters.egress import Deadline, Egress
from service.adapters.http.proxy import Proxy, open_tunnel

CONNECT_SECONDS = 5.0


@dataclass(frozen=True, repr=False)
class Route:
    """How connections of a client get out: straight, or through its proxy; by the rules either way."""

    egress: Egress
    proxy: Proxy | None = None

    def open(self, scheme: str, host: str, port: int, deadline: Deadline) -> socket.socket:
        """A watched connection to the target. Raises `DeliveryProblem` for refusals and `OSError` for failures."""
        if self.proxy is None:
            return _watched(self.egress.dial(host, port, deadline.left(CONNECT_SECONDS), scheme=scheme), deadline)
        self.egress.require_name(host, port, deadline.left(CONNECT_SECONDS), scheme=scheme)
        there = (self.proxy.host, self.proxy.port)
        connection = _watched(self.egress.dial(*there, deadline.left(CONNECT_SECONDS), scheme="proxy"), deadline)
        try:
            open_tunnel(connection, self.proxy, host, port)
        except BaseException:
            connection.close()
            raise
        return connection


def _watched(connection: socket.socket, deadline: Deadline) -> socket.socket:
    deadline.watch(connection)
    return connection


class Call:
    """One conversation's deadline and route, and whether the request under way has begun to leave."""

    def __init__(self, deadline: Deadline, route: Route) -> None:
        self.deadline, self.route = deadline, route
        self.sent = False

    @property
    def connect_seconds(self) -> float:
        """How long a connection, with its handshake, may take now."""
        return self.deadline.left(CONNECT_SECONDS)


CURRENT: ContextVar[Call] = ContextVar("current_http_call")
"""urllib3 makes connections by itself and passes nothing of ours on to them."""


class WatchedConnection(HTTPConnection):
    """A plain connection under a deadline."""

    scheme = "http"

    def _new_conn(self) -> socket.socket:
        call = CURRENT.get()
        try:
            return call.route.open(self.scheme, self.host, self.port or 0, call.deadline)
        except TimeoutError:
            raise ConnectTimeoutError(self, "no connection in time") from None
        except OSError:
            raise NewConnectionError(self, "no connection") from None

    def send(self, data: Any) -> None:
        """Connect first if need be, so that a refused connection never counts as sent."""
        if self.sock is None:
            self.connect()
        CURRENT.get().sent = True
        super().send(data)


class WatchedTlsConnection(WatchedConnection, HTTPSConnection):
    """A TLS connection under a deadline; the handshake too."""

    scheme = "https"


class _Pool(HTTPConnectionPool):
    ConnectionCls = WatchedConnection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = WatchedTlsConnection


class Connections:
    """One conversation's connections, one to each server it talks to, kept open from request to request.

    urllib3 without what `requests` puts around it: that took longer than all the rest of a request on this side. It
    repeats nothing, follows nothing and reads nothing of the environment.
    """

    def __init__(self, context: Callable[[], SSLContext]) -> None:
        self._context = context
        self._pools: dict[tuple[str, str, int], HTTPConnectionPool] = {}

    def ask(
        self, method: str, url: Url, *, body: bytes | None, headers: Mapping[str, str], timeout: Timeout
    ) -> BaseHTTPResponse:
        """The answer's head; its body is still to be read. Raises urllib3's exceptions and what dialling raises."""
        return self._pool(url).urlopen(
            method,
            url.request_uri,
            body=body,
            headers=headers,
            timeout=timeout,
            retries=False,
            redirect=False,
            assert_same_host=False,
            preload_content=False,
            decode_content=False,
        )

    def close(self) -> None:
        """All of them."""
        for pool in self._pools.values():
            pool.close()

    def _pool(self, url: Url) -> HTTPConnectionPool:
        scheme, host = url.scheme or "", url.host or ""
        port = url.port or (443 if scheme == "https" else 80)
        if (scheme, host, port) not in self._pools:
            self._pools[scheme, host, port] = self._opened(scheme, host, port)
        return self._pools[scheme, host, port]

    def _opened(self, scheme: str, host: str, port: int) -> HTTPConnectionPool:
        if scheme == "https":
            return _TlsPool(host, port, maxsize=1, ssl_context=self._context())
        return _Pool(host, port, maxsize=1)
