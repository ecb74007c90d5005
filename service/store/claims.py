"""Claiming a delivery and ending the claim: conditional UPDATEs, so that two workers can never both win."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Integer, cast, func, insert, text, update

from service.domain.delivery import Phase, State, can_move
from service.ports import AuditEntry, Claim, Settlement
from service.store.audit_trail import AuditTrail
from service.store.conditions import BEHIND_EARLIER, CLAIMABLE, IN_FLIGHT_NOW
from service.store.tables import attempt, delivery

_HELD = (
    delivery.c.id,
    delivery.c.authority,
    delivery.c.kind,
    delivery.c.submission_id,
    delivery.c.review_id,
    delivery.c.retracts,
    delivery.c.reference,
    delivery.c.fence,
    delivery.c.attempts.label("attempt"),
    delivery.c.failures,
    delivery.c.lapses,
    delivery.c.lookups,
    delivery.c.absences,
    delivery.c.may_have_arrived,
    delivery.c.connector,
    (func.now() - delivery.c.first_sent_at).label("since_first_sent"),
)

_TAKE_TURNS = text("SELECT pg_advisory_xact_lock(hashtext(:lane))")


class ClaimRows:
    """The claiming half of `service.ports.casework.Deliveries`."""

    def __init__(self, connection: Connection, authority: str) -> None:
        self._connection, self._authority = connection, authority

    def claim(self, delivery_id: UUID, *, lease: timedelta, in_flight_max: int) -> Claim | None:
        """Takes it if it is due, free and next; counts the attempt before any work is done.

        Claims of one authority take turns for that moment: each must see how many the others hold.
        """
        self._connection.execute(_TAKE_TURNS, {"lane": f"lane {self._authority}"})
        taken = (
            update(delivery)
            .where(delivery.c.authority == self._authority, delivery.c.id == delivery_id)
            .where(CLAIMABLE, ~BEHIND_EARLIER, in_flight_max > IN_FLIGHT_NOW)
            .values(
                state=State.IN_FLIGHT.value,
                lapses=delivery.c.lapses + cast(delivery.c.state == State.IN_FLIGHT.value, Integer),
                fence=delivery.c.fence + 1,
                attempts=delivery.c.attempts + 1,
                lease_until=func.now() + lease,
                changed_at=func.now(),
            )
            .returning(*_HELD)
        )
        row = self._connection.execute(taken).first()
        if row is None:
            return None
        claim = Claim(**row._mapping)
        self._begin_attempt(claim)
        return claim

    def sending(self, claim: Claim, *, lease: timedelta, connector: str, version: str, profile_digest: str) -> bool:
        """Commits that bytes may leave from now on, and takes the lease anew."""
        held = self._held(claim).values(
            lease_until=func.now() + lease,
            may_have_arrived=True,
            first_sent_at=func.coalesce(delivery.c.first_sent_at, func.now()),
            connector=connector,
            connector_version=version,
            profile_digest=profile_digest,
        )
        if self._connection.execute(held).rowcount != 1:
            return False
        self._update_attempt(claim, phase=Phase.SENDING.value)
        return True

    def settle(self, claim: Claim, settlement: Settlement, audit: AuditEntry) -> bool:
        """Ends the attempt, unless somebody else has taken over meanwhile."""
        if not can_move(State.IN_FLIGHT, settlement.state):
            raise ValueError(f"a delivery in flight cannot become {settlement.state}")
        ended = self._connection.execute(self._held(claim).values(_outcome(settlement))).rowcount == 1
        outcome = settlement.state.value if ended else "late"
        self._update_attempt(
            claim, phase=Phase.ENDED.value, outcome=outcome, reason=settlement.reason.value, ended_at=func.now()
        )
        if ended:
            AuditTrail(self._connection, self._authority).add(audit)
        return ended

    def _held(self, claim: Claim) -> Any:
        return update(delivery).where(
            delivery.c.authority == self._authority,
            delivery.c.id == claim.id,
            delivery.c.fence == claim.fence,
            delivery.c.state == State.IN_FLIGHT.value,
        )

    def _begin_attempt(self, claim: Claim) -> None:
        phase = Phase.LOOKING_UP if claim.may_have_arrived else Phase.CLAIMED
        self._connection.execute(
            insert(attempt).values(
                delivery_id=claim.id,
                number=claim.attempt,
                authority=self._authority,
                fence=claim.fence,
                phase=phase.value,
            )
        )

    def _update_attempt(self, claim: Claim, **values: Any) -> None:
        self._connection.execute(
            update(attempt)
            .where(
                attempt.c.authority == self._authority,
                attempt.c.delivery_id == claim.id,
                attempt.c.number == claim.attempt,
            )
            .values(values)
        )


def _outcome(settlement: Settlement) -> dict[str, Any]:
    return {
        "state": settlement.state.value,
        "reason": settlement.reason.value,
        "note": settlement.note,
        "due_at": func.now() + settlement.due_in,
        "may_have_arrived": settlement.may_have_arrived,
        "failures": settlement.failures,
        "lookups": settlement.lookups,
        "absences": settlement.absences,
        "lapses": settlement.lapses,
        "record_number": settlement.record_number,
        "document_number": settlement.document_number,
        "evidence": dict(settlement.evidence) if settlement.evidence is not None else None,
        "lease_until": None,
        "changed_at": func.now(),
        "delivered_at": func.now() if settlement.state is State.DELIVERED else None,
    }
