"""Opens a stored record and makes of it what one case system is to hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from service.domain.delivery import Reason, State
from service.domain.london import in_words
from service.domain.records.common import is_restricted
from service.errors import Gone, NeedsHuman, Unavailable, WiseBridgeError
from service.ports import (
    Adapter,
    Casework,
    CaseworkTransaction,
    Claim,
    Document,
    DocumentMaker,
    Filing,
    Kept,
    PersonReference,
    Record,
    Retraction,
    ReviewTask,
    ReviewView,
    Vault,
)
from service.usecases.incoming import completed_on
from service.usecases.opening import opened, person_in

TITLES = {
    "wise_assessment": "WISE assessment",
    "rise_meeting_output": "RISE meeting output",
    "nwg_assessment": "NWG assessment",
}


class NothingLeft(Exception):
    """There is nothing to send any more, nor to take back: the record was withdrawn, or its review is over."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class KeysAway(Unavailable):
    """The authority's key cannot be had just now, so the record cannot be opened. It says nothing of the record."""


@dataclass(frozen=True, repr=False)
class Package:
    """A record to file, a review task to raise, or a record to take back."""

    filing: Filing | None = None
    task: ReviewTask | None = None
    retraction: Retraction | None = None


@dataclass(frozen=True, repr=False)
class Opened:
    """A stored record made readable, and what stands around it.

    `stands_as` is the number under which an earlier version is in the case system; `taken_back` that of the record
    which a retraction is about.
    """

    record: Record
    review: ReviewView | None
    stands_as: str | None
    taken_back: str | None


@dataclass(frozen=True)
class Packer:
    """Reads, opens, maps and renders. Nothing here talks to a case system."""

    casework: Casework
    vault: Vault
    documents: DocumentMaker

    def pack(self, claim: Claim, adapter: Adapter, *, authority_name: str) -> Package:
        """What the claim is to deliver. Raises `NeedsHuman` when the body cannot be opened or mapped."""
        if claim.kind == "review_task":
            return Package(task=self._task(claim))
        found = self._open(claim)
        if found.record["authority"] != claim.authority or adapter.authority != claim.authority:
            raise NeedsHuman(Reason.BODY_UNREADABLE, "authority does not match")
        match claim.kind:
            case "retraction":
                return Package(retraction=_retraction(claim, found))
            case _:
                return Package(filing=self._filing(claim, found, adapter, authority_name))

    def _task(self, claim: Claim) -> ReviewTask:
        """Looked at when it is sent, not when it was queued: nobody is reminded of a review that is over."""
        with self.casework.transaction(claim.authority) as tx:
            review = tx.reviews.get(claim.review_id) if claim.review_id else None
            kept = _kept(tx, claim) if review and review.sealed_person is None else None
        if review is None:
            raise NeedsHuman(Reason.INTERNAL_FAULT, "no review")
        if review.status != "open":
            raise NothingLeft(Reason.NO_LONGER_NEEDED)
        try:
            child_id = self._child_id(claim, review, kept)
        except Unavailable as error:
            raise KeysAway(error.detail, retry_after=error.retry_after) from error
        return ReviewTask(claim.reference, claim.authority, child_id, review.due_on)

    def _child_id(self, claim: Claim, review: ReviewView, kept: Kept | None) -> str:
        """From the review itself, or from its record's body where the review is older than that."""
        if review.sealed_person is not None:
            return person_in(self.vault, claim.authority, review.id, review.sealed_person)
        record = opened(self.vault, claim.authority, claim.submission_id, kept.sealed if kept else b"")
        return str(record["young_person"]["la_child_id"])

    def _open(self, claim: Claim) -> Opened:
        with self.casework.transaction(claim.authority) as tx:
            kept = _kept(tx, claim)
            review = tx.reviews.of_submission(claim.submission_id)
            stands_as = _stands_as(tx, claim) if kept.corrects else None
            taken_back = tx.deliveries.get(claim.retracts) if claim.retracts else None
        if taken_back and taken_back.state is State.CANCELLED and not taken_back.may_have_arrived:
            raise NothingLeft(Reason.WITHDRAWN)
        apart = kept.sealed_apart if claim.kind == "record" else None
        try:
            record = opened(self.vault, claim.authority, claim.submission_id, kept.sealed, apart)
        except Unavailable as error:
            raise KeysAway(error.detail, retry_after=error.retry_after) from error
        return Opened(record, review, stands_as, taken_back.record_number if taken_back else None)

    def _filing(self, claim: Claim, opened: Opened, adapter: Adapter, authority_name: str) -> Filing:
        record = opened.record
        due_on = opened.review.due_on if opened.review else None
        answers = adapter.answers(record, claim.reference)
        kept = adapter.documents is not None
        content = self._document(record, claim.reference, due_on, authority_name) if kept else b""
        return Filing(
            reference=claim.reference,
            authority=claim.authority,
            record_type=record["record_type"],
            person=_person(record),
            completed_on=completed_on(record),
            restricted=is_restricted(record),
            answers=answers,
            document=Document(f"{claim.reference}.pdf", _title(record), content),
            replaces=opened.stands_as,
        )

    def _document(self, record: Record, reference: str, due_on: date | None, authority_name: str) -> bytes:
        try:
            return self.documents.case_file(
                record, authority_name=authority_name, reference=reference, review_due_on=due_on
            )
        except WiseBridgeError as error:
            raise NeedsHuman(Reason.DOCUMENT_FAILED) from error


def _kept(tx: CaseworkTransaction, claim: Claim) -> Kept:
    """A body that was shredded cannot be sent: a person does by hand what is still to be done."""
    try:
        return tx.submissions.kept(claim.submission_id)
    except Gone as gone:
        raise NeedsHuman(Reason.BODY_SHREDDED) from gone


def _stands_as(tx: CaseworkTransaction, claim: Claim) -> str | None:
    return tx.deliveries.filed_as(tx.submissions.versions(claim.submission_id)[:-1])


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


def _retraction(claim: Claim, opened: Opened) -> Retraction:
    """What is to be taken back had to be delivered first; if a person ended that otherwise, a person looks again."""
    if opened.taken_back is None:
        raise NeedsHuman(Reason.RECORD_NOT_THERE, "never delivered")
    return Retraction(
        reference=claim.reference,
        authority=claim.authority,
        child_id=opened.record["young_person"]["la_child_id"],
        record_number=opened.taken_back,
        reason=opened.record["withdrawal"]["reason"],
    )
