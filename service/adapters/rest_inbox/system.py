"""An inbox over REST as a case system: one request for a whole record, under our reference, once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote

from service.adapters.http import CALL_SECONDS, ApiKey, Request
from service.adapters.rest_inbox.answers import absent_or, outcome, settled
from service.adapters.rest_inbox.content import DIGEST, Item, record_item, task_item, withdrawal_item
from service.adapters.shared.digests import sha256
from service.adapters.shared.findings import asked, not_asked
from service.adapters.shared.identity import require_identity
from service.adapters.shared.link import Link
from service.adapters.shared.targets import target_of
from service.adapters.shared.web import open_web
from service.domain.delivery import Reason
from service.errors import ConfigFault, NeedsHuman
from service.ports import (
    Ability,
    Absent,
    Awaiting,
    Container,
    FiledDocument,
    Filing,
    Finding,
    PersonReference,
    Receipt,
    Retraction,
    ReviewTask,
)

NOBODY = "WB-CONNECTION-CHECK"
KEY_HEADER = "X-Api-Key"
WHERE = "rest_inbox connection"
_HEADER = re.compile(r"[A-Za-z0-9-]{1,64}")


class RestInbox:
    """One authority's inbox. The platform behind it looks at the person and files, all in the one request."""

    kind = "rest_inbox"
    version = "1"
    abilities = frozenset(Ability) - {Ability.ASKS_WHO}

    def __init__(self, link: Link, *, seconds: float = CALL_SECONDS) -> None:
        key = ApiKey(link.connection.get("key_header") or KEY_HEADER, link.connection["api_key"])
        self._client = open_web(link, _faults(link), where=WHERE, seconds=seconds, auth=key)
        self._link = link

    def verify_person(self, person: PersonReference) -> None:
        """Left to the platform, which has what it needs for it."""
        require_identity(person)

    def open_container(self, filing: Filing) -> Container:
        """Nothing yet: all of it goes in one request."""
        target_of(self._link.targets, filing)
        return Container(filing.reference)

    def file_document(self, filing: Filing, container: Container) -> FiledDocument:
        """With the record."""
        return FiledDocument(None, sha256(filing.document.content))

    def submit(self, filing: Filing, container: Container, document: FiledDocument | None) -> Receipt | Awaiting:
        """Everything, once."""
        return self._put(self._record(filing))

    def raise_task(self, task: ReviewTask) -> Receipt | Awaiting:
        """As an item of its own."""
        return self._put(task_item(task, self._link.task))

    def retract(self, retraction: Retraction) -> Receipt | Awaiting:
        """As an item of its own."""
        return self._put(withdrawal_item(retraction))

    def look_up(self, reference: str) -> Receipt | Awaiting | Absent:
        """Whatever kind of item it is."""
        request = Request("GET", _path(reference), writes=False)
        with self._client.conversation() as conversation:
            found = absent_or(request, conversation.ask(request), reference)
        return found if isinstance(found, Absent) else outcome(found)

    def check(self) -> tuple[Finding, ...]:
        """An item that nobody has: needs the address and the key."""
        return (
            asked("sign-in, and the look-up by our reference", lambda: self.look_up(NOBODY)),
            not_asked("forms, document types, tasks and teams", "The inbox does not list them."),
        )

    def _record(self, filing: Filing) -> Item:
        target = target_of(self._link.targets, filing)
        return record_item(filing, target, documents_here=self._link.documents_here)

    def _put(self, item: Item) -> Receipt | Awaiting:
        """The same reference with other content is for a person: somebody has to say which is right."""
        reference = str(item["reference"])
        request = Request("PUT", _path(reference), writes=True, json=item, headers={"If-None-Match": "*"})
        with self._client.conversation() as conversation:
            there = settled(request, conversation.ask(request), reference)
        if (there.kind, there.digest) != (item["kind"], item[DIGEST]):
            raise NeedsHuman(Reason.CONTRADICTION, "other_content")
        return outcome(there)


def _path(reference: str) -> str:
    return f"/items/{quote(reference, safe='')}"


def _faults(link: Link) -> Iterator[ConfigFault]:
    key, header = link.connection["api_key"], link.connection.get("key_header") or KEY_HEADER
    if not key or not key.isascii() or not key.isprintable() or key != key.strip():
        yield ConfigFault(WHERE, None, "api_key", "Not a key that fits into a header.", "Give it without line ends.")
    if not _HEADER.fullmatch(header):
        yield ConfigFault(WHERE, None, "key_header", "Not the name of a header.", "Give A-Z, a-z, 0-9 and hyphens.")


CONNECTOR = RestInbox
