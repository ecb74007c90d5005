"""Deliver one row: claim, verify the person, map, commit "sending", send, commit the outcome with its evidence.

No transaction is open while the case system is called. Whatever happens to this process, the row says how far it came:
before "sending" nothing can have arrived; after it, the only way on is to look up our reference.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
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
    Claimer,
    Held,
    Partial,
    Receipt,
    Settlement,
)
from service.usecases.hand_over import hand_over, require_able
from service.usecases.outcome import (
    Pace,
    Spread,
    after_absence,
    after_awaiting,
    after_looking,
    after_problem,
    after_receipt,
    after_withdrawal,
    interrupted,
    stops_workers,
    taken_back,
    without_keys,
)
from service.usecases.package import KeysAway, NothingLeft, Packer

NOTED_SECONDS = 2.0
NO_PACE = Pace(quiet=60, poll=60, answer_within=0)
"""Of an authority whose profile is not in use; nothing of its is claimed until it is again."""


@dataclass(frozen=True)
class Lane:
    """One authority's way of delivering: its adapter, its pace, and how many may be under way at once."""

    adapter: Adapter
    name: str
    pace: Pace
    in_flight_max: int


class LeaseLost(Exception):
    """Somebody else holds the delivery now; nothing more may be done under this claim."""


class LaneClosed(Exception):
    """A person stopped the lane, or its breaker opened: nothing more leaves under this claim."""


class Noted:
    """That bytes may leave: noted at once, and again before every further step when the last note is old.

    For `worth` seconds after a note nobody else can have taken the delivery, for its lease is much longer; only that a
    person stopped the lane is not seen for so long.
    """

    def __init__(self, note: Callable[[], None], worth: float, monotonic: Callable[[], float]) -> None:
        self._note, self._worth, self._monotonic = note, worth, monotonic
        self._at = monotonic()
        note()

    def go_on(self) -> None:
        """Before a further step. Raises `LeaseLost` or `LaneClosed`."""
        if self._monotonic() - self._at >= self._worth:
            self._at = self._monotonic()
            self._note()


@dataclass(frozen=True)
class Deliverer:
    """Claims for one authority at a time, and works on one delivery at a time; any number of these may run."""

    casework: Casework
    packer: Packer
    lanes: Mapping[str, Lane]
    claimer: Claimer
    spread: Spread = field(default=random.random)
    monotonic: Callable[[], float] = field(default=time.monotonic)

    def claim(
        self, authority: str, limit: int, *, judging: bool = False, alone: bool = False, only: UUID | None = None
    ) -> list[Claim]:
        """What may be worked on now, each to be given to `work`. `judging`, `alone`: as in `Claimer`."""
        lane = self.lanes.get(authority)
        if lane is None:
            return []
        claimer = replace(self.claimer, judging=judging, alone=alone)
        with self.casework.transaction(authority) as tx:
            return tx.deliveries.claim(claimer, in_flight_max=lane.in_flight_max, limit=limit, only=only)

    def work(self, claim: Claim) -> Settlement | None:
        """One attempt. None when the claim was lost meanwhile: then another worker says how it ended."""
        lane = self.lanes.get(claim.authority)
        if lane is None:  # its profile went out of use between the claim and now
            return self._settled(claim, interrupted(claim, NO_PACE, arrived=claim.may_have_arrived), 1)
        try:
            settlement = self._outcome(claim, lane)
        except LeaseLost:
            return None
        return self._settled(claim, settlement, lane.in_flight_max)

    def _outcome(self, claim: Claim, lane: Lane) -> Settlement:
        if stops_workers(claim):
            problem = NeedsHuman(Reason.STOPS_WORKERS)
            return self._after_problem(problem, claim, lane, arrived=claim.may_have_arrived)
        try:
            if claim.may_have_arrived:
                found = _looked_up(claim, lane.adapter.case_system)
                if not isinstance(found, Partial):
                    return after_looking(claim, _after_answer(found, claim, lane))
                if claim.looking_only:
                    return interrupted(claim, lane.pace, arrived=True)
        except DeliveryProblem as problem:
            return self._after_problem(problem, claim, lane, arrived=True)
        return self._send(claim, lane)

    def _send(self, claim: Claim, lane: Lane) -> Settlement:
        """What may have arrived comes here only after the case system was asked, and told what is there."""
        case_system, looked = lane.adapter.case_system, claim.may_have_arrived
        arrived = looked
        try:
            package = self.packer.pack(claim, lane.adapter, authority_name=lane.name)
            require_able(package, case_system)
            if package.filing:
                case_system.verify_person(package.filing.person)
            noted = Noted(lambda: self._note_sending(claim, lane.adapter), self._worth(), self.monotonic)
            arrived = True
            answer = hand_over(package, case_system, lane.adapter.documents, noted.go_on)
            return _after_answer(answer, claim, lane)
        except KeysAway:
            return without_keys(claim, lane.pace, arrived=arrived)
        except NothingLeft as left:
            return taken_back(claim, left.reason)
        except LaneClosed:
            return interrupted(claim, lane.pace, arrived=arrived)
        except DeliveryProblem as problem:
            return self._after_problem(problem, claim, lane, arrived=arrived, looked=looked)

    def _after_problem(
        self, problem: DeliveryProblem, claim: Claim, lane: Lane, *, arrived: bool, looked: bool = False
    ) -> Settlement:
        return after_problem(problem, claim, lane.pace, arrived=arrived, spread=self.spread, looked=looked)

    def _worth(self) -> float:
        return min(NOTED_SECONDS, self.claimer.lease.total_seconds() / 4)

    def _note_sending(self, claim: Claim, adapter: Adapter) -> None:
        """A lease is longer than one call, and shorter than all of them together."""
        with self.casework.transaction(claim.authority) as tx:
            held = tx.deliveries.sending(
                claim,
                lease=self.claimer.lease,
                connector=adapter.case_system.kind,
                version=adapter.case_system.version,
                profile_digest=adapter.profile_digest,
            )
        if held is Held.LOST:
            raise LeaseLost
        if held is Held.WITHDRAWN:
            raise NothingLeft(Reason.WITHDRAWN)
        if held is Held.LANE_CLOSED:
            raise LaneClosed

    def _settled(self, claim: Claim, settlement: Settlement, in_flight_max: int) -> Settlement | None:
        entry = _entry(claim, settlement) if settlement.is_news else None
        with self.casework.transaction(claim.authority) as tx:
            kept = tx.deliveries.settle(claim, settlement, entry, in_flight_max=in_flight_max)
        return settlement if kept else None


def _entry(claim: Claim, settlement: Settlement) -> AuditEntry:
    """What the trail says of an attempt's end."""
    return AuditEntry(
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
