"""The instance's memory: one SQLite file and the documents beside it.

A connection per operation keeps it safe between the importer, the pages and tests. What
is decided about a set, and the answer it will get, are written in one transaction.
"""

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

from simulators.lcs import answer_xml, records
from simulators.lcs.manifest import Manifest
from simulators.lcs.model import Authority, FiledRecord, Refusal, RefusedSet, Withdrawal
from simulators.sftp import durable
from simulators.sftp.mailbox import FileSet
from simulators.sftp.settlement import Settlement

SCHEMA = Path(__file__).with_name("schema.sql")
ACCEPTED = ("record", "withdrawal")
"""The tables with a row for every accepted reference."""


class Store:
    """Everything in here outlives the process."""

    def __init__(self, folder: Path, authority: Authority) -> None:
        self._path, self._documents, self._authority = folder / "state.sqlite3", folder / "documents", authority
        self._documents.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._reading() as db:
            db.executescript(SCHEMA.read_text(encoding="utf-8"))
            if "version" not in [column for _, column, *_ in db.execute("PRAGMA table_info(record)")]:
                raise ValueError(f"{self._path} is of an older simulator, without versions; start in an empty folder")

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """Writers wait for each other from the start, so numbers cannot be given twice."""
        db = sqlite3.connect(self._path, timeout=10, isolation_level=None)
        try:
            db.execute("PRAGMA synchronous = EXTRA")
            db.execute("BEGIN IMMEDIATE")
            yield db
            db.execute("COMMIT")
        finally:
            db.close()

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        db = sqlite3.connect(self._path, timeout=10, isolation_level=None)
        try:
            yield db
        finally:
            db.close()

    def accepted_as(self, reference: str) -> str | None:
        """The record number a reference was accepted under, be it to file something or to withdraw it."""
        both = " UNION ALL ".join(f"SELECT record_id FROM {name} WHERE reference = :it" for name in ACCEPTED)
        with self._reading() as db:
            row = db.execute(both, {"it": reference}).fetchone()
        return str(row[0]) if row else None

    def file(self, files: FileSet, manifest: Manifest) -> Settlement:
        """Files the set. The document is on disk before the record that speaks of it."""
        with self._transaction() as db:
            person = self._authority.people[manifest.claim.person_id]
            record_id = manifest.replaces or _next(db, "record_id", self._authority.first_record_id)
            record = records.new_record(files, manifest, person, record_id, _next_version(db, record_id), _now())
            record = self._keep_document(db, record, files)
            row = [record.reference, record.record_id, record.version, record.document_id, records.dump(record)]
            db.execute("INSERT INTO record VALUES (?, ?, ?, ?, ?)", row)
            return _settle(db, files, f"{record.reference}.ack", answer_xml.acknowledgement(record))

    def _keep_document(self, db: sqlite3.Connection, record: FiledRecord, files: FileSet) -> FiledRecord:
        document = files.held("pdf")
        if record.kind != "form" or document is None:
            return record
        document_id = _next(db, "document_id", self._authority.first_document_id)
        durable.write(self._documents / f"{document_id}.pdf", document.content)
        return replace(record, document_id=document_id, document_sha256=document.sha256)

    def withdraw(self, files: FileSet, manifest: Manifest) -> Settlement:
        """Marks the record. Its versions and their documents stay as they are."""
        with self._transaction() as db:
            mark = records.new_withdrawal(files, manifest, _now())
            row = [mark.reference, mark.record_id, json.dumps(asdict(mark))]
            db.execute("INSERT INTO withdrawal VALUES (?, ?, ?)", row)
            return _settle(db, files, f"{mark.reference}.ack", answer_xml.acknowledgement_of_withdrawal(mark))

    def refuse(self, files: FileSet, refusal: Refusal) -> Settlement:
        """Remembers the refusal. Nothing of the set itself is kept."""
        kept = RefusedSet(files.reference, **asdict(refusal), refused_at=_now())
        with self._transaction() as db:
            db.execute("INSERT INTO refusal (body) VALUES (?)", [json.dumps(asdict(kept))])
            return _settle(db, files, f"{files.reference}.rej", answer_xml.rejection(files.reference, refusal))

    def unfinished(self) -> list[Settlement]:
        """Oldest first, so that a later answer to a reference replaces an earlier one."""
        columns = "id, answer_name, answer, files, settled_at, tidied"
        with self._reading() as db:
            rows = db.execute(f"SELECT {columns} FROM settlement WHERE answered = 0 ORDER BY id").fetchall()
        return [Settlement(key, name, body, json.loads(files), at, bool(t)) for key, name, body, files, at, t in rows]

    def mark_tidied(self, settlement: Settlement) -> None:
        with self._transaction() as db:
            db.execute("UPDATE settlement SET tidied = 1 WHERE id = ?", [settlement.id])

    def mark_answered(self, settlement: Settlement) -> None:
        with self._transaction() as db:
            db.execute("UPDATE settlement SET answered = 1 WHERE id = ?", [settlement.id])

    def filed(self) -> list[FiledRecord]:
        """Everything filed, every version of it, in the order of filing."""
        return self._records("")

    def newest(self, record_id: str) -> FiledRecord | None:
        """The newest version of a record. Numbers are compared as text: to SQLite 0900417 would be 900417."""
        found = self._records("WHERE record.record_id = ?", record_id)
        return found[-1] if found and found[-1].record_id == record_id else None

    def _records(self, where: str, *values: str) -> list[FiledRecord]:
        query = f"SELECT record.body, withdrawal.body FROM record LEFT JOIN withdrawal USING (record_id) {where}"
        with self._reading() as db:
            rows = db.execute(f"{query} ORDER BY record.rowid", values).fetchall()
        return [records.load(body, withdrawal, self._documents) for body, withdrawal in rows]

    def withdrawals(self) -> list[Withdrawal]:
        """Every record withdrawn, in the order of withdrawing."""
        with self._reading() as db:
            rows = db.execute("SELECT body FROM withdrawal ORDER BY rowid").fetchall()
        return [Withdrawal(**json.loads(body)) for (body,) in rows]

    def refusals(self) -> list[RefusedSet]:
        """Every refusal given, oldest first."""
        with self._reading() as db:
            rows = db.execute("SELECT body FROM refusal ORDER BY id").fetchall()
        return [RefusedSet(**json.loads(body)) for (body,) in rows]


def _next(db: sqlite3.Connection, column: str, first: int) -> str:
    """Records are never deleted, so the highest number plus one is always new."""
    (last,) = db.execute(f"SELECT max({column}) FROM record").fetchone()
    return str(first if last is None else last + 1)


def _next_version(db: sqlite3.Connection, record_id: str) -> int:
    (last,) = db.execute("SELECT max(version) FROM record WHERE record_id = ?", [record_id]).fetchone()
    return 1 if last is None else last + 1


def _settle(db: sqlite3.Connection, files: FileSet, name: str, answer: bytes) -> Settlement:
    now = time.time()
    row = [name, answer, json.dumps(files.identities), now]
    added = db.execute("INSERT INTO settlement (answer_name, answer, files, settled_at) VALUES (?, ?, ?, ?)", row)
    return Settlement(added.lastrowid or 0, name, answer, files.identities, now, tidied=False)


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
