"""Checks on the record that a correction or a withdrawal names. Sets of other kinds name none."""

from simulators.lcs.case import Case
from simulators.lcs.model import FiledRecord, Refusal


def record_known(case: Case) -> Refusal | None:
    """A form of this very person, and for a correction of this very type.

    A task is no record in this sense: it has no version and no document, and is closed by whoever does it.
    """
    if case.manifest.record_id is None or (case.record and _is_meant(case.record, case)):
        return None
    return Refusal("UNKNOWN_RECORD")


def _is_meant(record: FiledRecord, case: Case) -> bool:
    form = case.manifest.form
    same_type = form is None or form.type == record.form_type
    return record.kind == "form" and record.person_id == case.manifest.claim.person_id and same_type


def record_not_withdrawn(case: Case) -> Refusal | None:
    """What was withdrawn stays withdrawn: it is neither corrected nor withdrawn a second time."""
    withdrawn = case.record is not None and case.record.withdrawal is not None
    return Refusal("RECORD_WITHDRAWN", record_id=case.manifest.record_id) if withdrawn else None
