"""When a body may go, worked out another way than the rules do: by sorting what happened, with no rule of theirs."""

from __future__ import annotations

from datetime import datetime, timedelta

from service.domain.retention import Situation

ENDS = {"delivered", "superseded", "cancelled"}


def may_go(found: Situation, days: int, now: datetime) -> bool:
    """True only when every single condition of docs/retention.md is met."""
    if True in (found.held, found.reopening, found.review_to_come, found.sibling_open, found.legal_hold):
        return False
    moments = [found.received_at]
    for each in found.deliveries:
        name = str(each.state.value)
        if name not in ENDS or (name == "delivered" and not each.proven):
            return False
        moments.append(each.since)
    moments.sort()
    return now - moments[-1] >= timedelta(days=days)
