"""One authority's exchange: a set handed over once, and a reference asked for."""

from __future__ import annotations

from dataclasses import dataclass

from service.adapters.sftp import Endpoint, Folder, in_session
from service.adapters.shared.exchange.files import FileSet, require_proof, require_reference
from service.adapters.shared.exchange.handing_over import hand_over
from service.adapters.shared.exchange.looking import Earlier, Layout, Reader, Refused, earlier
from service.domain.delivery import Reason
from service.errors import NeedsHuman
from service.ports import Absent, Awaiting, Partial, Receipt


@dataclass(frozen=True, repr=False)
class Exchange:
    """Where the exchange is and how its answers are read. One session for each call, none kept."""

    endpoint: Endpoint
    layout: Layout
    reader: Reader
    seconds: float

    def deliver(self, files: FileSet) -> Receipt | Awaiting:
        """Hand the set over, unless an earlier attempt did. A refusal nobody has read yet is raised, not sent over."""
        return in_session(self.endpoint, self.seconds, lambda folder: self._deliver(folder, files))

    def _deliver(self, folder: Folder, files: FileSet) -> Receipt | Awaiting:
        found = self._earlier(folder, files.reference)
        if isinstance(found, Receipt):
            return of_this_set(found, files)
        if isinstance(found, Refused) and not found.collected:
            raise found.problem
        if isinstance(found, Refused):
            hand_over(folder, files, self.layout.inbox, after=found.written)
        elif isinstance(found, Absent):
            hand_over(folder, files, self.layout.inbox)
        return Awaiting()

    def _earlier(self, folder: Folder, reference: str) -> Earlier:
        return earlier(folder, self.layout, self.reader, reference)

    def look_up(self, reference: str) -> Receipt | Awaiting | Partial | Absent:
        """The answer to a reference, or how far it came.

        A refusal that only asked us to come back is raised once; read before, it leaves a set to be sent again.
        """
        require_reference(reference)
        found = in_session(self.endpoint, self.seconds, lambda folder: self._earlier(folder, reference))
        if not isinstance(found, Refused):
            return found
        if found.collected and not isinstance(found.problem, NeedsHuman):
            return Partial()
        raise found.problem


def of_this_set(receipt: Receipt, files: FileSet) -> Receipt:
    """The receipt, if it is for the bytes of this set and about the record that was to be changed."""
    require_proof(receipt, files.proof)
    if files.changes not in (None, receipt.record_number):
        raise NeedsHuman(Reason.CONTRADICTION, "another_record_was_changed")
    return receipt
