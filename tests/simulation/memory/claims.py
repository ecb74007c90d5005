"""Claiming deliveries and ending a claim, in memory; each method is one statement of `service/store/claims.py`."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from service.domain.delivery import Phase, State, can_move
from service.ports import AuditEntry, Claim, Claimer, Held, Settlement
from tests.simulation.memory.lanes import MemoryLane, MemoryWorkers, Room
from tests.simulation.memory.others import MemoryAudit
from tests.simulation.memory.tables import CLAIMABLE, IN_ORDER, TERMINAL, Memory, Row, RuleBroken
from tests.simulation.memory.trigger import kept_to_the_table

_SAME = (
    "id", "authority", "kind", "submission_id", "review_id", "retracts", "reference", "reason", "fence", "failures",
    "lapses", "deaths", "lookups", "absences", "may_have_arrived", "connector",
)  # fmt: skip


class MemoryClaims:
    """The claiming half of `service.ports.casework.Deliveries`."""

    def __init__(self, memory: Memory, authority: str) -> None:
        self._memory, self._authority = memory, authority
        self._lane, self._workers = MemoryLane(memory, authority), MemoryWorkers(memory)

    def claim(self, claimer: Claimer, *, in_flight_max: int, limit: int, only: UUID | None = None) -> list[Claim]:
        room = self._lane.room(in_flight_max)
        wanted = min(room.slots, limit)
        due = sorted(
            self._due(claimer, room, only),
            key=lambda row: (room.wary and not row["may_have_arrived"], row["due_at"], row["seq"]),
        )
        return [self._taken(row, claimer, room) for row in due[: max(wanted, 0)]]

    def _due(self, claimer: Claimer, room: Room, only: UUID | None) -> Iterator[Row]:
        for row in self._mine():
            if only not in (None, row["id"]) or not self._claimable(row) or self.behind_earlier(row):
                continue
            if room.only_to_look_up and not row["may_have_arrived"]:
                continue
            if not only and self._may_be_gone(row, claimer):
                continue
            if claimer.alone or only or not (row["deaths"] or self._gone(row, claimer)):
                yield row

    def _taken(self, row: Row, claimer: Claimer, room: Room) -> Claim:
        lapsed = row["state"] == "in_flight"
        taken = self._change(
            row,
            state="in_flight",
            lapses=row["lapses"] + lapsed,
            deaths=row["deaths"] + self._gone(row, claimer),
            fence=row["fence"] + 1,
            attempts=row["attempts"] + 1,
            held_by=claimer.worker,
            lease_until=self._memory.now + claimer.lease,
            changed_at=self._memory.now,
        )
        self._begin_attempt(taken)
        return Claim(
            **{name: taken[name] for name in _SAME},
            attempt=taken["attempts"],
            since_first_sent=self._since(taken["first_sent_at"]),
            put_off_for=self._since(taken["put_off_since"]),
            probing=room.probing,
            looking_only=room.only_to_look_up,
        )

    def _begin_attempt(self, row: Row) -> None:
        key = (row["id"], row["attempts"])
        if self._memory.get("attempt", key) is not None:
            raise RuleBroken("pk_attempt")
        phase = Phase.LOOKING_UP if row["may_have_arrived"] else Phase.CLAIMED
        begun = {"number": row["attempts"], "fence": row["fence"], "phase": phase.value, "outcome": None}
        self._memory.put(
            "attempt", key, {"authority": self._authority, "delivery_id": row["id"], "reason": None, **begun}
        )

    def any_to_be_claimed_alone(self, claimer: Claimer) -> bool:
        self._lane.row()
        if not any(self._is_suspect(row, claimer) for row in self._mine()):
            return False
        room = self._lane.room(1_000)
        return room.slots > 0 and not room.only_to_look_up

    def _is_suspect(self, row: Row, claimer: Claimer) -> bool:
        if not row["deaths"] and not self._taken_over(row, claimer):
            return False
        return self._claimable(row) and not self.behind_earlier(row)

    def sending(self, claim: Claim, *, lease: timedelta, connector: str, version: str, profile_digest: str) -> Held:
        row = self._held(claim)
        if row is None:
            return Held.LOST
        if row["kind"] == "record" and not row["may_have_arrived"] and self._is_withdrawn(row):
            return Held.WITHDRAWN
        if self._lane.lets_nothing_out(probing=claim.probing):
            return Held.LANE_CLOSED
        self._change(
            row,
            lease_until=self._memory.now + lease,
            may_have_arrived=True,
            first_sent_at=row["first_sent_at"] or self._memory.now,
            connector=connector,
            connector_version=version,
            profile_digest=profile_digest,
        )
        self._memory.update("attempt", (claim.id, claim.attempt), phase=Phase.SENDING.value)
        return Held.YES

    def settle(self, claim: Claim, settlement: Settlement, audit: AuditEntry | None, *, in_flight_max: int) -> bool:
        if not can_move(State.IN_FLIGHT, settlement.state):
            raise ValueError(f"a delivery in flight cannot become {settlement.state}")
        row = self._held(claim)
        if row is not None:
            self._change(row, **self._outcome(row, settlement))
        self._memory.update(
            "attempt",
            (claim.id, claim.attempt),
            phase=Phase.ENDED.value,
            outcome="late" if row is None else settlement.state.value,
            reason=settlement.reason.value,
        )
        if row is None:
            return False
        self._lane.tell(settlement.weight, settlement.reason, settlement.lane_waits, in_flight_max=in_flight_max)
        if audit is not None:
            MemoryAudit(self._memory, self._authority).add(audit)
        return True

    def _outcome(self, row: Row, settlement: Settlement) -> dict[str, Any]:
        state, now = settlement.state, self._memory.now
        put_off = state is State.RETRY or (state is State.UNKNOWN and settlement.failures > 0)
        same = ("note", "may_have_arrived", "failures", "lookups", "absences", "lapses", "deaths", "record_number")
        return {name: getattr(settlement, name) for name in (*same, "document_number")} | {
            "state": state.value,
            "reason": settlement.reason.value,
            "due_at": now + settlement.due_in,
            "evidence": None if settlement.evidence is None else dict(settlement.evidence),
            "lease_until": None,
            "held_by": None,
            "put_off_since": (row["put_off_since"] or now) if put_off else None,
            "changed_at": now,
            "delivered_at": now if state is State.DELIVERED else None,
        }

    def _mine(self) -> Collection[Row]:
        return self._memory.rows("delivery", self._authority)

    def _is_withdrawn(self, row: Row) -> bool:
        record = self._memory.get("submission", row["submission_id"])
        return record is not None and record["withdrawn_by"] is not None

    def _held(self, claim: Claim) -> Row | None:
        row = self._memory.get("delivery", claim.id)
        if row is None or row["authority"] != self._authority:
            return None
        return row if row["fence"] == claim.fence and row["state"] == "in_flight" else None

    def _claimable(self, row: Row) -> bool:
        if row["state"] == "in_flight":
            return bool(row["lease_until"] < self._memory.now)
        return row["state"] in CLAIMABLE and row["due_at"] <= self._memory.now

    def behind_earlier(self, row: Row) -> bool:
        """An earlier one that is open goes first; and a later one that is in flight, when the earlier was reopened."""
        if row["kind"] not in IN_ORDER or row["state"] == "in_flight":
            return False
        return any(
            other["child_key"] == row["child_key"]
            and other["kind"] in IN_ORDER
            and other["id"] != row["id"]
            and (other["seq"] < row["seq"] or other["state"] == "in_flight")
            and other["state"] not in TERMINAL
            for other in self._mine()
        )

    def _gone(self, row: Row, claimer: Claimer) -> bool:
        return claimer.judging and self._taken_over(row, claimer)

    def _may_be_gone(self, row: Row, claimer: Claimer) -> bool:
        if row["state"] != "in_flight" or row["held_by"] == claimer.worker:
            return False
        return self._workers.may_be_gone(row["held_by"], row["lease_until"], judging=claimer.judging)

    def _taken_over(self, row: Row, claimer: Claimer) -> bool:
        held_by = row["held_by"]
        return row["state"] == "in_flight" and held_by != claimer.worker and self._workers.is_gone(held_by)

    def _since(self, moment: Any) -> timedelta | None:
        return None if moment is None else self._memory.now - moment

    def _change(self, row: Row, **values: Any) -> Row:
        changed = kept_to_the_table(self._memory, row, {**row, **values})
        self._memory.put("delivery", row["id"], changed)
        return changed
