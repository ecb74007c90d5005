"""The copy of a kept record that is meant for one reader."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from service.domain.audiences import SECTIONS, TABLE, Audience, Copy, CopyRefused, copy_for
from service.domain.faults import Fault
from service.errors import CopyWithheld, Gone, NotThere
from service.ports import AuditEntry, Casework, CaseworkTransaction, DocumentMaker, Record, StoredSubmission, Vault
from service.usecases.opening import opened

_POSITION = re.compile(r"/[0-9]+(?=/|$)")


@dataclass(frozen=True)
class CopyMaker:
    """Opens, reduces and renders. Every copy made stands in the audit trail, with its reader and never its content."""

    casework: Casework
    vault: Vault
    documents: DocumentMaker
    names: Mapping[str, str]

    def make(self, authority: str, submission_id: UUID, audience: Audience, *, actor: str) -> bytes:
        """A PDF. Raises `NotThere`, `Gone` for what was withdrawn or corrected, or `CopyWithheld` with the rule."""
        with self.casework.transaction(authority) as tx:
            found = tx.submissions.get(submission_id)
            if found is None:
                raise NotThere("There is no such submission.")
            _check_stands(found, audience)
            record = self._open(tx, authority, submission_id)
            holds = {
                section
                for hold in tx.holds.of_submission(submission_id)
                if hold.released_at is None
                for section in sections_at(hold.pointer)
            }
            copy = _allowed(copy_for(record, audience, holds=holds))
            reference, review = _reference(tx, submission_id), tx.reviews.of_submission(submission_id)
            entry = {"audience": audience.value}
            tx.audit.add(AuditEntry(actor, "copy_made", "submission", str(submission_id), entry))
        return self.documents.copy_for(
            copy,
            authority_name=self.names[authority],
            reference=reference,
            review_due_on=review.due_on if review else None,
        )

    def _open(self, tx: CaseworkTransaction, authority: str, submission_id: UUID) -> Record:
        """With third parties, because the rules about copies look at them; what may be seen of them the table says."""
        kept = tx.submissions.kept(submission_id)
        return opened(self.vault, authority, submission_id, kept.sealed, kept.sealed_apart)


def sections_at(pointer: str) -> frozenset[str]:
    """The sections a held place belongs to. A place that no row knows closes them all."""
    path = _POSITION.sub("/*", pointer)
    found = {row.section for row in TABLE if row.claims(path) or row.path.startswith(f"{path}/")}
    return frozenset(found or SECTIONS)


def _check_stands(found: StoredSubmission, audience: Audience) -> None:
    """A withdrawn record is nobody's to read; a corrected one is the case file's history and no reader's copy."""
    if found.withdrawn_by or found.kind == "withdrawal":
        raise Gone("This record was withdrawn.")
    if found.superseded_by and audience is not Audience.CASE_FILE:
        raise Gone(f"This record was corrected. Ask for its newest version: {found.superseded_by}.")


def _allowed(copy: Copy | CopyRefused) -> Copy:
    if isinstance(copy, CopyRefused):
        raise CopyWithheld(copy.detail, faults=[Fault("", copy.code, copy.detail, copy.fix)])
    return copy


def _reference(tx: CaseworkTransaction, submission_id: UUID) -> str:
    return next(each.reference for each in tx.deliveries.of_submission(submission_id) if each.kind == "record")
