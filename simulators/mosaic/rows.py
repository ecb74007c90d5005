"""From database rows to the values the rest of the simulator works with."""

import json
import sqlite3
from collections.abc import Sequence

from .model import Document, NextAction, Note, Step, Subject


def to_step(
    row: sqlite3.Row, documents: Sequence[Document], actions: Sequence[NextAction], notes: Sequence[Note]
) -> Step:
    """One step with what hangs on it."""
    return Step(
        step_id=row["step_id"],
        step_type_id=row["step_type_id"],
        status=row["status"],
        subjects=(Subject(row["person_id"]),),
        external_reference=row["external_reference"],
        team=row["team"],
        incoming_on=row["incoming_on"],
        note=row["note"],
        restricted=bool(row["restricted"]),
        answers=tuple(json.loads(row["answers"])),
        documents=tuple(documents),
        next_actions=tuple(actions),
        created=row["created"],
        corrects_step_id=row["corrects_step_id"],
        corrected_by_step_id=row["corrected_by_step_id"],
        notes=tuple(notes),
    )


def to_document(row: sqlite3.Row) -> Document:
    """One document, with its bytes when the query asked for them."""
    return Document(
        document_id=row["document_id"],
        name=row["name"],
        title=row["title"],
        category=row["category"],
        sub_category=row["sub_category"],
        size=row["size"],
        sha256=row["sha256"],
        content=row["content"] if "content" in row.keys() else b"",  # noqa: SIM118 - `in row` looks at values
    )


def to_note(row: sqlite3.Row) -> Note:
    """One note; the columns are named after its parts."""
    return Note(**dict(row))


def to_next_action(row: sqlite3.Row) -> NextAction:
    """One next action; team and date live on the step it made."""
    return NextAction(row["action_type_id"], row["team"], row["incoming_on"], row["made_step_id"])
