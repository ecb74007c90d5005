"""Connections that go where they may, are watched by the call's deadline and say whether a byte of the request left.

The class of an exception cannot prove that nothing was sent: `ConnectionError` stands for a refused connection and for
one that was reset after the request. The connection itself knows, so it is asked.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from ssl import SSLContext
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

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


class WatchedAdapter(HTTPAdapter):
    """The requests transport that uses them. It never repeats a request by itself."""

    def __init__(self, context: Callable[[], SSLContext] | None = None) -> None:
        self._context = context
        super().__init__(max_retries=0)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> Any:
        """Our own TLS context, made when the first connection wants it."""
        host, pool = super().build_connection_pool_key_attributes(request, verify, cert)
        return host, pool | ({"ssl_context": self._context()} if self._context else {})

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """Nothing to add to that context: requests would add the public authorities to an authority's own."""
