"""What a record comes down to on the central side: its fact, from the record alone.

What depends on the young person's other records is put right by `service.domain.projection.chain`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from service.domain.fact import FIRST, NOT_A_REVIEW, NOT_ASKED, NOT_RECORDED, NOT_YET, Fact
from service.domain.london import quarter_of
from service.domain.projection import groupings as by
from service.domain.projection.parts import Record, content, person, practice
from service.domain.training.standing import COUNTS_FOR, Standing, Trained, standing


def project(
    record: Record, *, authority: str, record_type: str, completed_on: date, training_current: str = NOT_RECORDED
) -> Fact:
    """The fact of an accepted record, as if no other of the young person were here. Raises `FactRefused`."""
    return Fact(
        quarter=quarter_of(completed_on),
        authority=authority,
        record_type=record_type,
        training_current=training_current,
        succeeded_in=NOT_YET,
        **_kind(record, record_type),
        **person(record, completed_on),
        **practice(record),
        **content(record, record_type=record_type),
    )


def training_current(
    records: Iterable[Trained] | None, *, record_type: str, completed_on: date, same_day_counts: bool
) -> str:
    """By the register. Somebody who is not in it may still have been trained: that is not recorded, and not no."""
    if records is None:
        return NOT_RECORDED
    found = standing(
        records, courses=COUNTS_FOR[record_type], completed_on=completed_on, same_day_counts=same_day_counts
    )
    return {Standing.TRAINED: "yes", Standing.ENDED: "no", Standing.NONE_BEFORE: NOT_RECORDED}[found]


def _kind(record: Record, record_type: str) -> dict[str, str]:
    """A WISE says whether it is a review; of the others only the way they were sent can tell.

    A first one has no trigger but the initial one, whatever the sender ticked besides.
    """
    said = record.get("first_or_review") or ("review" if record.get("submission_kind") == "review" else FIRST)
    first = said == FIRST
    asked = record_type != "nwg_assessment"
    before = NOT_ASKED if not asked else FIRST if first else NOT_RECORDED
    trigger = by.grouped("review_trigger", by.REVIEW_TRIGGER, record.get("review_trigger"))
    return {
        "first_or_review": said,
        "review_trigger": "initial" if first else trigger,
        "review_timeliness": NOT_A_REVIEW if first else NOT_RECORDED,
        "exploitation_before": before,
        "education_before": before,
    }


__all__ = ["project", "training_current"]
