"""What the bridge knows around a record, for the rules that ask: the register, and the record before this one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.domain.rules import Earlier, Known, Subject
from service.domain.subjects import sketches_of
from service.domain.text.copies import unpacked
from service.domain.training.standing import ASSESSOR
from service.ports import StoredSubmission, Vault
from service.ports.intake import Intake, Question
from service.usecases.incoming import meeting_key


@dataclass(frozen=True)
class Knower:
    """Reads; changes nothing. The record may be as broken as it likes."""

    casework: Intake
    vault: Vault

    def about(self, subject: Subject) -> Known:
        """All of it in one question, for the authority of the subject's policy."""
        authority = subject.policy.authority
        child = subject.text("/young_person/la_child_id")
        child_key = self.vault.child_key(authority, child) if child else None
        found = self.casework.look_up(authority, self._question(subject, child_key))
        return Known(
            training=found.training,
            review_due_on=found.review_due_on,
            # A record sent again is not a second one of its meeting; what it is, the intake says.
            same_meeting=found.same_meeting and not found.sent_before,
            sketches=self._sketches(authority, child_key, found.sketches),
            named=_earlier(found.named, child_key),
            looked_up=True,
        )

    def _question(self, subject: Subject, child_key: bytes | None) -> Question:
        record, authority = subject.record, subject.policy.authority
        sender_ref, new = record.get("submission_id"), subject.text("/submission_kind") in ("new", "review")
        return Question(
            record_type=subject.record_type,
            worker=subject.text(ASSESSOR[subject.record_type]),
            child_key=child_key,
            sender_ref=sender_ref if isinstance(sender_ref, str) else None,
            names=subject.text("/supersedes_submission_id"),
            met_on=subject.completed_on if new else None,
            meeting_key=meeting_key(record, authority, self.vault) if new else None,
        )

    def _sketches(self, authority: str, child_key: bytes | None, sealed: bytes | None) -> Mapping[str, bytes]:
        if child_key is None or sealed is None:
            return {}
        return unpacked(self.vault.open(authority, sketches_of(child_key), sealed))


def _earlier(found: StoredSubmission | None, child_key: bytes | None) -> Earlier | None:
    if found is None:
        return None
    return Earlier(
        record_type=found.record_type,
        same_young_person=found.child_key == child_key,
        withdrawn=found.withdrawn_by is not None or found.kind == "withdrawal",
        newest=found.superseded_by is None,
    )
