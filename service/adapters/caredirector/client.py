"""The routes of the protocol, each with the answer it must give; every other answer is a problem."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from service.adapters.caredirector.reasons import problem_in
from service.adapters.caredirector.searching import Conditions, read_found, search
from service.adapters.caredirector.shapes import (
    Attachment,
    Form,
    Note,
    Person,
    Task,
    read_attachment,
    read_case,
    read_created,
    read_form,
    read_note,
    read_person,
    read_task,
)
from service.adapters.http import Conversation, Request, unexpected
from service.adapters.shared.found import Found
from service.adapters.shared.strict import UnreadableError
from service.domain.delivery import Reason

T = TypeVar("T")
Body = Mapping[str, object]

TWO = 2
"""Enough to see that there is more than one."""
MANY = 100


class CareDirectorApi:
    """One conversation with a CareDirector."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation

    def people(self, number: str) -> Found[Person]:
        """The people under a number: it is not unique, and one hidden from us is not among them."""
        return self._find("person", {"personnumber": number}, read_person, TWO)

    def open_cases(self, person: str) -> Found[str]:
        """The ids of a person's open cases."""
        return self._find("case", {"personid": person, "casestatusid": "1"}, read_case, MANY)

    def forms(self, reference: str) -> Found[Form]:
        """The case forms under our reference."""
        return self._find("caseform", {"externalreference": reference}, read_form, TWO)

    def form(self, number: str) -> Found[Form]:
        """The case form with this id."""
        return self._find("caseform", {"id": number}, read_form, TWO)

    def attachments(self, form: str, name: str) -> Found[Attachment]:
        """The files of a form under a name."""
        return self._find("caseformattachment", {"caseformid": form, "filename": name}, read_attachment, MANY)

    def attachment(self, number: str, form: str) -> Found[Attachment]:
        """The file with this id, on its form."""
        return self._find("caseformattachment", {"id": number, "caseformid": form}, read_attachment, TWO)

    def tasks(self, reference: str) -> Found[Task]:
        """The tasks under our reference."""
        return self._find("task", {"externalreference": reference}, read_task, TWO)

    def notes(self, reference: str) -> Found[Note]:
        """The case notes under our reference."""
        return self._find("casenote", {"externalreference": reference}, read_note, TWO)

    def open_form(self, body: Body) -> str:
        """A new case form, as a draft."""
        return self._write("POST", "/core/data/caseform", body)

    def change_form(self, number: str, body: Body) -> None:
        """Some fields of a draft, all or none."""
        changed = Request("PUT", f"/core/data/caseform/{number}", writes=True, json=body)
        if self._ask(changed, 201, read_created) != number:
            raise unexpected(changed, "another_form_changed")

    def attach(self, body: Body) -> str:
        """One more file on a draft."""
        return self._write("POST", "/files/caseformattachment", body)

    def add_task(self, body: Body) -> str:
        """One more task in a tray."""
        return self._write("POST", "/core/data/task", body)

    def add_note(self, body: Body) -> str:
        """One more case note; there is no way to take it back."""
        return self._write("POST", "/core/data/casenote", body, missing=Reason.RECORD_NOT_THERE)

    def _find(self, entity: str, conditions: Conditions, read: Callable[[dict[str, Any]], T], top: int) -> Found[T]:
        request = search(entity, conditions, top)
        return self._ask(request, 200, lambda body: read_found(body, conditions, top, read))

    def _write(self, method: str, path: str, body: Body, *, missing: Reason = Reason.NOT_PERMITTED) -> str:
        return self._ask(Request(method, path, writes=True, json=body), 201, read_created, missing=missing)

    def _ask(
        self,
        request: Request,
        status: int,
        read: Callable[[dict[str, Any]], T],
        *,
        missing: Reason = Reason.NOT_PERMITTED,
    ) -> T:
        """`missing` is by default a lack of permission: a form we have just seen does not cease to exist."""
        reply = self._conversation.ask(request)
        if reply.status != status:
            raise problem_in(request, reply, missing=missing)
        try:
            if reply.body is not None:
                return read(reply.body)
        except UnreadableError:
            pass
        raise unexpected(request, "answer_not_of_the_protocol")
