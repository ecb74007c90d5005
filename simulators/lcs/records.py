"""Turns an accepted manifest into the record LCS keeps, and that into stored text and back."""

import json
from dataclasses import asdict, replace
from pathlib import Path

from simulators.lcs.manifest import FormPart, Manifest, TaskPart
from simulators.lcs.model import Answer, FiledRecord, Person, Withdrawal
from simulators.sftp.mailbox import FileSet


def new_record(
    files: FileSet, manifest: Manifest, person: Person, record_id: str, version: int, filed_at: str
) -> FiledRecord:
    """The record without its document, which gets a number of its own."""
    record = FiledRecord(
        reference=manifest.reference,
        kind="form" if manifest.form else "task",
        record_id=record_id,
        document_id=None,
        person_id=person.person_id,
        title="",
        manifest_sha256=_manifest_sha256(files),
        filed_at=filed_at,
        version=version,
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


def new_withdrawal(files: FileSet, manifest: Manifest, withdrawn_at: str) -> Withdrawal:
    """The mark that every version of the record will carry."""
    assert manifest.withdraw is not None
    return Withdrawal(
        reference=manifest.reference,
        record_id=manifest.withdraw.record_id,
        person_id=manifest.claim.person_id,
        reason=manifest.withdraw.reason,
        manifest_sha256=_manifest_sha256(files),
        withdrawn_at=withdrawn_at,
    )


def _manifest_sha256(files: FileSet) -> str:
    held = files.held("xml")
    return held.sha256 if held else ""


def dump(record: FiledRecord) -> str:
    """JSON for the database; what became of the record since is put to it on the way back."""
    return json.dumps(asdict(replace(record, document_path=None, withdrawal=None)), ensure_ascii=False)


def load(body: str, withdrawal: str | None, documents: Path) -> FiledRecord:
    """The record as it was filed, with its withdrawal if there was one."""
    values = json.loads(body)
    values["answers"] = tuple(Answer(**answer) for answer in values["answers"])
    if values["document_id"]:
        values["document_path"] = documents / f"{values['document_id']}.pdf"
    return FiledRecord(**values | {"withdrawal": Withdrawal(**json.loads(withdrawal)) if withdrawal else None})
