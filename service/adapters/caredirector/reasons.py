"""What CareDirector's refusals mean for a delivery. A code outside the tables is never repeated."""

from __future__ import annotations

from typing import Any

from service.adapters.http import Reply, Request, common_problem, unexpected
from service.domain.delivery import Reason
from service.errors import DeliveryProblem, NeedsHuman, NothingSent

REFUSALS: dict[tuple[int, str], Reason] = {
    (404, "RouteNotFound"): Reason.NOT_PERMITTED,
    (403, "RecordRestricted"): Reason.PERSON_RESTRICTED,
    (409, "PersonMerged"): Reason.PERSON_MERGED,
    (409, "CaseNotOpen"): Reason.NO_OPEN_EPISODE,
    (409, "RecordNotCorrectable"): Reason.RECORD_NOT_THERE,
    (409, "AlreadyWithdrawn"): Reason.ALREADY_WITHDRAWN,
    (400, "CorrectionMismatch"): Reason.RECORD_NOT_THERE,
    (400, "CaseOfAnotherPerson"): Reason.CONTRADICTION,
    (400, "InvalidFilter"): Reason.UNKNOWN_CODE,
    (400, "UnknownField"): Reason.UNKNOWN_CODE,
    (400, "UnknownTeam"): Reason.UNKNOWN_CODE,
    (400, "UnknownForm"): Reason.UNKNOWN_CODE,
    (400, "UnknownRestriction"): Reason.UNKNOWN_CODE,
    (400, "UnknownDocumentType"): Reason.UNKNOWN_CODE,
    (400, "UnknownDocumentSubType"): Reason.UNKNOWN_CODE,
    (400, "UnknownNoteType"): Reason.UNKNOWN_CODE,
    (400, "InvalidBody"): Reason.CONTENT_REFUSED,
    (400, "MissingField"): Reason.CONTENT_REFUSED,
    (400, "InvalidField"): Reason.CONTENT_REFUSED,
    (400, "FormIncomplete"): Reason.CONTENT_REFUSED,
    (400, "InvalidAnswers"): Reason.CONTENT_REFUSED,
    (400, "FileEmpty"): Reason.DOCUMENT_REFUSED,
    (400, "FileEncoding"): Reason.DOCUMENT_REFUSED,
    (400, "FileExtension"): Reason.DOCUMENT_REFUSED,
    (400, "FileName"): Reason.DOCUMENT_REFUSED,
}
"""The form to correct and the case are looked at before, so what is said of them means a change in between.

A view or an entity without one of our fields is the authority's set-up: `externalreference` is a field it adds.
"""

LOCKS = frozenset({"RecordLocked", "RecordNotEditable"})
"""A lock goes away; a state is looked at again on the next attempt, which then says what it found."""

MISSING = {
    "personid": Reason.PERSON_NOT_FOUND,
    "regardingid": Reason.PERSON_NOT_FOUND,
    "correctscaseformid": Reason.RECORD_NOT_THERE,
}
"""What a `RecordNotFound` means by the field at fault; anything else was seen just now and is hidden from us."""

DETAILS = (
    *("UnknownQuestion", "WrongType", "TooLong", "NotInList", "RowRequired", "RowNotAllowed", "DuplicateAnswer"),
    *("AnswerRequired", "DocumentRequired"),
)
"""What is wrong with single answers. An unknown question outweighs the rest: the form is another than we think."""

_FORM_FIELDS = (
    "externalreference",
    "ownerid",
    "documentid",
    "personid",
    "caseid",
    "startdate",
    "assessmentstatusid",
    "datarestrictionid",
    "correctscaseformid",
    "answers",
)
_FILE_FIELDS = ("record", "caseformid", "documenttypeid", "documentsubtypeid", "title", "date", "filename", "file")
_OTHER_FIELDS = ("regardingid", "subject", "duedate", "casenotetypeid", "notes")
FIELDS = frozenset((*_FORM_FIELDS, *_FILE_FIELDS, *_OTHER_FIELDS))
"""Fields we send, so their names are ours to repeat."""


def problem_in(request: Request, reply: Reply, *, missing: Reason) -> DeliveryProblem:
    """The problem in an answer that is not the one hoped for. `missing` is what a case form that is not found means."""
    common = common_problem(request, reply)
    if common is not None:
        return common
    body = reply.body or {}
    code = _text(body, "errorCode")
    if (reply.status, code) == (404, "RecordNotFound"):
        field = _text(body, "field")
        return NeedsHuman(MISSING.get(field, missing), _note(code, field))
    if reply.status == 409 and code in LOCKS:
        return NothingSent(Reason.LOCKED, code)
    if (reply.status, code) in REFUSALS:
        return _refused(REFUSALS[reply.status, code], code, body)
    return _unknown(request, reply, code)


def _refused(reason: Reason, code: str, body: dict[str, Any]) -> NeedsHuman:
    """The note lists the codes and fields we know, in our own spelling."""
    known = _details(body)
    if "UnknownQuestion" in known:
        reason = Reason.UNKNOWN_CODE
    return NeedsHuman(reason, " ".join([_note(code, _text(body, "field")), *known]))


def _unknown(request: Request, reply: Reply, code: str) -> DeliveryProblem:
    """A refusal in the protocol's own shape had no effect, whatever its code; a bare status proves nothing."""
    if reply.status == 403:
        return NeedsHuman(Reason.NOT_PERMITTED, "status_403")
    if reply.status == 400 and code:
        return NeedsHuman(Reason.CONTENT_REFUSED, "status_400")
    return unexpected(request, f"status_{reply.status}")


def _details(body: dict[str, Any]) -> list[str]:
    details = body.get("details")
    given = {_text(each, "errorCode") for each in details} if isinstance(details, list) else set()
    return [code for code in DETAILS if code in given]


def _note(code: str, field: str) -> str:
    return f"{code} {field}" if field in FIELDS else code


def _text(value: object, name: str) -> str:
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""
