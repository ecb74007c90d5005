"""What a person sees who opens the simulator in a browser: everything it holds, newest first."""

from collections.abc import Iterable
from typing import TypeVar

from flask import Blueprint, Response, abort
from markupsafe import Markup

from simulators.kit.pages import careful, page, table

from .model import Record
from .store import Store

_Held = TypeVar("_Held")
_HEADERS = ("Record", "Reference", "Child id", "Form", "State", "Restricted", "Documents", "Corrects", "Changed")


def pages_blueprint(store: Store, title: str) -> Blueprint:
    """The overview, one record, and the bytes of its documents."""
    pages = Blueprint("pages", __name__)
    pages.after_request(careful)

    @pages.get("/")
    def overview() -> str:
        return page(title, *_overview(store))

    @pages.get("/shown/<record_id>")
    def record(record_id: str) -> str:
        return page(f"Record {record_id}", *_record(store, _found(store, record_id)))

    @pages.get("/shown/<record_id>/<document_id>")
    def document(record_id: str, document_id: str) -> Response:
        for held in _found(store, record_id).documents:
            if held.id == document_id:
                kind = "application/pdf" if held.content.startswith(b"%PDF-") else "application/octet-stream"
                return Response(held.content, mimetype=kind)
        abort(404)

    return pages


def _found(store: Store, record_id: str) -> Record:
    record = store.records.get(record_id)
    if record is None:
        abort(404)
    return record


def _overview(store: Store) -> Iterable[Markup]:
    yield Markup("<h2>Records</h2>")
    yield table(_HEADERS, [_row(store, record) for record in _newest(store.records.values())])
    yield Markup("<h2>Tasks</h2>")
    tasks = [
        (task.reference, store.people[task.person_id].child_id, task.team, task.due_on, task.text)
        for task in _newest(store.tasks.values())
    ]
    yield table(("Reference", "Child id", "Team", "Due", "Text"), tasks)
    yield Markup("<h2>Notes</h2>")
    notes = [(note.reference, note.record_id, note.note_type, note.text) for note in _newest(store.notes.values())]
    yield table(("Reference", "Record", "Type", "Text"), notes)


def _record(store: Store, record: Record) -> Iterable[Markup]:
    yield table(_HEADERS, [_row(store, record)])
    yield Markup("<h2>Answers</h2>")
    yield table(("Question", "Row", "Answer"), [(item["code"], item["row"], item["value"]) for item in record.answers])
    yield Markup("<h2>Documents</h2>")
    rows = [
        (_link(f"/shown/{record.id}/{held.id}", held.name), held.title, held.document_type, len(held.content))
        for held in record.documents
    ]
    yield table(("Name", "Title", "Type", "Bytes"), rows)


def _row(store: Store, record: Record) -> tuple[object, ...]:
    state = f"{record.state}, withdrawn" if record.withdrawn else record.state
    child_id = store.people[record.person_id].child_id
    link = _link(f"/shown/{record.id}", record.id)
    restricted = "yes" if record.restricted else "no"
    documents = len(record.documents)
    form, changed = record.form_type, record.modified_at
    return link, record.reference, child_id, form, state, restricted, documents, record.corrects, changed


def _link(address: str, words: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(address, words)


def _newest(entities: Iterable[_Held]) -> list[_Held]:
    return list(entities)[::-1]
