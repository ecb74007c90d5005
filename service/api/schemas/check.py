"""Structure and rules together: what the service and the command line both say about a record."""

from __future__ import annotations

from datetime import date

from service.api.schemas.structure import structural_faults
from service.domain.codes import RECORD_TYPES
from service.domain.faults import Fault, Findings
from service.domain.policy import Policy
from service.domain.rules import Subject, check
from service.ports import Record


def check_record(record: Record, *, record_type: str, policy: Policy, today: date) -> Findings:
    """All faults and warnings of a parsed record, as one of `record_type` under an authority's policy."""
    structure = structural_faults(record, record_type)
    said = record.get("record_type")
    if said in RECORD_TYPES and said != record_type:
        structure.append(
            Fault(
                "/record_type",
                "F-code",
                f"This is the address for {record_type}.",
                f"Post it to /v1/{str(said).replace('_', '-')}s, or correct `/record_type`.",
            )
        )
    return check(Subject(record, record_type, policy, today), structure)
