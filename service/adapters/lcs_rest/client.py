"""The routes of the protocol, each with the answer it must give; every other answer is a problem."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol, TypeVar

from service.adapters.http import Conversation, Request, unexpected
from service.adapters.lcs_rest.dialect import Dialect
from service.adapters.lcs_rest.reasons import problem_in
from service.adapters.lcs_rest.shapes import (
    Form,
    Given,
    Person,
    StoredDocument,
    Task,
    Withdrawal,
    read_document,
    read_form,
    read_forms,
    read_people,
    read_person,
    read_task,
    read_tasks,
    read_withdrawal,
    read_withdrawals,
)
from service.adapters.shared.found import Found
from service.adapters.shared.strict import UnreadableError

T = TypeVar("T")
Body = Mapping[str, object]


class _Ours(Protocol):
    @property
    def reference(self) -> str: ...


Own = TypeVar("Own", bound=_Ours)


class LcsApi:
    """One conversation with an LCS, in its dialect."""

    def __init__(self, conversation: Conversation, dialect: Dialect) -> None:
        self._conversation, self._dialect = conversation, dialect

    def person(self, number: int) -> Person:
        """A person by number; one that is hidden from us looks like one that does not exist."""

        def this_one(given: Given) -> Person:
            return _require(read_person(given), lambda found: found.number == number)

        return self._get(self._dialect.path("people", number), this_one)

    def people(self, legacy_id: str) -> Found[Person]:
        """Everybody with this text id. Of a restricted person the id is not told."""

        def these(given: Given) -> Found[Person]:
            return Found(tuple(_require(each, is_asked) for each in read_people(given)))

        def is_asked(found: Person) -> bool:
            return found.legacy_id == legacy_id or (found.known.restricted and found.legacy_id is None)

        return self._get(self._dialect.path("people"), these, {"legacyId": legacy_id})

    def forms(self, reference: str) -> Found[Form]:
        """Every form under our reference."""
        return self._search("forms", reference, read_forms)

    def tasks(self, reference: str) -> Found[Task]:
        """Every task under our reference."""
        return self._search("tasks", reference, read_tasks)

    def withdrawals(self, reference: str) -> Found[Withdrawal]:
        """Every withdrawal under our reference."""
        return self._search("withdrawals", reference, read_withdrawals)

    def open_form(self, body: Body) -> Form:
        """A new form in draft."""
        return self._send("POST", self._dialect.path("forms"), body, 201, read_form)

    def add_document(self, form: int, body: Body) -> StoredDocument:
        """One more document in a form."""
        return self._send("POST", self._dialect.path("forms", form, "documents"), body, 201, read_document)

    def put_answers(self, form: int, body: Body) -> Form:
        """All answers of a form, replacing what was there."""
        return self._send("PUT", self._dialect.path("forms", form, "answers"), body, 200, read_form)

    def complete(self, form: int) -> Form:
        """The form completed: a record, or the next version of one."""
        return self._send("POST", self._dialect.path("forms", form, "complete"), {}, 200, read_form)

    def raise_task(self, body: Body) -> Task:
        """One more task in a tray."""
        return self._send("POST", self._dialect.path("tasks"), body, 201, read_task)

    def withdraw(self, body: Body) -> Withdrawal:
        """A record and all its versions taken off the person's file, for good."""
        return self._send("POST", self._dialect.path("withdrawals"), body, 201, read_withdrawal)

    def _search(self, what: str, reference: str, read: Callable[[Given], tuple[Own, ...]]) -> Found[Own]:
        """One with another reference shows that the search was not understood."""

        def these(given: Given) -> Found[Own]:
            return Found(tuple(_require(each, lambda found: found.reference == reference) for each in read(given)))

        return self._get(self._dialect.path(what), these, {"externalReference": reference})

    def _get(self, path: str, read: Callable[[Given], T], asked: Mapping[str, str] | None = None) -> T:
        parameters = {self._dialect.parameters.theirs(name): value for name, value in (asked or {}).items()}
        return self._ask(Request("GET", path, writes=False, params=parameters), 200, read)

    def _send(self, method: str, path: str, body: Body, status: int, read: Callable[[Given], T]) -> T:
        return self._ask(Request(method, path, writes=True, json=self._dialect.body(dict(body))), status, read)

    def _ask(self, request: Request, status: int, read: Callable[[Given], T]) -> T:
        reply = self._conversation.ask(request)
        if reply.status != status:
            raise problem_in(request, reply, self._dialect)
        try:
            return read(Given(reply.body, self._dialect))
        except UnreadableError:
            pass
        raise unexpected(request, "answer_not_of_the_protocol")


def _require(found: T, holds: Callable[[T], bool]) -> T:
    if not holds(found):
        raise UnreadableError
    return found
