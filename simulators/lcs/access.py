"""Who may change what: the bridge writes to the inbox and collects answers, nothing else.

The root is not the client's to arrange, so folders and links cannot be made at all; without
links no path can lead out of the root.
"""

import posixpath

import asyncssh

INBOX, OUTBOX, COLLECTED = b"/inbox", b"/outbox", b"/outbox/collected"


def _folder(path: bytes) -> bytes:
    return posixpath.dirname(posixpath.normpath(posixpath.join(b"/", path)))


def may_write(path: bytes) -> None:
    """New content arrives through the inbox only."""
    _allow(_folder(path) == INBOX)


def may_remove(path: bytes) -> None:
    """Its own uploads, and answers it has collected."""
    _allow(_folder(path) in (INBOX, COLLECTED))


def may_rename(old: bytes, new: bytes) -> None:
    """Within the inbox (from the temporary name), or from the outbox to what is collected."""
    _allow((_folder(old), _folder(new)) in ((INBOX, INBOX), (OUTBOX, COLLECTED)))


def _allow(allowed: bool) -> None:
    if not allowed:
        raise asyncssh.SFTPPermissionDenied("not yours to change")


def refuse() -> None:
    """For operations nobody needs here."""
    _allow(False)
