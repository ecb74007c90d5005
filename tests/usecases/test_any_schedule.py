"""Whatever the case systems do and whenever workers die: no second record, no false receipt, nothing left lying.

The place here does not look for what an earlier attempt left. It stands for the least a case system may do, and it
shows what it holds by the second look-up at the latest: that much the quiet period takes for granted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from service.domain.delivery import State
from tests.store.rows import rows, superuser
from tests.support.fake_case_system import Place, Told, WorkerDied
from tests.support.records import MISSING
from tests.usecases.desk import Desk, assert_conserved, states

CALLS = ("verify_person", "submit", "raise_task", "look_up")
ROUNDS = 12
EXAMPLES = 30
PHASES = (Phase.generate,)
"""Add `Phase.shrink` to look into a failure: it takes minutes."""
ENDED = {"delivered", "needs_human", "cancelled"}


@dataclass(frozen=True)
class Step:
    """One worker's attempt: at which delivery, what one of its calls is told, and whether its lease ends meanwhile."""

    who: int
    call: str
    told: Told
    due: bool
    overtaken: bool


STEPS = st.lists(
    st.builds(
        Step,
        who=st.integers(0, 4),
        call=st.sampled_from(CALLS),
        told=st.sampled_from([told for told in Told if told is not Told.SLOW]),
        due=st.sampled_from([True, True, True, False]),
        overtaken=st.sampled_from([False, False, True]),
    ),
    max_size=14,
)


class Day:
    """Two records of one child, two of others in other authorities, and a review's task."""

    def __init__(self, desk: Desk) -> None:
        desk.database.empty()
        desk.use(Place())
        self.desk = desk
        self.first = desk.accept()
        self.second = desk.accept(submission_id="S-2", completed_on="2026-10-01", review=MISSING)
        self.ids = [self.first, self.second, desk.accept("rise"), desk.accept("oldham")]
        assert desk.raiser(date(2026, 11, 21)).raise_due() == 1
        self.ids.append(desk.raised())
        self.references = {each["id"]: each["reference"] for each in self.all()}
        self.before: dict[UUID, dict[str, Any]] = {}

    def all(self) -> list[dict[str, Any]]:
        return rows(self.desk.database, "SELECT * FROM casework.delivery")

    def take(self, step: Step) -> None:
        wanted, place = self.ids[step.who], self.desk.place
        if step.due:
            self.desk.time_passes(*self.ids)
        place.tell(step.call, step.told)
        if step.overtaken and self.may_be_overtaken(step, wanted):
            place.during = lambda call: self.overtake(wanted) if call == step.call else None
        self.work(wanted)
        place.during = lambda _: None
        place.heal()
        self.check()

    def may_be_overtaken(self, step: Step, wanted: UUID) -> bool:
        """A lease outlasts every call. A record that shows late or half, and a lease that ends too, is one too many."""
        half = any(entry.half for entry in self.desk.place.filed.get(self.references[wanted], ()))
        return step.call in ("verify_person", "look_up") or not (half or step.told is Told.SHOWN_LATE)

    def overtake(self, wanted: UUID) -> None:
        self.desk.place.during = lambda _: None
        self.desk.time_passes(wanted)
        self.work(wanted)

    def work(self, wanted: UUID) -> None:
        try:
            settlement = self.desk.deliver(wanted)
        except WorkerDied:
            return
        if settlement and settlement.state is State.DELIVERED:
            assert self.desk.place.records(self.references[wanted]) == 1

    def check(self) -> None:
        """What holds at every moment."""
        assert_conserved(self.desk)
        now = {each["id"]: each for each in self.all()}
        for delivery_id, was in self.before.items():
            assert now[delivery_id]["fence"] >= was["fence"]
            assert now[delivery_id]["attempts"] == now[delivery_id]["fence"]
            if was["state"] == "delivered":
                assert now[delivery_id] == was
        if self.desk.place.records(self.references[self.second]):
            assert now[self.first]["state"] in ("delivered", "cancelled")
        self.before = now

    def heal(self) -> None:
        """Everything answers again. What a person must decide, a person takes out of the way."""
        for _ in range(2):
            for _ in range(ROUNDS):
                self.desk.time_passes(*self.ids)
                for each in self.ids:
                    self.work(each)
                if set(states(self.desk)) <= ENDED:
                    break
            superuser(self.desk.database).execute(
                "UPDATE casework.delivery SET state = 'cancelled' WHERE id = %s AND state = 'needs_human'",
                (self.first,),
            )
        self.check()


def test_no_schedule_makes_a_second_record_or_loses_one(desk: Desk) -> None:
    @settings(max_examples=EXAMPLES, phases=PHASES, deadline=None, derandomize=True, database=None)
    @given(schedule=STEPS)
    def holds(schedule: list[Step]) -> None:
        day = Day(desk)
        for step in schedule:
            day.take(step)
        day.heal()
        assert set(states(desk)) <= ENDED
        assert sum(states(desk).values()) == len(day.ids)

    holds()
