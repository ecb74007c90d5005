"""What an inbox says of an item, read strictly, and what it means for the delivery."""

from __future__ import annotations

from dataclasses import dataclass

from service.adapters.http import Reply, Request, common_problem, unexpected
from service.adapters.rest_inbox.content import DIGEST
from service.adapters.shared.strict import UnreadableError, an_object, member, sha256_digits, text
from service.domain.delivery import Reason
from service.errors import DeliveryProblem, NeedsHuman
from service.ports import Absent, Awaiting, Receipt

REASONS = {
    "PERSON_NOT_FOUND": Reason.PERSON_NOT_FOUND,
    "PERSON_AMBIGUOUS": Reason.PERSON_AMBIGUOUS,
    "PERSON_MERGED": Reason.PERSON_MERGED,
    "PERSON_RESTRICTED": Reason.PERSON_RESTRICTED,
    "DOB_MISMATCH": Reason.DOB_MISMATCH,
    "DOB_ESTIMATED": Reason.DOB_ESTIMATED,
    "NO_OPEN_EPISODE": Reason.NO_OPEN_EPISODE,
    "SEVERAL_OPEN_EPISODES": Reason.SEVERAL_OPEN_EPISODES,
    "UNKNOWN_FORM": Reason.UNKNOWN_CODE,
    "UNKNOWN_QUESTION": Reason.UNKNOWN_CODE,
    "UNKNOWN_TEAM": Reason.UNKNOWN_CODE,
    "UNKNOWN_TASK": Reason.UNKNOWN_CODE,
    "UNKNOWN_DOCUMENT_TYPE": Reason.UNKNOWN_CODE,
    "CONTENT_REFUSED": Reason.CONTENT_REFUSED,
    "DOCUMENT_REFUSED": Reason.DOCUMENT_REFUSED,
    "DOCUMENT_TOO_LARGE": Reason.DOCUMENT_TOO_LARGE,
    "RECORD_NOT_THERE": Reason.RECORD_NOT_THERE,
    "ALREADY_WITHDRAWN": Reason.ALREADY_WITHDRAWN,
    "NOT_PERMITTED": Reason.NOT_PERMITTED,
}
NOT_THERE = "NOT_THERE"
_NUMBER_LIMIT = 64


@dataclass(frozen=True)
class Item:
    """An item as the inbox has it."""

    reference: str
    kind: str
    state: str
    number: str | None
    document_number: str | None
    replaces: str | None
    digest: str
    code: str | None


def settled(request: Request, reply: Reply, reference: str) -> Item:
    """The item of a 200, 201, 202 or 412. Raises the problem of any other answer, and of one that is not about ours."""
    if reply.status not in (200, 201, 202, 412):
        raise problem_in(request, reply)
    try:
        item = _read(reply)
    except UnreadableError:
        raise unexpected(request, f"status_{reply.status}_unreadable") from None
    if item.reference != reference:
        raise unexpected(request, "another_reference")
    return item


def is_absent(reply: Reply) -> bool:
    """A 404 that speaks the protocol. Any other may come from a wrong address or from something in between."""
    return reply.status == 404 and (reply.body or {}).get("code") == NOT_THERE


def outcome(item: Item) -> Receipt | Awaiting:
    """Filed, or on its way there. Raises `NeedsHuman` for what was refused after it had been taken."""
    if item.state == "refused":
        raise refused(item.code)
    if item.state == "received":
        return Awaiting()
    if not item.number:
        raise NeedsHuman(Reason.UNEXPECTED_ANSWER, "filed_without_number")
    corrected = {"replaces_record": item.replaces} if item.replaces else {}
    return Receipt(item.number, item.document_number, {DIGEST: item.digest, **corrected})


def problem_in(request: Request, reply: Reply) -> DeliveryProblem:
    """The problem of an answer that is not the one hoped for."""
    common = common_problem(request, reply)
    if common is not None:
        return common
    if reply.status == 422 and reply.body is not None:
        return refused(reply.body.get("code"))
    if reply.status == 403:
        return NeedsHuman(Reason.NOT_PERMITTED, "status_403")
    if reply.status in (400, 405, 415, 428):
        return NeedsHuman(Reason.UNEXPECTED_ANSWER, f"status_{reply.status}")
    return unexpected(request, f"status_{reply.status}")


def refused(code: object) -> NeedsHuman:
    """By the code, if it is one of the protocol's; its own text goes nowhere."""
    known = REASONS.get(code) if isinstance(code, str) else None
    return NeedsHuman(known, str(code)) if known else NeedsHuman(Reason.CONTENT_REFUSED, "code_unknown")


def absent_or(request: Request, reply: Reply, reference: str) -> Item | Absent:
    """For a look-up."""
    return Absent() if is_absent(reply) else settled(request, reply, reference)


def _read(reply: Reply) -> Item:
    body = an_object(reply.body)
    state = text(body.get("state"))
    if state not in ("received", "filed", "refused"):
        raise UnreadableError
    return Item(
        reference=text(body.get("reference")),
        kind=text(body.get("kind")),
        state=state,
        number=_number(member(body, "number")),
        document_number=_number(member(body, "document_number")),
        replaces=_number(member(body, "replaces")),
        digest=sha256_digits(body.get(DIGEST)),
        code=None if member(body, "code") is None else text(body["code"]),
    )


def _number(value: object) -> str | None:
    """Theirs, kept as evidence: short and printable, or it is no number."""
    if value is None:
        return None
    if not 0 < len(text(value)) <= _NUMBER_LIMIT or not text(value).isprintable():
        raise UnreadableError
    return text(value)
