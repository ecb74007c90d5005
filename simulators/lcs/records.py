"""Turns an accepted manifest into the record LCS keeps, and that into stored text and back."""

import json
from dataclasses import asdict, replace
from pathlib import Path

from simulators.lcs.mailbox import FileSet
from simulators.lcs.manifest import FormPart, Manifest, TaskPart
from simulators.lcs.model import Answer, FiledRecord, Person


def new_record(files: FileSet, manifest: Manifest, person: Person, record_id: str, filed_at: str) -> FiledRecord:
    """The record without its document, which gets a number of its own."""
    held = files.held("xml")
    record = FiledRecord(
        reference=manifest.reference,
        kind="form" if manifest.form else "task",
        record_id=record_id,
        document_id=None,
        person_id=person.person_id,
        title="",
        manifest_sha256=held.sha256 if held else "",
        filed_at=filed_at,
    )
    return _with_form(record, manifest.form, person) if manifest.form else _with_task(record, manifest.task)


def _with_form(record: FiledRecord, form: FormPart, person: Person) -> FiledRecord:
    return replace(
        record,
        title=form.title,
        form_type=form.type,
        completed_on=form.completed_on.isoformat(),
        restricted=form.restricted,
        answers=form.answers,
        document_type=form.document_type,
        worker=person.worker,
    )


def _with_task(record: FiledRecord, task: TaskPart | None) -> FiledRecord:
    """A task goes to a department; the worker stays -1 until somebody takes it."""
    if task is None:
        return record
    return replace(
        record, title=task.title, task_type=task.type, due_on=task.due_on.isoformat(), department=task.assign_to
    )


def dump(record: FiledRecord) -> str:
    """JSON for the database; the document's place is worked out again on the way back."""
    return json.dumps(asdict(replace(record, document_path=None)), ensure_ascii=False)


def load(body: str, documents: Path) -> FiledRecord:
    """The record as it was filed."""
    values = json.loads(body)
    values["answers"] = tuple(Answer(**answer) for answer in values["answers"])
    if values["document_id"]:
        values["document_path"] = documents / f"{values['document_id']}.pdf"
    return FiledRecord(**values)
