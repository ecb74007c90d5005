"""The rules of the three records (domain model, 3.15), run all at once."""

from __future__ import annotations

from collections.abc import Iterable

from service.domain.faults import Fault, Findings
from service.domain.rules import areas, dates, meeting, plan, statements, submission, voice, young_person
from service.domain.rules.catalogue import RULES, Rule
from service.domain.rules.subject import Subject

_FILES = (areas, dates, meeting, plan, statements, submission, voice, young_person)

__all__ = ["RULES", "Rule", "Subject", "check"]


def check(subject: Subject, structure: Iterable[Fault]) -> Findings:
    """What is wrong with the record's structure and content together: one fault a place, in order of place.

    Where a rule of the catalogue speaks about a place, its wording wins over the structure's.
    """
    broken = _run(subject, rejects=True)
    errors = {fault.pointer: fault for fault in structure if not _said_deeper(fault, broken)} | broken
    warnings = _run(subject, rejects=False)
    return Findings(
        errors=tuple(sorted(errors.values())),
        warnings=tuple(sorted(fault for fault in warnings.values() if fault.pointer not in errors)),
    )


def _run(subject: Subject, *, rejects: bool) -> dict[str, Fault]:
    rules = (rule for rule in RULES if rule.rejects is rejects and subject.record_type in rule.record_types)
    return {fault.pointer: fault for rule in rules for fault in rule.check(subject)}


def _said_deeper(fault: Fault, broken: Iterable[str]) -> bool:
    """Whether a rule already says what is missing below this place, in better words than "this is missing"."""
    return fault.code in ("F-missing", "F-null") and any(other.startswith(f"{fault.pointer}/") for other in broken)
