"""Mosaic as a case system: one workflow step for one record."""

from __future__ import annotations

from collections.abc import Mapping

from service.adapters.http import HttpClient
from service.adapters.http.client import CALL_SECONDS
from service.adapters.mosaic.client import MosaicApi
from service.adapters.mosaic.connection import open_client
from service.adapters.mosaic.content import Settings, plan_for, subject_number, task_step
from service.adapters.mosaic.filing import carry_out
from service.adapters.mosaic.found import note_receipt, only, outcome, require_same, task_receipt
from service.adapters.mosaic.identity import compare, require_identity
from service.adapters.mosaic.withdrawal import withdraw
from service.domain.delivery import Reason
from service.errors import NeedsHuman
from service.ports import Absent, Filing, Partial, PersonReference, Receipt, Retraction, ReviewTask


class MosaicCaseSystem:
    """One authority's Mosaic. Holds no connection between calls, so threads share nothing."""

    kind = "mosaic"
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
        self._client: HttpClient = open_client(connection, seconds)
        self._targets, self._task = targets, task

    def verify_person(self, person: PersonReference) -> None:
        """Returns when the number is a live person and everything given about them agrees."""
        require_identity(person)
        number = subject_number(person.child_id)
        with self._client.conversation() as conversation:
            found = MosaicApi(conversation).person(number)
        compare(person, found)

    def file(self, filing: Filing) -> Receipt:
        """The record in one completed step, begun or continued. A correction is a step beside the one it corrects."""
        target = self._targets.get(filing.record_type)
        if target is None:
            raise NeedsHuman(Reason.MAPPING_INCOMPLETE, "record_type")
        plan = plan_for(filing, target)
        with self._client.conversation() as conversation:
            return carry_out(MosaicApi(conversation), plan)

    def raise_task(self, task: ReviewTask) -> Receipt:
        """An incoming step in the team's tray, unless an earlier attempt put it there."""
        body = task_step(task, self._task)
        with self._client.conversation() as conversation:
            api = MosaicApi(conversation)
            step = only(api.steps(task.reference)) or api.open_step(body)
        return task_receipt(require_same(step, int(self._task["step_type"]), subject_number(task.child_id)))

    def retract(self, retraction: Retraction) -> Receipt:
        """A note on the record's step that takes it off the person's file, unless an earlier attempt put it there."""
        with self._client.conversation() as conversation:
            return withdraw(MosaicApi(conversation), retraction)

    def look_up(self, reference: str) -> Receipt | Partial | Absent:
        """What became of a reference: a step, or a note when there is no step. Reads only."""
        with self._client.conversation() as conversation:
            api = MosaicApi(conversation)
            step = only(api.steps(reference))
            note = only(api.notes(reference)) if step is None else None
        if step is not None:
            return outcome(step, reference, int(self._task["step_type"]))
        return Absent() if note is None else note_receipt(note)

    def close(self) -> None:
        """Nothing is kept open."""
