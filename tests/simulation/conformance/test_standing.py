"""A young person's standing records, asked of both stores in the same words; and counting over any run of changes."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.fact import Fact
from service.domain.london import quarter_of
from service.domain.projection.chain import Clock, Link, chained
from service.ports import CaseworkTransaction, NewSubmission, StandingRecord
from service.usecases.counting import recount, uncount
from tests.simulation.conformance.both import Store
from tests.simulation.memory import MemoryCasework
from tests.store.rows import new_review, new_submission
from tests.support.bridge import SALFORD, STOCKPORT
from tests.support.facts import a_fact

CHILD = b"child"
FACT = asdict(a_fact())


def kept(tx: CaseworkTransaction, **changes: Any) -> NewSubmission:
    new = replace(new_submission(CHILD), **{"kind": "new", "fact": FACT, **changes})
    assert tx.submissions.add(new)
    return new


def standing(store: Store, child: bytes = CHILD, authority: str = STOCKPORT) -> dict[UUID, StandingRecord]:
    with store.intake.transaction(authority) as tx:
        tx.submissions.alone_with(child)
        return {each.id: each for each in tx.submissions.standing(child)}


def test_what_stands_is_found_with_its_first_version_and_its_clock(store: Store) -> None:
    with store.intake.transaction(STOCKPORT) as tx:
        first = kept(tx, kind="review")
        tx.reviews.open_next(new_review(first))
        second = kept(tx, kind="correction", supersedes=first.id, version=2)
        tx.submissions.supersede(first.id, second.id)
        third = kept(tx, kind="correction", supersedes=second.id, version=3, completed_on=date(2026, 9, 1))
        tx.submissions.supersede(second.id, third.id)
        alone = kept(tx)
    found = standing(store)
    assert found.keys() == {third.id, alone.id}
    one, other = found[third.id], found[alone.id]
    assert (one.completed_on, one.sent_as_review, one.due_on, one.window_days) == (
        date(2026, 9, 1),
        True,
        date(2026, 12, 14),
        14,
    )
    assert (other.sent_as_review, other.due_on, other.window_days, other.fact) == (False, None, None, FACT)


def test_a_correction_stays_where_its_first_version_came(store: Store) -> None:
    with store.intake.transaction(STOCKPORT) as tx:
        first = kept(tx)
    with store.intake.transaction(STOCKPORT) as tx:
        between = kept(tx)
    with store.intake.transaction(STOCKPORT) as tx:
        corrected = kept(tx, kind="correction", supersedes=first.id, version=2)
        tx.submissions.supersede(first.id, corrected.id)
    found = standing(store)
    assert found[corrected.id].received_at < found[between.id].received_at


def test_what_does_not_stand_or_counts_for_nothing_is_not_found(store: Store) -> None:
    with store.intake.transaction(STOCKPORT) as tx:
        gone = kept(tx)
        withdrawal = kept(tx, kind="withdrawal", supersedes=gone.id, fact=None)
        tx.submissions.withdraw([gone.id], withdrawal.id)
        kept(tx, fact=None)
        kept(tx, child_key=b"another")
    assert standing(store) == {}
    assert standing(store, authority=SALFORD) == {}


def test_what_crossed_is_kept_anew(store: Store) -> None:
    later = FACT | {"succeeded_in": "2026Q4"}
    with store.intake.transaction(STOCKPORT) as tx:
        new = kept(tx)
        tx.submissions.set_fact(new.id, later)
    assert standing(store)[new.id].fact == later
    with store.intake.transaction(SALFORD) as tx:
        tx.submissions.set_fact(new.id, FACT)
    assert standing(store)[new.id].fact == later


class World:
    """One young person's records in memory: what stands as it was sent, and what has crossed."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 12, tzinfo=UTC)
        self.casework = MemoryCasework(lambda: self.now)
        self.sent: dict[UUID, Link] = {}

    def receive(self, day: date, statement: str, planned: int | None, *, of: UUID | None = None) -> None:
        """A new record, or the correction of one; a correction keeps the clock of the first version."""
        self.now += timedelta(seconds=1)
        fact = a_fact(
            quarter=quarter_of(day), exploitation=statement, exploitation_before="not_recorded",
            review_timeliness="not_recorded", education_before="not_recorded",
        )  # fmt: skip
        with self.casework.transaction(STOCKPORT) as tx:
            named = tx.submissions.get(of) if of else None
            new = kept(tx, id=uuid4(), completed_on=day, fact=asdict(fact), supersedes=of)
            clock, came = Clock(day + timedelta(days=planned), 14) if planned else None, self.now
            if named and of:
                tx.submissions.supersede(of, new.id)
                uncount(tx, named)
                before = self.sent.pop(of)
                clock, came = before.clock, before.received_at
            elif clock:
                tx.reviews.open_next(new_review(new, clock.due_on, anchor_on=day))
            recount(tx, CHILD, new=new.id)
        self.sent[new.id] = Link(new.id, day, came, fact, clock=clock)

    def withdraw(self, of: UUID) -> None:
        self.now += timedelta(seconds=1)
        with self.casework.transaction(STOCKPORT) as tx:
            named = tx.submissions.get(of)
            withdrawal = kept(tx, kind="withdrawal", supersedes=of, fact=None)
            tx.submissions.supersede(of, withdrawal.id)
            tx.submissions.withdraw([of], withdrawal.id)
            assert named
            uncount(tx, named)
            recount(tx, CHILD, new=withdrawal.id)
        del self.sent[of]

    def crossed(self) -> Counter[Fact]:
        net: Counter[Fact] = Counter()
        for row in self.casework.memory.tables["fact"].values():
            net[row["fact"]] += row["count"]
        assert all(count >= 0 for count in net.values()), "taken back what was never here"
        return +net


DEEDS = st.lists(
    st.tuples(
        st.sampled_from(["new", "new", "correct", "withdraw"]),
        st.dates(date(2026, 1, 1), date(2026, 9, 30)),
        st.sampled_from(["experiencing", "at_risk"]),
        st.none() | st.integers(60, 100),
        st.integers(0, 99),
    ),
    max_size=12,
)


@settings(max_examples=150, deadline=None)
@given(DEEDS)
def test_after_any_run_of_changes_the_facts_are_as_if_what_stands_had_come_in_order(deeds: list[Any]) -> None:
    world = World()
    for deed, day, statement, planned, which in deeds:
        of = list(world.sent)[which % len(world.sent)] if world.sent else None
        if deed == "new" or of is None:
            world.receive(day, statement, planned)
        elif deed == "correct":
            world.receive(day, statement, planned, of=of)
        else:
            world.withdraw(of)
        assert world.crossed() == Counter(chained(list(world.sent.values())).values())
