"""A person, or the training register, says that what was held may go on."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from service.ports import AuditEntry, Casework, CaseworkTransaction, HoldView, Wakeup
from service.usecases.incoming import HELD_DELIVERY


@dataclass(frozen=True)
class HoldReleaser:
    """Releases one hold at a time, once."""

    casework: Casework
    wakeup: Wakeup

    def release(self, authority: str, hold_id: UUID, *, by: str, actor: str) -> bool:
        """`by` is who looked. False when there is no such open hold. A held delivery goes on with its last hold."""
        with self.casework.transaction(authority) as tx:
            hold = tx.holds.get(hold_id)
            if hold is None or not tx.holds.release(hold_id, by):
                return False
            tx.audit.add(AuditEntry(actor, "hold_released", "hold", str(hold_id), {"rule": hold.rule, "by": by}))
            woken = _go_on(tx, hold)
        if woken:
            self.wakeup.look_now(authority)
        return True


def _go_on(tx: CaseworkTransaction, hold: HoldView) -> list[UUID]:
    still_open = [each.rule for each in tx.holds.of_submission(hold.submission_id) if each.released_at is None]
    if hold.rule not in HELD_DELIVERY or any(rule in HELD_DELIVERY for rule in still_open):
        return []
    deliveries = [each.id for each in tx.deliveries.of_submission(hold.submission_id) if each.kind == "record"]
    return [each for each in deliveries if tx.deliveries.release(each)]
