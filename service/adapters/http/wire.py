"""Connections that are watched by the call's deadline and say whether a byte of the request may have left.

The class of an exception cannot prove that nothing was sent: `ConnectionError` stands for a refused connection and for
one that was reset after the request. The connection itself knows, so it is asked.
"""

from __future__ import annotations

import socket
from contextvars import ContextVar
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from service.adapters.http.deadline import Deadline


class Call:
    """One conversation's deadline, and whether the request under way has begun to leave."""

    def __init__(self, deadline: Deadline) -> None:
        self.deadline = deadline
        self.sent = False


CURRENT: ContextVar[Call] = ContextVar("current_http_call")
"""urllib3 makes connections by itself and passes nothing of ours on to them."""


class WatchedConnection(HTTPConnection):
    """A plain connection under a deadline."""

    def _new_conn(self) -> socket.socket:
        connection = super()._new_conn()
        CURRENT.get().deadline.watch(connection)
        return connection

    def send(self, data: Any) -> None:
        """Connect first if need be, so that a refused connection never counts as sent."""
        if self.sock is None:
            self.connect()
        CURRENT.get().sent = True
        super().send(data)


class WatchedTlsConnection(WatchedConnection, HTTPSConnection):
    """A TLS connection under a deadline; the handshake too."""


class _Pool(HTTPConnectionPool):
    ConnectionCls = WatchedConnection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = WatchedTlsConnection


class WatchedAdapter(HTTPAdapter):
    """The requests transport that uses them. It never repeats a request by itself."""

    def __init__(self) -> None:
        super().__init__(max_retries=0)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}
