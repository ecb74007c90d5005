"""Checks on codes and the document, all of them local to the authority."""

from simulators.lcs.case import Case
from simulators.lcs.model import Refusal


def form_type_known(case: Case) -> Refusal | None:
    """Each authority builds its own forms."""
    form = case.manifest.form
    return Refusal("UNKNOWN_FORM_CODE") if form and form.type not in case.authority.forms else None


def answer_codes_known(case: Case) -> Refusal | None:
    """Names the first unknown code; an answer is never dropped silently."""
    form = case.manifest.form
    if form is None:
        return None
    known = case.authority.forms[form.type].answers
    unknown = next((answer.no for answer in form.answers if answer.no not in known), None)
    return None if unknown is None else Refusal("UNKNOWN_ANSWER_CODE", detail=unknown)


def document_type_known(case: Case) -> Refusal | None:
    """Document types decide who may see the document."""
    form = case.manifest.form
    known = case.authority.document_types
    return Refusal("UNKNOWN_DOC_TYPE") if form and form.document_type not in known else None


def document_acceptable(case: Case) -> Refusal | None:
    """An empty file lacks the PDF start too, so one test serves both."""
    document = case.files.held("pdf")
    if case.manifest.form is None or (document and document.content.startswith(b"%PDF-")):
        return None
    return Refusal("DOC_REJECTED")


def task_type_known(case: Case) -> Refusal | None:
    """Tasks only."""
    task = case.manifest.task
    return Refusal("UNKNOWN_TASK_TYPE") if task and task.type not in case.authority.task_types else None


def department_known(case: Case) -> Refusal | None:
    """A task for a department nobody watches would be lost."""
    task = case.manifest.task
    return Refusal("UNKNOWN_DEPARTMENT") if task and task.assign_to not in case.authority.departments else None
