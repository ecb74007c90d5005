"""What each refusal code of the exchange means for a delivery."""

from __future__ import annotations

from service.domain.delivery import Reason
from service.errors import DeliveryProblem, NeedsHuman, NothingSent

REASONS: dict[str, Reason] = {
    "TOO_LARGE": Reason.DOCUMENT_TOO_LARGE,
    "CONTENT": Reason.CONTENT_REFUSED,
    "VIRUS": Reason.DOCUMENT_REFUSED,
    "DUPLICATE": Reason.CONTRADICTION,
    "NOT_PERMITTED": Reason.NOT_PERMITTED,
    "PERSON_NOT_FOUND": Reason.PERSON_NOT_FOUND,
    "PERSON_AMBIGUOUS": Reason.PERSON_AMBIGUOUS,
    "PERSON_RESTRICTED": Reason.PERSON_RESTRICTED,
    "PERSON_MERGED": Reason.PERSON_MERGED,
    "DOB_ESTIMATED": Reason.DOB_ESTIMATED,
    "DOB_MISMATCH": Reason.DOB_MISMATCH,
    "NO_OPEN_EPISODE": Reason.NO_OPEN_EPISODE,
    "LOCKED": Reason.LOCKED,
    "UNKNOWN_FORM": Reason.UNKNOWN_CODE,
    "UNKNOWN_QUESTION": Reason.UNKNOWN_CODE,
    "UNKNOWN_DOCUMENT_TYPE": Reason.UNKNOWN_CODE,
    "UNKNOWN_TEAM": Reason.UNKNOWN_CODE,
    "DOCUMENT": Reason.DOCUMENT_REFUSED,
    "RECORD_NOT_THERE": Reason.RECORD_NOT_THERE,
    "ALREADY_WITHDRAWN": Reason.ALREADY_WITHDRAWN,
}
DETAILS = {
    "CONTENT": ("MANIFEST", "CHECKSUM", "WRONG_TYPE", "TOO_LONG", "NOT_IN_LIST", "ROW_NOT_ALLOWED", "ROW_REQUIRED"),
    "DOCUMENT": ("MISSING", "EMPTY", "NOT_PDF"),
}
OURS = {"MANIFEST": Reason.UNEXPECTED_ANSWER, "CHECKSUM": Reason.CONTRADICTION}
"""Contents that no mapping can mend: the bridge built the manifest and reckoned the checksums."""

LOCKED_SECONDS = 300
"""Somebody has the record open; such things take minutes, and every try is a set of files."""


def refusal(code: str, detail: str) -> DeliveryProblem:
    """The problem, in the protocol's own words alone: a word that is not on its page is never repeated."""
    if code not in REASONS:
        return NeedsHuman(Reason.UNEXPECTED_ANSWER, "rejection_code_unknown")
    if code == "LOCKED":
        return NothingSent(Reason.LOCKED, code, retry_after=LOCKED_SECONDS)
    known = detail in DETAILS.get(code, ())
    reason = OURS.get(detail, REASONS[code]) if known else REASONS[code]
    return NeedsHuman(reason, f"{code}_{detail}" if known else code)
