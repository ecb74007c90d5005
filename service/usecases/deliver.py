"""Deliver one row: claim, verify the person, map, commit "sending", send, commit the outcome with its evidence.

No transaction is open while the case system is called. Whatever happens to this process, the row says how far it came:
before "sending" nothing can have arrived; after it, the only way on is to look up our reference.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from service.domain.delivery import Reason
from service.errors import DeliveryProblem, NeedsHuman
from service.ports import (
    Ability,
    Absent,
    Adapter,
    AuditEntry,
    Awaiting,
    CaseSystem,
    Casework,
    Claim,
    Partial,
    Receipt,
    Settlement,
)
from service.usecases.hand_over import hand_over, require_able
from service.usecases.outcome import Pace, after_absence, after_awaiting, after_problem, after_receipt, after_withdrawal
from service.usecases.package import Packer

LAPSES_MAX = 3
"""Claims that ended with the worker gone. After this many the record itself may be what stops workers.

A look-up in between does not clear it: only that the case system took the record in, or a person.
"""


@dataclass(frozen=True)
class Lane:
    """One authority's way of delivering: its adapter, its pace, and how many may be under way at once."""

    adapter: Adapter
    name: str
    pace: Pace
    in_flight_max: int


class LeaseLost(Exception):
    """Somebody else holds the delivery now; nothing more may be done under this claim."""


@dataclass(frozen=True)
class Deliverer:
    """Works on one delivery at a time; any number of these may run."""

    casework: Casework
    packer: Packer
    lanes: Mapping[str, Lane]
    lease: timedelta

    def deliver(self, delivery_id: UUID) -> Settlement | None:
        """One attempt. None when there is nothing to do: not due, held by somebody, behind an earlier one, or gone."""
        authority = self.casework.lane_of(delivery_id)
        lane = self.lanes.get(authority) if authority else None
        if authority is None or lane is None:
            return None
        with self.casework.transaction(authority) as tx:
            claim = tx.deliveries.claim(delivery_id, lease=self.lease, in_flight_max=lane.in_flight_max)
        if claim is None:
            return None
        try:
            settlement = self._work(claim, lane)
        except LeaseLost:
            return None
        return settlement if self._settle(claim, settlement) else None

    def _work(self, claim: Claim, lane: Lane) -> Settlement:
        if claim.lapses >= LAPSES_MAX:
            problem = NeedsHuman(Reason.TOO_MANY_ATTEMPTS)
            return after_problem(problem, claim, lane.pace, arrived=claim.may_have_arrived)
        return self._attempt(claim, lane)

    def _attempt(self, claim: Claim, lane: Lane) -> Settlement:
        try:
            if claim.may_have_arrived:
                found = _looked_up(claim, lane.adapter.case_system)
                if not isinstance(found, Partial):
                    return _after_answer(found, claim, lane)
        except DeliveryProblem as problem:
            return after_problem(problem, claim, lane.pace, arrived=True)
        return self._send(claim, lane)

    def _send(self, claim: Claim, lane: Lane) -> Settlement:
        case_system, arrived = lane.adapter.case_system, claim.may_have_arrived
        try:
            package = self.packer.pack(claim, lane.adapter, authority_name=lane.name)
            require_able(package, case_system)
            if package.filing:
                case_system.verify_person(package.filing.person)
            self._note_sending(claim, lane.adapter)
            arrived = True
            answer = hand_over(
                package, case_system, lane.adapter.documents, lambda: self._note_sending(claim, lane.adapter)
            )
            return _after_answer(answer, claim, lane)
        except DeliveryProblem as problem:
            return after_problem(problem, claim, lane.pace, arrived=arrived)

    def _note_sending(self, claim: Claim, adapter: Adapter) -> None:
        """Before every step there: a lease is longer than one call, and shorter than all of them together."""
        with self.casework.transaction(claim.authority) as tx:
            held = tx.deliveries.sending(
                claim,
                lease=self.lease,
                connector=adapter.case_system.kind,
                version=adapter.case_system.version,
                profile_digest=adapter.profile_digest,
            )
        if not held:
            raise LeaseLost

    def _settle(self, claim: Claim, settlement: Settlement) -> bool:
        entry = AuditEntry(
            actor="delivery",
            action=f"delivery_{settlement.state.value}",
            subject_type="delivery",
            subject_id=str(claim.id),
            detail={
                "reference": claim.reference,
                "attempt": claim.attempt,
                "reason": settlement.reason.value,
                "record_number": settlement.record_number,
            },
        )
        with self.casework.transaction(claim.authority) as tx:
            return tx.deliveries.settle(claim, settlement, entry)


def _looked_up(claim: Claim, case_system: CaseSystem) -> Receipt | Awaiting | Partial | Absent:
    """A system that cannot be asked leaves only a person to look.

    So does another one than it was sent to, after the authority changed its profile: "not there" proves nothing here.
    """
    if claim.connector not in (None, case_system.kind):
        raise NeedsHuman(Reason.NOT_SUPPORTED, "sent_through_another_link")
    if Ability.LOOKS_UP not in case_system.abilities:
        raise NeedsHuman(Reason.NOT_SUPPORTED, Ability.LOOKS_UP.value)
    return case_system.look_up(claim.reference)


def _after_answer(answer: Receipt | Awaiting | Absent, claim: Claim, lane: Lane) -> Settlement:
    match answer:
        case Receipt() if claim.kind == "retraction":
            elsewhere = lane.adapter.documents not in (None, lane.adapter.case_system)
            return after_withdrawal(answer, document_elsewhere=elsewhere)
        case Receipt():
            return after_receipt(answer)
        case Awaiting():
            return after_awaiting(claim, lane.pace)
        case Absent():
            return after_absence(claim, lane.pace)
