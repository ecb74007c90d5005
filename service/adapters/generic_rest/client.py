"""The routes of the protocol, each with the answer it must give; every other answer is a problem."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from service.adapters.generic_rest.dialect import Collection, Dialect, Upload
from service.adapters.generic_rest.reasons import problem_in
from service.adapters.generic_rest.shapes import Note, Person, Reader, Record, StoredDocument, Task
from service.adapters.http import Conversation, Reply, Request, unexpected
from service.adapters.shared.found import Found
from service.adapters.shared.strict import UnreadableError
from service.domain.delivery import Reason

T = TypeVar("T")
Body = Mapping[str, object]
ReadReply = Callable[[Reply, dict[str, Any]], T]


class Referenced(Protocol):
    """What is found by our reference."""

    @property
    def reference(self) -> str:
        """Ours."""


Ours = TypeVar("Ours", bound=Referenced)


@dataclass(frozen=True, repr=False)
class Seen:
    """A record as it was read, and the ETag that says so."""

    record: Record
    tag: str


class StaleError(Exception):
    """The record changed since it was read. Nothing was written."""


class RestApi:
    """One conversation, in one dialect. `replaces`: a record is changed by sending all of it."""

    def __init__(self, conversation: Conversation, dialect: Dialect, *, replaces: bool) -> None:
        self._conversation, self._dialect, self._reader = conversation, dialect, Reader(dialect)
        self.replaces = replaces

    def people(self, child_id: str) -> Found[Person]:
        """The people under a child id: it need not be unique, and one hidden from us is not among them."""
        return self._search("people", "childId", child_id, self._reader.person, lambda person: person.child_id)

    def person(self, number: str) -> Person:
        """The person with this id, whoever they were merged into since."""
        return self._one("people", number, lambda _, body: self._reader.person(body), lambda person: person.id)

    def records(self, reference: str) -> Found[Record]:
        """The records under our reference."""
        return self._ours("records", reference, self._reader.record)

    def record(self, number: str, *, missing: Reason = Reason.RECORD_NOT_THERE) -> Record:
        """The record with this id; hidden from us looks like gone."""
        return self.see(number, missing=missing).record

    def see(self, number: str, *, missing: Reason = Reason.NOT_PERMITTED) -> Seen:
        """The record with this id, to be changed. `missing`: by default a lack of permission, for it was there."""

        def read(reply: Reply, body: dict[str, Any]) -> Seen:
            return Seen(self._reader.record(body), self._dialect.tag(reply, body))

        return self._one("records", number, read, lambda seen: seen.record.id, missing)

    def tasks(self, reference: str) -> Found[Task]:
        """The tasks under our reference."""
        return self._ours("tasks", reference, self._reader.task)

    def notes(self, reference: str) -> Found[Note]:
        """The notes under our reference."""
        return self._ours("notes", reference, self._reader.note)

    def open_record(self, body: Body) -> str:
        """A new draft; its id."""
        return self._add("records", body, self._reader.id)

    def change_record(self, seen: Seen, body: Body) -> None:
        """Parts of a draft, or all of it. Raises `StaleError`. What it became is for the caller to read."""
        request = Request(
            "PUT" if self.replaces else "PATCH",
            self._dialect.one("records", seen.record.id),
            writes=True,
            json=self._dialect.vocabulary.sent(dict(body)),
            headers={**self._dialect.headers, "If-Match": seen.tag},
        )
        reply = self._conversation.ask(request)
        if reply.status == 412:
            raise StaleError
        if reply.status not in (200, 204):
            raise problem_in(request, reply, self._dialect, missing=Reason.NOT_PERMITTED)

    def attach(self, record: str, document: Upload) -> StoredDocument:
        """One more document on a draft."""
        request = self._dialect.upload(record, document)
        return self._ask(request, 201, lambda _, body: self._reader.document(body))

    def add_task(self, body: Body) -> Task:
        """One more task in a tray."""
        return self._add("tasks", body, self._reader.task)

    def add_note(self, body: Body) -> Note:
        """One more note; there is no way to take it back."""
        return self._add("notes", body, self._reader.note)

    def _ours(self, of: Collection, reference: str, read: Callable[[object], Ours]) -> Found[Ours]:
        return self._search(of, "reference", reference, read, lambda entry: entry.reference)

    def _search(
        self, of: Collection, name: str, value: str, read: Callable[[object], T], held: Callable[[T], str]
    ) -> Found[T]:
        """An entry that was not asked for shows that the search was not understood."""

        def found(_reply: Reply, body: dict[str, Any]) -> Found[T]:
            rows, more = self._dialect.rows(body)
            entries = tuple(read(row) for row in rows)
            if any(held(entry) != value for entry in entries):
                raise UnreadableError
            return Found(entries, more)

        return self._ask(Request("GET", self._dialect.search(of, name, value), writes=False), 200, found)

    def _one(
        self,
        of: Collection,
        number: str,
        read: ReadReply[T],
        held: Callable[[T], str],
        missing: Reason = Reason.RECORD_NOT_THERE,
    ) -> T:
        def found(reply: Reply, body: dict[str, Any]) -> T:
            entry = read(reply, body)
            if held(entry) != number:
                raise UnreadableError
            return entry

        request = Request("GET", self._dialect.reading(of, number), writes=False)
        return self._ask(request, 200, found, missing=missing)

    def _add(self, to: Collection, body: Body, read: Callable[[object], T]) -> T:
        sent = self._dialect.vocabulary.sent(dict(body))
        request = Request("POST", self._dialect.collection(to), writes=True, json=sent)
        return self._ask(request, 201, lambda _, answer: read(answer))

    def _ask(self, request: Request, status: int, read: ReadReply[T], *, missing: Reason = Reason.NOT_PERMITTED) -> T:
        reply = self._conversation.ask(request)
        if reply.status != status:
            raise problem_in(request, reply, self._dialect, missing=missing)
        try:
            if reply.body is not None:
                return read(reply, reply.body)
        except UnreadableError:
            pass
        raise unexpected(request, "answer_not_of_the_protocol")
