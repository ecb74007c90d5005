"""A document system (EDRMS) that takes files over SFTP: the PDF, and a small index file that hands it over.

    REF.pdf     the document
    REF.json    what it is; renamed last. The document system looks at no PDF without it, and moves it to its
                archive folder once it has taken the document

Nothing public describes such an intake; that of docs/protocols/sftp-documents.md is our assumption.
"""

from __future__ import annotations

import json

from service.adapters.generic_sftp.connection import folder, open_endpoint
from service.adapters.sftp import CALL_SECONDS, Folder, in_session
from service.adapters.shared.digests import sha256
from service.adapters.shared.exchange import FileSet, hand_over, legal_text, require_reference
from service.adapters.shared.findings import asked
from service.adapters.shared.link import Link, Settings
from service.adapters.shared.targets import target_of
from service.domain.delivery import Reason
from service.errors import NeedsHuman, NothingSent
from service.ports import Container, FiledDocument, Filing, Finding

LIMIT = 64 * 1024
FOLDERS = ("in_folder", "archive_folder")
IDENTITY = ("reference", "childId", "restricted", "sha256")


class SftpDocuments:
    """One authority's document system. Holds no connection between calls, so threads share nothing."""

    def __init__(self, link: Link, *, seconds: float = CALL_SECONDS) -> None:
        self._endpoint = open_endpoint(link, "generic_sftp documents.connection", FOLDERS)
        self._link, self._seconds = link, seconds
        self._in, self._archive = (folder(link.connection, name) for name in FOLDERS)

    def file_document(self, filing: Filing, container: Container) -> FiledDocument:
        """Hand the document over under our reference, which is its name there, unless an earlier attempt did."""
        files = document_set(filing, target_of(self._link.targets, filing))
        in_session(self._endpoint, self._seconds, lambda here: self._once(here, files))
        return FiledDocument(filing.reference, sha256(filing.document.content))

    def _once(self, here: Folder, files: FileSet) -> None:
        index = self._earlier(here, files.marker_name)
        if index is None:
            hand_over(here, files, self._in)
        elif not _same(index, files.marker):
            raise NeedsHuman(Reason.CONTRADICTION, "another_document_was_filed")

    def check(self) -> tuple[Finding, ...]:
        """Sign in, believe the host's key, and see the folders."""
        return (asked("document system: sign-in, host key and folders", self._see_folders),)

    def _see_folders(self) -> None:
        in_session(self._endpoint, self._seconds, lambda here: self._earlier(here, "WB-CONNECTION-CHECK.json"))

    def _earlier(self, here: Folder, name: str) -> bytes | None:
        """The index of an earlier attempt: waiting, else taken. None only where the folders are."""
        for place in (self._in, self._archive):
            index = here.read(f"{place}/{name}", LIMIT)
            if index is not None:
                return index
        if here.is_folder(self._in) and here.is_folder(self._archive):
            return None
        raise NothingSent(Reason.UNAVAILABLE, "folder_missing")


def document_set(filing: Filing, target: Settings) -> FileSet:
    """The PDF and its index, which is what hands it over."""
    require_reference(filing.reference)
    name, content = f"{filing.reference}.pdf", filing.document.content
    index = json.dumps(_index(filing, target, name), ensure_ascii=False).encode()
    return FileSet(filing.reference, {name: content}, index, f"{filing.reference}.json")


def _index(filing: Filing, target: Settings, name: str) -> dict[str, str | int | bool]:
    """No more than the document system needs to put it in the right place, and away from eyes it is kept from."""
    fields: dict[str, str | int | bool] = {
        "version": "1",
        "reference": filing.reference,
        "authority": filing.authority,
        "childId": legal_text(filing.person.child_id),
        "recordType": filing.record_type,
        "completedOn": filing.completed_on.isoformat(),
        "restricted": filing.restricted,
        "documentType": target["document_type"],
        "title": legal_text(filing.document.title),
        "file": name,
        "size": len(filing.document.content),
        "sha256": sha256(filing.document.content),
    }
    if target.get("document_sub_type"):
        fields["documentSubType"] = target["document_sub_type"]
    if filing.replaces is not None:
        fields["replacesRecord"] = legal_text(filing.replaces)
    return fields


def _same(found: bytes, ours: bytes) -> bool:
    """Whether an index that is there is of this very document, for the same young person and the same eyes."""
    try:
        there, here = json.loads(found), json.loads(ours)
    except (ValueError, RecursionError):
        return False
    return isinstance(there, dict) and all(there.get(name) == here[name] for name in IDENTITY)
