"""Opens a stored record and makes of it what one case system is to hold."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from service.domain.delivery import Reason
from service.domain.london import in_words
from service.domain.records.common import is_restricted
from service.errors import NeedsHuman, WiseBridgeError
from service.ports import (
    Adapter,
    Casework,
    Claim,
    Document,
    DocumentMaker,
    Filing,
    PersonReference,
    Record,
    ReviewTask,
    ReviewView,
    Vault,
)
from service.usecases.receive import completed_on

TITLES = {
    "wise_assessment": "WISE assessment",
    "rise_meeting_output": "RISE meeting output",
    "nwg_assessment": "NWG assessment",
}


@dataclass(frozen=True, repr=False)
class Package:
    """A record to file, or a review task to raise."""

    filing: Filing | None = None
    task: ReviewTask | None = None


@dataclass(frozen=True)
class Packer:
    """Reads, opens, maps and renders. Nothing here talks to a case system."""

    casework: Casework
    vault: Vault
    documents: DocumentMaker

    def pack(self, claim: Claim, adapter: Adapter, *, authority_name: str) -> Package:
        """What the claim is to deliver. Raises `NeedsHuman` when the body cannot be opened or mapped."""
        record, review = self._open(claim)
        if claim.kind == "review_task":
            return Package(task=_task(claim, record, review))
        return Package(filing=self._filing(claim, record, review, adapter, authority_name))

    def _open(self, claim: Claim) -> tuple[Record, ReviewView | None]:
        with self.casework.transaction(claim.authority) as tx:
            sealed = tx.submissions.sealed_body(claim.submission_id)
            review = (
                tx.reviews.get(claim.review_id) if claim.review_id else tx.reviews.of_submission(claim.submission_id)
            )
        return json.loads(self.vault.open(claim.authority, str(claim.submission_id), sealed)), review

    def _filing(
        self, claim: Claim, record: Record, review: ReviewView | None, adapter: Adapter, authority_name: str
    ) -> Filing:
        if record["authority"] != claim.authority or adapter.authority != claim.authority:
            raise NeedsHuman(Reason.BODY_UNREADABLE, "authority does not match")
        due_on = review.due_on if review else None
        answers = adapter.answers(record, claim.reference)
        content = self._document(record, claim.reference, due_on, authority_name)
        return Filing(
            reference=claim.reference,
            authority=claim.authority,
            record_type=record["record_type"],
            person=_person(record),
            completed_on=completed_on(record),
            restricted=is_restricted(record),
            answers=answers,
            document=Document(f"{claim.reference}.pdf", _title(record), content),
        )

    def _document(self, record: Record, reference: str, due_on: date | None, authority_name: str) -> bytes:
        try:
            return self.documents.case_file(
                record, authority_name=authority_name, reference=reference, review_due_on=due_on
            )
        except WiseBridgeError as error:
            raise NeedsHuman(Reason.DOCUMENT_FAILED) from error


def _title(record: Record) -> str:
    return f"{TITLES[record['record_type']]}, {in_words(completed_on(record))}"


def _person(record: Record) -> PersonReference:
    person = record["young_person"]
    born = person.get("date_of_birth")
    return PersonReference(
        child_id=person["la_child_id"],
        date_of_birth=date.fromisoformat(born) if born else None,
        age=person.get("age_at_completion"),
        age_as_at=completed_on(record),
    )


def _task(claim: Claim, record: Record, review: ReviewView | None) -> ReviewTask:
    if review is None:
        raise NeedsHuman(Reason.INTERNAL_FAULT, "no review")
    return ReviewTask(
        reference=claim.reference,
        authority=claim.authority,
        child_id=record["young_person"]["la_child_id"],
        due_on=review.due_on,
    )
