"""Many at once: listed first, then replayed as they were listed. What was delivered already is asked to be reopened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from uuid import UUID, uuid4

from service.domain.delivery import Reason, State
from service.domain.delivery.machine import Refusal
from service.domain.orders import Action, judge
from service.errors import NotPossible
from service.ports.orders import Grounds, Item, NewOrder, Officer, OrderTransaction, Wanted
from service.usecases.orders.desk import Doing, OrderDesk, about, carry_out, circumstances, order
from service.usecases.orders.reopen import ask

MANY_MAX = 1000
COUNTED_UP_TO = 10_000


@dataclass(frozen=True)
class Listed:
    """One of those that fit: where it would go, or went, or why not."""

    reference: str
    submission_id: UUID
    state: State
    reason: Reason
    leads_to: State | None
    why_not: str | None


@dataclass(frozen=True)
class Many:
    """`matching` is how many fit in all, counted up to `COUNTED_UP_TO`. `batch` is None when nothing was done.

    `digest` names what is listed: each reference with its state and reason.
    """

    action: Action
    matching: int
    listed: Sequence[Listed]
    digest: str
    batch: UUID | None = None


def list_many(desk: OrderDesk, authority: str, wanted: Wanted, limit: int) -> Many:
    """What `replay_many` would do now. Nothing changes."""
    with desk.store.transaction(authority) as tx:
        items, matching = tx.items.page(wanted, after=None, limit=limit), tx.items.count(wanted, COUNTED_UP_TO)
        listed = [_judged(tx, each, action_for(wanted)) for each in items]
    return Many(action_for(wanted), matching, listed, digest_of(items))


def replay_many(
    desk: OrderDesk, authority: str, wanted: Wanted, officer: Officer, grounds: Grounds, *, limit: int, expect: str
) -> Many:
    """All in one transaction, each with its own order and line of the trail.

    `expect` is the digest of what was listed. Raises `NotPossible` when others fit by now, or one of them stands
    differently; then nothing was done.
    """
    batch = uuid4()
    with desk.store.transaction(authority) as tx:
        items, matching = tx.items.lock_all(wanted, limit), tx.items.count(wanted, COUNTED_UP_TO)
        digest = digest_of(items)
        if digest != expect:
            raise NotPossible(f"This is not what was listed: {len(items)} fit by now. List them again first.")
        asked = replace(order(action_for(wanted), officer, grounds), batch=batch)
        listed = _done(tx, items, asked)
    desk.wakeup.look_now(authority)
    return Many(action_for(wanted), matching, listed, digest, batch)


def digest_of(items: Sequence[Item]) -> str:
    """Of what an officer looked at, in whatever order: SHA-256 in hexadecimal digits."""
    lines = sorted(f"{each.reference} {each.state.value} {each.reason.value}\n" for each in items)
    return sha256("".join(lines).encode()).hexdigest()


def action_for(wanted: Wanted) -> Action:
    """What was delivered needs two people."""
    return Action.REOPEN if State.DELIVERED in wanted.states else Action.REPLAY


def _judged(tx: OrderTransaction, item: Item, action: Action) -> Listed:
    judged = judge(action, circumstances(tx, item))
    if isinstance(judged, Refusal):
        return _listed(item, None, judged.why)
    return _listed(item, judged.after, None)


def _done(tx: OrderTransaction, items: Sequence[Item], asked: NewOrder) -> list[Listed]:
    """What cannot be done says why, and keeps no other from it."""
    standing = tx.orders.reopening([each.id for each in items]) if asked.action is Action.REOPEN else {}
    listed = [_judged(tx, each, asked.action) for each in items]
    listed = [_waiting(told) if each.id in standing else told for each, told in zip(items, listed, strict=True)]
    doing = [
        Doing(each, about(replace(asked, id=uuid4()), each), told.leads_to)
        for each, told in zip(items, listed, strict=True)
        if told.leads_to
    ]
    if asked.action is Action.REOPEN:
        ask(tx, [(each.item, each.asked) for each in doing])
    else:
        carry_out(tx, *doing)
    return listed


def _waiting(told: Listed) -> Listed:
    return replace(told, leads_to=None, why_not="Somebody has asked for this already. It waits for approval.")


def _listed(item: Item, after: State | None, why_not: str | None) -> Listed:
    return Listed(item.reference, item.submission_id, item.state, item.reason, after, why_not)
