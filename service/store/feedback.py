"""Feedback's rows. Whether the evaluation may use one is decided by columns: no body is opened to find out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, select, update

from service.domain.participation.consent import GIVEN, Consent
from service.errors import Gone
from service.ports.participation import FeedbackView, NewFeedback
from service.store.sealed_rows import SealedRows
from service.store.shred import NOTHING
from service.store.tables import feedback

_CONSENT = (feedback.c.consent, feedback.c.consent_on, feedback.c.withdrawn_on)
_VIEW = (
    feedback.c.id,
    feedback.c.sender_ref,
    feedback.c.given_by,
    feedback.c.given_on,
    *_CONSENT,
    feedback.c.received_at,
)


class FeedbackRows(SealedRows):
    """`service.ports.participation.Feedback` for one authority."""

    def __init__(self, connection: Connection, authority: str) -> None:
        super().__init__(connection, authority, feedback)

    def add(self, new: NewFeedback) -> bool:
        """Keeps it, once."""
        consent = _columns(new.consent, new.sealed_consent)
        return self._add(new, given_by=new.given_by, given_on=new.given_on, **consent)

    def page(self, *, after: tuple[datetime, UUID] | None, limit: int) -> list[FeedbackView]:
        """In order of arrival."""
        return [_view(row) for row in self._page(select(*_VIEW), after, limit)]

    def consent(self, feedback_id: UUID) -> tuple[Consent, bytes] | None:
        """What holds, locked, and the sealed answers so far. Raises `Gone` when it was shredded."""
        query = select(*_CONSENT, feedback.c.sealed_consent).where(self._mine(feedback.c.id == feedback_id))
        row = self._connection.execute(query.with_for_update()).first()
        if row and row.sealed_consent == NOTHING:
            raise Gone("This feedback was shredded.")
        return (Consent(row.consent, row.consent_on, row.withdrawn_on), bytes(row.sealed_consent)) if row else None

    def set_consent(self, feedback_id: UUID, consent: Consent, sealed_consent: bytes) -> None:
        """Changes these columns; the role that does so may change no other."""
        mine = self._mine(feedback.c.id == feedback_id)
        self._connection.execute(update(feedback).where(mine).values(_columns(consent, sealed_consent)))

    def for_evaluation(self, first: date, last: date) -> list[UUID]:
        """The gate. `Consent.allows` in SQL; consent that is not there compares as unknown and lets nothing through.

        What was shredded is left out.
        """
        allowed = (feedback.c.consent == GIVEN) & feedback.c.withdrawn_on.is_(None) & (feedback.c.sealed != NOTHING)
        query = select(feedback.c.id).where(self._mine(allowed), feedback.c.given_on.between(first, last))
        return list(self._connection.scalars(query))

    def sealed_body(self, feedback_id: UUID) -> bytes:
        """The encrypted feedback. Raises `LookupError` for what is not there."""
        if (found := self._sealed(feedback_id)) is None:
            raise LookupError("feedback just found is not there")
        return found


def _view(row: Row[Any]) -> FeedbackView:
    consent = Consent(row.consent, row.consent_on, row.withdrawn_on)
    return FeedbackView(row.id, row.sender_ref, row.given_by, row.given_on, consent, row.received_at)


def _columns(consent: Consent, sealed_consent: bytes) -> dict[str, str | date | bytes | None]:
    return {
        "consent": consent.decision,
        "consent_on": consent.on,
        "withdrawn_on": consent.withdrawn_on,
        "sealed_consent": sealed_consent,
    }
