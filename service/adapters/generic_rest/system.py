"""A system over REST as a case system: one record there for one of ours."""

from __future__ import annotations

from service.adapters.generic_rest.connection import open_rest
from service.adapters.generic_rest.content import Plan, new_task, plan_for
from service.adapters.generic_rest.documents import RestDocuments
from service.adapters.generic_rest.filing import add_document, complete, open_record
from service.adapters.generic_rest.found import confirmed, live, outcome, task_receipt, the_person
from service.adapters.generic_rest.withdrawal import withdraw, withdrawn
from service.adapters.http import CALL_SECONDS
from service.adapters.shared.findings import asked, not_asked
from service.adapters.shared.found import ours
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

NOBODY = "WB-CONNECTION-CHECK"


class RestCaseSystem:
    """One authority's system. Holds no connection between calls; threads share the sign-in's token alone."""

    kind = "generic_rest"
    version = "1"
    abilities = frozenset(Ability)

    def __init__(self, link: Link, *, seconds: float = CALL_SECONDS) -> None:
        self._rest = open_rest(link, seconds)
        self._link = link

    def verify_person(self, person: PersonReference) -> None:
        """Returns when the id is one live person and everything given about them agrees."""
        with self._rest.talk() as api:
            confirmed(api, person)

    def open_container(self, filing: Filing) -> Container:
        """The record, as a draft. A correction is a record of its own that names the other."""
        plan = self._plan(filing)
        with self._rest.talk() as api:
            return open_record(api, plan)

    def file_document(self, filing: Filing, container: Container) -> FiledDocument:
        """The document on the draft."""
        plan = self._plan(filing)
        with self._rest.talk() as api:
            return add_document(api, container.number, plan)

    def submit(self, filing: Filing, container: Container, document: FiledDocument | None) -> Receipt:
        """The answers, and the record completed."""
        plan = self._plan(filing)
        with self._rest.talk() as api:
            return complete(api, container.number, plan)

    def raise_task(self, task: ReviewTask) -> Receipt:
        """A task in the team's tray, unless an earlier attempt put it there."""
        with self._rest.talk() as api:
            person = live(the_person(api, task.child_id))
            found = ours(api.tasks(task.reference))
            held = found or api.add_task(new_task(task, person.id, self._link.task))
        if (held.person, held.task_type) != (person.id, str(self._link.task["task_type"])):
            raise NeedsHuman(Reason.CONTRADICTION, "another_task")
        if found is None and not held.is_open:
            raise NeedsHuman(Reason.CONTRADICTION, "task_not_open")
        return task_receipt(held)

    def retract(self, retraction: Retraction) -> Receipt:
        """A note that takes the record off the person's file, unless an earlier attempt put it there."""
        with self._rest.talk() as api:
            return withdraw(api, retraction, self._rest.dialect)

    def look_up(self, reference: str) -> Receipt | Partial | Absent:
        """What became of a reference: a record, else a task, else a note. Reads only."""
        with self._rest.talk() as api:
            if (record := ours(api.records(reference))) is not None:
                return outcome(record, reference, documents_here=self._link.documents_here)
            if (task := ours(api.tasks(reference))) is not None:
                return task_receipt(task)
            return withdrawn(api, reference)

    def check(self) -> tuple[Finding, ...]:
        """A search in every collection, for what nobody has: needs the address, the sign-in and the names."""
        with self._rest.talk() as api:
            return (
                asked("sign-in, and the search for people", lambda: api.people(NOBODY)),
                asked("search for records by our reference", lambda: api.records(NOBODY)),
                asked("search for tasks by our reference", lambda: api.tasks(NOBODY)),
                asked("search for notes by our reference", lambda: api.notes(NOBODY)),
                not_asked("rights to write", "They cannot be tried without writing."),
                not_asked("form types, document types, task types and teams", "No route of the protocol lists them."),
            )

    def _plan(self, filing: Filing) -> Plan:
        target = target_of(self._link.targets, filing)
        return plan_for(filing, target, self._rest.dialect, documents_here=self._link.documents_here)


CONNECTOR = RestCaseSystem
DOCUMENT_SINK = RestDocuments
