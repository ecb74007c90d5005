"""What stands under our reference there, and what it says about a delivery."""

from __future__ import annotations

from service.adapters.lcs_rest.content import Plan, document_name
from service.adapters.lcs_rest.shapes import Form, StoredDocument, Task, Withdrawal
from service.domain.delivery import Reason
from service.errors import NeedsHuman
from service.ports import Partial, Receipt


def require_same(form: Form, plan: Plan, person: int) -> Form:
    """A form under our reference about somebody or something else."""
    if form.reference != plan.filing.reference:
        raise NeedsHuman(Reason.CONTRADICTION, "another_reference")
    if form.person != person:
        raise NeedsHuman(Reason.CONTRADICTION, "another_person")
    if form.form_type != plan.form_type:
        raise NeedsHuman(Reason.CONTRADICTION, "another_form_type")
    if form.replaces != plan.replaces:
        raise NeedsHuman(Reason.CONTRADICTION, "another_record_corrected")
    return form


def holds_answers(form: Form, plan: Plan) -> bool:
    """The restriction counts as an answer: a record kept from some eyes must not lie open for want of one flag."""
    return form.answers_sha256 == plan.answers_sha256 and form.restricted == plan.filing.restricted


def by_digest(form: Form, sha256: str) -> StoredDocument | None:
    """Our document by its bytes; the first one, should it have been stored twice."""
    ours = [document for document in form.documents if document.sha256 == sha256]
    return min(ours, key=lambda document: document.number, default=None)


def outcome(form: Form, *, documents_here: bool) -> Receipt | Partial:
    """The answer to a look-up, which has nothing to go by but the reference.

    Of several documents of our name the last is the one an attempt went on with.
    """
    if not form.complete:
        return Partial()
    ours = [document for document in form.documents if document.name == document_name(form.reference)]
    document = max(ours, key=lambda each: each.number, default=None)
    return form_receipt(form, document, documents_here=documents_here)


def form_receipt(form: Form, document: StoredDocument | None, *, documents_here: bool) -> Receipt:
    """A complete form must hold answers, and our document if it is kept here; else somebody else completed it."""
    if form.answers_sha256 is None or (documents_here and document is None):
        raise NeedsHuman(Reason.CONTRADICTION, "completed_without_our_content")
    evidence = {"form_id": str(form.number), "filed_at": str(form.filed_at), "answers_sha256": form.answers_sha256}
    if document is not None:
        evidence["document_sha256"] = document.sha256
    if form.replaces is not None:
        evidence |= {"replaces_record": str(form.replaces), "version": str(form.version)}
    return Receipt(str(form.record), str(document.number) if document else None, evidence)


def task_receipt(task: Task) -> Receipt:
    """A task is delivered when it is in the tray, whatever has become of it since."""
    return Receipt(str(task.number), None, {"created_at": task.created_at})


def withdrawal_receipt(withdrawal: Withdrawal) -> Receipt:
    """A withdrawal's proof, under the number of the record withdrawn."""
    evidence = {"withdrawal_id": str(withdrawal.number), "withdrawn_at": withdrawal.withdrawn_at}
    return Receipt(str(withdrawal.record), None, evidence)
