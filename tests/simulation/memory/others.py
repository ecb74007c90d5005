"""Audit, holds, batches, facts and the training register in memory."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from service.domain.fact import Fact
from service.domain.training.standing import Trained
from service.ports import AuditEntry, HoldView, NewHold
from tests.simulation.memory.tables import Memory, Row

_HOLD = ("id", "submission_id", "rule", "pointer", "raised_at", "released_at", "released_by")


class MemoryAudit:
    """`service.ports.casework.Audit`."""

    def __init__(self, memory: Memory, authority: str) -> None:
        self._memory, self._authority = memory, authority

    def add(self, entry: AuditEntry) -> None:
        said = {"actor": entry.actor, "action": entry.action, "subject_id": entry.subject_id}
        self._memory.put("audit", self._memory.next(), {"authority": self._authority, **said})


class MemoryHolds:
    """`service.ports.casework.Holds`."""

    def __init__(self, memory: Memory, authority: str) -> None:
        self._memory, self._authority = memory, authority

    def add(self, new: NewHold) -> None:
        raised = {"raised_at": self._memory.now, "released_at": None, "released_by": None}
        what = {"id": new.id, "submission_id": new.submission_id, "rule": new.rule, "pointer": new.pointer}
        self._memory.put("hold", new.id, {"authority": self._authority, **what, **raised})

    def get(self, hold_id: UUID) -> HoldView | None:
        row = self._memory.get("hold", hold_id)
        return _view(row) if row is not None and row["authority"] == self._authority else None

    def of_submission(self, submission_id: UUID) -> list[HoldView]:
        mine = [row for row in self._mine() if row["submission_id"] == submission_id]
        return [_view(row) for row in sorted(mine, key=lambda row: (row["raised_at"], row["pointer"]))]

    def open_for(self, rules: Collection[str], *, after: tuple[datetime, UUID] | None, limit: int) -> list[HoldView]:
        return [each for each in self._open(after) if each.rule in rules][:limit]

    def page(self, *, after: tuple[datetime, UUID] | None, limit: int) -> list[HoldView]:
        return self._open(after)[:limit]

    def release(self, hold_id: UUID, by: str) -> bool:
        found = self.get(hold_id)
        if found is None or found.released_at is not None:
            return False
        self._memory.update("hold", hold_id, released_at=self._memory.now, released_by=by)
        return True

    def _open(self, after: tuple[datetime, UUID] | None) -> list[HoldView]:
        views = [_view(row) for row in self._mine() if row["released_at"] is None]
        views.sort(key=lambda each: (each.raised_at, each.id))
        return [each for each in views if after is None or (each.raised_at, each.id) > after]

    def _mine(self) -> list[Row]:
        return list(self._memory.rows("hold", self._authority))


class MemoryBatches:
    """`service.ports.casework.Batches`."""

    def __init__(self, memory: Memory, authority: str) -> None:
        self._memory, self._authority = memory, authority

    def note(self, batch_id: str, content_digest: bytes, items: int) -> bytes:
        key = (self._authority, batch_id)
        if self._memory.get("batch", key) is None:
            self._memory.put("batch", key, {"authority": self._authority, "digest": content_digest, "items": items})
        return bytes(self._memory.tables["batch"][key]["digest"])


class MemoryFacts:
    """`service.ports.FactSink`: what was counted, and what was taken back."""

    def __init__(self, memory: Memory, authority: str) -> None:
        self._memory, self._authority = memory, authority

    def hand_over(self, fact: Fact) -> None:
        self._note(fact, 1)

    def take_back(self, fact: Fact) -> None:
        self._note(fact, -1)

    def _note(self, fact: Fact, count: int) -> None:
        self._memory.put("fact", self._memory.next(), {"authority": self._authority, "fact": fact, "count": count})


class MemoryTraining:
    """`service.ports.training.TrainingRegister` in which nobody is registered."""

    def of(self, professional_ref: str) -> tuple[Trained, ...]:
        return ()


def _view(row: Row) -> HoldView:
    return HoldView(**{name: row[name] for name in _HOLD})
