"""The SFTP side: asyncssh's file server, confined, with the access rules and the bad days put in front."""

import asyncio
from typing import Any, NoReturn

import asyncssh

from simulators.sftp.access import Access, refuse
from simulators.sftp.faults import AT_A_READ, AT_A_WRITE, AT_AN_OPERATION, AT_THE_MARKER
from simulators.sftp.handle import Handle
from simulators.sftp.knobs import Knobs
from simulators.sftp.layout import absolute

_WRITING = asyncssh.FXF_WRITE | asyncssh.FXF_APPEND | asyncssh.FXF_CREAT | asyncssh.FXF_TRUNC
_LONGEST_HANG_SECONDS = 3600.0


class SftpRoot(asyncssh.SFTPServer):
    """One SFTP session."""

    def __init__(self, channel: Any, chroot: bytes, access: Access, knobs: Knobs) -> None:
        super().__init__(channel, chroot=chroot)
        self._access, self._knobs, self._uploaded = access, knobs, 0
        self._handles: set[Handle] = set()

    async def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> Any:
        writing = bool(pflags & _WRITING)
        if writing:
            self._access.may_write(path)
        fault = await self._meet(path, AT_A_WRITE if writing else AT_A_READ, is_read=not writing)
        handle = Handle(super().open(path, pflags, attrs), fault)  # type: ignore[arg-type]  # not awaitable here
        self._handles.add(handle)
        return handle

    def close(self, file_obj: Any) -> None:
        """At the client's wish, or because its session ended in good order."""
        self._handles.discard(file_obj)
        file_obj.close()

    def connection_lost(self) -> None:
        """Closes what is still open: asyncssh does so only for a session that is not cut short in an operation."""
        while self._handles:
            self._handles.pop().close()

    async def read(self, file_obj: Any, offset: int, size: int) -> bytes:
        content: bytes = await file_obj.read(offset, size)
        return content

    def write(self, file_obj: Any, offset: int, data: bytes) -> Any:
        """Keeps what fits under the limit, as a broken line would, then drops the connection."""
        limit = self._knobs.disconnect_after_bytes
        if limit is None or self._uploaded + len(data) <= limit:
            self._uploaded += len(data)
            return file_obj.write(offset, data)
        file_obj.write(offset, data[: max(0, limit - self._uploaded)])
        file_obj.flush()
        self._uploaded = limit
        self._drop()

    async def stat(self, path: bytes) -> Any:
        await self._meet(path, is_read=True)
        return super().stat(path)

    async def lstat(self, path: bytes) -> Any:
        await self._meet(path, is_read=True)
        return super().lstat(path)

    async def scandir(self, path: bytes) -> Any:
        await self._meet(path, is_read=True)
        async for entry in super().scandir(path):
            yield entry

    async def rename(self, oldpath: bytes, newpath: bytes) -> Any:
        await self._before_rename(oldpath, newpath)
        super().rename(oldpath, newpath)
        self._after_rename(newpath)

    async def posix_rename(self, oldpath: bytes, newpath: bytes) -> Any:
        await self._before_rename(oldpath, newpath)
        super().posix_rename(oldpath, newpath)
        self._after_rename(newpath)

    async def remove(self, path: bytes) -> Any:
        self._access.may_remove(path)
        await self._meet(path, is_read=False)
        return super().remove(path)

    def setstat(self, path: bytes, attrs: asyncssh.SFTPAttrs) -> Any:
        self._access.may_write(path)
        return super().setstat(path, attrs)

    def lsetstat(self, path: bytes, attrs: asyncssh.SFTPAttrs) -> Any:
        self._access.may_write(path)
        return super().lsetstat(path, attrs)

    def mkdir(self, path: bytes, attrs: asyncssh.SFTPAttrs) -> Any:
        refuse()

    def rmdir(self, path: bytes) -> Any:
        refuse()

    def symlink(self, oldpath: bytes, newpath: bytes) -> Any:
        refuse()

    def link(self, oldpath: bytes, newpath: bytes) -> Any:
        refuse()

    async def _before_rename(self, old: bytes, new: bytes) -> None:
        """A rename meets the faults set for the name it would make."""
        self._access.may_rename(old, new)
        await self._meet(new, is_read=False)

    def _after_rename(self, new: bytes) -> None:
        """The set is handed over whatever the client gets to hear."""
        if self._access.is_marker(new) and self._fault(new, (AT_THE_MARKER,), is_read=False):
            self._drop()

    async def _meet(self, path: bytes, more: tuple[str, ...] = (), *, is_read: bool) -> str | None:
        """One of `more` if one is due; faults of the operation itself end it here."""
        fault = self._fault(path, (*AT_AN_OPERATION, *more), is_read=is_read)
        if fault == "reset":
            self._drop()
        if fault == "hang":
            await asyncio.sleep(_LONGEST_HANG_SECONDS)
        if fault == "denied":
            raise asyncssh.SFTPPermissionDenied("simulated: permission denied")
        if fault == "unmounted":
            raise asyncssh.SFTPNoSuchFile("simulated: the share is not mounted")
        return fault

    def _fault(self, path: bytes, names: tuple[str, ...], *, is_read: bool) -> str | None:
        return self._knobs.faults.meets(absolute(path).decode("utf-8", "replace"), names, is_read=is_read)

    def _drop(self) -> NoReturn:
        self.connection.abort()
        raise asyncssh.SFTPConnectionLost("simulated broken connection")
