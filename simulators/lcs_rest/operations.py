"""What a caller can do. Every operation looks and changes under one lock, and stores nothing when it is refused.

`Sent` reads the body in the given shape: for a form in the path that comes after the checks on the form.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from simulators.lcs_rest import body, checks, documents, opening
from simulators.lcs_rest.answers import SHAPE, missing, refuse_answers
from simulators.lcs_rest.forms import FormType
from simulators.lcs_rest.memory import Memory, now
from simulators.lcs_rest.model import NONE, Document, Form, Task, Withdrawal
from simulators.lcs_rest.people import World
from simulators.lcs_rest.refusals import Refused, unknown_code

Sent = Callable[[Mapping[str, body.Check]], dict[str, Any]]
_REASONS = ("wrong_young_person", "entered_twice", "entered_in_error")
_ANSWERS = {"restricted": body.flag, "answers": body.a_list}
_WITHDRAWAL = {
    "authority": body.text,
    "personId": body.whole,
    "recordId": body.whole,
    "reason": body.one_of(*_REASONS),
    "externalReference": body.reference,
}
_TASK = {
    "authority": body.text,
    "personId": body.whole,
    "taskType": body.text,
    "dueOn": body.day,
    "departmentCode": body.text,
    "workerId": body.whole,
    "title": body.sized(250),
    "externalReference": body.reference,
}


class Operations:
    """One authority's LCS."""

    def __init__(self, memory: Memory, world: World, forms: Mapping[str, FormType], largest_document: int) -> None:
        self._memory, self._world, self._forms, self._largest = memory, world, forms, largest_document

    def open_form(self, sent: Sent) -> Form:
        with self._memory.lock:
            values = sent(opening.SHAPE)
            claim = opening.claim_of(values)
            self._refuse_repeated(Form, values["externalReference"])
            checks.authority_served(self._world, values["authority"])
            person = opening.person_agreed(self._world, values["personId"], claim)
            opening.form_allowed(self._forms, values["formType"])
            return self._keep(opening.new_form(self._memory, values, person))

    def add_document(self, form_id: int, sent: Sent) -> Document:
        with self._memory.lock:
            form, values = self._draft(form_id), sent(documents.SHAPE)
            content = documents.accepted(values, self._world.document_types, self._largest)
            number = next(self._memory.document_ids)
            added = Document(number, values["fileName"], values["title"], values["documentType"], content)
            self._keep(replace(form, documents=(*form.documents, added)))
            return added

    def replace_answers(self, form_id: int, sent: Sent) -> Form:
        with self._memory.lock:
            form, values = self._draft(form_id), sent(_ANSWERS)
            answers = tuple(body.members(answer, SHAPE, "answers") for answer in values["answers"])
            refuse_answers(self._forms[form.form_type], answers)
            return self._keep(replace(form, restricted=values["restricted"] == "Y", answers=answers))

    def complete(self, form_id: int, sent: Sent) -> Form:
        """The number of the record it corrects, or a new one; the version counts the complete ones."""
        with self._memory.lock:
            form = self._draft(form_id)
            sent({})
            self._refuse_unfinished(form)
            record_id = next(self._memory.record_ids) if form.replaces == NONE else form.replaces
            version = len(self._memory.record(record_id)) + 1
            return self._keep(replace(form, status="COMPLETE", record_id=record_id, version=version, filed_at=now()))

    def withdraw(self, sent: Sent) -> Withdrawal:
        with self._memory.lock:
            values = sent(_WITHDRAWAL)
            self._refuse_repeated(Withdrawal, values["externalReference"])
            checks.authority_served(self._world, values["authority"])
            checks.not_locked(checks.let_in(self._world, values["personId"]))
            checks.record_of(self._memory, values["recordId"], values["personId"])
            number, about = next(self._memory.withdrawal_ids), (values["recordId"], values["personId"])
            made = Withdrawal(number, *about, values["reason"], values["externalReference"], now())
            self._memory.withdrawals.append(made)
            return made

    def raise_task(self, sent: Sent) -> Task:
        with self._memory.lock:
            values = sent(_TASK)
            self._refuse_repeated(Task, values["externalReference"])
            checks.authority_served(self._world, values["authority"])
            checks.working_with(self._world, values["personId"])
            if values["taskType"] not in self._world.task_types:
                raise unknown_code("UNKNOWN_TASK_TYPE")
            checks.assignee_known(self._world, values["departmentCode"], values["workerId"])
            made = Task(next(self._memory.task_ids), values, now())
            self._memory.tasks.append(made)
            return made

    def form(self, form_id: int) -> Form:
        found = self._memory.forms.get(form_id)
        if found is None:
            raise Refused(404, "FORM_NOT_FOUND", "There is no such form.")
        return found

    def _draft(self, form_id: int) -> Form:
        """A form that may still be changed, about a person whose record may be."""
        form = self.form(form_id)
        checks.in_draft(form)
        checks.not_locked(checks.working_with(self._world, form.person_id))
        checks.not_withdrawn(self._memory, form.replaces)
        return form

    def _keep(self, form: Form) -> Form:
        self._memory.forms[form.form_id] = form
        return form

    def _refuse_unfinished(self, form: Form) -> None:
        design = self._forms[form.form_type]
        errors = missing(design, form.answers)
        if design.document and not form.documents:
            errors.append({"field": "documents", "rule": "REQUIRED"})
        if errors:
            raise Refused(422, "NOT_FINISHED", "The form is not finished.", errors=errors)

    def _refuse_repeated(self, kind: type, reference: str) -> None:
        """Unique for each kind, drafts too; the answer leads back to what was made then."""
        first = next((held for held in self._memory.under(reference) if isinstance(held, kind)), None)
        if first is not None:
            raise Refused(409, "DUPLICATE_REFERENCE", "The reference was used before.", **_numbers(first))


def _numbers(held: Form | Task | Withdrawal) -> dict[str, int]:
    if isinstance(held, Task):
        return {"recordId": NONE, "taskId": held.task_id}
    if isinstance(held, Withdrawal):
        return {"recordId": held.record_id, "withdrawalId": held.withdrawal_id}
    return {"recordId": held.record_id, "formId": held.form_id}
