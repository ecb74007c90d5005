"""The same operations in any order on both stores: the same answers, and the same rows afterwards."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

import pytest
from hypothesis import Phase, example, given, seed, settings
from hypothesis import strategies as st

from service.domain.delivery import Reason, State
from service.domain.delivery.breaker import Hold
from service.domain.delivery.failures import Weight
from service.domain.orders import Because
from service.domain.reviews import Channel, Stage
from service.ports import Claim, Claimer, NewDelivery, NewHold, NewSubmission, Settlement
from service.ports.orders import Grounds, Item, Officer, Seen, Wanted
from service.usecases.orders.approve import decide
from service.usecases.orders.cancel import cancel
from service.usecases.orders.desk import OrderDesk
from service.usecases.orders.evidence import mark_delivered
from service.usecases.orders.hold import hold
from service.usecases.orders.reopen import ask_to_reopen
from service.usecases.orders.replay import replay
from service.usecases.orders.replay_many import list_many, replay_many
from service.usecases.orders.supersede import supersede
from tests.simulation.conformance.both import InMemory, InPostgres, Store, differences, held
from tests.store.rows import AUDIT, LEASE, new_delivery, new_review, new_submission
from tests.support.bridge import STOCKPORT

PARTS, EXAMPLES = 4, 15
"""So many of each, beside each other where there are cores."""
CHILDREN = (b"one", b"two", b"three")
WORKERS = tuple(uuid4() for _ in range(3))
MODES = ("usual", "usual", "usual", "reconcile_first", "look_first")
WAITS = (7.0, 17.0, 37.0, 67.0, 700.0)
"""Seconds that pass: far enough from every lease, silence and cooling for the clocks to differ a little."""


@dataclass
class Told:
    """What both stores are told with, made once."""

    store: Store
    claims: list[Claim] = field(default_factory=list)


@dataclass
class Scene:
    """Both stores and what is known of them."""

    both: tuple[Told, Told]
    submissions: list[NewSubmission] = field(default_factory=list)
    deliveries: list[NewDelivery] = field(default_factory=list)
    holds: list[UUID] = field(default_factory=list)
    possible: Counter[str] = field(default_factory=Counter)

    def tell(self, do: Callable[[Told], Any], name: str, what: str) -> None:
        """Answers alike, or refuses alike; and holds the same."""
        chance = uuid4().bytes
        answers = [self._answer(do, each, chance) for each in self.both]
        assert differences(*answers) == [], what
        self.possible[name] += "refused" not in answers[0]
        assert differences(*(held(each.store) for each in self.both)) == [], what

    @staticmethod
    def _answer(do: Callable[[Told], Any], told: Told, chance: bytes) -> dict[str, Any]:
        """Ids that are made on the way are the same on both sides."""
        try:
            with patch.object(os, "urandom", _ids(chance)):
                return {"answer": _comparable(do(told))}
        except Exception:  # noqa: BLE001 - each store has its own word for a refusal
            return {"refused": True}


SETTLEMENTS = st.builds(
    Settlement,
    state=st.sampled_from(
        [State.DELIVERED, State.RETRY, State.UNKNOWN, State.UNKNOWN, State.READY, State.NEEDS_HUMAN, State.CANCELLED]
    ),
    reason=st.sampled_from([Reason.WAITING, Reason.UNAVAILABLE, Reason.NO_CLEAR_ANSWER]),
    due_in=st.sampled_from([timedelta(0), timedelta(seconds=30), timedelta(seconds=300)]),
    may_have_arrived=st.booleans(),
    failures=st.integers(0, 2),
    lapses=st.integers(0, 2),
    deaths=st.integers(0, 1),
    absences=st.integers(0, 1),
    record_number=st.sampled_from([None, "R1"]),
    evidence=st.sampled_from([None, {"number": "R1"}]),
    weight=st.sampled_from(list(Weight)),
    lane_waits=st.sampled_from([timedelta(0), timedelta(0), timedelta(seconds=50)]),
)
WHICH = st.integers(0, 9)
ORDERS = (hold, replay, replay, cancel, supersede, mark_delivered)
OFFICERS = (Officer("ann-officer", "ann's desk"), Officer("ben-officer", "ben's desk"))
GROUNDS = Grounds(Because.LOOKS_WRONG, "SD-1")
SEEN = Seen("R7", None, "ann-officer", "2026-11-20T10:00:00+00:00")
OPERATIONS = st.lists(
    st.one_of(
        st.tuples(st.just("record"), st.sampled_from(CHILDREN), st.booleans()),
        st.tuples(st.just("task"), WHICH),
        st.tuples(st.just("hold"), WHICH),
        st.tuples(st.just("let_go"), WHICH),
        st.tuples(st.just("claim"), st.integers(0, 2), st.integers(1, 3), st.booleans(), st.booleans()),
        st.tuples(st.just("claim"), st.integers(0, 2), st.integers(1, 3), st.booleans(), st.booleans()),
        st.tuples(st.just("sending"), WHICH),
        st.tuples(st.just("settle"), WHICH, SETTLEMENTS),
        st.tuples(st.just("settle"), WHICH, SETTLEMENTS),
        st.tuples(st.just("aside"), WHICH, st.sampled_from([State.SUPERSEDED, State.CANCELLED])),
        st.tuples(st.just("release"), WHICH),
        st.tuples(st.just("lane"), st.sampled_from(list(Hold))),
        st.tuples(st.just("mode"), st.sampled_from(MODES)),
        st.tuples(st.just("seen"), st.integers(0, 2)),
        st.tuples(st.just("ended"), st.integers(0, 2)),
        st.tuples(st.just("look"), WHICH),
        st.tuples(st.just("withdraw"), WHICH),
        st.tuples(st.just("order"), WHICH, st.sampled_from(ORDERS), st.booleans()),
        st.tuples(st.just("order"), WHICH, st.sampled_from(ORDERS), st.booleans()),
        st.tuples(st.just("reopen"), WHICH, st.sampled_from(OFFICERS), st.booleans()),
        st.tuples(st.just("many"), st.sampled_from([State.NEEDS_HUMAN, State.DELIVERED])),
        st.tuples(st.just("wait"), st.sampled_from(WAITS)),
        st.tuples(st.just("wait"), st.sampled_from(WAITS)),
    ),
    min_size=5,
    max_size=40,
)


BEGINNING: tuple[tuple[Any, ...], ...] = (
    ("record", b"one", False),
    ("record", b"one", False),
    ("record", b"two", False),
    ("claim", 0, 3, False, False),
    ("sending", 0),
    ("settle", 0, Settlement(State.DELIVERED, Reason.WAITING, may_have_arrived=True, record_number="R1", evidence={})),
    ("settle", 1, Settlement(State.NEEDS_HUMAN, Reason.WAITING)),
)
"""So that there is something to order about: one delivered, one for a person, one that waits."""


ENDING = ("reopen", 0, OFFICERS[1], True)
"""So that it is possible somewhere: what is delivered at the end is looked up again."""


EVERY_ORDER = [
    ("many", State.NEEDS_HUMAN),
    *(("reopen", which, OFFICERS[1], True) for which in range(3)),
    *(("order", which, do, looked) for which in range(3) for do in ORDERS for looked in (True, False)),
]
"""What the officers can do to each of the three of the beginning; some of it is possible, whatever chance brings."""


class NoBell:
    """`service.ports.Wakeup`: nobody is there to wake."""

    def look_now(self, authority: str) -> None: ...


def desk(told: Told) -> OrderDesk:
    return OrderDesk(told.store.orders, NoBell())


class Deeds:
    """One method for each kind of operation; each makes what both are told, once."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene

    def record(self, child: bytes, held_back: bool) -> Callable[[Told], Any]:
        submission = replace(new_submission(child), completed_on=date(2026, 9, 1 + len(self.scene.submissions) % 28))
        delivery = new_delivery(submission, held=Reason.TRAINING_NOT_FOUND if held_back else None)
        review = new_review(submission, anchor_on=submission.completed_on)
        self.scene.submissions.append(submission)
        self.scene.deliveries.append(delivery)

        def do(told: Told) -> Any:
            with told.store.intake.transaction(STOCKPORT) as tx:
                kept = tx.submissions.add(submission), tx.submissions.add(replace(submission, id=uuid4()))
                tx.reviews.open_next(review)
                tx.deliveries.add(delivery)
            return kept

        return do

    def task(self, which: int) -> Callable[[Told], Any] | None:
        submission = _pick(self.scene.submissions, which)
        if submission is None:
            return None
        new = new_delivery(submission, kind="review_task")

        def do(told: Told) -> Any:
            with told.store.casework.transaction(STOCKPORT) as tx:
                review = tx.reviews.of_submission(submission.id)
                assert review is not None
                tx.deliveries.add(replace(new, review_id=review.id))
                return tx.reviews.note_told(review.id, Channel.TRAY, Stage.DUE, new.id)

        self.scene.deliveries.append(new)
        return do

    def hold(self, which: int) -> Callable[[Told], Any] | None:
        submission = _pick(self.scene.submissions, which)
        if submission is None:
            return None
        new = NewHold(uuid4(), submission.id, "T1", f"/{len(self.scene.holds)}")
        self.scene.holds.append(new.id)
        return lambda told: _in(told, lambda tx: tx.holds.add(new), intake=True)

    def let_go(self, which: int) -> Callable[[Told], Any] | None:
        hold = _pick(self.scene.holds, which)
        return (
            None if hold is None else lambda told: _in(told, lambda tx: tx.holds.release(hold, "officer"), intake=True)
        )

    def claim(self, who: int, most: int, judging: bool, alone: bool) -> Callable[[Told], Any]:
        claimer = Claimer(WORKERS[who], LEASE, judging, alone)

        def do(told: Told) -> Any:
            taken = _in(told, lambda tx: tx.deliveries.claim(claimer, in_flight_max=most, limit=2))
            taken.sort(key=lambda each: str(each.id))
            told.claims += taken
            return [taken, _in(told, lambda tx: tx.deliveries.any_to_be_claimed_alone(claimer))]

        return do

    def sending(self, which: int) -> Callable[[Told], Any]:
        given = {"lease": LEASE, "connector": "lcs", "version": "1", "profile_digest": "p"}

        def do(told: Told) -> Any:
            claim = _pick(told.claims, which)
            return claim and _in(told, lambda tx: tx.deliveries.sending(claim, **given))

        return do

    def settle(self, which: int, settlement: Settlement) -> Callable[[Told], Any]:
        def do(told: Told) -> Any:
            claim = _pick(told.claims, which)
            return claim and _in(told, lambda tx: tx.deliveries.settle(claim, settlement, AUDIT, in_flight_max=3))

        return do

    def aside(self, which: int, after: State) -> Callable[[Told], Any] | None:
        delivery = _pick(self.scene.deliveries, which)
        if delivery is None:
            return None
        return lambda told: _in(told, lambda tx: tx.deliveries.set_aside(delivery.id, after), intake=True)

    def release(self, which: int) -> Callable[[Told], Any] | None:
        delivery = _pick(self.scene.deliveries, which)
        if delivery is None:
            return None
        return lambda told: _in(told, lambda tx: tx.deliveries.release(delivery.id), intake=True)

    def lane(self, hold: Hold) -> Callable[[Told], Any]:
        return lambda told: _in(told, lambda tx: tx.lane.hold(hold, by="officer", reason="test"), intake=True)

    def mode(self, mode: str) -> Callable[[Told], Any]:
        return lambda told: told.store.mode(mode)

    def seen(self, who: int) -> Callable[[Told], Any]:
        return lambda told: told.store.casework.worker_seen(WORKERS[who])

    def ended(self, who: int) -> Callable[[Told], Any]:
        return lambda told: told.store.casework.worker_ended(WORKERS[who])

    def withdraw(self, which: int) -> Callable[[Told], Any] | None:
        submission = _pick(self.scene.submissions, which)
        if submission is None:
            return None
        by = _pick(self.scene.submissions, which + 1)

        def do(tx: Any) -> Any:
            versions = tx.submissions.versions(submission.id)
            tx.submissions.withdraw(versions, by.id if by else submission.id)
            tx.reviews.withdraw(versions)
            return len(versions)

        return lambda told: _in(told, do, intake=True)

    def order(self, which: int, do: Callable[..., Any], looked: bool) -> Callable[[Told], Any] | None:
        """Through the use case; what is not possible is refused by both."""
        delivery = _pick(self.scene.deliveries, which)
        if delivery is None:
            return None
        more: dict[str, Any] = {mark_delivered: {"seen": SEEN}, hold: {}}.get(do, {"not_there": looked})
        return lambda told: _item(do(desk(told), STOCKPORT, delivery.reference, OFFICERS[0], GROUNDS, **more))

    def reopen(self, which: int, second: Officer, approve: bool) -> Callable[[Told], Any] | None:
        delivery = _pick(self.scene.deliveries, which)
        if delivery is None:
            return None

        def do(told: Told) -> Any:
            asked = ask_to_reopen(desk(told), STOCKPORT, delivery.reference, OFFICERS[0], GROUNDS)
            decided = decide(desk(told), STOCKPORT, asked.id, second, approve=approve)
            return [[each.reference, each.action, each.approver, each.outcome] for each in decided]

        return do

    def many(self, state: State) -> Callable[[Told], Any]:
        def do(told: Told) -> Any:
            listed = list_many(desk(told), STOCKPORT, Wanted([state]), 5)
            done = replay_many(
                desk(told), STOCKPORT, Wanted([state]), OFFICERS[0], GROUNDS, limit=5, expect=listed.digest
            )
            return [listed.matching, done.matching, sorted(map(str, done.listed)) == sorted(map(str, listed.listed))]

        return do

    def look(self, which: int) -> Callable[[Told], Any] | None:
        """Everything that only reads."""
        submission = _pick(self.scene.submissions, which)
        if submission is None:
            return None

        def do(tx: Any) -> Any:
            lane, due = tx.lane.view(), tx.deliveries.next_due()
            return {
                "views": [_view(each) for each in tx.deliveries.of_submission(submission.id)],
                "page": [each.reference for each in tx.deliveries.page(list(State), after=None, limit=50)],
                "due": None if due is None else due.total_seconds(),
                "lane": [lane.hold, lane.breaker, lane.open_reason, lane.in_flight],
                "filed": tx.deliveries.filed_as([submission.id]),
                "held": tx.deliveries.held_for([Reason.TRAINING_NOT_FOUND, Reason.WAITING], 5),
                "review": tx.reviews.due_of(submission.child_key, submission.record_type),
                "reviews": [(each.review.id, each.told) for each in tx.reviews.to_be_told(date(2027, 6, 1), None, 9)],
                "holds": [each.id for each in tx.holds.page(after=None, limit=9)],
            }

        return lambda told: _in(told, do)

    def wait(self, seconds: float) -> Callable[[Told], Any]:
        return lambda told: told.store.time_passes(seconds)


def _ids(chance: bytes) -> Callable[[int], bytes]:
    """`os.urandom` as `uuid4` asks for it; who asks for another size, as SQLAlchemy does, is not making an id."""
    ids, elsewhere = Random(chance), os.urandom
    return lambda size: ids.randbytes(size) if size == 16 else elsewhere(size)


def _in(told: Told, do: Callable[[Any], Any], *, intake: bool = False) -> Any:
    with (told.store.intake if intake else told.store.casework).transaction(STOCKPORT) as tx:
        return do(tx)


def _item(item: Item) -> list[Any]:
    seen = (item.reference, item.state, item.reason, item.corrected, item.withdrawn, item.may_have_arrived)
    return [*seen, item.behind, item.record_number, item.lapses, item.deaths, item.attempts]


def _pick(among: list[Any], which: int) -> Any:
    return among[which % len(among)] if among else None


def _view(view: Any) -> list[Any]:
    return [
        view.id,
        view.state,
        view.reason,
        view.attempts,
        view.behind_earlier,
        view.may_have_arrived,
        view.record_number,
    ]


def _comparable(answer: Any) -> Any:
    """Claims without what the clock alone decides, to the second."""
    if isinstance(answer, Claim):
        since, off = answer.since_first_sent, answer.put_off_for
        plain = replace(answer, since_first_sent=None, put_off_for=None)
        return {"claim": plain, "since": since and since.total_seconds(), "off": off and off.total_seconds()}
    if isinstance(answer, list):
        return {index: _comparable(each) for index, each in enumerate(answer)}
    return answer


@pytest.mark.parametrize("part", range(PARTS))
def test_any_operations_leave_both_alike(in_postgres: InPostgres, part: int) -> None:
    @seed(part)
    @settings(max_examples=EXAMPLES, deadline=None, phases=(Phase.explicit, Phase.generate), database=None)
    @example(operations=EVERY_ORDER)
    @given(operations=OPERATIONS)
    def alike(operations: list[tuple[Any, ...]]) -> None:
        in_postgres.database.empty()
        scene = Scene((Told(InMemory()), Told(in_postgres)))
        deeds, done = Deeds(scene), []
        for name, *given_to in [*BEGINNING, *operations, ENDING]:
            do = getattr(deeds, name)(*given_to)
            done.append((name, *given_to))
            if do is not None:
                scene.tell(do, name, f"after {done}")
        possible.update(scene.possible)

    possible: Counter[str] = Counter()
    alike()
    assert possible["order"] and possible["reopen"] and possible["many"], possible
