"""LCS over HTTP as a case system: one form for one record, or for one version of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from service.adapters.http import CALL_SECONDS
from service.adapters.lcs_rest.client import LcsApi
from service.adapters.lcs_rest.connection import Lcs, open_lcs
from service.adapters.lcs_rest.content import Plan, record_number, require_sendable
from service.adapters.lcs_rest.filing import add_document, complete, open_form, raise_task, withdraw
from service.adapters.lcs_rest.found import outcome, task_receipt, withdrawal_receipt
from service.adapters.shared.findings import asked, not_asked
from service.adapters.shared.found import ours
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


class LcsRestCaseSystem:
    """One authority's LCS over HTTP. Holds no connection between calls; of a sign-in by OAuth2, the token."""

    kind = "lcs_rest"
    version = "1"
    abilities = frozenset(Ability)

    def __init__(self, link: Link, *, seconds: float = CALL_SECONDS) -> None:
        self._lcs: Lcs = open_lcs(link, seconds)
        self._link = link

    def verify_person(self, person: PersonReference) -> None:
        """Returns when the id is a live person and everything given about them agrees."""
        require_identity(person)
        with self._talk() as api:
            found = self._lcs.people.find(api, person.child_id)
        compare(person, found.known)

    def open_container(self, filing: Filing) -> Container:
        """The record's form. A correction is a form that becomes the next version of the record."""
        require_identity(filing.person)
        plan = require_sendable(self._plan(filing), self._lcs.largest_document)
        with self._talk() as api:
            return open_form(api, plan, self._lcs.people)

    def file_document(self, filing: Filing, container: Container) -> FiledDocument:
        """The document in the form."""
        with self._talk() as api:
            return add_document(api, container.kept, self._plan(filing))

    def submit(self, filing: Filing, container: Container, document: FiledDocument | None) -> Receipt:
        """The answers, and the form completed."""
        with self._talk() as api:
            return complete(api, container.kept, self._plan(filing))

    def raise_task(self, task: ReviewTask) -> Receipt:
        """A task in the tray of the profile's department or worker."""
        with self._talk() as api:
            return raise_task(api, task, self._link.task, self._lcs.people, self._lcs.dialect)

    def retract(self, retraction: Retraction) -> Receipt:
        """Every version of the record withdrawn at once."""
        with self._talk() as api:
            return withdraw(api, retraction, self._lcs.people, self._lcs.dialect)

    def look_up(self, reference: str) -> Receipt | Partial | Absent:
        """What became of a reference: a form, else a task, else a withdrawal. Reads only."""
        with self._talk() as api:
            form = ours(api.forms(reference))
            task = None if form else ours(api.tasks(reference))
            withdrawal = None if form or task else ours(api.withdrawals(reference))
        if form is not None:
            return outcome(form, documents_here=self._link.documents_here)
        if task is not None:
            return task_receipt(task)
        return Absent() if withdrawal is None else withdrawal_receipt(withdrawal)

    def check(self) -> tuple[Finding, ...]:
        """A search for a reference that nobody has: it needs the address, the sign-in and the right to search."""
        return (
            asked("sign-in and search", lambda: self.look_up("WB-CONNECTION-CHECK")),
            not_asked("form types, document types and trays", "The protocol has no route that lists them."),
        )

    def _plan(self, filing: Filing) -> Plan:
        replaces = None if filing.replaces is None else record_number(filing.replaces)
        target = target_of(self._link.targets, filing)
        return Plan(filing, target, self._lcs.dialect, replaces, self._link.documents_here)

    @contextmanager
    def _talk(self) -> Iterator[LcsApi]:
        with self._lcs.client.conversation() as conversation:
            yield LcsApi(conversation, self._lcs.dialect)


CONNECTOR = LcsRestCaseSystem
