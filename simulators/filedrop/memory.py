"""What the simulator holds: records, refusals and what is left to do. In memory, so it ends with the object."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from simulators.filedrop import answers
from simulators.filedrop.manifest import Manifest
from simulators.filedrop.model import Document, Record, Refusal, RefusedSet, World
from simulators.sftp.mailbox import FileSet
from simulators.sftp.settlement import Settlement

Writer = Callable[[answers.Fields], bytes]


class Memory:
    """Used by the importer's thread, and read from any other: every list is replaced or appended to as a whole."""

    def __init__(self, world: World, writer: Writer) -> None:
        self._world, self._writer, self._lock = world, writer, threading.RLock()
        self._records: list[Record] = []
        self._refusals: list[RefusedSet] = []
        self._todo: dict[int, Settlement] = {}
        self._settled = 0

    def records(self) -> list[Record]:
        """Everything filed, in order: every version, tasks, withdrawals. Withdrawn forms say so."""
        with self._lock:
            gone = {record.number for record in self._records if record.kind == "withdrawal"}
            return [replace(record, withdrawn=_is_gone(record, gone)) for record in self._records]

    def refusals(self) -> list[RefusedSet]:
        """Every refusal given, oldest first."""
        with self._lock:
            return list(self._refusals)

    def accepted(self, reference: str) -> Record | None:
        """What was filed under a reference."""
        return next((record for record in self.records() if record.reference == reference), None)

    def newest(self, number: str) -> Record | None:
        """The newest version of a form."""
        forms = [record for record in self.records() if record.kind == "form" and record.number == number]
        return forms[-1] if forms else None

    def file(self, files: FileSet, manifest: Manifest, manifest_sha256: str) -> Settlement:
        """Files the set, whole."""
        with self._lock:
            earlier = self.newest(manifest.record) if manifest.record else None
            record = Record(
                reference=manifest.reference,
                kind=manifest.kind,
                number=earlier.number if earlier else self._next_number(),
                child_id=manifest.claim.child_id,
                manifest_sha256=manifest_sha256,
                filed_at=now(),
            )
            record = self._filled(record, manifest, files, earlier)
            self._records.append(record)
            return self._settle(files, "ack", answers.acknowledgement(record))

    def refuse(self, files: FileSet, refusal: Refusal, manifest_sha256: str | None) -> Settlement:
        """Remembers the refusal. Nothing of the set itself is kept."""
        with self._lock:
            self._refusals.append(RefusedSet(files.reference, refusal.code, refusal.more, now()))
            return self._settle(files, "rej", answers.rejection(files.reference, refusal, manifest_sha256))

    def _next_number(self) -> str:
        return str(self._world.first_record + len({record.number for record in self._records}))

    def _filled(self, record: Record, manifest: Manifest, files: FileSet, earlier: Record | None) -> Record:
        if manifest.reason is not None:
            return replace(record, reason=manifest.reason)
        if manifest.task is not None:
            task = manifest.task
            return replace(record, team=task.team, due_on=task.due_on.isoformat(), title=task.title)
        form = manifest.form
        assert form is not None
        return replace(
            record,
            version=earlier.version + 1 if earlier else 1,
            form=form.type,
            completed_on=form.completed_on.isoformat(),
            restricted=form.restricted,
            answers=form.answers,
            document=self._document(manifest, files),
        )

    def _document(self, manifest: Manifest, files: FileSet) -> Document | None:
        held = files.held("pdf")
        if manifest.form is None or manifest.form.document is None or held is None:
            return None
        said = manifest.form.document
        number = str(self._world.first_document + sum(record.document is not None for record in self._records))
        return Document(number, said.type, said.sub_type, said.title, held.content, held.sha256)

    def _settle(self, files: FileSet, suffix: str, fields: answers.Fields) -> Settlement:
        self._settled += 1
        name, answer = f"{files.reference}.{suffix}", self._writer(fields)
        new = Settlement(self._settled, name, answer, files.identities, time.time(), tidied=False)
        self._todo[new.id] = new
        return new

    def unfinished(self) -> list[Settlement]:
        with self._lock:
            return list(self._todo.values())

    def mark_tidied(self, settlement: Settlement) -> None:
        with self._lock:
            self._todo[settlement.id] = replace(settlement, tidied=True)

    def mark_answered(self, settlement: Settlement) -> None:
        with self._lock:
            del self._todo[settlement.id]


def _is_gone(record: Record, gone: set[str]) -> bool:
    return record.kind == "form" and record.number in gone


def now() -> str:
    """UTC, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
