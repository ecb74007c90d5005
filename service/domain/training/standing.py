"""Whether a worker was trained when they assessed (domain model, 3.12 and T1, T3). Yes, no or ended; never how well.

Evaluation is left out on purpose: of 22 who attended the pilot's training 18 completed its evaluation, and all 22 were
trained.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

_WISE = frozenset({"wise_core", "wise_tools"})
_NWG = frozenset({"nwg_assessment_tool", "nwg_foundation", "nwg_advanced"})

COUNTS_FOR: Mapping[str, frozenset[str]] = {
    "wise_assessment": _WISE,
    "rise_meeting_output": _WISE,
    "nwg_assessment": _NWG,
}
"""Which courses prepare for which record. `other` prepares for none: it says that somebody learnt something else."""

ASSESSOR: Mapping[str, str] = {
    "wise_assessment": "/assessor/professional_ref",
    "rise_meeting_output": "/data_capture_by/professional_ref",
    "nwg_assessment": "/assessor/professional_ref",
}
"""Whose training is asked after. Who supported, facilitated or typed it in needs none."""


@dataclass(frozen=True)
class Trained:
    """One attendance, as far as it says whether somebody is trained.

    It holds through the day `valid_until`, and up to the day before `revoked_on`.
    """

    course: str
    attended_on: date
    valid_until: date | None = None
    revoked_on: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether it had neither run out nor been revoked."""
        return (self.valid_until is None or day <= self.valid_until) and (
            self.revoked_on is None or day < self.revoked_on
        )


class Standing(StrEnum):
    """What the register says of a worker on the day of an assessment."""

    TRAINED = "trained"
    NONE_BEFORE = "none_before"
    ENDED = "ended"


def standing(
    records: Iterable[Trained], *, courses: Collection[str], completed_on: date, same_day_counts: bool
) -> Standing:
    """Where a worker stood on `completed_on`, the day of the assessment; the day it was typed in doesn't matter.

    `records` are all the worker's attendances, in any order. Training counts from the day after it, or with
    `same_day_counts` from the day itself. One that holds is enough.
    """
    before = [
        each
        for each in records
        if each.course in courses
        and (each.attended_on < completed_on or (same_day_counts and each.attended_on == completed_on))
    ]
    if not before:
        return Standing.NONE_BEFORE
    return Standing.TRAINED if any(each.holds_on(completed_on) for each in before) else Standing.ENDED
