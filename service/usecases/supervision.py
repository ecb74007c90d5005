"""Keep a reflective supervision, and open one for the authority's own supervision system.

No delivery comes of it, and no record asks for it: supervision that had to be filed first would hold up a child's
record (domain model, trap 33).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from service.errors import NotThere
from service.ports import AuditEntry, Casework, Record, Vault
from service.ports.participation import NewSupervision
from service.usecases.keep_sealed import Taken, as_bytes, keep


@dataclass(frozen=True)
class SupervisionDesk:
    """Supervision of one authority's workers, found valid before it comes here."""

    casework: Casework
    vault: Vault

    def take(self, sent: Record, *, authority: str, client_id: str) -> Taken:
        """Durable once this returns. Raises `Conflict` when its id names other content."""
        new = self._new(sent, authority, client_id)
        with self.casework.transaction(authority) as tx:
            taken = keep(tx.supervision, new)
            if not taken.replayed:
                entry = _entry(client_id, "supervision_received", new.id, mode=new.mode, linked=new.linked)
                tx.audit.add(entry)
        return taken

    def open(self, supervision_id: UUID, *, authority: str, client_id: str) -> Record:
        """As it was sent. Who opened it stands in the audit trail. Raises `NotThere`."""
        with self.casework.transaction(authority) as tx:
            sealed = tx.supervision.sealed_body(supervision_id)
            if sealed is None:
                raise NotThere("There is no such supervision.")
            found: Record = json.loads(self.vault.open(authority, str(supervision_id), sealed))
            tx.audit.add(_entry(client_id, "supervision_opened", supervision_id))
        return found

    def _new(self, sent: Record, authority: str, client_id: str) -> NewSupervision:
        supervision_id, content = uuid4(), as_bytes(sent)
        return NewSupervision(
            id=supervision_id,
            sender_ref=sent["supervision_id"],
            client_id=client_id,
            content_digest=self.vault.content_digest(authority, content),
            sealed=self.vault.seal(authority, str(supervision_id), content),
            held_on=date.fromisoformat(sent["held_on"]),
            mode=sent["mode"],
            linked="link_submission_id" in sent,
        )


def _entry(client_id: str, action: str, supervision_id: UUID, **detail: str | bool) -> AuditEntry:
    return AuditEntry(f"client:{client_id}", action, "supervision", str(supervision_id), detail)
