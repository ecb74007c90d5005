"""Each alarm is raised just after its time and not before, and is its owner's."""

from __future__ import annotations

from datetime import timedelta

import pytest

from service.domain.alarm_kinds import GUIDANCE, Kind
from service.domain.alarms import judge_bridge, judge_lane
from service.domain.delivery import KEEPING, Owner, Reason, State
from service.domain.delivery.breaker import Hold
from tests.alarms.facts import NOW, ago, bridge, lane, waiting

SECOND = timedelta(seconds=1)


def kinds(pulse: object, *, workers_here: bool = True) -> list[Kind]:
    return [each.kind for each in judge_lane(pulse, workers_here=workers_here)]  # type: ignore[arg-type]


def test_a_lane_that_is_well_raises_nothing() -> None:
    assert judge_lane(lane(waiting=[waiting(State.READY, ago(minutes=1))]), workers_here=True) == []
    assert judge_bridge(bridge()) == []


@pytest.mark.parametrize("state", list(KEEPING))
def test_every_open_state_has_an_age_after_which_it_is_told(state: State) -> None:
    limit = KEEPING[state].max_age
    (told,) = judge_lane(lane(waiting=[waiting(state, NOW - limit - SECOND, count=3)]), workers_here=True)
    assert (told.kind, told.count, told.since) == (Kind.WAITS_TOO_LONG, 3, NOW - limit - SECOND)
    assert told.subject.startswith(f"{state.value}:")
    assert told.owner is not Owner.BRIDGE
    assert kinds(lane(waiting=[waiting(state, NOW - limit)])) == []


@pytest.mark.parametrize("what", ["due", "run", "never"])
def test_a_day_without_the_purge_is_told_with_what_shows_it(what: str) -> None:
    day = timedelta(hours=24)
    (told,) = judge_lane(lane(purge_behind={what: NOW - day - SECOND}), workers_here=True)
    assert (told.kind, told.subject, told.since) == (Kind.PURGE_NOT_RUN, what, NOW - day - SECOND)
    assert told.owner is Owner.OPERATOR
    assert kinds(lane(purge_behind={what: NOW - day})) == []


def test_each_owner_is_told_of_their_own_items_only() -> None:
    late = ago(days=2)
    found = judge_lane(
        lane(
            waiting=[
                waiting(State.NEEDS_HUMAN, late, Reason.PERSON_NOT_FOUND, 2),
                waiting(State.NEEDS_HUMAN, ago(days=3), Reason.DOB_MISMATCH, 1),
                waiting(State.NEEDS_HUMAN, late, Reason.UNKNOWN_CODE, 4),
                waiting(State.NEEDS_HUMAN, ago(minutes=1), Reason.DOCUMENT_REFUSED, 9),
            ]
        ),
        workers_here=True,
    )
    assert {(each.owner, each.count, each.since) for each in found} == {
        (Owner.SOCIAL_WORK_TEAM, 3, ago(days=3)),
        (Owner.AUTHORITY_OFFICER, 4, late),
    }
    assert len({each.subject for each in found}) == 2


def test_what_the_bridge_let_grow_old_is_the_operators() -> None:
    (told,) = judge_lane(lane(waiting=[waiting(State.RETRY, ago(hours=5), Reason.UNAVAILABLE)]), workers_here=True)
    assert told.owner is Owner.OPERATOR


def test_behind_an_earlier_record() -> None:
    assert kinds(lane(behind_since=ago(hours=4, seconds=1))) == [Kind.BEHIND_EARLIER]
    assert kinds(lane(behind_since=ago(hours=4))) == []


def test_an_open_breaker_is_told_after_a_minute() -> None:
    down = {"open_reason": Reason.UNAVAILABLE}
    assert kinds(lane(opened_at=ago(seconds=61), **down)) == [Kind.BREAKER_OPEN]
    assert kinds(lane(opened_at=ago(seconds=60), **down)) == []


@pytest.mark.parametrize(
    ("reason", "owner"),
    [
        (Reason.SIGN_IN_REFUSED, Owner.AUTHORITY_OFFICER),
        (Reason.HOST_KEY_CHANGED, Owner.OPERATOR),
        (Reason.ADDRESS_NOT_ALLOWED, Owner.OPERATOR),
    ],
)
def test_what_no_waiting_mends_is_told_at_once_and_once(reason: Reason, owner: Owner) -> None:
    for opened in (NOW, ago(hours=3)):
        (told,) = judge_lane(lane(opened_at=opened, open_reason=reason), workers_here=True)
        assert (told.kind, told.subject, told.owner) == (Kind.CONNECTION_REFUSED, reason.value, owner)


def test_a_lane_held_for_more_than_a_day() -> None:
    for hold in (Hold.PAUSED, Hold.STOPPED):
        assert kinds(lane(hold=hold, hold_at=ago(days=1, seconds=1))) == [Kind.LANE_HELD]
        assert kinds(lane(hold=hold, hold_at=ago(days=1))) == []
    assert kinds(lane(hold=Hold.NONE, hold_at=ago(days=9))) == []  # let go again: who and when is kept


def test_a_lane_that_nobody_sweeps() -> None:
    silent = ago(seconds=46)
    one = [waiting(State.READY, ago(seconds=90))]
    assert kinds(lane(swept_at=silent)) == [Kind.LANE_LEFT_OUT]
    assert kinds(lane(swept_at=ago(seconds=45))) == []
    assert kinds(lane(swept_at=silent, in_use=False)) == []
    assert kinds(lane(swept_at=silent, in_use=False, waiting=one)) == [Kind.LANE_LEFT_OUT]  # dropped by a typo


def test_a_worker_that_has_just_come_has_left_no_lane_out() -> None:
    long_ago, now = ago(hours=1), ago(seconds=0)
    unswept = lane(swept_at=ago(minutes=10))
    assert bridge(here=[(ago(seconds=46), now)]).passed_over(unswept)
    assert not bridge(here=[(ago(seconds=45), now)]).passed_over(unswept)
    assert not bridge(here=[]).passed_over(unswept)
    ended = (long_ago, ago(seconds=40))  # it was gone soon after that sweep
    assert not bridge(here=[ended, (ago(seconds=5), now)]).passed_over(lane(swept_at=ago(seconds=46)))
    assert bridge(here=[ended]).passed_over(unswept)


def test_without_any_worker_that_is_told_once_for_the_bridge() -> None:
    assert kinds(lane(swept_at=ago(hours=1)), workers_here=False) == []
    assert [each.kind for each in judge_bridge(bridge(seen_at=ago(seconds=46)))] == [Kind.NO_SWEEP]
    assert judge_bridge(bridge(seen_at=ago(seconds=45))) == []


@pytest.mark.parametrize("difference", [1, 5])
def test_books_that_do_not_balance(difference: int) -> None:
    (told,) = judge_lane(lane(difference=difference), workers_here=True)
    assert (told.kind, told.count) == (Kind.CONSERVATION_BROKEN, difference)


def test_books_that_could_not_be_read_are_neither_well_nor_broken() -> None:
    assert kinds(lane(difference=None)) == []
    assert lane(difference=None).unjudged == {Kind.CONSERVATION_BROKEN}
    assert lane().unjudged == frozenset()


def test_endpoints_that_were_given_up() -> None:
    found = judge_lane(lane(given_up=("1", "3")), workers_here=True)
    assert [(each.kind, each.subject) for each in found] == [
        (Kind.ENDPOINT_GIVEN_UP, "1"),
        (Kind.ENDPOINT_GIVEN_UP, "3"),
    ]


def test_wakeups_and_channels_that_fail_for_a_while() -> None:
    assert [each.kind for each in judge_bridge(bridge(wakeups_since=ago(seconds=61)))] == [Kind.WAKEUPS_FAILING]
    assert judge_bridge(bridge(wakeups_since=ago(seconds=59))) == []
    (told,) = judge_bridge(bridge(channels={"mail": ago(minutes=6), "webhook": ago(minutes=4)}))
    assert (told.kind, told.subject) == (Kind.CHANNEL_FAILING, "mail")


def test_a_made_up_record_that_is_late() -> None:
    assert kinds(lane(synthetic_due=ago(seconds=1))) == [Kind.SYNTHETIC_LATE]
    assert kinds(lane(synthetic_due=NOW)) == []


def test_records_that_are_not_counted() -> None:
    (found,) = judge_lane(lane(uncounted=3, uncounted_since=ago(seconds=1)), workers_here=True)
    assert (found.kind, found.count, found.since) == (Kind.FACT_REFUSED, 3, ago(seconds=1))
    assert kinds(lane(uncounted=0)) == []


def test_a_trail_that_is_behind() -> None:
    soon = {"sealing": ago(minutes=4), "checkpoint": ago(minutes=119), "folder": ago(minutes=4)}
    assert kinds(lane(trail_behind=soon)) == []
    late = {
        "sealing": ago(minutes=6),
        "checkpoint": ago(minutes=121),
        "folder": ago(minutes=6),
        "chain": ago(seconds=1),
    }
    found = judge_lane(lane(trail_behind=late), workers_here=True)
    assert {(each.kind, each.subject, each.since) for each in found} == {
        (Kind.AUDIT_NOT_SEALED, "", ago(minutes=6)),
        *((Kind.CHECKPOINT_NOT_SENT, way, late[way]) for way in ("checkpoint", "folder", "chain")),
    }


def test_files_of_a_release_that_do_not_arrive() -> None:
    (found,) = judge_bridge(bridge(sendings_late=2, sendings_since=ago(hours=3)))
    assert (found.kind, found.count, found.since) == (Kind.RELEASE_NOT_SENT, 2, ago(hours=3))


def test_every_kind_says_what_whose_and_what_to_do() -> None:
    assert set(GUIDANCE) == set(Kind)
    for each in GUIDANCE.values():
        assert each.sentence.endswith(".") and each.to_do.endswith(".")
        assert each.owner is not Owner.BRIDGE  # a person is told
