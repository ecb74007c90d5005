"""What Mosaic's refusals mean for a delivery. A code outside the tables is never repeated."""

from __future__ import annotations

from typing import Any

from service.adapters.http import Reply, Request, common_problem, unexpected
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


def problem_in(request: Request, reply: Reply, *, missing: Reason) -> DeliveryProblem:
    """The problem in an answer that is not the one hoped for. `missing` is what a 404 means for this request."""
    common = common_problem(request, reply)
    if common is not None:
        return common
    code = _text(reply.body, "code")
    if reply.status == 403:
        return NeedsHuman(Reason.NOT_PERMITTED, "status_403")
    if reply.status == 404 and code == "NOT_FOUND":
        return NeedsHuman(missing, "NOT_FOUND")
    if reply.status == 409:
        return _conflict(request, code)
    if reply.status == 422 and reply.body is not None:
        return _refused_content(reply.body)
    return unexpected(request, f"status_{reply.status}")


def _conflict(request: Request, code: str) -> DeliveryProblem:
    """A lock goes away; a state is looked at again on the next attempt, which then says what it found."""
    if code in ("STEP_LOCKED", "STEP_STATE"):
        return NothingSent(Reason.LOCKED, code)
    if code == "PERSON_MERGED":
        return NeedsHuman(Reason.PERSON_MERGED, code)
    if code == "STEP_WITHDRAWN":
        return NeedsHuman(Reason.ALREADY_WITHDRAWN, code)
    return unexpected(request, "status_409")


def _refused_content(body: dict[str, Any]) -> NeedsHuman:
    """The weightiest code decides; the note lists the codes we know, in our own spelling."""
    errors = body.get("errors")
    each = errors if isinstance(errors, list) else []
    given = {_text(error, "code") for error in (body, *each)}
    known = [code for code in CONTENT_REASONS if code in given]
    if not known:
        return NeedsHuman(Reason.CONTENT_REFUSED, "status_422")
    return NeedsHuman(CONTENT_REASONS[known[0]], " ".join(known))


def _text(value: object, name: str) -> str:
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""
