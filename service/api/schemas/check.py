"""Structure and rules together: what the service and the command line both say about a record."""

from __future__ import annotations

from datetime import date

from service.api.schemas.structure import structural_faults
from service.domain.codes import RECORD_TYPES, SCHEMA_VERSIONS
from service.domain.faults import Fault, Findings
from service.domain.policy import Policy
from service.domain.records.narrowed import edition_of
from service.domain.rules import NOTHING_KNOWN, Known, Subject, check
from service.ports import Record


def check_record(
    record: Record,
    *,
    record_type: str,
    policy: Policy,
    today: date,
    known: Known = NOTHING_KNOWN,
    thorough: bool = False,
) -> Findings:
    """All faults, holds and warnings of a parsed record, as one of `record_type` under an authority's policy.

    `known` is what the bridge knows besides: the training register, the record before this one. Without it the rules
    that ask for it say nothing. `thorough` asks for the look before saving: names in texts too (rule X-8).
    """
    return check_subject(Subject(record, record_type, policy, today, known, thorough))


def check_subject(subject: Subject) -> Findings:
    """The same, of a record that is made ready for the rules; what they found out on the way is kept there."""
    record, record_type = subject.record, subject.record_type
    if unknown := _unknown_edition(record):
        return Findings(errors=(unknown,))
    structure = structural_faults(record, record_type)
    if wrong := _wrong_address(record, record_type):
        structure.append(wrong)
    return check(subject, structure, edition_of(record).rules)


def _unknown_edition(record: Record) -> Fault | None:
    """A record of an edition we do not have cannot be judged by another; nothing else is said of it."""
    said = record.get("schema_version")
    if not isinstance(said, str) or said in SCHEMA_VERSIONS:
        return None
    fix = f"Known editions: {', '.join(SCHEMA_VERSIONS)}."
    return Fault("/schema_version", "K-4", "This edition of the record isn't known here.", fix)


def _wrong_address(record: Record, record_type: str) -> Fault | None:
    said = record.get("record_type")
    if said not in RECORD_TYPES or said == record_type:
        return None
    fix = f"Post it to /v1/{str(said).replace('_', '-')}s, or correct `/record_type`."
    return Fault("/record_type", "F-code", f"This is the address for {record_type}.", fix)
