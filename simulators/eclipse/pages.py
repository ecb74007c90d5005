"""Read-only pages for people who watch a demo: what a worker of the authority would see."""

import io

from flask import Blueprint, Response, abort, send_file
from markupsafe import Markup

from simulators.kit.pages import careful, page, table

from .model import Attachment, CaseNote, FormInstance, Task
from .world import World

_MOST = 500
_FORMS = ("Form", "Design", "Person", "State", "Reference", "Team", "Answers", "Attachments")
_TASKS = ("Task", "Person", "Team", "Due", "Reference", "Summary")
_NOTES = ("Note", "Person", "Withdraws form", "On", "Reference", "Words (HTML, shown as text)")
_OFF_FILE = Markup("<p>Withdrawn: taken off this person's file. What it held is kept, and not shown here.</p>")


def pages_blueprint(world: World) -> Blueprint:
    """The routes outside the protocol; no sign-in, loopback only by the socket."""
    pages = Blueprint("pages", __name__)
    pages.after_request(careful)

    @pages.get("/")
    def overview() -> str:
        with world.lock:
            return page("Eclipse", *_overview(world))

    @pages.get("/forms/<int:number>")
    def form(number: int) -> str:
        with world.lock:
            found = world.form(number)
        return page(f"Form {number}", *_form(world, found)) if found else abort(404)

    @pages.get("/attachments/<int:number>")
    def attachment(number: int) -> Response:
        with world.lock:
            found = [item for form in world.all(FormInstance) if not form.withdrawn for item in form.attachments]
        wanted = next((item for item in found if item.id == number), None)
        return _file(wanted) if wanted else abort(404)

    return pages


def _overview(world: World) -> list[Markup]:
    """Newest first."""
    forms = [_form_row(world, item) for item in world.all(FormInstance)[::-1][:_MOST]]
    tasks = [_task_row(item) for item in world.all(Task)[::-1][:_MOST]]
    notes = [_note_row(item) for item in world.all(CaseNote)[::-1][:_MOST]]
    return [
        *(_heading("Forms"), table(_FORMS, forms)),
        *(_heading("Work lists"), table(_TASKS, tasks)),
        *(_heading("Case notes"), table(_NOTES, notes)),
        Markup('<p><a href="/_simulator/">Switches</a></p>'),
    ]


def _form(world: World, form: FormInstance) -> list[Markup]:
    """One form with its answers in the order they were sent, or the word that it was withdrawn."""
    head = table(_FORMS, [_form_row(world, form)])
    if form.withdrawn:
        return [head, _OFF_FILE]
    answers = table(("Control", "Row", "Answer"), [tuple(item.values()) for item in form.answers])
    files = [
        (_link("attachments", item.id), item.title, item.name, item.size, item.sha256) for item in form.attachments
    ]
    columns = ("Attachment", "Title", "File", "Bytes", "SHA-256")
    return [head, _heading("Answers"), answers, _heading("Attachments"), table(columns, files)]


def _form_row(world: World, form: FormInstance) -> tuple[object, ...]:
    marks: dict[str, object] = {"restricted": form.restricted, "withdrawn": form.withdrawn}
    marks |= {f"corrects {form.corrects}": form.corrects, f"corrected by {form.corrected_by}": form.corrected_by}
    state = ", ".join([form.state, *(word for word, holds in marks.items() if holds)])
    name, counts = world.designs[form.design].name, (len(form.answers), len(form.attachments))
    return (_link("forms", form.id), name, form.person_id, state, form.reference, form.team, *counts)


def _task_row(task: Task) -> tuple[object, ...]:
    return (task.id, task.person_id, task.team, task.due, task.reference, task.summary)


def _note_row(note: CaseNote) -> tuple[object, ...]:
    return (note.id, note.person_id, _link("forms", note.form_id), note.event_date, note.reference, note.html)


def _file(attachment: Attachment) -> Response:
    """Only a PDF opens in the browser; anything else is a download."""
    inline = attachment.content.startswith(b"%PDF-")
    mimetype = "application/pdf" if inline else "application/octet-stream"
    return send_file(io.BytesIO(attachment.content), mimetype, as_attachment=not inline, download_name=attachment.name)


def _heading(words: str) -> Markup:
    return Markup("<h2>{}</h2>").format(words)


def _link(kind: str, number: int) -> Markup:
    return Markup('<a href="/{}/{}">{}</a>').format(kind, number, number)
