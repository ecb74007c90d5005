"""The routes of the protocol, each with the answer it must give; every other answer is a problem."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from service.adapters.eclipse.media import REFUSAL, is_shown, media_type, reading, searching, writing
from service.adapters.eclipse.reasons import problem_in
from service.adapters.eclipse.shapes import (
    Attachment,
    Design,
    Form,
    Note,
    Person,
    Task,
    read_attachment,
    read_design,
    read_form,
    read_note,
    read_ours,
    read_permissions,
    read_person,
    read_results,
    read_task,
    read_under,
)
from service.adapters.http import Conversation, Request, unexpected
from service.adapters.shared.strict import UnreadableError
from service.domain.delivery import Reason

T = TypeVar("T")
Body = Mapping[str, object]
FORM, ATTACHMENT = "form.FormInstance", "attachment.Attachment"
NOTE, TASK = "casenote.CaseNoteEntry", "task.WorkListTask"


class EclipseApi:
    """One conversation with an Eclipse."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation

    def people(self, number: str) -> tuple[Person, ...]:
        """Everybody who has this number, now or in the product before; one hidden from us is not among them."""
        request = searching("/person", "person.Person", nameOrId=number, appendWildcard="false")
        return self._ask(request, 200, lambda body: read_results(body, read_person))

    def design(self, guid: str) -> Design:
        """A form design of this authority."""
        request = reading(f"/formDesign/{guid}", "form.FormDesign")
        return self._ask(request, 200, read_design, missing=Reason.UNKNOWN_CODE)

    def permissions(self) -> frozenset[str]:
        """What our sign-in may do."""
        return self._ask(reading("/oauth/aggregatedPermission", "security.AggregatedPermission"), 200, read_permissions)

    def forms(self, reference: str) -> tuple[Form, ...]:
        """The form instances under our reference."""
        request = searching("/formInstance", FORM, externalReference=reference)
        return self._ask(request, 200, lambda body: read_under(body, reference, read_form))

    def form(self, number: int) -> Form:
        """The form instance of a record by the number we were once given; hidden from us looks like gone."""
        request = reading(f"/formInstance/{number}", FORM)
        return self._ask(request, 200, lambda body: _numbered(body, number), missing=Reason.RECORD_NOT_THERE)

    def notes(self, reference: str) -> tuple[Note, ...]:
        """The case notes under our reference."""
        request = searching("/caseNoteEntry", NOTE, externalReference=reference)
        return self._ask(request, 200, lambda body: read_under(body, reference, read_note))

    def tasks(self, reference: str) -> tuple[Task, ...]:
        """The tasks under our reference."""
        request = searching("/workListTask", TASK, externalReference=reference)
        return self._ask(request, 200, lambda body: read_under(body, reference, read_task))

    def open_form(self, person: int, body: Body) -> Form:
        """A new form instance, as a draft."""
        return self._add(f"/person/{person}/formInstance", FORM, "form.NewFormInstance", body, read_form)

    def put_answers(self, form: Form, body: Body) -> Form:
        """All answers of a draft, replacing what was there."""
        request = writing("PUT", f"/formInstance/{form.id}/answers", FORM, "form.FormAnswers", body)
        return self._ask(request, 200, lambda body: _numbered(body, form.id))

    def attach(self, form: Form, name: str, content: bytes, fields: Mapping[str, str]) -> Attachment:
        """One more file on a draft."""
        files, path = {"file": (name, content, "application/pdf")}, f"/formInstance/{form.id}/attachment"
        accepts = (media_type(ATTACHMENT), REFUSAL)
        return self._ask(
            Request("POST", path, writes=True, fields=fields, files=files, accepts=accepts), 201, read_attachment
        )

    def put_state(self, form: Form, body: Body) -> Form:
        """Another state of a draft."""
        request = writing("PUT", f"/formInstance/{form.id}/state", FORM, "form.FormInstanceState", body)
        return self._ask(request, 200, lambda body: _numbered(body, form.id))

    def add_note(self, person: int, body: Body) -> Note:
        """One more case note; there is no way to take it back."""
        return self._add(f"/person/{person}/caseNoteEntry", NOTE, "casenote.NewCaseNoteEntry", body, read_note)

    def add_task(self, person: int, body: Body) -> Task:
        """One more task in a work list."""
        return self._add(f"/person/{person}/workListTask", TASK, "task.NewWorkListTask", body, read_task)

    def _add(self, path: str, shown: str, sent: str, body: Body, read: Callable[[object], T]) -> T:
        """Something new about a person, under our reference."""
        request, reference = writing("POST", path, shown, sent, body), str(body["externalReference"])
        return self._ask(
            request, 201, lambda answer: read_ours(answer, reference, read), missing=Reason.PERSON_NOT_FOUND
        )

    def _ask(
        self, request: Request, status: int, read: Callable[[object], T], *, missing: Reason = Reason.NOT_PERMITTED
    ) -> T:
        """`missing` is by default a lack of permission: a form we have just seen does not cease to exist."""
        reply = self._conversation.ask(request)
        if reply.status != status:
            raise problem_in(request, reply, missing=missing)
        try:
            if is_shown(request, reply):
                return read(reply.data)
        except UnreadableError:
            pass
        raise unexpected(request, "answer_not_of_the_protocol")


def _numbered(body: object, number: int) -> Form:
    """The form instance with this number."""
    form = read_form(body)
    if form.id != number:
        raise UnreadableError
    return form
