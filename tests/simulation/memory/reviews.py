"""The review clock in memory."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from service.domain.london import london_date
from service.domain.reviews import Channel, Stage
from service.ports import NewReview, ReviewView, Telling
from tests.simulation.memory.tables import Memory, Row, RuleBroken

_VIEW = (
    "id", "submission_id", "record_type", "anchor_on", "due_on", "window_days", "basis", "status", "raised_at",
    "known_on", "sealed_person",
)  # fmt: skip
_GIVEN = (
    "id", "child_key", "submission_id", "record_type", "anchor_on", "due_on", "window_days", "basis", "sealed_person",
)  # fmt: skip


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
        rest = {"status": "superseded" if newer else "open", "raised_at": None, "closed_at": None, "closed_by": None}
        rest["known_on"] = london_date(self._memory.now)
        self._memory.put("review", new.id, {"authority": self._authority, **given, **rest})

    def close(self, child_key: bytes, *, by: UUID) -> None:
        for row in self._open(child_key):
            self._memory.update("review", row["id"], status="closed", closed_at=self._memory.now, closed_by=by)

    def run_on(self, versions: Collection[UUID]) -> None:
        submissions = self._memory.tables["submission"]
        for row in self._mine():
            taken_over = any(row["record_type"] == each["record_type"] for each in self._open(row["child_key"]))
            gone = submissions[row["submission_id"]]["withdrawn_by"] is not None
            if row["status"] == "closed" and row["closed_by"] in versions and not taken_over and not gone:
                self._memory.update("review", row["id"], status="open", closed_at=None, closed_by=None)

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

    def to_be_told(self, due_by: date, after: tuple[date, UUID] | None, limit: int) -> list[Telling]:
        rows = [row for row in self._mine() if row["status"] == "open" and row["due_on"] <= due_by]
        rows.sort(key=lambda row: (row["due_on"], row["id"]))
        rows = [row for row in rows if after is None or (row["due_on"], row["id"]) > after][:limit]
        return [Telling(_view(row), row["child_key"], self._told(row["id"])) for row in rows]

    def _told(self, review_id: UUID) -> dict[Channel, frozenset[Stage]]:
        told = [row for row in self._memory.rows("reminder", self._authority) if row["review_id"] == review_id]
        return {each: frozenset(row["stage"] for row in told if row["channel"] is each) for each in Channel}

    def note_told(self, review_id: UUID, channel: Channel, stage: Stage, delivery_id: UUID) -> None:
        key = (review_id, channel, stage)
        if self._memory.get("reminder", key) is not None:
            raise RuleBroken("pk_reminder")
        row = {"authority": self._authority, "review_id": review_id, "channel": channel, "stage": stage}
        self._memory.put("reminder", key, row | {"delivery_id": delivery_id})
        if self._memory.tables["review"][review_id]["raised_at"] is None:
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
