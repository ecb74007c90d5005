"""What a change of a row comes down to."""

from __future__ import annotations

from tests.simulation.memory import Change, Row


def owes(change: Change) -> int:
    """A record taken in, or a review of which the team is told, is one delivery more."""
    if change.table == "submission":
        return change.before is None and change.after["kind"] != "withdrawal"
    if change.table == "review":
        return change.after["raised_at"] is not None and (change.before is None or not change.before["raised_at"])
    return 0


def still_awaited(before: Row, after: Row) -> bool:
    """Looked up, and waiting for its receipt as before."""
    awaited = after["reason"] in ("awaiting_receipt", "receipt_overdue") and before["reason"] == after["reason"]
    return awaited and before["asked_again"] and after["state"] == "unknown"


def claimed(change: Change) -> bool:
    """Whether a worker has taken it."""
    before, after = change.before, change.after
    return after["state"] == "in_flight" and before is not None and before["fence"] != after["fence"]
