"""The routes of the protocol, each with the answer it must give; every other answer is a problem."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from service.adapters.http import Conversation, Request, unexpected
from service.adapters.mosaic.rest.reasons import problem_in
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
from service.adapters.mosaic.wire import Body
from service.adapters.shared.identity import Known
from service.adapters.shared.strict import UnreadableError
from service.domain.delivery import Reason

T = TypeVar("T")


class RestWire:
    """One conversation with a Mosaic over REST. A `Wire`."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation

    def person(self, number: int) -> Known:
        """A person by number."""
        request = Request("GET", f"/people/{number}", writes=False)
        return self._ask(request, 200, lambda body: read_person(body, number), missing=Reason.PERSON_NOT_FOUND)

    def steps(self, reference: str) -> tuple[Step, ...]:
        """Every step under our reference."""
        request = Request("GET", "/steps", writes=False, params={"externalReference": reference})
        return self._ask(request, 200, lambda body: read_steps(body, reference))

    def step(self, number: int) -> Step:
        """The step of a record."""
        request = Request("GET", f"/steps/{number}", writes=False)
        return self._ask(request, 200, lambda body: read_this_step(body, number), missing=Reason.RECORD_NOT_THERE)

    def notes(self, reference: str) -> tuple[Note, ...]:
        """Every note under our reference."""
        request = Request("GET", "/notes", writes=False, params={"externalReference": reference})
        return self._ask(request, 200, lambda body: read_notes(body, reference))

    def open_step(self, body: Body) -> Step:
        """A new step. An unknown subject is the only thing that can be missing."""
        request = Request("POST", "/steps", writes=True, json=body)
        return self._ask(request, 201, read_step, missing=Reason.PERSON_NOT_FOUND)

    def put_answers(self, step: Step, body: Body) -> Step:
        """All answers of a step, replacing what was there."""
        return self._ask(Request("PUT", f"/steps/{step.number}/answers", writes=True, json=body), 200, read_step)

    def add_document(self, step: Step, name: str, content: bytes, fields: Mapping[str, str]) -> StoredDocument:
        """One more document on a step."""
        files = {"file": (name, content, "application/pdf")}
        request = Request("POST", f"/steps/{step.number}/documents", writes=True, fields=fields, files=files)
        return self._ask(request, 201, read_document)

    def complete(self, step: Step, body: Body) -> Step:
        """The step completed and its next actions raised."""
        return self._ask(Request("POST", f"/steps/{step.number}/complete", writes=True, json=body), 200, read_step)

    def add_note(self, step: Step, body: Body) -> Note:
        """One more note on a step."""
        return self._ask(Request("POST", f"/steps/{step.number}/notes", writes=True, json=body), 201, read_note)

    def _ask(
        self,
        request: Request,
        status: int,
        read: Callable[[dict[str, Any]], T],
        *,
        missing: Reason = Reason.NOT_PERMITTED,
    ) -> T:
        """`missing` is by default a lack of permission: a step we have just seen does not cease to exist."""
        reply = self._conversation.ask(request)
        if reply.status != status:
            raise problem_in(request, reply, missing=missing)
        try:
            if reply.body is not None:
                return read(reply.body)
        except UnreadableError:
            pass
        raise unexpected(request, "answer_not_of_the_protocol")
