"""Durable storage in one SQLite file.

`synchronous=FULL` makes a commit reach the disk before the statement returns, so an answer that
was sent always describes content that survives a kill. AUTOINCREMENT keeps numbers from being
used twice, and the counters start high because small numbers hide mix-ups between kinds of id.
"""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from .answers import Answer, canonical_json
from .documents import Upload, stored_name
from .model import Document, NewNote, NewStep, NextAction, Note, Step
from .rows import to_document, to_next_action, to_note, to_step

_SCHEMA = """
CREATE TABLE IF NOT EXISTS steps (
    step_id INTEGER PRIMARY KEY AUTOINCREMENT, step_type_id INTEGER NOT NULL, status TEXT NOT NULL,
    person_id INTEGER NOT NULL, external_reference TEXT, team TEXT NOT NULL, incoming_on TEXT, note TEXT,
    restricted INTEGER NOT NULL DEFAULT 0, answers TEXT NOT NULL DEFAULT '[]', created TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS steps_by_reference ON steps (external_reference);
CREATE TABLE IF NOT EXISTS documents (
    document_id INTEGER PRIMARY KEY AUTOINCREMENT, step_id INTEGER NOT NULL REFERENCES steps, name TEXT NOT NULL,
    title TEXT NOT NULL, category TEXT NOT NULL, sub_category TEXT NOT NULL, size INTEGER NOT NULL,
    sha256 TEXT NOT NULL, content BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS documents_by_step ON documents (step_id);
CREATE TABLE IF NOT EXISTS next_actions (
    step_id INTEGER NOT NULL REFERENCES steps, action_type_id INTEGER NOT NULL,
    made_step_id INTEGER NOT NULL REFERENCES steps, PRIMARY KEY (step_id, made_step_id));
CREATE TABLE IF NOT EXISTS corrections (
    step_id INTEGER PRIMARY KEY REFERENCES steps, corrects_step_id INTEGER NOT NULL UNIQUE REFERENCES steps);
CREATE TABLE IF NOT EXISTS notes (
    note_id INTEGER PRIMARY KEY AUTOINCREMENT, step_id INTEGER NOT NULL REFERENCES steps,
    external_reference TEXT NOT NULL, note_type TEXT NOT NULL, text TEXT NOT NULL, created TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS notes_by_step ON notes (step_id);
CREATE INDEX IF NOT EXISTS notes_by_reference ON notes (external_reference);
INSERT INTO sqlite_sequence (name, seq)
    SELECT 'steps', 880000 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'steps');
INSERT INTO sqlite_sequence (name, seq)
    SELECT 'documents', 5500 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'documents');
INSERT INTO sqlite_sequence (name, seq)
    SELECT 'notes', 70000 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'notes');
"""
_DESCRIPTION = "document_id, name, title, category, sub_category, size, sha256"
_STEP = """SELECT steps.*, own.corrects_step_id, later.step_id AS corrected_by_step_id FROM steps
    LEFT JOIN corrections own ON own.step_id = steps.step_id
    LEFT JOIN corrections later ON later.corrects_step_id = steps.step_id"""
_LARGEST_ID = 2**63 - 1


class Store:
    """The tables behind one lock: requests are short, and order is easier to reason about than speed."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._db = sqlite3.connect(folder / "mosaic.sqlite3", isolation_level=None, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.execute("PRAGMA foreign_keys = ON")
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        """Wait for the change under way, then let go of the file."""
        with self._lock:
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of a change or nothing of it; on disk when the block is left."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def add_step(self, new: NewStep) -> int:
        """Make a step and return its number."""
        created = datetime.now(UTC).isoformat(timespec="seconds")
        columns = "step_type_id, status, person_id, external_reference, team, incoming_on, note, created"
        values = (new.step_type_id, new.status, new.person_id, new.external_reference, new.team)
        number = self._insert("steps", columns, (*values, new.incoming_on, new.note, created))
        if new.corrects_step_id is not None:
            self._insert("corrections", "step_id, corrects_step_id", (number, new.corrects_step_id))
        return number

    def add_note(self, new: NewNote) -> Note:
        """Add a note to a step and return it."""
        created = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        values = (new.step_id, new.external_reference, new.note_type, new.text, created)
        number = self._insert("notes", "step_id, external_reference, note_type, text, created", values)
        return Note(number, *values)

    def add_document(self, step_id: int, upload: Upload) -> Document:
        """Store a document under its cut name and return its description."""
        columns = "step_id, name, title, category, sub_category, size, sha256, content"
        about = (stored_name(upload.name), upload.title, upload.category, upload.sub_category)
        digest = sha256(upload.content).hexdigest()
        values = (step_id, *about, len(upload.content), digest, upload.content)
        number = self._insert("documents", columns, values)
        return Document(number, *about, len(upload.content), digest)

    def add_next_action(self, step_id: int, action_type_id: int, made_step_id: int) -> None:
        """Remember which step a next action made."""
        self._insert("next_actions", "step_id, action_type_id, made_step_id", (step_id, action_type_id, made_step_id))

    def replace_answers(self, step_id: int, restricted: bool, answers: Sequence[Answer]) -> None:
        """Replace all answers of a step."""
        values = (restricted, canonical_json(answers), step_id)
        self._db.execute("UPDATE steps SET restricted = ?, answers = ? WHERE step_id = ?", values)

    def set_status(self, step_id: int, status: str) -> None:
        """Move a step to another state."""
        self._db.execute("UPDATE steps SET status = ? WHERE step_id = ?", (status, step_id))

    def step(self, step_id: int, with_content: bool = False) -> Step | None:
        """One step, or None; also None for a number larger than any the database could give."""
        if step_id > _LARGEST_ID:
            return None
        found = self._steps("WHERE steps.step_id = ?", (step_id,), with_content)
        return found[0] if found else None

    def steps(self, external_reference: str | None = None, with_content: bool = False) -> list[Step]:
        """Steps in order of their numbers, all of them or those with one reference."""
        if external_reference is None:
            return self._steps("", (), with_content)
        return self._steps("WHERE external_reference = ?", (external_reference,), with_content)

    def notes(self, external_reference: str) -> list[Note]:
        """Notes with one reference, in order of their numbers."""
        return self._notes("external_reference", external_reference)

    def document(self, document_id: int) -> Document | None:
        """One document with its bytes, or None."""
        rows = self._read(f"SELECT {_DESCRIPTION}, content FROM documents WHERE document_id = ?", (document_id,))
        return to_document(rows[0]) if rows else None

    def step_of_document(self, document_id: int) -> Step | None:
        """The step a document hangs on, or None."""
        rows = self._read("SELECT step_id FROM documents WHERE document_id = ?", (document_id,))
        return self.step(rows[0]["step_id"]) if rows else None

    def _steps(self, where: str, values: tuple[object, ...], with_content: bool) -> list[Step]:
        with self._lock:
            rows = self._read(f"{_STEP} {where} ORDER BY steps.step_id", values)
            return [self._step(row, with_content) for row in rows]

    def _step(self, row: sqlite3.Row, with_content: bool) -> Step:
        notes = self._notes("step_id", row["step_id"])
        return to_step(row, self._documents(row, with_content), self._next_actions(row), notes)

    def _notes(self, column: str, value: object) -> list[Note]:
        query = f"SELECT * FROM notes WHERE {column} = ? ORDER BY note_id"
        return [to_note(row) for row in self._read(query, (value,))]

    def _documents(self, step: sqlite3.Row, with_content: bool) -> list[Document]:
        columns = f"{_DESCRIPTION}, content" if with_content else _DESCRIPTION
        query = f"SELECT {columns} FROM documents WHERE step_id = ? ORDER BY document_id"
        return [to_document(row) for row in self._read(query, (step["step_id"],))]

    def _next_actions(self, step: sqlite3.Row) -> list[NextAction]:
        query = (
            "SELECT action_type_id, team, incoming_on, made_step_id FROM next_actions "
            "JOIN steps ON steps.step_id = made_step_id WHERE next_actions.step_id = ? ORDER BY made_step_id"
        )
        return [to_next_action(row) for row in self._read(query, (step["step_id"],))]

    def _read(self, query: str, values: tuple[object, ...]) -> list[sqlite3.Row]:
        with self._lock:
            return self._db.execute(query, values).fetchall()

    def _insert(self, table: str, columns: str, values: tuple[object, ...]) -> int:
        marks = ", ".join("?" for _ in values)
        cursor = self._db.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", values)
        return int(cursor.lastrowid or 0)
