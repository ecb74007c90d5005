"""Handing a set over: everything under a temporary name first, the marker's rename last."""

from __future__ import annotations

import time

from service.adapters.sftp import FAILURES, Folder
from service.adapters.shared.exchange.files import FileSet
from service.domain.delivery import Reason
from service.errors import NothingSent, OutcomeUnknown

MARKER_TRIES = 10
MARKER_PAUSE = 0.25


def hand_over(folder: Folder, files: FileSet, inbox: str, *, after: int = -1) -> None:
    """Everything but the marker can fail without effect: the other side looks at nothing that has no marker.

    `after` is when an earlier set under this reference was refused. Raises `OutcomeUnknown` at the marker's rename.
    """
    for name, content in files.files.items():
        folder.put(f"{inbox}/{name}.tmp", content)
        folder.rename(f"{inbox}/{name}.tmp", f"{inbox}/{name}")
    marker = f"{inbox}/{files.marker_name}"
    _put_marker(folder, f"{marker}.tmp", files.marker, after)
    broken = False
    try:
        folder.rename(f"{marker}.tmp", marker)
    except FAILURES:
        broken = True
    if broken:
        raise OutcomeUnknown(Reason.NO_CLEAR_ANSWER, "at_the_marker")


def _put_marker(folder: Folder, path: str, marker: bytes, after: int) -> None:
    """A marker younger than the refusal of an earlier set, which tells the two apart for good.

    File times are whole seconds of the server's own clock, so within the same second it is written again.
    """
    for _ in range(MARKER_TRIES):
        if folder.put(path, marker).written > after:
            return
        time.sleep(MARKER_PAUSE)
    raise NothingSent(Reason.UNAVAILABLE, "server_clock")
