"""The SFTP side of one instance: asyncssh's file server, confined and with the access rules put in front."""

from typing import Any, NoReturn

import asyncssh

from simulators.lcs import access
from simulators.lcs.knobs import Knobs

_WRITING = asyncssh.FXF_WRITE | asyncssh.FXF_APPEND | asyncssh.FXF_CREAT | asyncssh.FXF_TRUNC


class SftpRoot(asyncssh.SFTPServer):
    """One SFTP session."""

    def __init__(self, channel: Any, chroot: bytes, knobs: Knobs) -> None:
        super().__init__(channel, chroot=chroot)
        self._knobs, self._uploaded = knobs, 0

    def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> Any:
        if pflags & _WRITING:
            access.may_write(path)
        return super().open(path, pflags, attrs)

    def write(self, file_obj: object, offset: int, data: bytes) -> Any:
        """Keeps what fits under the limit, as a broken line would, then drops the connection."""
        limit = self._knobs.disconnect_after_bytes
        if limit is None or self._uploaded + len(data) <= limit:
            self._uploaded += len(data)
            return super().write(file_obj, offset, data)
        super().write(file_obj, offset, data[: max(0, limit - self._uploaded)])
        self._uploaded = limit
        self._drop()

    def _drop(self) -> NoReturn:
        self.connection.abort()
        raise asyncssh.SFTPConnectionLost("simulated broken upload")

    def rename(self, oldpath: bytes, newpath: bytes) -> Any:
        access.may_rename(oldpath, newpath)
        return super().rename(oldpath, newpath)

    def posix_rename(self, oldpath: bytes, newpath: bytes) -> Any:
        access.may_rename(oldpath, newpath)
        return super().posix_rename(oldpath, newpath)

    def remove(self, path: bytes) -> Any:
        access.may_remove(path)
        return super().remove(path)

    def setstat(self, path: bytes, attrs: asyncssh.SFTPAttrs) -> Any:
        access.may_write(path)
        return super().setstat(path, attrs)

    def lsetstat(self, path: bytes, attrs: asyncssh.SFTPAttrs) -> Any:
        access.may_write(path)
        return super().lsetstat(path, attrs)

    def mkdir(self, path: bytes, attrs: asyncssh.SFTPAttrs) -> Any:
        access.refuse()

    def rmdir(self, path: bytes) -> Any:
        access.refuse()

    def symlink(self, oldpath: bytes, newpath: bytes) -> Any:
        access.refuse()

    def link(self, oldpath: bytes, newpath: bytes) -> Any:
        access.refuse()
