"""Keep feedback, and note what is answered about its use in an evaluation. Nothing is delivered or counted."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from service.domain.participation.consent import Consent, consent_of, latest
from service.domain.subjects import consent_of as bound_to_consent
from service.errors import NotThere
from service.ports import AuditEntry, Casework, CaseworkTransaction, Record, Vault
from service.ports.participation import NewFeedback
from service.usecases.keep_sealed import Taken, as_bytes, keep


@dataclass(frozen=True)
class Noted:
    """The answer that holds after one was noted, and whether that changed it."""

    consent: Consent
    changed: bool


@dataclass(frozen=True)
class FeedbackDesk:
    """Feedback of one authority at a time, found valid before it comes here."""

    casework: Casework
    vault: Vault

    def take(self, sent: Record, *, authority: str, client_id: str) -> Taken:
        """Durable once this returns. What was answered meanwhile about the evaluation stays as it is on a replay."""
        new = self._new(sent, authority, client_id)
        with self.casework.transaction(authority) as tx:
            taken = keep(tx.feedback, new)
            if not taken.replayed:
                detail = {"given_by": new.given_by} | _codes(new.consent)
                tx.audit.add(AuditEntry(f"client:{client_id}", "feedback_received", "feedback", str(new.id), detail))
        return taken

    def note_consent(self, feedback_id: UUID, said: Record, *, authority: str, client_id: str) -> Noted:
        """Adds the answer to those there are; the latest holds. Raises `NotThere`."""
        with self.casework.transaction(authority) as tx:
            found = tx.feedback.consent(feedback_id)
            if found is None:
                raise NotThere("There is no such feedback.")
            held, sealed = found
            holds = latest(held, consent_of(said))
            answers = self._answers(authority, feedback_id, sealed)
            if answers[-1:] != [dict(said)]:
                tx.feedback.set_consent(feedback_id, holds, self._seal(authority, feedback_id, [*answers, said]))
                _note(tx, feedback_id, consent_of(said), client_id, holds=holds != held)
        return Noted(holds, changed=holds != held)

    def _new(self, sent: Record, authority: str, client_id: str) -> NewFeedback:
        feedback_id, content, said = uuid4(), as_bytes(sent), sent.get("evaluation_consent")
        return NewFeedback(
            id=feedback_id,
            sender_ref=sent["feedback_id"],
            client_id=client_id,
            content_digest=self.vault.content_digest(authority, content),
            sealed=self.vault.seal(authority, str(feedback_id), content),
            given_by=sent["given_by"],
            given_on=date.fromisoformat(sent["given_on"]),
            consent=consent_of(said),
            sealed_consent=self._seal(authority, feedback_id, [said] if said else []),
        )

    def _seal(self, authority: str, feedback_id: UUID, answers: list[Any]) -> bytes:
        return self.vault.seal(authority, bound_to_consent(feedback_id), as_bytes(answers))

    def _answers(self, authority: str, feedback_id: UUID, sealed: bytes) -> list[Any]:
        answers: list[Any] = json.loads(self.vault.open(authority, bound_to_consent(feedback_id), sealed))
        return answers


def _note(tx: CaseworkTransaction, feedback_id: UUID, said: Consent, client_id: str, *, holds: bool) -> None:
    detail = _codes(said) | {"holds": holds}
    tx.audit.add(AuditEntry(f"client:{client_id}", "evaluation_consent_noted", "feedback", str(feedback_id), detail))


def _codes(consent: Consent) -> dict[str, str | int | bool | None]:
    return {"decision": consent.decision, "withdrawn": consent.withdrawn_on is not None}
