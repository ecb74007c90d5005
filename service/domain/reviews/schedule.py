"""When the next review is due (TIDieR, "When and how much"; domain model 3.11 and traps 17 and 18)."""

from __future__ import annotations

from datetime import date

from service.domain.london import add_months


def next_due(completed_on: date, *, months: int, asked_for: date | None) -> date:
    """Calendar months after completion, held to the month's end; never counted from the day it was typed in.

    A social worker may ask for an earlier day; a later one never moves the date back.
    """
    due = add_months(completed_on, months)
    return asked_for if asked_for and completed_on <= asked_for < due else due
