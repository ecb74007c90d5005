"""What the database refuses whoever asks: triggers of 0007, 0008, 0011 and 0015, checks and indexes, in Python."""

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
    if was == is_now and old["may_have_arrived"] and not new["may_have_arrived"]:
        raise RuleBroken("a doubt is settled by a move, not by forgetting it")
    _fence(old, new, was, is_now)
    if was != is_now:
        _move(memory, old, was, is_now)
        new["state_since"] = memory.now
    if any(old[name] != new[name] for name in VISIBLE) and not _looked_up_in_vain(old, new, was, is_now):
        new["changed_in"] = memory.transactions
    return checked(memory, new)


def _looked_up_in_vain(old: Row, new: dict[str, object], was: str, is_now: str) -> bool:
    """Migration 0015: claimed to be looked up, or back from it as it was. `asked_again` is kept up to date."""
    if was == is_now or not (was == "unknown" or old["asked_again"]):
        return False
    new["asked_again"] = is_now == "in_flight"
    quiet = new["asked_again"] or (old["asked_again"] and is_now == "unknown")
    return bool(quiet) and all(old[name] == new[name] for name in ("reason", "record_number"))


def _fence(old: Row, new: Row, was: str, is_now: str) -> None:
    if new["fence"] < old["fence"] or (is_now == "in_flight" != was and new["fence"] == old["fence"]):
        raise RuleBroken("a fence only grows, and grows with every claim")
    if was == is_now and was not in ("in_flight", "unknown") and new["fence"] != old["fence"]:
        raise RuleBroken("only a claim moves the fence")


def _move(memory: Memory, old: Row, was: str, is_now: str) -> None:
    if State(is_now) not in MOVES[State(was)]:
        raise RuleBroken(f"a delivery cannot go from {was} to {is_now}")
    if was == "delivered" and not _ordered(memory, old, "reopen", approved=True):
        raise RuleBroken("two people have to ask for what was delivered to be looked up again")
    if was == "needs_human":
        _of_a_person(memory, old, is_now)
    if was in NOTHING_SENT and is_now == "unknown" and memory.mode == "usual":
        raise RuleBroken("nothing was sent, so there is nothing to look up")
    if is_now in ("superseded", "cancelled") and old["may_have_arrived"] and was != "needs_human":
        raise RuleBroken("what may have arrived is not set aside unseen")


def _of_a_person(memory: Memory, old: Row, is_now: str) -> None:
    if is_now == "delivered" and not _ordered(memory, old, "evidence"):
        raise RuleBroken("nothing is delivered without the evidence of who saw it")
    if is_now == "ready" and old["may_have_arrived"] and not _ordered(memory, old, "replay", not_there=True):
        raise RuleBroken("what may have arrived is looked up, or looked for by a person, before it is sent again")


def _ordered(memory: Memory, row: Row, action: str, *, approved: bool = False, not_there: bool = False) -> bool:
    """Whether an open order says so."""
    return any(
        (order["delivery_id"], order["action"], order["done_at"]) == (row["id"], action, None)
        and not (approved and order["approved_at"] is None)
        and not (not_there and order["detail"].get("not_there") is not True)
        for order in memory.rows("officer_order", row["authority"])
    )


def doubted_if_restored(memory: Memory, row: dict[str, object]) -> dict[str, object]:
    """Migration 0011: while a restore is under way, what is new may be there already and is looked up first."""
    if memory.mode == "usual":
        return row
    waits = {"state": "unknown", "reason": "restored"} if row["state"] == "ready" else {}
    return row | {"may_have_arrived": True} | waits


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
    both = (row, other)
    if row["child_key"] == other["child_key"] and all(
        each["state"] == "in_flight" and each["kind"] != "review_task" for each in both
    ):
        raise RuleBroken("uq_delivery_one_at_a_time")
