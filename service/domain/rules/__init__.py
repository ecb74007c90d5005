"""The rules of the three records (domain model, 3.15), run all at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from service.domain.faults import Fault, Findings
from service.domain.policy import Result
from service.domain.records.narrowed import is_withdrawal
from service.domain.rules import (
    areas,
    corrections,
    dates,
    identifying,
    meeting,
    nwg,
    people,
    plan,
    review,
    sharing,
    statements,
    submission,
    text,
    third_parties,
    training,
    voice,
    young_person,
)
from service.domain.rules.catalogue import RULES, Rule
from service.domain.rules.known import NOTHING_KNOWN, Earlier, Known
from service.domain.rules.subject import Subject

_FILES = (
    areas, corrections, dates, meeting, nwg, people, plan, review, sharing, statements, submission, text, identifying,
    third_parties, training, voice, young_person,
)  # fmt: skip
_OF_WITHDRAWALS = frozenset({"E1", "K-2", "K-5", "Y5"})
"""A withdrawal has nothing of a record, so the rules of records have nothing to say about it."""

__all__ = ["NOTHING_KNOWN", "RULES", "Earlier", "Known", "Rule", "Subject", "check"]


def check(subject: Subject, structure: Iterable[Fault], in_force: Collection[str] | None = None) -> Findings:
    """What is wrong with the record's structure and content together, in order of place; one error a place.

    Where a rule of the catalogue speaks about a place, its wording wins over the structure's. `in_force` are the codes
    of the record's own edition: a rule that came later does not judge it.
    """
    found = _run(subject, in_force)
    broken = {fault.pointer: fault for fault in found[Result.REJECT]}
    errors = {fault.pointer: fault for fault in structure if not _said_deeper(fault, broken)} | broken
    return Findings(
        errors=tuple(sorted(errors.values())),
        warnings=_beside(errors, found[Result.WARN]),
        holds=_beside(errors, found[Result.HOLD]),
    )


def _run(subject: Subject, in_force: Collection[str] | None) -> dict[Result, list[Fault]]:
    judging = None if in_force is None else frozenset(in_force)
    if is_withdrawal(subject.record):
        judging = _OF_WITHDRAWALS if judging is None else _OF_WITHDRAWALS & judging
    found: dict[Result, list[Fault]] = {result: [] for result in Result}
    for rule in RULES:
        if subject.record_type in rule.record_types and (judging is None or rule.code in judging):
            found[rule.result(subject.policy)] += rule.faults(subject)
    return found


def _beside(errors: Collection[str], others: Iterable[Fault]) -> tuple[Fault, ...]:
    """What else there is to say, except where something must be corrected first."""
    return tuple(sorted({fault for fault in others if fault.pointer not in errors}))


def _said_deeper(fault: Fault, broken: Iterable[str]) -> bool:
    """Whether a rule already says what is missing below this place, in better words than "this is missing"."""
    return fault.code in ("F-missing", "F-null") and any(other.startswith(f"{fault.pointer}/") for other in broken)
