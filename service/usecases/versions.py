"""What a correction and a withdrawal do to the record they name, in the transaction that takes them in."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID, uuid4

from service.domain.delivery import TERMINAL, State
from service.errors import Conflict
from service.ports import CaseworkTransaction, DeliveryView, NewDelivery, NewSubmission, StoredSubmission
from service.usecases.references import reference_of


def named_by(tx: CaseworkTransaction, sender_ref: str, child_key: bytes) -> StoredSubmission:
    """The record that is named, locked. The rules have looked before; somebody else may have been quicker."""
    named = tx.submissions.by_sender_ref(sender_ref, lock=True)
    if named is None or named.withdrawn_by or named.superseded_by or named.child_key != child_key:
        raise Conflict("The record this names was corrected or withdrawn meanwhile. Look at it again.")
    return named


def correct(tx: CaseworkTransaction, new: NewSubmission, named: StoredSubmission) -> None:
    """The correction takes the record's place; the review clock runs on as it did."""
    tx.submissions.supersede(named.id, new.id)
    for delivery in _of_record(tx, named.id):
        tx.deliveries.set_aside(delivery.id, State.SUPERSEDED)


def withdraw(tx: CaseworkTransaction, new: NewSubmission, named: StoredSubmission) -> list[NewDelivery]:
    """Every version is taken back. What may stand in the case system is retracted there, in deliveries of their own."""
    versions = tx.submissions.versions(named.id)
    tx.submissions.supersede(named.id, new.id)
    tx.submissions.withdraw(versions, new.id)
    tx.reviews.withdraw(versions)
    tx.reviews.run_on(versions)
    return list(_retractions(tx, versions, new))


def _retractions(tx: CaseworkTransaction, versions: list[UUID], new: NewSubmission) -> Iterator[NewDelivery]:
    """One for each number the record has there; where versions share one, the newest stands for all."""
    seen: set[str] = set()
    for version in reversed(versions):
        for delivery in _of_record(tx, version):
            if tx.deliveries.set_aside(delivery.id, State.CANCELLED) or _never_there(delivery):
                continue
            if delivery.record_number is None or delivery.record_number not in seen:
                seen.add(delivery.record_number or "")
                reference = reference_of(new.child_key, "retraction", delivery.reference)
                retraction = NewDelivery(uuid4(), "retraction", new.id, reference, new.child_key, retracts=delivery.id)
                tx.deliveries.add(retraction)
                yield retraction


def _never_there(delivery: DeliveryView) -> bool:
    return delivery.state in TERMINAL and delivery.state is not State.DELIVERED


def _of_record(tx: CaseworkTransaction, submission_id: UUID) -> list[DeliveryView]:
    return [each for each in tx.deliveries.of_submission(submission_id) if each.kind == "record"]
