"""The central team's address by SFTP: a real server over a folder, which may drop the line after a rename."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncssh

from simulators.sftp.loop_thread import LoopThread


@dataclass
class SftpPlace:
    """`losing`: so many renames are done and never answered. `read_only`: nothing may be written."""

    folder: Path
    key: str
    fingerprint: str
    port: int = 0
    losing: int = 0
    read_only: bool = False
    renames: int = 0

    @property
    def url(self) -> str:
        return f"sftp://bridge@127.0.0.1:{self.port}/in/"

    @property
    def files(self) -> dict[str, bytes]:
        return {each.name: each.read_bytes() for each in (self.folder / "in").iterdir()}


class _Gate(asyncssh.SSHServer):
    def __init__(self, known: bytes, lines: set[asyncssh.SSHServerConnection]) -> None:
        self._known, self._lines = known, lines

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._line = conn
        self._lines.add(conn)

    def connection_lost(self, exc: Exception | None) -> None:
        self._lines.discard(self._line)

    def begin_auth(self, username: str) -> bool:
        return True

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        return username == "bridge" and key.public_data == self._known


class _Session(asyncssh.SFTPServer):
    def __init__(self, channel: Any, place: SftpPlace) -> None:
        super().__init__(channel, chroot=str(place.folder).encode())
        self._line, self._place = channel.get_connection(), place

    def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> Any:
        if self._place.read_only and pflags & asyncssh.FXF_WRITE:
            raise asyncssh.SFTPPermissionDenied("read only")
        return super().open(path, pflags, attrs)

    def rename(self, oldpath: bytes, newpath: bytes) -> None:
        super().rename(oldpath, newpath)
        self._place.renames += 1
        if self._place.losing:
            self._place.losing -= 1
            self._line.abort()
            raise asyncssh.SFTPConnectionLost("simulated broken connection")


@contextmanager
def sftp_place(folder: Path) -> Iterator[SftpPlace]:
    """While the test goes on."""
    (folder / "in").mkdir(parents=True)
    ours, theirs = asyncssh.generate_private_key("ssh-ed25519"), asyncssh.generate_private_key("ssh-ed25519")
    place = SftpPlace(folder, ours.export_private_key("openssh").decode(), theirs.get_fingerprint())
    loop, listening, lines = LoopThread(), [], set[asyncssh.SSHServerConnection]()

    async def listen() -> None:
        listener = await asyncssh.listen(
            "127.0.0.1",
            0,
            server_factory=lambda: _Gate(ours.public_data, lines),
            server_host_keys=[theirs],
            sftp_factory=lambda channel: _Session(channel, place),
            gss_host=None,
        )
        listening.append(listener)
        place.port = listener.get_port()

    async def close() -> None:
        listening[0].close()
        for line in list(lines):
            line.abort()

    loop.run(listen())
    try:
        yield place
    finally:
        loop.run(close())
        loop.stop()
