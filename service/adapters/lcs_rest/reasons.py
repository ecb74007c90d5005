"""What LCS's refusals mean for a delivery. A code outside the tables is never repeated."""

from __future__ import annotations

from typing import Any

from service.adapters.http import Reply, Request, common_problem, unexpected
from service.adapters.lcs_rest.dialect import Dialect
from service.adapters.lcs_rest.vocabulary import RULES
from service.domain.delivery import Reason
from service.errors import DeliveryProblem, NeedsHuman, NothingSent, OutcomeUnknown

FOR_A_PERSON: dict[int, dict[str, Reason]] = {
    400: {"BAD_REQUEST": Reason.UNEXPECTED_ANSWER},
    403: {
        "NOT_PERMITTED": Reason.NOT_PERMITTED,
        "WRONG_AUTHORITY": Reason.NOT_PERMITTED,
        "PERSON_RESTRICTED": Reason.PERSON_RESTRICTED,
    },
    404: {
        "PERSON_NOT_FOUND": Reason.PERSON_NOT_FOUND,
        "UNKNOWN_RECORD": Reason.RECORD_NOT_THERE,
        "FORM_NOT_FOUND": Reason.CONTRADICTION,
        "NOT_FOUND": Reason.UNEXPECTED_ANSWER,
    },
    409: {
        "PERSON_MERGED": Reason.PERSON_MERGED,
        "DOB_ESTIMATED": Reason.DOB_ESTIMATED,
        "DOB_MISMATCH": Reason.DOB_MISMATCH,
        "NO_OPEN_REFERRAL": Reason.NO_OPEN_EPISODE,
        "RECORD_WITHDRAWN": Reason.ALREADY_WITHDRAWN,
    },
    415: {"MEDIA_TYPE": Reason.UNEXPECTED_ANSWER},
    422: {
        "UNKNOWN_FORM_CODE": Reason.UNKNOWN_CODE,
        "UNKNOWN_DOC_TYPE": Reason.UNKNOWN_CODE,
        "UNKNOWN_TASK_TYPE": Reason.UNKNOWN_CODE,
        "UNKNOWN_DEPARTMENT": Reason.UNKNOWN_CODE,
        "UNKNOWN_WORKER": Reason.UNKNOWN_CODE,
        "UNKNOWN_ANSWER_CODE": Reason.UNKNOWN_CODE,
        "ANSWERS_REFUSED": Reason.CONTENT_REFUSED,
        "NOT_FINISHED": Reason.CONTENT_REFUSED,
        "DOC_REJECTED": Reason.DOCUMENT_REFUSED,
        "ASSIGNEE": Reason.UNEXPECTED_ANSWER,
    },
}
"""`BAD_REQUEST`, `MEDIA_TYPE`, `NOT_FOUND` and `ASSIGNEE` are for the operator: this LCS does not understand what the
bridge, with the profile's names, has built, and no mapping can mend that. `FORM_NOT_FOUND` is about a form just seen.
"""

OTHERWISE = {403: Reason.NOT_PERMITTED, 422: Reason.CONTENT_REFUSED}
"""A refusal of this kind without a code that we know."""


def problem_in(request: Request, reply: Reply, dialect: Dialect) -> DeliveryProblem:
    """The problem in an answer that is not the one hoped for."""
    common = common_problem(request, reply)
    if common is not None:
        return common
    code = dialect.words.ours((reply.body or {}).get(dialect.members.theirs("code")))
    reason = FOR_A_PERSON.get(reply.status, {}).get(code)
    if reason is not None:
        return NeedsHuman(reason, " ".join((code, *_rules(reply.body or {}, dialect))))
    if reply.status == 409:
        return _conflict(request, code)
    if reply.status in OTHERWISE:
        return NeedsHuman(OTHERWISE[reply.status], f"status_{reply.status}")
    return unexpected(request, f"status_{reply.status}")


def _conflict(request: Request, code: str) -> DeliveryProblem:
    """A lock goes away. A state is looked at again by the next attempt, which then says what it found.

    Our reference was looked for before: if it is there now, an earlier request of ours arrived late.
    """
    if code in ("RECORD_LOCKED", "FORM_STATE"):
        return NothingSent(Reason.LOCKED, code)
    if code == "DUPLICATE_REFERENCE":
        return OutcomeUnknown(Reason.NO_CLEAR_ANSWER, code)
    return unexpected(request, "status_409")


def _rules(body: dict[str, Any], dialect: Dialect) -> list[str]:
    """Which rules were broken, in our own spelling; never by which answer, for codes are the other side's text."""
    errors = body.get(dialect.members.theirs("errors"))
    rows = [each for each in errors if isinstance(each, dict)] if isinstance(errors, list) else []
    given = {dialect.words.ours(row.get(dialect.members.theirs("rule"))) for row in rows}
    return [rule for rule in RULES if rule in given]
