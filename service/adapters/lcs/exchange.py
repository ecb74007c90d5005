"""The exchange's rules over a folder: what an earlier attempt left, handing a set over, collecting answers.

Order matters. LCS moves the marker to the archive and then answers, so answers are looked for before markers, the
inbox before the archive, and the outbox before what was collected from it: whatever moves meanwhile is still found.
"""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass

from service.adapters.lcs.answers import LIMIT, read_acknowledgement, read_rejection
from service.adapters.lcs.manifest import FileSet
from service.adapters.sftp import FAILURES, Folder, Found
from service.domain.delivery import Reason
from service.errors import NeedsHuman, NothingSent, OutcomeUnknown
from service.ports import Absent, Awaiting, Receipt

COLLECTED = "outbox/collected"
FOLDERS = ("inbox", "archive", "outbox")
MARKER_TRIES = 10
MARKER_PAUSE = 0.25


@dataclass(frozen=True)
class Refused:
    """A refusal that answers the newest set, and when it was written. `collected` when it had been read before."""

    problem: NeedsHuman
    collected: bool
    written: int


def earlier(folder: Folder, reference: str) -> Receipt | Awaiting | Refused | Absent:
    """What there is under our reference now."""
    receipt = _receipt(folder, reference)
    if receipt is not None:
        return receipt
    if folder.find(f"inbox/{reference}.done"):
        return Awaiting()
    marker = folder.find(f"archive/{reference}.done")
    return _refused(folder, reference, marker) or _unanswered(folder, marker)


def hand_over(folder: Folder, files: FileSet, *, after: int = -1) -> None:
    """Everything but the marker can fail without effect: LCS looks at nothing that has no marker.

    `after` is when an earlier set under this reference was refused.
    """
    _upload(folder, files)
    _put_marker(folder, files, after)
    broken = False
    try:
        folder.rename(f"inbox/{files.reference}.done.tmp", f"inbox/{files.reference}.done")
    except FAILURES:
        broken = True
    if broken:
        raise OutcomeUnknown(Reason.NO_CLEAR_ANSWER, "at_the_marker")


def _upload(folder: Folder, files: FileSet) -> None:
    for name, content in files.files.items():
        folder.put(f"inbox/{name}.tmp", content)
        folder.rename(f"inbox/{name}.tmp", f"inbox/{name}")


def _put_marker(folder: Folder, files: FileSet, after: int) -> None:
    """A marker younger than the refusal of an earlier set, which tells the two apart for good.

    File times are whole seconds of the server's own clock, so within the same second it is written again.
    """
    path = f"inbox/{files.reference}.done.tmp"
    for _ in range(MARKER_TRIES):
        if folder.put(path, files.marker).written > after:
            return
        time.sleep(MARKER_PAUSE)
    raise NothingSent(Reason.UNAVAILABLE, "server_clock")


def _receipt(folder: Folder, reference: str) -> Receipt | None:
    for place in ("outbox", COLLECTED):
        data = folder.read(f"{place}/{reference}.ack", LIMIT)
        if data is not None:
            receipt = read_acknowledgement(data, reference)
            _collect(folder, f"{reference}.ack", place)
            return receipt
    return None


def _refused(folder: Folder, reference: str, marker: Found | None) -> Refused | None:
    """A refusal older than the marker answered an earlier set under this reference and says nothing about this one."""
    for place in ("outbox", COLLECTED):
        path = f"{place}/{reference}.rej"
        found, data = folder.find(path), folder.read(path, LIMIT)
        if found is None or data is None or (marker is not None and found.written < marker.written):
            continue
        problem = read_rejection(data, reference)
        _collect(folder, f"{reference}.rej", place)
        return Refused(problem, place == COLLECTED, found.written)
    return None


def _unanswered(folder: Folder, marker: Found | None) -> Awaiting | Absent:
    """Absent only where the folders are: an unmounted share must not look like "never received"."""
    if marker is not None:
        return Awaiting()
    if all(folder.is_folder(name) for name in FOLDERS):
        return Absent()
    raise NothingSent(Reason.UNAVAILABLE, "folder_missing")


def _collect(folder: Folder, name: str, place: str) -> None:
    """Best effort: an answer that stays where it is can be read again."""
    if place == "outbox":
        with contextlib.suppress(OSError):
            folder.rename(f"outbox/{name}", f"{COLLECTED}/{name}")
