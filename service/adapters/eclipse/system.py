"""Eclipse as a case system: one form instance for one record."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from service.adapters.eclipse.checking import findings
from service.adapters.eclipse.client import EclipseApi
from service.adapters.eclipse.connection import open_client
from service.adapters.eclipse.content import Plan, plan_for, task_body, withdrawal_note
from service.adapters.eclipse.filing import add_document, complete, confirmed, open_form
from service.adapters.eclipse.found import only, outcome, task_receipt
from service.adapters.eclipse.tasks import add_task
from service.adapters.eclipse.withdrawal import withdraw, withdrawn
from service.adapters.http import CALL_SECONDS
from service.adapters.shared.link import Link
from service.adapters.shared.targets import target_of
from service.domain.london import london_date
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


class EclipseCaseSystem:
    """One authority's Eclipse. Holds no connection between calls; threads share the sign-in alone."""

    kind = "eclipse"
    version = "1"
    abilities = frozenset(Ability)

    def __init__(self, link: Link, *, seconds: float = CALL_SECONDS) -> None:
        self._client = open_client(link, seconds)
        self._link = link

    def verify_person(self, person: PersonReference) -> None:
        """Returns when the number is one live person and everything given about them agrees."""
        with self._talk() as api:
            confirmed(api, person)

    def open_container(self, filing: Filing) -> Container:
        """The record's form instance. A correction is one of its own that names the other."""
        plan = self._plan(filing)
        with self._talk() as api:
            return open_form(api, plan)

    def file_document(self, filing: Filing, container: Container) -> FiledDocument:
        """The document on the form instance."""
        plan = self._plan(filing)
        with self._talk() as api:
            return add_document(api, container.kept, plan)

    def submit(self, filing: Filing, container: Container, document: FiledDocument | None) -> Receipt:
        """The answers, and the form instance completed. It shows the document itself."""
        plan = self._plan(filing)
        with self._talk() as api:
            return complete(api, container.kept, plan)

    def raise_task(self, task: ReviewTask) -> Receipt:
        """A task in the team's work list, unless an earlier attempt put it there."""
        body = task_body(task, self._link.task)
        with self._talk() as api:
            return task_receipt(add_task(api, task, body))

    def retract(self, retraction: Retraction) -> Receipt:
        """A note that takes the record off the person's file, unless an earlier attempt put it there."""
        body = withdrawal_note(retraction, london_date(datetime.now(UTC)))
        with self._talk() as api:
            return withdraw(api, retraction, body)

    def look_up(self, reference: str) -> Receipt | Partial | Absent:
        """What became of a reference: a form instance, else a task, else a note. Reads only."""
        with self._talk() as api:
            if (form := only(api.forms(reference))) is not None:
                return outcome(form, reference, documents_here=self._link.documents_here)
            if (task := only(api.tasks(reference))) is not None:
                return task_receipt(task)
            return withdrawn(api, reference)

    def check(self) -> tuple[Finding, ...]:
        """Sign-in, permissions and form designs; no person is asked for."""
        with self._talk() as api:
            return findings(api, self._link)

    def _plan(self, filing: Filing) -> Plan:
        return plan_for(filing, target_of(self._link.targets, filing), documents_here=self._link.documents_here)

    @contextmanager
    def _talk(self) -> Iterator[EclipseApi]:
        with self._client.conversation() as conversation:
            yield EclipseApi(conversation)


CONNECTOR = EclipseCaseSystem
