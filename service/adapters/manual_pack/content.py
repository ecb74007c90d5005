"""What is noted of a pack when it is handed over, and the receipt that a confirmation is."""

from __future__ import annotations

from datetime import UTC

from service.adapters.shared.digests import canonical_sha256
from service.adapters.shared.texts import legal, withdrawal_words
from service.ports import Filing, Receipt, Retraction, ReviewTask
from service.ports.manual import Confirmation, NewPack


def pack_of_filing(filing: Filing, inbox: str, form: str) -> NewPack:
    """A record, or a correction of one that is there. Raises `NeedsHuman` for words that cannot be shown."""
    to_type = [[each.code, each.row, legal(each.value)] for each in filing.answers]
    digest = canonical_sha256([filing.reference, form, to_type, filing.replaces])
    return NewPack(filing.reference, inbox, "record", form, filing.replaces, digest)


def pack_of_task(task: ReviewTask, inbox: str) -> NewPack:
    """A review for the diary. The digest leaves the child reference out, which could be guessed from it."""
    digest = canonical_sha256([task.reference, task.due_on.isoformat()])
    return NewPack(task.reference, inbox, "review_task", None, None, digest)


def pack_of_retraction(retraction: Retraction, inbox: str) -> NewPack:
    """A withdrawal. Raises `NeedsHuman` for a reason that has no words."""
    digest = canonical_sha256([retraction.reference, retraction.record_number, withdrawal_words(retraction)])
    return NewPack(retraction.reference, inbox, "retraction", None, retraction.record_number, digest)


def receipt_of(pack: NewPack, given: Confirmation) -> Receipt:
    """The numbers are what the person read off the case system; who they are and when they said so is the proof."""
    evidence = {
        "handed_over_sha256": pack.handed_sha256,
        "confirmed_by": given.by,
        "confirmed_at": given.at.astimezone(UTC).isoformat(),
    }
    if pack.about_number is not None:
        evidence["withdraws" if pack.kind == "retraction" else "corrects"] = pack.about_number
    return Receipt(given.record_number, given.document_number, evidence)
