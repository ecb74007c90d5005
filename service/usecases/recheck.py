"""Look again at records held for training: a late registration lets them go on (rules T1, T3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from service.domain.policy import Policy
from service.domain.rules import Known, Subject, check
from service.domain.training.standing import ASSESSOR
from service.errors import NeedsHuman
from service.ports import Casework, HoldView, Vault
from service.usecases.each import each_by_itself
from service.usecases.incoming import HELD_DELIVERY
from service.usecases.opening import opened
from service.usecases.release_hold import HoldReleaser

BATCH = 20
REGISTER = "training register"


@dataclass(frozen=True)
class TrainingRechecker:
    """Safe to run twice at once: a hold is released once.

    Each look goes on where the one before it ended, so that holds which never settle do not hide the others.
    """

    casework: Casework
    vault: Vault
    releaser: HoldReleaser
    policies: Mapping[str, Policy]
    authorities: Iterable[str]
    _looked_at: dict[str, tuple[datetime, UUID]] = field(default_factory=dict)

    def look(self) -> int:
        """How many holds were let go. Raises `SomeFailedError`."""
        return each_by_itself(self.authorities, self._look_at)

    def _look_at(self, authority: str) -> int:
        with self.casework.transaction(authority) as tx:
            held = tx.holds.open_for(HELD_DELIVERY, after=self._looked_at.pop(authority, None), limit=BATCH)
        if len(held) == BATCH:
            self._looked_at[authority] = (held[-1].raised_at, held[-1].id)
        return sum(self._let_go(authority, hold) for hold in held if self._is_settled(authority, hold.submission_id))

    def _let_go(self, authority: str, hold: HoldView) -> bool:
        return self.releaser.release(authority, hold.id, by=REGISTER, actor=REGISTER)

    def _is_settled(self, authority: str, submission_id: UUID) -> bool:
        """Whether the rules of training have nothing more to say, by the register as it is now."""
        with self.casework.transaction(authority) as tx:
            found, sealed = tx.submissions.get(submission_id), tx.submissions.sealed_body(submission_id)
        if found is None:
            return False
        try:
            record = opened(self.vault, authority, submission_id, sealed)
        except NeedsHuman:
            return False
        subject = Subject(record, found.record_type, self.policies[authority], found.received_at.date())
        with self.casework.transaction(authority) as tx:
            registered = tx.training.of(subject.text(ASSESSOR[found.record_type]) or "")
        findings = check(replace(subject, known=Known(training=registered)), ())
        return not any(fault.code in HELD_DELIVERY for fault in (*findings.errors, *findings.holds))
