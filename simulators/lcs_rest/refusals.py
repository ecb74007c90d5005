"""How this LCS says no. A message is for people and repeats nothing that was sent."""

from typing import Any


class Refused(Exception):
    """A request that is turned down; nothing of it is stored."""

    def __init__(self, status: int, code: str, message: str, /, **extra: Any) -> None:
        super().__init__(code)
        self.status, self.code = status, code
        self.body = {"code": code, "message": message, **extra}


def bad_request(detail: str) -> Refused:
    """`detail` names the member, never its value."""
    return Refused(400, "BAD_REQUEST", "The body is not of the agreed shape.", detail=detail)


def person_not_found() -> Refused:
    """Unknown and hidden share this one maker, so the two cannot come to look different."""
    return Refused(404, "PERSON_NOT_FOUND", "There is no such person.")


def unknown_record() -> Refused:
    """That somebody else has a record with this number is nobody's business here."""
    return Refused(404, "UNKNOWN_RECORD", "This person has no such record.")


def record_withdrawn(record_id: int) -> Refused:
    """What was withdrawn stays withdrawn."""
    return Refused(409, "RECORD_WITHDRAWN", "The record was withdrawn before.", recordId=record_id)


def unknown_code(code: str) -> Refused:
    """A code this authority does not have."""
    return Refused(422, code, "This LCS does not have that code.")


def doc_rejected(detail: str) -> Refused:
    """`detail` is EMPTY, EXTENSION, NAME or NOT_PDF."""
    return Refused(422, "DOC_REJECTED", "The document is not acceptable.", detail=detail)
