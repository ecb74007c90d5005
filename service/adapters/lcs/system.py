"""LCS as a case system: sets of files in, answers out."""

from __future__ import annotations

from service.adapters.lcs.answers import ANSWERS
from service.adapters.lcs.manifest import form_set, task_set, withdrawal_set
from service.adapters.sftp import CALL_SECONDS, read_endpoint
from service.adapters.shared.digests import sha256
from service.adapters.shared.exchange import Exchange, Layout
from service.adapters.shared.findings import asked, not_asked
from service.adapters.shared.identity import require_identity
from service.adapters.shared.link import Link
from service.adapters.shared.targets import target_of
from service.ports import (
    Ability,
    Absent,
    Awaiting,
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

FOLDERS = Layout("inbox", "archive", "outbox", "outbox/collected")


class LcsCaseSystem:
    """One authority's LCS. Holds no connection between calls, so threads share nothing."""

    kind = "lcs"
    version = "2"
    abilities = frozenset(Ability) - {Ability.ASKS_WHO}

    def __init__(self, link: Link, *, seconds: float = CALL_SECONDS) -> None:
        endpoint = read_endpoint(link.connection, where="lcs connection", egress=link.egress)
        self._exchange = Exchange(endpoint, FOLDERS, ANSWERS, seconds)
        self._link = link

    def verify_person(self, person: PersonReference) -> None:
        """LCS checks the person when it reads the set; here only that it is given something to check by."""
        require_identity(person)

    def open_container(self, filing: Filing) -> Container:
        """The set itself. LCS opens nothing before a set is handed over whole."""
        return Container(filing.reference, kept=form_set(filing, target_of(self._link.targets, filing)))

    def file_document(self, filing: Filing, container: Container) -> FiledDocument:
        """The document goes with the set and gets its number with the record."""
        return FiledDocument(None, sha256(filing.document.content))

    def submit(self, filing: Filing, container: Container, document: FiledDocument | None) -> Receipt | Awaiting:
        """Hand the set over, with the record or the next version of it, unless an earlier attempt did."""
        return self._exchange.deliver(container.kept)

    def raise_task(self, task: ReviewTask) -> Receipt | Awaiting:
        """Hand the task over, unless an earlier attempt did."""
        return self._exchange.deliver(task_set(task, self._link.task))

    def retract(self, retraction: Retraction) -> Receipt | Awaiting:
        """Hand the withdrawal over, unless an earlier attempt did."""
        return self._exchange.deliver(withdrawal_set(retraction))

    def look_up(self, reference: str) -> Receipt | Awaiting | Partial | Absent:
        """The answer to a reference, or how far it came."""
        return self._exchange.look_up(reference)

    def check(self) -> tuple[Finding, ...]:
        """Sign in, believe the host's key, and see the exchange's folders."""
        return (
            asked("sign-in, host key and folders", lambda: self.look_up("WB-CONNECTION-CHECK")),
            not_asked("form codes, document types and teams", "A file exchange cannot be asked; the first set tells."),
        )


CONNECTOR = LcsCaseSystem
