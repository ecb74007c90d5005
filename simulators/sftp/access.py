"""Who may change what: the bridge writes to the inbox and collects answers, nothing else.

The root is not the client's to arrange, so folders and links cannot be made at all; without
links no path can lead out of the root.
"""

import posixpath

import asyncssh

from simulators.sftp.layout import Layout, absolute


class Access:
    """The client's rights in one layout."""

    def __init__(self, layout: Layout) -> None:
        names = (layout.inbox, layout.outbox, layout.collected)
        self._inbox, self._outbox, self._collected = (f"/{name}".encode() for name in names)

    def may_write(self, path: bytes) -> None:
        """New content arrives through the inbox only."""
        _allow(_folder(path) == self._inbox)

    def may_remove(self, path: bytes) -> None:
        """Its own uploads, and answers it has collected."""
        _allow(_folder(path) in (self._inbox, self._collected))

    def may_rename(self, old: bytes, new: bytes) -> None:
        """Within the inbox (from the temporary name), or from the outbox to what is collected."""
        ways = ((self._inbox, self._inbox), (self._outbox, self._collected))
        _allow((_folder(old), _folder(new)) in ways)

    def is_marker(self, path: bytes) -> bool:
        """Whether a file of this name hands a set over."""
        return _folder(path) == self._inbox and path.endswith(b".done")


def refuse() -> None:
    """For operations nobody needs here."""
    _allow(False)


def _folder(path: bytes) -> bytes:
    return posixpath.dirname(absolute(path))


def _allow(allowed: bool) -> None:
    if not allowed:
        raise asyncssh.SFTPPermissionDenied("not yours to change")
