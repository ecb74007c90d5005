"""What an attempt says of its lane, and what the lane's trouble costs a delivery: nothing of its own."""

from __future__ import annotations

import pytest

from service.domain.delivery import Reason, State
from service.domain.delivery.breaker import Hold
from service.domain.delivery.failures import Weight
from tests.store.rows import change, row
from tests.support.bridge import STOCKPORT
from tests.support.fake_case_system import Told
from tests.usecases.desk import Desk
from tests.usecases.test_deliver import seen, there

pytestmark = pytest.mark.usefixtures("conserved")


def test_while_the_case_system_is_away_a_delivery_spends_no_more_attempts_of_its_own(desk: Desk) -> None:
    """Five show that it is away. After that, whoever is let try does it for the lane."""
    wanted = desk.accept()
    desk.place.reachable = False
    for attempt in range(1, 13):
        assert seen(desk.again(wanted)) == (State.RETRY, Reason.UNREACHABLE)
        assert row(desk.database, wanted)["failures"] == min(attempt, 5)
    change(desk.database, wanted, "put_off_since = now() - interval '30 days'")
    assert seen(desk.again(wanted))[0] is State.RETRY
    desk.place.reachable = True
    assert seen(desk.again(wanted))[0] is State.DELIVERED


@pytest.mark.parametrize(("failures", "hours", "state"), [(7, 25, "needs_human"), (6, 25, "retry"), (7, 23, "retry")])
def test_what_was_tried_for_a_day_and_many_times_is_for_a_person(
    desk: Desk, failures: int, hours: int, state: str
) -> None:
    wanted = desk.accept()
    change(desk.database, wanted, f"failures = {failures}, put_off_since = now() - interval '{hours} hours'")
    desk.place.tell("verify_person", Told.THROTTLED)
    settlement = desk.deliver(wanted)
    reason = Reason.TOO_MANY_ATTEMPTS if state == "needs_human" else Reason.THROTTLED
    assert seen(settlement) == (State(state), reason)


@pytest.mark.parametrize(
    "reason", [Reason.SIGN_IN_REFUSED, Reason.HOST_KEY_CHANGED, Reason.ADDRESS_NOT_ALLOWED, Reason.MAINTENANCE]
)
def test_what_is_wrong_with_the_way_there_closes_the_lane_and_puts_the_record_off(desk: Desk, reason: Reason) -> None:
    """It waits for whoever puts it right, and no other record of the authority meets it."""
    wanted = desk.accept()
    other = desk.accept(submission_id="S-2", young_person__la_child_id="STK0000500")
    desk.place.refusal = reason
    desk.place.tell("verify_person", Told.REFUSED)
    assert seen(desk.deliver(wanted)) == (State.RETRY, reason)
    with desk.casework.transaction(STOCKPORT) as tx:
        lane = tx.lane.view()
    assert (lane.breaker.is_open, lane.open_reason) == (True, reason)
    assert desk.deliver(other) is None
    assert desk.deliver(desk.accept("rise")) is not None
    assert seen(desk.again(wanted))[0] is State.DELIVERED
    assert seen(desk.deliver(other))[0] is State.DELIVERED


def test_a_sign_in_refused_after_something_was_sent_is_looked_up(desk: Desk) -> None:
    wanted = desk.accept()
    desk.place.refusal = Reason.SIGN_IN_REFUSED
    desk.place.tell("submit", Told.REFUSED)
    assert seen(desk.deliver(wanted)) == (State.UNKNOWN, Reason.SIGN_IN_REFUSED)
    assert [seen(desk.again(wanted))[0] for _ in range(3)] == [State.UNKNOWN, State.READY, State.DELIVERED]
    assert there(desk, wanted) == 1


@pytest.mark.parametrize("told", [Told.WELL, Told.LOST_REPLY])
def test_a_delivery_whose_profile_went_out_of_use_is_not_forgotten_to_be_looked_up(desk: Desk, told: Told) -> None:
    """Between the claim and the work: what may be there must not be sent again as if it were not."""
    wanted = desk.accept()
    if told is Told.LOST_REPLY:
        desk.place.tell("submit", told)
        desk.deliver(wanted)
        desk.time_passes(wanted)
    deliverer = desk.deliverer
    (claim,) = deliverer.claim(STOCKPORT, 1)
    lane = desk.lanes.pop(STOCKPORT)
    settled = seen(deliverer.work(claim))[0]
    desk.lanes[STOCKPORT] = lane
    assert settled is (State.UNKNOWN if told is Told.LOST_REPLY else State.READY)
    assert seen(desk.again(wanted))[0] is State.DELIVERED
    assert there(desk, wanted) == 1


def test_a_429_without_a_time_still_keeps_the_next_one_back(desk: Desk) -> None:
    wanted = desk.accept()
    other = desk.accept(submission_id="S-2", young_person__la_child_id="STK0000500")
    desk.place.retry_after = 0
    desk.place.tell("verify_person", Told.THROTTLED)
    assert seen(desk.deliver(wanted)) == (State.RETRY, Reason.THROTTLED)
    assert desk.deliver(other) is None
    assert seen(desk.again(other))[0] is State.DELIVERED


def test_while_a_lane_is_paused_a_half_done_record_is_looked_at_and_not_continued(desk: Desk) -> None:
    wanted = desk.accept()
    desk.place.tell("submit", Told.HALF_DONE)
    assert seen(desk.deliver(wanted))[0] is State.UNKNOWN
    change(desk.database, wanted, "due_at = now()")
    with desk.intake.transaction(STOCKPORT) as tx:
        assert tx.lane.hold(Hold.PAUSED, by="ref-1", reason="upgrade")
    assert seen(desk.again(wanted))[0] is State.UNKNOWN
    assert [call for call, _ in desk.place.calls] == ["verify_person", "submit", "look_up"]
    with desk.intake.transaction(STOCKPORT) as tx:
        tx.lane.hold(Hold.NONE, by="ref-1", reason="done")
    assert seen(desk.again(wanted))[0] is State.DELIVERED


def test_silence_after_a_question_that_was_answered_says_that_the_system_is_there(desk: Desk) -> None:
    wanted = desk.accept()
    desk.place.tell("submit", Told.HALF_DONE, Told.LOST_REPLY)
    first, second, third = desk.deliver(wanted), desk.again(wanted), desk.again(wanted)
    assert first and second and third
    assert [each.weight for each in (first, second, third)] == [Weight.COUNTS, Weight.FALTERS, Weight.ANSWERED]
    assert third.state is State.DELIVERED
    assert there(desk, wanted) == 1
