"""Records kept, their versions, and their sealed bodies apart."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Table, bindparam, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from service.domain.retention import shredded_on
from service.errors import Gone
from service.ports import Kept, NewSubmission, StandingRecord, StoredSubmission
from service.store import standing
from service.store.driver import Plain, driver_of
from service.store.tables import payload, shredded, sketch, submission, third_party

_VIEW = (
    submission.c.id,
    submission.c.sender_ref,
    submission.c.record_type,
    submission.c.kind,
    submission.c.schema_version,
    submission.c.template_version,
    submission.c.content_digest,
    submission.c.child_key,
    submission.c.completed_on,
    submission.c.received_at,
    submission.c.warnings,
    submission.c.version,
    submission.c.supersedes,
    submission.c.superseded_by,
    submission.c.withdrawn_by,
    submission.c.fact,
    submission.c.sealed_digest,
)
_KEPT = Plain(
    select(payload.c.sealed, third_party.c.sealed, submission.c.supersedes.is_not(None))
    .select_from(submission)
    .join(payload, payload.c.submission_id == submission.c.id)
    .join(third_party, third_party.c.submission_id == submission.c.id, isouter=True)
    .where(submission.c.authority == bindparam("_authority"), submission.c.id == bindparam("_id"))
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
        self._below(payload, new, sealed=new.sealed)
        if new.sealed_apart is not None:
            self._below(third_party, new, sealed=new.sealed_apart)
        if new.sketches:
            rows = [
                {"submission_id": new.id, "authority": self._authority, "pointer": pointer, "sketch": digest}
                for pointer, digest in new.sketches.items()
            ]
            self._connection.execute(insert(sketch), rows)
        return True

    def by_sender_ref(self, sender_ref: str, *, lock: bool = False) -> StoredSubmission | None:
        """The submission with the sender's own id."""
        return self._one(submission.c.sender_ref == sender_ref, lock=lock)

    def get(self, submission_id: UUID) -> StoredSubmission | None:
        """One submission."""
        return self._one(submission.c.id == submission_id)

    def sealed_body(self, submission_id: UUID) -> bytes:
        """The encrypted body. Raises `Gone` when it was shredded."""
        mine = (payload.c.authority == self._authority) & (payload.c.submission_id == submission_id)
        sealed = self._connection.scalar(select(payload.c.sealed).where(mine))
        if sealed is None:
            raise self._without_body(submission_id)
        return bytes(sealed)

    def kept(self, submission_id: UUID) -> Kept:
        """All that is sealed, in one question. Raises `Gone` when it was shredded."""
        asked = {"_authority": self._authority, "_id": submission_id}
        row = _KEPT.on(driver_of(self._connection), asked).fetchone()
        if row is None:
            raise self._without_body(submission_id)
        sealed, apart, corrects = row
        return Kept(bytes(sealed), None if apart is None else bytes(apart), corrects)

    def shredded_at(self, submission_id: UUID) -> datetime | None:
        """When its body was shredded."""
        mine = (shredded.c.authority == self._authority) & (shredded.c.submission_id == submission_id)
        return self._connection.scalar(select(shredded.c.at).where(mine))

    def _without_body(self, submission_id: UUID) -> Exception:
        """Asked afterwards: whoever shredded it meanwhile has noted it."""
        at = self.shredded_at(submission_id)
        return LookupError("a record without its body") if at is None else Gone(shredded_on(at))

    def versions(self, submission_id: UUID) -> list[UUID]:
        """Step by step down the chain: it is rarely longer than two."""
        found: list[UUID] = []
        here: UUID | None = submission_id
        while here is not None:
            found.append(here)
            here = self._connection.scalar(select(submission.c.supersedes).where(self._mine(submission.c.id == here)))
        return found[::-1]

    def supersede(self, earlier: UUID, by: UUID) -> None:
        """Notes the correction on what it corrects."""
        self._connection.execute(
            update(submission).where(self._mine(submission.c.id == earlier)).values(superseded_by=by)
        )

    def withdraw(self, versions: Collection[UUID], by: UUID) -> None:
        """Notes the withdrawal on every version."""
        self._connection.execute(
            update(submission).where(self._mine(submission.c.id.in_(versions))).values(withdrawn_by=by)
        )

    def alone_with(self, child_key: bytes) -> None:
        """One lock for each young person, held until the transaction ends."""
        driver_of(self._connection).execute(standing.ALONE, standing.lock_of(self._authority, child_key))

    def standing(self, child_key: bytes) -> list[StandingRecord]:
        """In one question, with the first version of each and the review it planned."""
        return standing.read(driver_of(self._connection), self._authority, child_key)

    def set_fact(self, submission_id: UUID, fact: Mapping[str, str]) -> None:
        """Of a record of this authority."""
        mine = self._mine(submission.c.id == submission_id)
        self._connection.execute(update(submission).where(mine).values(fact=dict(fact)))

    def _mine(self, condition: ColumnElement[bool]) -> ColumnElement[bool]:
        return (submission.c.authority == self._authority) & condition

    def _one(self, condition: ColumnElement[bool], *, lock: bool = False) -> StoredSubmission | None:
        query = select(*_VIEW).where(self._mine(condition))
        row = self._connection.execute(query.with_for_update() if lock else query).first()
        return StoredSubmission(**row._mapping) if row else None

    def _below(self, table: Table, new: NewSubmission, **values: Any) -> None:
        self._connection.execute(insert(table).values(submission_id=new.id, authority=self._authority, **values))


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
        "version": new.version,
        "supersedes": new.supersedes,
        "fact": new.fact,
        "meeting_key": new.meeting_key,
        "sealed_digest": new.sealed_digest,
        "fact_refused": ",".join(new.fact_refused) or None,
    }
