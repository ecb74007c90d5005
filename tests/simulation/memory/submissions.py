"""Records kept, in memory."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import fields
from datetime import datetime
from uuid import UUID

from service.ports import Kept, NewSubmission, StandingRecord, StoredSubmission
from tests.simulation.memory.tables import Memory, Row

_GIVEN = [field.name for field in fields(NewSubmission)]
_SHOWN = [field.name for field in fields(StoredSubmission)]


class MemorySubmissions:
    """`service.ports.casework.Submissions`."""

    def __init__(self, memory: Memory, authority: str) -> None:
        self._memory, self._authority = memory, authority

    def add(self, new: NewSubmission) -> bool:
        if self.by_sender_ref(new.sender_ref) is not None:
            return False
        row = {name: getattr(new, name) for name in _GIVEN}
        row |= {"authority": self._authority, "received_at": self._memory.now}
        row |= {"superseded_by": None, "withdrawn_by": None}
        self._memory.put("submission", new.id, row)
        return True

    def by_sender_ref(self, sender_ref: str, *, lock: bool = False) -> StoredSubmission | None:
        return next((_view(row) for row in self._mine() if row["sender_ref"] == sender_ref), None)

    def get(self, submission_id: UUID) -> StoredSubmission | None:
        row = self._row(submission_id)
        return _view(row) if row is not None else None

    def shredded_at(self, submission_id: UUID) -> datetime | None:
        return None

    def sealed_body(self, submission_id: UUID) -> bytes:
        row = self._row(submission_id)
        assert row is not None
        return bytes(row["sealed"])

    def kept(self, submission_id: UUID) -> Kept:
        row = self._row(submission_id)
        assert row is not None
        return Kept(bytes(row["sealed"]), row["sealed_apart"], row["supersedes"] is not None)

    def versions(self, submission_id: UUID) -> list[UUID]:
        found: list[UUID] = []
        here: UUID | None = submission_id
        while here is not None:
            found.append(here)
            row = self._row(here)
            here = row["supersedes"] if row is not None else None
        return found[::-1]

    def supersede(self, earlier: UUID, by: UUID) -> None:
        if self._row(earlier) is not None:
            self._memory.update("submission", earlier, superseded_by=by)

    def withdraw(self, versions: Collection[UUID], by: UUID) -> None:
        for each in versions:
            if self._row(each) is not None:
                self._memory.update("submission", each, withdrawn_by=by)

    def alone_with(self, child_key: bytes) -> None:
        """One transaction comes after another here."""

    def standing(self, child_key: bytes) -> list[StandingRecord]:
        return [self._standing(row) for row in self._mine() if row["child_key"] == child_key and _stands(row)]

    def set_fact(self, submission_id: UUID, fact: Mapping[str, str]) -> None:
        if self._row(submission_id) is not None:
            self._memory.update("submission", submission_id, fact=dict(fact))

    def _standing(self, row: Row) -> StandingRecord:
        versions = self.versions(row["id"])
        first = self._memory.get("submission", versions[0])
        assert first is not None
        clocks = [each for each in self._memory.rows("review", self._authority) if each["submission_id"] in versions]
        due, window = (clocks[0]["due_on"], clocks[0]["window_days"]) if clocks else (None, None)
        said = first["kind"] == "review"
        return StandingRecord(row["id"], row["completed_on"], first["received_at"], row["fact"], said, due, window)

    def _mine(self) -> list[Row]:
        return list(self._memory.rows("submission", self._authority))

    def _row(self, submission_id: UUID) -> Row | None:
        row = self._memory.get("submission", submission_id)
        return row if row is not None and row["authority"] == self._authority else None


def _stands(row: Row) -> bool:
    unmoved = row["superseded_by"] is None and row["withdrawn_by"] is None
    return unmoved and row["kind"] != "withdrawal" and row["fact"] is not None


def _view(row: Row) -> StoredSubmission:
    return StoredSubmission(**{name: row[name] for name in _SHOWN})
