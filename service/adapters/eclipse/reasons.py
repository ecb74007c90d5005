"""What Eclipse's refusals mean for a delivery. A code outside the tables is never repeated."""

from __future__ import annotations

from typing import Any

from service.adapters.http import Reply, Request, common_problem, unexpected
from service.domain.delivery import Reason
from service.errors import DeliveryProblem, NeedsHuman, NothingSent

PERMISSIONS = (
    *("person.VIEW", "formInstance.VIEW", "formInstance.ADD", "formInstance.UPDATE", "formInstance.COMPLETE"),
    *("attachment.ADD", "caseNoteEntry.VIEW", "caseNoteEntry.ADD", "workListTask.VIEW", "workListTask.ADD"),
)
"""All that the bridge needs, in words it may repeat."""

REFUSALS: dict[tuple[int, str], Reason] = {
    (400, "MALFORMED"): Reason.CONTENT_REFUSED,
    (403, "NOT_PERMITTED"): Reason.NOT_PERMITTED,
    (403, "PERSON_RESTRICTED"): Reason.PERSON_RESTRICTED,
    (405, "METHOD"): Reason.NOT_SUPPORTED,
    (406, "NOT_ACCEPTABLE"): Reason.NOT_SUPPORTED,
    (409, "PERSON_DUPLICATE"): Reason.PERSON_MERGED,
    (409, "NO_OPEN_EPISODE"): Reason.NO_OPEN_EPISODE,
    (409, "FORM_WITHDRAWN"): Reason.ALREADY_WITHDRAWN,
    (415, "UNSUPPORTED_MEDIA_TYPE"): Reason.NOT_SUPPORTED,
}
"""A media type or a method that is refused is no fault of one record: this Eclipse speaks another version."""

LOCKS = frozenset({"RECORD_LOCKED", "FORM_STATE", "STALE_VERSION"})
"""A lock goes away; a state or version is read again on the next attempt, which then says what it found."""

CONTENT_REASONS: dict[str, Reason] = {
    "UNKNOWN_DESIGN": Reason.UNKNOWN_CODE,
    "UNKNOWN_TEAM": Reason.UNKNOWN_CODE,
    "UNKNOWN_TYPE": Reason.UNKNOWN_CODE,
    "UNKNOWN_CONTROL": Reason.UNKNOWN_CODE,
    "UNKNOWN_INSTANCE": Reason.RECORD_NOT_THERE,
    "INSTANCE_NOT_CORRECTABLE": Reason.RECORD_NOT_THERE,
    "EMPTY": Reason.DOCUMENT_REFUSED,
    "EXTENSION": Reason.DOCUMENT_REFUSED,
    "NAME": Reason.DOCUMENT_REFUSED,
    "WRONG_TYPE": Reason.CONTENT_REFUSED,
    "TOO_LONG": Reason.CONTENT_REFUSED,
    "NOT_IN_LIST": Reason.CONTENT_REFUSED,
    "ROW_REQUIRED": Reason.CONTENT_REFUSED,
    "ROW_NOT_ALLOWED": Reason.CONTENT_REFUSED,
    "DUPLICATE": Reason.CONTENT_REFUSED,
    "MISSING": Reason.CONTENT_REFUSED,
    "HTML_NOT_ALLOWED": Reason.CONTENT_REFUSED,
    "UNFINISHED": Reason.CONTENT_REFUSED,
}
"""The codes of a 422. The order is the order of importance where one answer carries several.

The instance to correct is looked at before, so what is said of it means that it changed in between.
"""

FIELDS = (
    *("designGuid", "externalReference", "ownerTeam", "correctsInstanceId", "formInstanceId", "entryType", "eventDate"),
    *("note", "team", "dueDate", "summary", "file", "title", "type", "subType", "attachments"),
    *("objectVersion", "state"),
)
"""Names we send, so they are ours to repeat."""


def problem_in(request: Request, reply: Reply, *, missing: Reason) -> DeliveryProblem:
    """The problem in an answer that is not the one hoped for. `missing` is what a 404 means for this request."""
    common = common_problem(request, reply)
    if common is not None:
        return common
    body = reply.body or {}
    code = _text(body, "code")
    if (reply.status, code) == (404, "NOT_FOUND"):
        return NeedsHuman(missing, code)
    if reply.status == 409 and code in LOCKS:
        return NothingSent(Reason.LOCKED, code)
    if (reply.status, code) in REFUSALS:
        return NeedsHuman(REFUSALS[reply.status, code], _note(code, body))
    return _in_detail(request, reply, code)


def _in_detail(request: Request, reply: Reply, code: str) -> DeliveryProblem:
    """A refusal in the protocol's own shape had no effect, whatever its codes; a bare status proves nothing."""
    if reply.status == 403:
        return NeedsHuman(Reason.NOT_PERMITTED, "status_403")
    if (reply.status, code) == (422, "INVALID"):
        return _refused_content(reply.body or {})
    return unexpected(request, f"status_{reply.status}")


def _refused_content(body: dict[str, Any]) -> NeedsHuman:
    """The weightiest code decides; the note lists the codes and names we know, in our own spelling."""
    errors = body.get("errors")
    each = errors if isinstance(errors, list) else []
    known = [code for code in CONTENT_REASONS if code in {_text(error, "code") for error in each}]
    if not known:
        return NeedsHuman(Reason.CONTENT_REFUSED, "status_422")
    fields = [name for name in FIELDS if name in {_text(error, "field") for error in each}]
    return NeedsHuman(CONTENT_REASONS[known[0]], " ".join([*known, *fields]))


def _note(code: str, body: dict[str, Any]) -> str:
    """With the permission that is missing or the name at fault, where it is one of ours."""
    given = _text(body, "permission") or _text(body, "field")
    return f"{code} {given}" if given in (*PERMISSIONS, *FIELDS) else code


def _text(value: object, name: str) -> str:
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""
