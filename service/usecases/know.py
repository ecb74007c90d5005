"""What the bridge knows around a record, for the rules that ask: the register, and the record before this one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.domain.rules import Earlier, Known, Subject
from service.domain.training.standing import ASSESSOR
from service.ports import Casework, CaseworkTransaction, Vault
from service.usecases.incoming import meeting_key, sketcher


@dataclass(frozen=True)
class Knower:
    """Reads; changes nothing. The record may be as broken as it likes."""

    casework: Casework
    vault: Vault

    def about(self, subject: Subject) -> Known:
        """All of it in one transaction, for the authority of the subject's policy."""
        authority = subject.policy.authority
        child = subject.text("/young_person/la_child_id")
        child_key = self.vault.child_key(authority, child) if child else None
        with self.casework.transaction(authority) as tx:
            worker = subject.text(ASSESSOR[subject.record_type])
            return Known(
                training=tx.training.of(worker) if worker else (),
                review_due_on=tx.reviews.due_of(child_key, subject.record_type) if child_key else None,
                same_meeting=self._same_meeting(tx, subject, child_key),
                sketches=tx.submissions.last_sketches(child_key, subject.record_type) if child_key else {},
                sketch=sketcher(self.vault, authority, child_key) if child_key else None,
                named=_named(tx, subject, child_key),
                looked_up=True,
            )

    def _same_meeting(self, tx: CaseworkTransaction, subject: Subject, child_key: bytes | None) -> bool:
        met, key = subject.completed_on, meeting_key(subject.record, subject.policy.authority, self.vault)
        if not (met and key and child_key) or subject.text("/submission_kind") not in ("new", "review"):
            return False
        return tx.submissions.has_meeting(key, child_key, met) and not _is_replay(tx, subject.record)


def _is_replay(tx: CaseworkTransaction, record: Mapping[str, Any]) -> bool:
    """A record sent again is not a second one of its meeting; what it is, the intake says."""
    sender_ref = record.get("submission_id")
    return isinstance(sender_ref, str) and tx.submissions.by_sender_ref(sender_ref) is not None


def _named(tx: CaseworkTransaction, subject: Subject, child_key: bytes | None) -> Earlier | None:
    sender_ref = subject.text("/supersedes_submission_id")
    found = tx.submissions.by_sender_ref(sender_ref) if sender_ref else None
    if found is None:
        return None
    return Earlier(
        record_type=found.record_type,
        same_young_person=found.child_key == child_key,
        withdrawn=found.withdrawn_by is not None or found.kind == "withdrawal",
        newest=found.superseded_by is None,
    )
