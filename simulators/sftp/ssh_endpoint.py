"""One SSH port: one user, public keys only, SFTP and nothing else."""

from pathlib import Path
from typing import Any

import asyncssh

from simulators.sftp.access import Access
from simulators.sftp.faults import AT_SIGN_IN
from simulators.sftp.knobs import Knobs
from simulators.sftp.sftp_root import SftpRoot


class _Gate(asyncssh.SSHServer):
    """Decides who gets in. Without a session factory there is no shell, command or forwarding."""

    def __init__(self, endpoint: "SshEndpoint") -> None:
        self._endpoint = endpoint
        self._connection: asyncssh.SSHServerConnection | None = None

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connection = conn
        self._endpoint.connections[conn] = []

    def connection_lost(self, exc: Exception | None) -> None:
        if self._connection is not None:
            for session in self._endpoint.connections.pop(self._connection, []):
                session.connection_lost()

    def begin_auth(self, username: str) -> bool:
        return True

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        known = username == self._endpoint.user and key.public_data in self._endpoint.authorized
        return known and not self._endpoint.knobs.faults.meets("/", (AT_SIGN_IN,), is_read=True)


class SshEndpoint:
    """Listens from `open` to `close`; both run on the simulator's event loop."""

    def __init__(self, user: str, authorized: frozenset[bytes], root: Path, access: Access, knobs: Knobs) -> None:
        self.user, self.authorized, self.knobs = user, authorized, knobs
        self.connections: dict[asyncssh.SSHServerConnection, list[SftpRoot]] = {}
        self._root, self._access = str(root).encode(), access
        self._listener: asyncssh.SSHAcceptor | None = None

    async def open(self, port: int, host_key: asyncssh.SSHKey) -> int:
        """The port listened on, which differs from the one asked for if that was 0."""
        self._listener = await asyncssh.listen(
            "127.0.0.1",
            port,
            server_factory=lambda: _Gate(self),
            server_host_keys=[host_key],
            sftp_factory=self._session,
            gss_host=None,
            allow_pty=False,
            agent_forwarding=False,
            login_timeout=20,
        )
        return self._listener.get_port()

    def _session(self, channel: Any) -> SftpRoot:
        session = SftpRoot(channel, self._root, self._access, self.knobs)
        self.connections[channel.get_connection()].append(session)
        return session

    async def close(self) -> None:
        """At once: a stopped server does not say goodbye to its clients."""
        if self._listener is not None:
            self._listener.close()
        for connection in list(self.connections):
            connection.abort()
        self._listener = None
