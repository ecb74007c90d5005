"""LCS as a case system: sets of files in, answers out."""

from __future__ import annotations

from collections.abc import Mapping

from service.adapters.lcs.client import CALL_SECONDS, session
from service.adapters.lcs.connection import read_endpoint
from service.adapters.lcs.exchange import Refused, earlier, hand_over
from service.adapters.lcs.manifest import (
    FileSet,
    Settings,
    form_set,
    require_identity,
    require_reference,
    task_set,
    withdrawal_set,
)
from service.domain.delivery import Reason
from service.errors import NeedsHuman
from service.ports import Absent, Awaiting, Filing, PersonReference, Receipt, Retraction, ReviewTask


class LcsCaseSystem:
    """One authority's LCS. Holds no connection between calls, so threads share nothing."""

    kind = "lcs"
    version = "1"
    marks_restricted: bool = True

    def __init__(
        self,
        connection: Mapping[str, str],
        targets: Mapping[str, Settings],
        task: Settings,
        *,
        seconds: float = CALL_SECONDS,
    ) -> None:
        self._endpoint = read_endpoint(connection)
        self._targets, self._task, self._seconds = targets, task, seconds

    def verify_person(self, person: PersonReference) -> None:
        """LCS checks the person when it reads the set; here only that it is given something to check by."""
        require_identity(person)

    def file(self, filing: Filing) -> Receipt | Awaiting:
        """Hand the record over, or the next version of it, unless an earlier attempt did."""
        target = self._targets.get(filing.record_type)
        if target is None:
            raise NeedsHuman(Reason.MAPPING_INCOMPLETE, "record_type")
        return self._deliver(form_set(filing, target))

    def raise_task(self, task: ReviewTask) -> Receipt | Awaiting:
        """Hand the task over, unless an earlier attempt did."""
        return self._deliver(task_set(task, self._task))

    def retract(self, retraction: Retraction) -> Receipt | Awaiting:
        """Hand the withdrawal over, unless an earlier attempt did."""
        return self._deliver(withdrawal_set(retraction))

    def look_up(self, reference: str) -> Receipt | Awaiting | Absent:
        """The answer to a reference, or how far it came."""
        require_reference(reference)
        with session(self._endpoint, self._seconds) as folder:
            found = earlier(folder, reference)
        if isinstance(found, Refused):
            raise found.problem
        return found

    def close(self) -> None:
        """Nothing is kept open."""

    def _deliver(self, files: FileSet) -> Receipt | Awaiting:
        with session(self._endpoint, self._seconds) as folder:
            found = earlier(folder, files.reference)
            if isinstance(found, Receipt):
                return _of_this_set(found, files)
            if isinstance(found, Refused) and not found.collected:
                raise found.problem
            if isinstance(found, Refused):
                hand_over(folder, files, after=found.written)
            elif isinstance(found, Absent):
                hand_over(folder, files)
        return Awaiting()


def _of_this_set(receipt: Receipt, files: FileSet) -> Receipt:
    """A receipt for other bytes under our reference is for a person to compare."""
    if receipt.evidence["manifest_sha256"] != files.manifest_sha256:
        raise NeedsHuman(Reason.CONTRADICTION, "another_manifest_was_filed")
    if files.changes not in (None, receipt.record_number):
        raise NeedsHuman(Reason.CONTRADICTION, "another_record_was_changed")
    return receipt
