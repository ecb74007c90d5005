"""Read-only pages for people who watch: what this LCS holds, newest first.

The ordinary pages show of a withdrawn record only that it was withdrawn, and why. Its answers and documents are under
`/kept/`, which in a real system would take a right of its own.
"""

from collections.abc import Iterable
from io import BytesIO

from flask import Blueprint, Response, abort, send_file
from markupsafe import Markup

from simulators.kit.pages import careful, page, table
from simulators.lcs_rest.memory import Memory
from simulators.lcs_rest.model import NONE, Form, Withdrawal

_MOST_SHOWN = 200
_FORMS = ("Form", "Record", "Version", "State", "Person", "Type", "Reference", "Answers", "Documents", "Filed")
_TASKS = ("Task", "Person", "Type", "Due", "Department", "Worker", "Title", "Reference")
_WITHDRAWALS = ("Withdrawal", "Record", "Person", "Reason", "Reference", "At")


def pages_blueprint(memory: Memory) -> Blueprint:
    """No sign-in: the socket is on loopback."""
    pages = Blueprint("pages", __name__)
    pages.add_url_rule("/", "overview", lambda: _overview(memory))
    for start, kept in (("", False), ("/kept", True)):
        pages.add_url_rule(
            f"{start}/forms/<int:form>", f"form{kept}", lambda form, kept=kept: _form(memory, form, kept)
        )
        pages.add_url_rule(
            f"{start}/documents/<int:document>",
            f"document{kept}",
            lambda document, kept=kept: _document(memory, document, kept),
        )
    pages.after_request(careful)
    return pages


def _overview(memory: Memory) -> str:
    with memory.lock:
        forms = [_form_row(form, memory.withdrawal(form.record_id)) for form in memory.forms.values()]
        tasks, withdrawals = list(memory.tasks), list(memory.withdrawals)
    order = ("taskId", "personId", "taskType", "dueOn", "departmentCode", "workerId", "title", "externalReference")
    trays = [[_number(task.wire()[name]) for name in order] for task in tasks]
    gone = [[w.withdrawal_id, w.record_id, w.person_id, w.reason, w.reference, w.withdrawn_at] for w in withdrawals]
    return page(
        "LCS over HTTP",
        *_section("Forms", _FORMS, forms),
        *_section("Work trays", _TASKS, trays),
        *_section("Withdrawn", _WITHDRAWALS, gone),
    )


def _section(title: str, headers: Iterable[str], rows: list[list[object]]) -> tuple[Markup, Markup]:
    return Markup("<h2>{}</h2>").format(title), table(headers, rows[::-1][:_MOST_SHOWN])


def _form_row(form: Form, withdrawal: Withdrawal | None) -> list[object]:
    link = Markup('<a href="/forms/{}">{}</a>').format(form.form_id, form.form_id)
    documents = len(form.documents) if withdrawal else _links(form, "")
    state = "WITHDRAWN" if withdrawal else form.status
    numbers = [_number(form.record_id), _number(form.version)]
    about = [form.person_id, form.form_type, form.reference]
    return [link, *numbers, state, *about, len(form.answers), documents, form.filed_at]


def _links(form: Form, start: str) -> Markup:
    links = [
        Markup('<a href="{}/documents/{}">{}</a>').format(start, document.document_id, document.title)
        for document in form.documents
    ]
    return Markup(", ").join(links)


def _form(memory: Memory, form_id: int, kept: bool) -> str:
    """One form with its answers in the order of display, or the word that it was withdrawn."""
    form = memory.forms.get(form_id) or abort(404)
    withdrawal = memory.withdrawal(form.record_id)
    if kept and not withdrawal:
        abort(404)
    said = table(_FORMS, [_form_row(form, withdrawal)])
    if withdrawal and not kept:
        return page(f"Form {form_id}", said, Markup("<p>Withdrawn: {}</p>").format(withdrawal.reason))
    rows = [[answer["answerNo"], answer["row"], answer["answer"]] for answer in form.answers]
    restricted = Markup("<p>Restricted</p>") if form.restricted else Markup("")
    documents = Markup("<p>{}</p>").format(_links(form, "/kept" if kept else ""))
    return page(f"Form {form_id}", said, restricted, documents, table(("Answer", "Row", "Text"), rows))


def _document(memory: Memory, document_id: int, kept: bool) -> Response:
    found = memory.document(document_id)
    if found is None or kept != (memory.withdrawal(found[0].record_id) is not None):
        abort(404)
    return send_file(BytesIO(found[1].content), "application/pdf", download_name=found[1].file_name)


def _number(value: object) -> object:
    """What is missing is shown as missing."""
    return None if value in {NONE, str(NONE)} else value
