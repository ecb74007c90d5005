"""What each refusal code of the exchange means for a delivery."""

from __future__ import annotations

from service.domain.delivery import Reason

REASONS: dict[str, Reason] = {
    "BAD_MANIFEST": Reason.UNEXPECTED_ANSWER,
    "CHECKSUM_MISMATCH": Reason.CONTRADICTION,
    "DUPLICATE_FILE": Reason.CONTRADICTION,
    "WRONG_AUTHORITY": Reason.NOT_PERMITTED,
    "PERSON_NOT_FOUND": Reason.PERSON_NOT_FOUND,
    "PERSON_MERGED": Reason.PERSON_MERGED,
    "DOB_MISMATCH": Reason.DOB_MISMATCH,
    "DOB_ESTIMATED": Reason.DOB_ESTIMATED,
    "NO_OPEN_REFERRAL": Reason.NO_OPEN_EPISODE,
    "UNKNOWN_FORM_CODE": Reason.UNKNOWN_CODE,
    "UNKNOWN_ANSWER_CODE": Reason.UNKNOWN_CODE,
    "UNKNOWN_DOC_TYPE": Reason.UNKNOWN_CODE,
    "UNKNOWN_TASK_TYPE": Reason.UNKNOWN_CODE,
    "UNKNOWN_DEPARTMENT": Reason.UNKNOWN_CODE,
    "DOC_REJECTED": Reason.DOCUMENT_REFUSED,
    "UNKNOWN_RECORD": Reason.RECORD_NOT_THERE,
    "RECORD_WITHDRAWN": Reason.ALREADY_WITHDRAWN,
}
"""`BAD_MANIFEST` is for the operator: the bridge built the manifest, and no mapping can mend it."""
