"""What the database refuses whoever asks: migration 0007's trigger, checks and unique indexes, in Python."""

from __future__ import annotations

from service.domain.delivery import MOVES, State
from tests.simulation.memory.tables import Memory, Row, RuleBroken

STAYS = ("id", "authority", "kind", "submission_id", "reference", "child_key", "seq", "created_at")
VISIBLE = ("state", "reason", "record_number")
NOTHING_SENT = ("ready", "retry")


def kept_to_the_table(memory: Memory, old: Row, new: dict[str, object]) -> Row:
    """The new row as it is stored; raises `RuleBroken`."""
    was, is_now = str(old["state"]), str(new["state"])
    if any(old[name] != new[name] for name in STAYS):
        raise RuleBroken("what a delivery is about never changes")
    _fence(old, new, was, is_now)
    if was != is_now:
        _move(memory, old, was, is_now)
        new["state_since"] = memory.now
    if any(old[name] != new[name] for name in VISIBLE):
        new["changed_in"] = memory.transactions
    return checked(memory, new)


def _fence(old: Row, new: Row, was: str, is_now: str) -> None:
    if new["fence"] < old["fence"] or (is_now == "in_flight" != was and new["fence"] == old["fence"]):
        raise RuleBroken("a fence only grows, and grows with every claim")
    if was == is_now and was not in ("in_flight", "unknown") and new["fence"] != old["fence"]:
        raise RuleBroken("only a claim moves the fence")


def _move(memory: Memory, old: Row, was: str, is_now: str) -> None:
    if State(is_now) not in MOVES[State(was)]:
        raise RuleBroken(f"a delivery cannot go from {was} to {is_now}")
    if was == "delivered":
        raise RuleBroken("two people have to ask for what was delivered to be looked up again")
    if was in NOTHING_SENT and is_now == "unknown" and memory.mode == "usual":
        raise RuleBroken("nothing was sent, so there is nothing to look up")
    if is_now in ("superseded", "cancelled") and old["may_have_arrived"] and was != "needs_human":
        raise RuleBroken("what may have arrived is not set aside unseen")


def checked(memory: Memory, row: Row) -> Row:
    """The row itself, when no constraint is against it."""
    if row["state"] in NOTHING_SENT and row["may_have_arrived"]:
        raise RuleBroken("ck_delivery_arrived")
    if (row["state"] == "in_flight") != (row["lease_until"] is not None):
        raise RuleBroken("ck_delivery_lease")
    for other in memory.rows("delivery", row["authority"]):
        if other["id"] != row["id"]:
            _unique(row, other)
    return row


def _unique(row: Row, other: Row) -> None:
    if other["reference"] == row["reference"]:
        raise RuleBroken("uq_delivery_reference")
    if row["review_id"] is not None and other["review_id"] == row["review_id"]:
        raise RuleBroken("uq_delivery_review")
    both = (row, other)
    if row["child_key"] == other["child_key"] and all(
        each["state"] == "in_flight" and each["kind"] != "review_task" for each in both
    ):
        raise RuleBroken("uq_delivery_one_at_a_time")
