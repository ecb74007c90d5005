"""Read-only pages for people who watch a demo: what came in, newest first."""

from io import BytesIO

from flask import Blueprint, Response, abort, send_file
from markupsafe import Markup

from simulators.kit.pages import careful, page, table

from .catalogue import SUB_TYPES, TEAMS
from .forms import Template
from .model import Attachment, CaseForm, CaseNote, Task
from .store import Store

_MOST_SHOWN = 500


class Pages:
    """The pages over one store. Of a withdrawn case form they show that it was, and why, but not what it said."""

    def __init__(self, store: Store, templates: dict[str, Template]) -> None:
        self._store, self._templates = store, templates

    def blueprint(self) -> Blueprint:
        pages = Blueprint("pages", __name__)
        pages.get("/")(self.overview)
        pages.get("/caseforms/<form_id>")(self.form)
        pages.get("/documents/<file_id>")(self.document)
        pages.after_request(careful)
        return pages

    def overview(self) -> str:
        newest = self._store.records()[::-1]
        forms = [self._form_row(record) for record in newest if isinstance(record, CaseForm)]
        tasks = [self._task_row(record) for record in newest if isinstance(record, Task)]
        notes = [_note_row(record) for record in newest if isinstance(record, CaseNote)]
        return page(
            "CareDirector (simulated)",
            _section("Case forms"),
            table(("Reference", "Person", "Form", "State", "Team", "Documents", "Received"), forms[:_MOST_SHOWN]),
            _section("Tasks"),
            table(("Reference", "Person", "Due", "Subject", "Team", "Received"), tasks[:_MOST_SHOWN]),
            _section("Case notes"),
            table(("Reference", "About", "Notes", "Received"), notes[:_MOST_SHOWN]),
        )

    def form(self, form_id: str) -> str:
        found = self._store.form(form_id) or abort(404)
        title = f"{self._templates[found.template_id].title}: {found.reference}"
        if found.withdrawn:
            return page(title, Markup("<p>Withdrawn. It is no longer on the person's file.</p>"))
        answers = [(answer["questioncode"], answer["row"], answer["value"]) for answer in found.answers]
        files = [(_link(file), SUB_TYPES[file.sub_type_id], file.size, file.sha256) for file in found.documents]
        return page(
            title,
            Markup("<p>{}</p>").format(_state(found)),
            _section("Documents"),
            table(("Document", "Kind", "Bytes", "SHA-256"), files),
            _section("Answers"),
            table(("Question", "Row", "Answer"), answers),
        )

    def document(self, file_id: str) -> Response:
        """The stored bytes; only a PDF opens in the browser, anything else is saved."""
        forms = [record for record in self._store.records() if isinstance(record, CaseForm) and not record.withdrawn]
        file = next((file for form in forms for file in form.documents if file.id == file_id), None)
        if file is None:
            abort(404)
        is_pdf = file.content.startswith(b"%PDF-")
        kind = "application/pdf" if is_pdf else "application/octet-stream"
        return send_file(BytesIO(file.content), kind, as_attachment=not is_pdf, download_name=file.filename)

    def _form_row(self, form: CaseForm) -> tuple[object, ...]:
        link = Markup('<a href="/caseforms/{}">{}</a>').format(form.id, form.reference)
        files = Markup(", ").join(_link(file) for file in form.documents) if not form.withdrawn else ""
        person, title = self._store.person_of(form).number, self._templates[form.template_id].title
        return link, person, title, _state(form), TEAMS[form.team_id], files, form.created

    def _task_row(self, task: Task) -> tuple[object, ...]:
        person = self._store.person_of(task).number
        return task.reference, person, task.due, task.subject, TEAMS[task.team_id], task.created


def _section(title: str) -> Markup:
    return Markup("<h2>{}</h2>").format(title)


def _note_row(note: CaseNote) -> tuple[object, ...]:
    about = Markup('<a href="/caseforms/{0}">{0}</a>').format(note.form_id)
    return note.reference, about, note.notes, note.created


def _link(file: Attachment) -> Markup:
    return Markup('<a href="/documents/{}">{}</a>').format(file.id, file.filename)


def _state(form: CaseForm) -> str:
    """The state in words, with everything that changes how the form is to be read."""
    words = ["Complete" if form.complete else "Initial"]
    words += ["restricted"] if form.restriction_id else []
    words += ["a correction"] if form.corrects else []
    words += ["corrected"] if form.corrected_by else []
    words += ["withdrawn"] if form.withdrawn else []
    return ", ".join(words)
