"""CareDirector v6 as a case system: one case form for one record."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from service.adapters.caredirector.client import CareDirectorApi
from service.adapters.caredirector.connection import open_client
from service.adapters.caredirector.content import Plan, new_task, plan_for
from service.adapters.caredirector.filing import add_document, complete, confirmed, open_form, outcome
from service.adapters.caredirector.found import as_written, task_receipt, the_person
from service.adapters.caredirector.shapes import Person
from service.adapters.caredirector.withdrawal import withdraw, withdrawn
from service.adapters.http import CALL_SECONDS
from service.adapters.shared.findings import asked, not_asked
from service.adapters.shared.found import ours
from service.adapters.shared.guid import guid
from service.adapters.shared.link import Link
from service.adapters.shared.targets import target_of
from service.domain.delivery import Reason
from service.errors import NeedsHuman
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

NOBODY, NOTHING = "WB-CONNECTION-CHECK", "00000000-0000-0000-0000-000000000000"


class CareDirectorCaseSystem:
    """One authority's CareDirector. Holds no connection between calls; threads share the sign-in's token alone.

    It restricts and retracts where the profile names the data restriction and the note type for it.
    """

    kind = "caredirector"
    version = "1"

    def __init__(self, link: Link, *, seconds: float = CALL_SECONDS) -> None:
        self._client = open_client(link, seconds)
        self._link = link
        self._restriction = guid(link.connection.get("restriction"))
        self._note_type = guid(link.connection.get("withdrawal_note_type"))
        self.abilities = _abilities(self._restriction, self._note_type)

    def verify_person(self, person: PersonReference) -> None:
        """Returns when the number is one live person and everything given about them agrees."""
        with self._talk() as api:
            confirmed(api, person)

    def open_container(self, filing: Filing) -> Container:
        """The record's case form, in the one open case. A correction is a form of its own that names the other."""
        plan = self._plan(filing)
        with self._talk() as api:
            return open_form(api, plan)

    def file_document(self, filing: Filing, container: Container) -> FiledDocument:
        """The document on the form."""
        plan = self._plan(filing)
        with self._talk() as api:
            return add_document(api, container.kept, plan)

    def submit(self, filing: Filing, container: Container, document: FiledDocument | None) -> Receipt:
        """The answers, and the form completed."""
        plan = self._plan(filing)
        with self._talk() as api:
            return complete(api, container.kept, plan, document)

    def raise_task(self, task: ReviewTask) -> Receipt:
        """A task in the team's tray, unless an earlier attempt put it there."""
        with self._talk() as api:
            person = _live(the_person(api, task.child_id))
            found = ours(api.tasks(task.reference))
            if found is None:
                api.add_task(new_task(task, person.id, self._link.task))
                found = as_written(lambda: api.tasks(task.reference))
        if found.person != person.id:
            raise NeedsHuman(Reason.CONTRADICTION, "another_person")
        return task_receipt(found)

    def retract(self, retraction: Retraction) -> Receipt:
        """A note on the record's form that takes it off the person's file, unless an earlier attempt put it there."""
        note_type = self._note_type
        if note_type is None:
            raise NeedsHuman(Reason.NOT_SUPPORTED, "withdrawal_note_type")
        with self._talk() as api:
            return withdraw(api, retraction, note_type)

    def look_up(self, reference: str) -> Receipt | Partial | Absent:
        """What became of a reference: a form, else a task, else a note. Reads only."""
        with self._talk() as api:
            if (form := ours(api.forms(reference))) is not None:
                return outcome(api, form, reference, documents_here=self._link.documents_here)
            if (task := ours(api.tasks(reference))) is not None:
                return task_receipt(task)
            return withdrawn(api, reference, self._note_type) if self._note_type else Absent()

    def check(self) -> tuple[Finding, ...]:
        """A search in every view, for what nobody has: needs the address, the sign-in and the list of routes."""
        with self._talk() as api:
            return (
                asked("sign-in, and the view of people", lambda: api.people(NOBODY)),
                asked("view of cases", lambda: api.open_cases(NOTHING)),
                asked("view of case forms, with our reference", lambda: api.forms(NOBODY)),
                asked("view of attachments", lambda: api.attachments(NOTHING, NOBODY)),
                asked("view of tasks, with our reference", lambda: api.tasks(NOBODY)),
                asked("view of case notes, with our reference", lambda: api.notes(NOBODY)),
                not_asked("routes that write", "They are on the same list, and cannot be tried without writing."),
                not_asked("teams, form templates and document types", "The bridge has no route that lists them."),
            )

    def _plan(self, filing: Filing) -> Plan:
        target = target_of(self._link.targets, filing)
        return plan_for(filing, target, self._restriction, documents_here=self._link.documents_here)

    @contextmanager
    def _talk(self) -> Iterator[CareDirectorApi]:
        with self._client.conversation() as conversation:
            yield CareDirectorApi(conversation)


def _abilities(restriction: str | None, note_type: str | None) -> frozenset[Ability]:
    missing = {Ability.RESTRICTS: restriction, Ability.RETRACTS: note_type}
    return frozenset(Ability) - {ability for ability, setting in missing.items() if setting is None}


def _live(person: Person) -> Person:
    """A task about somebody who lives on under another number would wait where nobody looks."""
    if person.known.merged:
        raise NeedsHuman(Reason.PERSON_MERGED)
    if person.known.restricted:
        raise NeedsHuman(Reason.PERSON_RESTRICTED)
    return person


CONNECTOR = CareDirectorCaseSystem
