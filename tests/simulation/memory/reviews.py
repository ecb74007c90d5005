"""The review clock in memory."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from service.ports import NewReview, ReviewView
from tests.simulation.memory.tables import Memory, Row, RuleBroken

_VIEW = (
    "id", "submission_id", "record_type", "anchor_on", "due_on", "window_days", "basis", "status", "raised_at",
)  # fmt: skip
_GIVEN = ("id", "child_key", "submission_id", "record_type", "anchor_on", "due_on", "window_days", "basis")


class MemoryReviews:
    """`service.ports.casework.Reviews`."""

    def __init__(self, memory: Memory, authority: str) -> None:
        self._memory, self._authority = memory, authority

    def open_next(self, new: NewReview) -> None:
        if self.of_submission(new.submission_id) is not None:
            raise RuleBroken("uq_review_submission")
        running = [row for row in self._open(new.child_key) if row["record_type"] == new.record_type]
        newer = any(row["anchor_on"] > new.anchor_on for row in running)
        for row in () if newer else running:
            self._memory.update("review", row["id"], status="done", closed_at=self._memory.now)
        given = {name: getattr(new, name) for name in _GIVEN}
        rest = {"status": "superseded" if newer else "open", "raised_at": None, "closed_at": None}
        self._memory.put("review", new.id, {"authority": self._authority, **given, **rest})

    def close(self, child_key: bytes) -> None:
        for row in self._open(child_key):
            self._memory.update("review", row["id"], status="closed", closed_at=self._memory.now)

    def withdraw(self, versions: Collection[UUID]) -> None:
        theirs = [row for row in self._mine() if row["submission_id"] in versions and row["status"] == "open"]
        for row in theirs:
            self._memory.update("review", row["id"], status="closed", closed_at=self._memory.now)
        if theirs:
            self._run_again(theirs[0])

    def _run_again(self, stopped: Row) -> None:
        submissions = self._memory.tables["submission"]
        before = [
            row
            for row in self._mine()
            if (row["child_key"], row["record_type"]) == (stopped["child_key"], stopped["record_type"])
            and row["status"] in ("done", "superseded")
            and submissions[row["submission_id"]]["withdrawn_by"] is None
        ]
        if before:
            newest = max(before, key=lambda row: (row["anchor_on"], submissions[row["submission_id"]]["received_at"]))
            self._memory.update("review", newest["id"], status="open", closed_at=None)

    def due_of(self, child_key: bytes, record_type: str) -> date | None:
        due = [row["due_on"] for row in self._open(child_key) if row["record_type"] == record_type]
        return min(due, default=None)

    def due_and_not_raised(self, today: date, limit: int) -> list[tuple[ReviewView, bytes]]:
        due = [
            row
            for row in self._mine()
            if row["status"] == "open" and row["raised_at"] is None and row["due_on"] <= today
        ]
        due.sort(key=lambda row: (row["due_on"], row["id"]))
        return [(_view(row), row["child_key"]) for row in due[:limit]]

    def mark_raised(self, review_id: UUID) -> None:
        self._memory.update("review", review_id, raised_at=self._memory.now)

    def get(self, review_id: UUID) -> ReviewView | None:
        return next((_view(row) for row in self._mine() if row["id"] == review_id), None)

    def of_submission(self, submission_id: UUID) -> ReviewView | None:
        return next((_view(row) for row in self._mine() if row["submission_id"] == submission_id), None)

    def page(self, *, due_by: date | None, after: tuple[date, UUID] | None, limit: int) -> list[ReviewView]:
        views = [_view(row) for row in self._mine() if row["status"] == "open"]
        views = [each for each in views if due_by is None or each.due_on <= due_by]
        views.sort(key=lambda each: (each.due_on, each.id))
        return [each for each in views if after is None or (each.due_on, each.id) > after][:limit]

    def _mine(self) -> list[Row]:
        return list(self._memory.rows("review", self._authority))

    def _open(self, child_key: bytes) -> list[Row]:
        return [row for row in self._mine() if row["child_key"] == child_key and row["status"] == "open"]


def _view(row: Row) -> ReviewView:
    return ReviewView(**{name: row[name] for name in _VIEW})
