"""What Mosaic's refusals mean for a delivery, whichever way they came. A code outside the tables is never repeated."""

from __future__ import annotations

from dataclasses import dataclass

from service.domain.delivery import Reason
from service.errors import DeliveryProblem, NeedsHuman, NothingSent

CONTENT_REASONS: dict[str, Reason] = {
    "UNKNOWN_STEP": Reason.RECORD_NOT_THERE,
    "STEP_NOT_CORRECTABLE": Reason.RECORD_NOT_THERE,
    "UNKNOWN_QUESTION": Reason.UNKNOWN_CODE,
    "UNKNOWN_STEP_TYPE": Reason.UNKNOWN_CODE,
    "UNKNOWN_TEAM": Reason.UNKNOWN_CODE,
    "UNKNOWN_CATEGORY": Reason.UNKNOWN_CODE,
    "UNKNOWN_ACTION": Reason.UNKNOWN_CODE,
    "EMPTY": Reason.DOCUMENT_REFUSED,
    "EXTENSION": Reason.DOCUMENT_REFUSED,
    "NAME": Reason.DOCUMENT_REFUSED,
    "WRONG_TYPE": Reason.CONTENT_REFUSED,
    "TOO_LONG": Reason.CONTENT_REFUSED,
    "NOT_IN_LOOKUP": Reason.CONTENT_REFUSED,
    "ROW_NOT_ALLOWED": Reason.CONTENT_REFUSED,
    "ROW_REQUIRED": Reason.CONTENT_REFUSED,
    "SUBJECT_COUNT": Reason.CONTENT_REFUSED,
    "UNFINISHED": Reason.CONTENT_REFUSED,
    "NEXT_ACTION_REQUIRED": Reason.CONTENT_REFUSED,
}
"""The codes of a 422. The order is the order of importance where one answer carries several.

The step to correct is looked at before, so `STEP_NOT_CORRECTABLE` means that it changed in between.
"""


@dataclass(frozen=True, repr=False)
class Refusal:
    """A refusal as the protocol page writes it: its HTTP status, its code, and the codes of its errors."""

    status: int
    code: str
    errors: tuple[str, ...] = ()


def meaning(refusal: Refusal, *, missing: Reason) -> DeliveryProblem | None:
    """The problem; None for a refusal the page does not know. `missing` is what a 404 means for this request."""
    if refusal.status == 403:
        return NeedsHuman(Reason.NOT_PERMITTED, "status_403")
    if refusal.status == 404 and refusal.code == "NOT_FOUND":
        return NeedsHuman(missing, "NOT_FOUND")
    if refusal.status == 409:
        return _conflict(refusal.code)
    if refusal.status == 422:
        return _refused_content((refusal.code, *refusal.errors))
    return None


def _conflict(code: str) -> DeliveryProblem | None:
    """A lock goes away; a state is looked at again on the next attempt, which then says what it found."""
    if code in ("STEP_LOCKED", "STEP_STATE"):
        return NothingSent(Reason.LOCKED, code)
    if code == "PERSON_MERGED":
        return NeedsHuman(Reason.PERSON_MERGED, code)
    if code == "STEP_WITHDRAWN":
        return NeedsHuman(Reason.ALREADY_WITHDRAWN, code)
    return None


def _refused_content(given: tuple[str, ...]) -> NeedsHuman:
    """The weightiest code decides; the note lists the codes we know, in our own spelling."""
    known = [code for code in CONTENT_REASONS if code in given]
    if not known:
        return NeedsHuman(Reason.CONTENT_REFUSED, "status_422")
    return NeedsHuman(CONTENT_REASONS[known[0]], " ".join(known))
