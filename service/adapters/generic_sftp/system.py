"""Any system behind a file exchange, as a case system: sets of files in, answers out."""

from __future__ import annotations

from service.adapters.generic_sftp.answers import reader
from service.adapters.generic_sftp.connection import USUAL, abilities, layout, open_endpoint
from service.adapters.generic_sftp.documents import SftpDocuments
from service.adapters.generic_sftp.sets import form_set, task_set, withdrawal_set
from service.adapters.sftp import CALL_SECONDS
from service.adapters.shared.digests import sha256
from service.adapters.shared.exchange import Exchange
from service.adapters.shared.findings import asked, not_asked
from service.adapters.shared.identity import require_identity
from service.adapters.shared.link import Link
from service.adapters.shared.targets import target_of
from service.ports import (
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

NOBODY = "WB-CONNECTION-CHECK"


class GenericSftpCaseSystem:
    """One authority's file exchange. Holds no connection between calls, so threads share nothing."""

    kind = "generic_sftp"
    version = "1"

    def __init__(self, link: Link, *, seconds: float = CALL_SECONDS) -> None:
        settings = link.connection
        endpoint = open_endpoint(link, "generic_sftp connection", tuple(USUAL), ("manifest", "answers"))
        self._exchange = Exchange(endpoint, layout(settings), reader(settings["answers"]), seconds)
        self._link, self._form = link, settings["manifest"]
        self.abilities = abilities(settings)

    def verify_person(self, person: PersonReference) -> None:
        """The target checks the person when it reads the set; here only that it is given something to check by."""
        require_identity(person)

    def open_container(self, filing: Filing) -> Container:
        """The set itself. Nothing is opened before a set is handed over whole."""
        target = target_of(self._link.targets, filing)
        files = form_set(filing, target, self._form, with_document=self._link.documents_here)
        return Container(filing.reference, kept=files)

    def file_document(self, filing: Filing, container: Container) -> FiledDocument:
        """The document goes with the set and gets its number with the record."""
        return FiledDocument(None, sha256(filing.document.content))

    def submit(self, filing: Filing, container: Container, document: FiledDocument | None) -> Receipt | Awaiting:
        """Hand the set over, with the record or the next version of it, unless an earlier attempt did."""
        return self._exchange.deliver(container.kept)

    def raise_task(self, task: ReviewTask) -> Receipt | Awaiting:
        """Hand the task over, unless an earlier attempt did."""
        return self._exchange.deliver(task_set(task, self._link.task, self._form))

    def retract(self, retraction: Retraction) -> Receipt | Awaiting:
        """Hand the withdrawal over, unless an earlier attempt did."""
        return self._exchange.deliver(withdrawal_set(retraction, self._form))

    def look_up(self, reference: str) -> Receipt | Awaiting | Partial | Absent:
        """The answer to a reference, or how far it came."""
        return self._exchange.look_up(reference)

    def check(self) -> tuple[Finding, ...]:
        """Sign in, believe the host's key, and see the exchange's folders."""
        return (
            asked("sign-in, host key and folders", lambda: self.look_up(NOBODY)),
            not_asked("form codes, document types and teams", "A file exchange cannot be asked; the first set tells."),
        )


CONNECTOR = GenericSftpCaseSystem
DOCUMENT_SINK = SftpDocuments
