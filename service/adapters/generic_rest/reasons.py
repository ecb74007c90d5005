"""What refusals mean for a delivery. A code outside the tables is never repeated, nor is any message."""

from __future__ import annotations

from service.adapters.generic_rest.dialect import Dialect, Fault
from service.adapters.http import Reply, Request, common_problem, unexpected
from service.domain.delivery import Reason
from service.errors import DeliveryProblem, NeedsHuman, NothingSent

CONTENT_REASONS: dict[str, Reason] = {
    "UNKNOWN_PERSON": Reason.PERSON_NOT_FOUND,
    "NO_OPEN_EPISODE": Reason.NO_OPEN_EPISODE,
    "UNKNOWN_RECORD": Reason.RECORD_NOT_THERE,
    "NOT_CORRECTABLE": Reason.RECORD_NOT_THERE,
    "UNKNOWN_QUESTION": Reason.UNKNOWN_CODE,
    "UNKNOWN_FORM": Reason.UNKNOWN_CODE,
    "UNKNOWN_TEAM": Reason.UNKNOWN_CODE,
    "UNKNOWN_TASK_TYPE": Reason.UNKNOWN_CODE,
    "UNKNOWN_NOTE_TYPE": Reason.UNKNOWN_CODE,
    "UNKNOWN_DOCUMENT_TYPE": Reason.UNKNOWN_CODE,
    "DOCUMENT_EMPTY": Reason.DOCUMENT_REFUSED,
    "DOCUMENT_EXTENSION": Reason.DOCUMENT_REFUSED,
    "DOCUMENT_NAME": Reason.DOCUMENT_REFUSED,
    "DOCUMENT_REQUIRED": Reason.CONTENT_REFUSED,
    "REQUIRED": Reason.CONTENT_REFUSED,
    "WRONG_TYPE": Reason.CONTENT_REFUSED,
    "TOO_LONG": Reason.CONTENT_REFUSED,
    "NOT_IN_LIST": Reason.CONTENT_REFUSED,
    "ROW_REQUIRED": Reason.CONTENT_REFUSED,
    "ROW_NOT_ALLOWED": Reason.CONTENT_REFUSED,
    "DUPLICATE": Reason.CONTENT_REFUSED,
}
"""The codes of a 422, in the order of importance where one answer carries several.

The record to correct is looked at before, so what is said of it means that it changed in between.
"""

PROFILE_WORDS = frozenset({"formType", "documentType", "documentSubType", "taskType", "team", "noteType"})
"""Properties whose values are the profile's. A server with codes of its own still names the property."""

CONFLICTS: dict[str, tuple[type[DeliveryProblem], Reason]] = {
    "LOCKED": (NothingSent, Reason.LOCKED),
    "STATE": (NothingSent, Reason.LOCKED),
    "PERSON_MERGED": (NeedsHuman, Reason.PERSON_MERGED),
    "WITHDRAWN": (NeedsHuman, Reason.ALREADY_WITHDRAWN),
}
"""A lock goes away; a state is looked at again on the next attempt, which then says what it found."""

NEVER_TAKEN = frozenset({405, 415, 428})
"""Another method, kind of body or condition than the server takes: nothing was done, and nothing will be."""


def problem_in(request: Request, reply: Reply, dialect: Dialect, *, missing: Reason) -> DeliveryProblem:
    """The problem in an answer that is not the one hoped for. `missing` is what a 404 means for this request."""
    faults = None if reply.body is None else dialect.faults(reply.body)
    common = common_problem(request, reply, not_taken=lambda _: "LOCKED" in _codes(faults or ()))
    if common is not None:
        return common
    if reply.status == 403:
        return _denied(faults)
    if reply.status == 404 and dialect.is_missing(faults):
        return NeedsHuman(missing, "status_404")
    if reply.status in (400, 422) and faults is not None:
        return _refused(request, reply.status, faults)
    return _conflict(request, reply.status, faults or ())


def _denied(faults: tuple[Fault, ...] | None) -> NeedsHuman:
    if "RESTRICTED" in _codes(faults or ()):
        return NeedsHuman(Reason.PERSON_RESTRICTED, "RESTRICTED")
    return NeedsHuman(Reason.NOT_PERMITTED, "status_403")


def _conflict(request: Request, status: int, faults: tuple[Fault, ...]) -> DeliveryProblem:
    known = [code for code in CONFLICTS if status == 409 and code in _codes(faults)]
    if known:
        kind, reason = CONFLICTS[known[0]]
        return kind(reason, known[0])
    if status in NEVER_TAKEN:
        return NeedsHuman(Reason.UNEXPECTED_ANSWER, f"status_{status}")
    return unexpected(request, f"status_{status}")


def _refused(request: Request, status: int, faults: tuple[Fault, ...]) -> NeedsHuman:
    """The weightiest code decides; the note lists those we know, in our own spelling.

    A question that is refused is not about a record: then it is our way of asking that does not fit.
    """
    known = [code for code in CONTENT_REASONS if code in _codes(faults)]
    if known:
        return NeedsHuman(CONTENT_REASONS[known[0]], " ".join(known))
    words = sorted({place for _, place in faults} & PROFILE_WORDS)
    if words or not request.writes:
        return NeedsHuman(Reason.UNKNOWN_CODE, " ".join([f"status_{status}", *words]))
    return NeedsHuman(Reason.CONTENT_REFUSED, f"status_{status}")


def _codes(faults: tuple[Fault, ...]) -> frozenset[str]:
    return frozenset(code for code, _ in faults)
