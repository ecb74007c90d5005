"""What became of a set, from the files that are there now.

Order matters. The other side moves the marker to the archive and then answers, so answers are looked for before
markers, the inbox before the archive, and the outbox before what was collected from it: whatever moves meanwhile is
still found.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from service.adapters.sftp import Folder, Found
from service.adapters.shared.exchange.files import require_proof
from service.domain.delivery import Reason
from service.errors import DeliveryProblem, NeedsHuman, NothingSent
from service.ports import Absent, Awaiting, Receipt

_MARKER_LIMIT = 4096
_MARKER_LINE = re.compile(rb"([0-9a-f]{64})  [A-Z0-9-]{1,40}\.[a-z]{1,8}\n")


@dataclass(frozen=True)
class Layout:
    """The folders' names, relative to where a session starts."""

    inbox: str
    archive: str
    outbox: str
    collected: str


@dataclass(frozen=True)
class Reader:
    """How this exchange's answers are read, at most `limit` bytes each.

    Each takes the bytes and the reference and raises `NeedsHuman` for what is no answer; None means that the answer is
    still being written. A rejection may turn out to name the receipt of an earlier, equal set.
    """

    limit: int
    acknowledgement: Callable[[bytes, str], Receipt | None]
    rejection: Callable[[bytes, str], DeliveryProblem | Receipt | None]


@dataclass(frozen=True)
class Refused:
    """A refusal that answers the newest set, and when it was written. `collected` when it had been read before."""

    problem: DeliveryProblem
    collected: bool
    written: int


Earlier = Receipt | Awaiting | Refused | Absent


def earlier(folder: Folder, layout: Layout, reader: Reader, reference: str) -> Earlier:
    """What there is under our reference now."""
    answered = _acknowledged(folder, layout, reader, reference)
    if answered is not None:
        return answered
    if folder.find(f"{layout.inbox}/{reference}.done"):
        return Awaiting()
    marker = folder.find(f"{layout.archive}/{reference}.done")
    return _refused(folder, layout, reader, reference, marker) or _unanswered(folder, layout, marker)


def _acknowledged(folder: Folder, layout: Layout, reader: Reader, reference: str) -> Receipt | Awaiting | None:
    for place in (layout.outbox, layout.collected):
        data = folder.read(f"{place}/{reference}.ack", reader.limit)
        if data is None:
            continue
        receipt = reader.acknowledgement(data, reference)
        if receipt is None:
            return Awaiting()
        _require_whole(receipt, _sent(folder, layout, reference))
        _collect(folder, layout, f"{reference}.ack", place)
        return receipt
    return None


def _require_whole(receipt: Receipt, sent: Mapping[str, str]) -> None:
    """For what we sent, and for all of it: a record without the document that came with it is not finished."""
    require_proof(receipt, sent)
    if "document_sha256" in sent and receipt.document_number is None:
        raise NeedsHuman(Reason.CONTRADICTION, "filed_without_its_document")


def _sent(folder: Folder, layout: Layout, reference: str) -> Mapping[str, str]:
    """What our own marker says we sent, the manifest first; nothing where there is none to read."""
    marker = folder.read(f"{layout.archive}/{reference}.done", _MARKER_LIMIT)
    digests = [line.decode("ascii") for line in _MARKER_LINE.findall(marker or b"")]
    return dict(zip(("manifest_sha256", "document_sha256"), digests, strict=False))


def _refused(
    folder: Folder, layout: Layout, reader: Reader, reference: str, marker: Found | None
) -> Refused | Receipt | Awaiting | None:
    """A refusal older than the marker answered an earlier set under this reference and says nothing about this one."""
    for place in (layout.outbox, layout.collected):
        path = f"{place}/{reference}.rej"
        found, data = folder.find(path), folder.read(path, reader.limit)
        if found is None or data is None or (marker is not None and found.written < marker.written):
            continue
        said = reader.rejection(data, reference)
        if said is None:
            return Awaiting()
        if isinstance(said, Receipt):
            require_proof(said, _sent(folder, layout, reference))
        _collect(folder, layout, f"{reference}.rej", place)
        return Refused(said, place == layout.collected, found.written) if isinstance(said, DeliveryProblem) else said
    return None


def _unanswered(folder: Folder, layout: Layout, marker: Found | None) -> Awaiting | Absent:
    """Absent only where the folders are: an unmounted share must not look like "never received"."""
    if marker is not None:
        return Awaiting()
    if all(folder.is_folder(name) for name in (layout.inbox, layout.archive, layout.outbox, layout.collected)):
        return Absent()
    raise NothingSent(Reason.UNAVAILABLE, "folder_missing")


def _collect(folder: Folder, layout: Layout, name: str, place: str) -> None:
    """Best effort: an answer that stays where it is can be read again."""
    if place == layout.outbox:
        with contextlib.suppress(OSError):
            folder.rename(f"{layout.outbox}/{name}", f"{layout.collected}/{name}")
