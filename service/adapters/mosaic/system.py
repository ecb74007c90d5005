"""Mosaic as a case system: one workflow step for one record."""

from __future__ import annotations

from contextlib import AbstractContextManager

from service.adapters.http.client import CALL_SECONDS
from service.adapters.mosaic.connection import open_binding
from service.adapters.mosaic.content import Plan, plan_for, subject_number, task_step
from service.adapters.mosaic.filing import add_document, complete, open_step
from service.adapters.mosaic.found import note_receipt, only, outcome, require_same, task_receipt
from service.adapters.mosaic.wire import Wire
from service.adapters.mosaic.withdrawal import withdraw
from service.adapters.shared.findings import asked, not_asked
from service.adapters.shared.identity import compare, require_identity
from service.adapters.shared.link import Link
from service.adapters.shared.targets import target_of
from service.ports import (
    Ability,
    Absent,
    Container,
    FiledDocument,
    Filing,
    Finding,
    Partial,
    PersonReference,
    Receipt,
    Retraction,
    ReviewTask,
)


class MosaicCaseSystem:
    """One authority's Mosaic. Holds no connection between calls, so threads share nothing."""

    kind = "mosaic"
    version = "2"
    abilities = frozenset(Ability)

    def __init__(self, link: Link, *, seconds: float = CALL_SECONDS) -> None:
        self._binding = open_binding(link, seconds)
        self._link = link

    def verify_person(self, person: PersonReference) -> None:
        """Returns when the number is a live person and everything given about them agrees."""
        require_identity(person)
        number = subject_number(person.child_id)
        with self._talk() as wire:
            found = wire.person(number)
        compare(person, found)

    def open_container(self, filing: Filing) -> Container:
        """The record's step. A correction is a step beside the one it corrects."""
        plan = self._plan(filing)
        with self._talk() as wire:
            return open_step(wire, plan)

    def file_document(self, filing: Filing, container: Container) -> FiledDocument:
        """The document on the step."""
        with self._talk() as wire:
            return add_document(wire, container.kept, self._plan(filing))

    def submit(self, filing: Filing, container: Container, document: FiledDocument | None) -> Receipt:
        """The answers, and the step completed."""
        with self._talk() as wire:
            return complete(wire, container.kept, self._plan(filing))

    def raise_task(self, task: ReviewTask) -> Receipt:
        """An incoming step in the team's tray, unless an earlier attempt put it there."""
        settings = self._link.task
        body = task_step(task, settings)
        with self._talk() as wire:
            step = only(wire.steps(task.reference)) or wire.open_step(body)
        return task_receipt(require_same(step, int(settings["step_type"]), subject_number(task.child_id)))

    def retract(self, retraction: Retraction) -> Receipt:
        """A note on the record's step that takes it off the person's file, unless an earlier attempt put it there."""
        with self._talk() as wire:
            return withdraw(wire, retraction)

    def look_up(self, reference: str) -> Receipt | Partial | Absent:
        """What became of a reference: a step, or a note when there is no step. Reads only."""
        with self._talk() as wire:
            step = only(wire.steps(reference))
            note = only(wire.notes(reference)) if step is None else None
        if step is not None:
            task_type = int(self._link.task["step_type"])
            return outcome(step, reference, task_type, documents_here=self._link.documents_here)
        return Absent() if note is None else note_receipt(note)

    def check(self) -> tuple[Finding, ...]:
        """A search for a reference that nobody has: it needs the address, the credential and the right to search."""
        return (
            asked("sign-in and search", lambda: self.look_up("WB-CONNECTION-CHECK")),
            not_asked("step types, teams and document categories", "Mosaic has no route that lists them."),
        )

    def _plan(self, filing: Filing) -> Plan:
        target = target_of(self._link.targets, filing)
        here = self._link.documents_here
        return plan_for(filing, target, documents_here=here, sendable=self._binding.sendable)

    def _talk(self) -> AbstractContextManager[Wire]:
        return self._binding.talk()


CONNECTOR = MosaicCaseSystem
