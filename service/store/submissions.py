"""Records kept, and their sealed bodies apart."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from service.ports import NewSubmission, StoredSubmission
from service.store.tables import payload, submission

_VIEW = (
    submission.c.id,
    submission.c.sender_ref,
    submission.c.record_type,
    submission.c.kind,
    submission.c.content_digest,
    submission.c.received_at,
    submission.c.warnings,
)


class SubmissionRows:
    """`service.ports.casework.Submissions` for one authority."""

    def __init__(self, connection: Connection, authority: str) -> None:
        self._connection, self._authority = connection, authority

    def add(self, new: NewSubmission) -> bool:
        """Keeps it, unless the sender's id is already used: the unique key decides, also between racing requests."""
        row = _columns(new) | {"authority": self._authority}
        kept = upsert(submission).values(row).on_conflict_do_nothing(constraint="uq_submission_sender_ref")
        if self._connection.execute(kept.returning(submission.c.id)).first() is None:
            return False
        self._connection.execute(
            insert(payload).values(submission_id=new.id, authority=self._authority, sealed=new.sealed)
        )
        return True

    def by_sender_ref(self, sender_ref: str) -> StoredSubmission | None:
        """The submission with the sender's own id."""
        return self._one(submission.c.sender_ref == sender_ref)

    def get(self, submission_id: UUID) -> StoredSubmission | None:
        """One submission."""
        return self._one(submission.c.id == submission_id)

    def sealed_body(self, submission_id: UUID) -> bytes:
        """The encrypted original bytes."""
        sealed = self._connection.execute(
            select(payload.c.sealed).where(
                payload.c.authority == self._authority, payload.c.submission_id == submission_id
            )
        ).scalar_one()
        return bytes(sealed)

    def _one(self, condition: ColumnElement[bool]) -> StoredSubmission | None:
        row = self._connection.execute(
            select(*_VIEW).where(submission.c.authority == self._authority, condition)
        ).first()
        return StoredSubmission(**row._mapping) if row else None


def _columns(new: NewSubmission) -> dict[str, Any]:
    return {
        "id": new.id,
        "sender_ref": new.sender_ref,
        "client_id": new.client_id,
        "record_type": new.record_type,
        "kind": new.kind,
        "schema_version": new.schema_version,
        "template_version": new.template_version,
        "content_digest": new.content_digest,
        "child_key": new.child_key,
        "completed_on": new.completed_on,
        "warnings": [dict(warning) for warning in new.warnings],
    }
