"""The operations of the description, each with the answer it must give; every other answer is a problem."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import zeep.exceptions

from service.adapters.http import Conversation, Reply, Request, unexpected
from service.adapters.mosaic.shapes import (
    Note,
    Step,
    StoredDocument,
    read_document,
    read_note,
    read_notes,
    read_person,
    read_step,
    read_steps,
    read_this_step,
)
from service.adapters.mosaic.soap.description import NAMESPACE, Description
from service.adapters.mosaic.soap.envelope import MEDIA, User, content, signed
from service.adapters.mosaic.soap.reasons import problem_in
from service.adapters.mosaic.soap.safe_xml import parse
from service.adapters.mosaic.soap.values import arguments, body
from service.adapters.mosaic.wire import Body
from service.adapters.shared.identity import Known
from service.adapters.shared.strict import UnreadableError
from service.domain.delivery import Reason
from service.errors import NeedsHuman

T = TypeVar("T")
Answer = dict[str, Any]


class SoapWire:
    """One conversation with a Mosaic over SOAP. A `Wire`."""

    def __init__(self, conversation: Conversation, description: Description, user: User) -> None:
        self._conversation, self._description, self._user = conversation, description, user

    def person(self, number: int) -> Known:
        """A person by number."""

        def read(answer: Answer) -> Known:
            return read_person(answer["person"], number)

        return self._read("GetPerson", {"personId": number}, read, missing=Reason.PERSON_NOT_FOUND)

    def steps(self, reference: str) -> tuple[Step, ...]:
        """Every step under our reference."""
        return self._read("FindSteps", {"externalReference": reference}, lambda answer: read_steps(answer, reference))

    def step(self, number: int) -> Step:
        """The step of a record."""

        def read(answer: Answer) -> Step:
            return read_this_step(answer["step"], number)

        return self._read("GetStep", {"stepId": number}, read, missing=Reason.RECORD_NOT_THERE)

    def notes(self, reference: str) -> tuple[Note, ...]:
        """Every note under our reference."""
        return self._read("FindNotes", {"externalReference": reference}, lambda answer: read_notes(answer, reference))

    def open_step(self, body: Body) -> Step:
        """A new step. An unknown subject is the only thing that can be missing."""
        return self._write("OpenStep", body, _step_in, missing=Reason.PERSON_NOT_FOUND)

    def put_answers(self, step: Step, body: Body) -> Step:
        """All answers of a step, replacing what was there."""
        return self._write("PutAnswers", {"stepId": step.number, **body}, _step_in)

    def add_document(self, step: Step, name: str, content: bytes, fields: Mapping[str, str]) -> StoredDocument:
        """One more document on a step."""
        given = {"stepId": step.number, "fileName": name, **fields, "content": content}
        return self._write("AddDocument", given, lambda answer: read_document(answer["document"]))

    def complete(self, step: Step, body: Body) -> Step:
        """The step completed and its next actions raised."""
        return self._write("CompleteStep", {"stepId": step.number, **body}, _step_in)

    def add_note(self, step: Step, body: Body) -> Note:
        """One more note on a step."""
        return self._write("AddNote", {"stepId": step.number, **body}, lambda answer: read_note(answer["note"]))

    def _read(
        self, operation: str, given: Body, read: Callable[[Answer], T], *, missing: Reason = Reason.NOT_PERMITTED
    ) -> T:
        return self._ask(operation, self._request(operation, given, writes=False), read, missing)

    def _write(
        self, operation: str, given: Body, read: Callable[[Answer], T], *, missing: Reason = Reason.NOT_PERMITTED
    ) -> T:
        return self._ask(operation, self._request(operation, given, writes=True), read, missing)

    def _request(self, operation: str, given: Body, *, writes: bool) -> Request:
        """Refused before anything is sent when it cannot be written. zeep's own words would quote it."""
        try:
            envelope = self._description.envelope(operation, arguments(given))
        except (zeep.exceptions.Error, ValueError):
            pass
        else:
            headers = {"Content-Type": f"{MEDIA}; charset=utf-8", "SOAPAction": f'"{NAMESPACE}/{operation}"'}
            sent = signed(envelope, self._user)
            return Request("POST", "", writes=writes, content=sent, headers=headers, accepts=(MEDIA,))
        raise NeedsHuman(Reason.CONTENT_REFUSED, "not_to_be_written_in_xml")

    def _ask(self, operation: str, request: Request, read: Callable[[Answer], T], missing: Reason) -> T:
        """`missing` is by default a lack of permission: a step we have just seen does not cease to exist."""
        reply = self._conversation.ask(request)
        if reply.status != 200:
            raise problem_in(request, reply, self._description, missing=missing)
        try:
            return read(self._answer(operation, reply))
        except UnreadableError:
            pass
        raise unexpected(request, "answer_not_of_the_protocol")

    def _answer(self, operation: str, reply: Reply) -> Answer:
        if reply.content is None:
            raise UnreadableError
        element = content(parse(reply.content))
        if element.tag != f"{{{NAMESPACE}}}{operation}Response":
            raise UnreadableError
        return body(self._description.read(element))


def _step_in(answer: Answer) -> Step:
    return read_step(answer["step"])
