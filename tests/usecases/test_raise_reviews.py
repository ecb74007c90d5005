"""Reviews that are due: each told of once, on its day or whenever we are next awake after it."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from service.domain.delivery import Reason, State
from service.domain.reviews import Channel, Reminders, Stage
from service.ports import ReviewTask
from service.usecases.each import SomeFailedError
from tests.store.rows import actions, new_delivery, new_review, new_submission, row, rows
from tests.support.bridge import SALFORD, STOCKPORT
from tests.support.fake_case_system import Told
from tests.support.records import MISSING, example
from tests.support.refusing import refusing
from tests.usecases.desk import ENGLAND, Desk

pytestmark = pytest.mark.usefixtures("conserved")
DUE = date(2026, 12, 14)
DAY = timedelta(days=1)


def reviews(desk: Desk) -> list[tuple[str, bool]]:
    """Status, and whether somebody was told, in the order they fell due."""
    found = rows(desk.database, "SELECT * FROM casework.review ORDER BY due_on, anchor_on")
    return [(each["status"], each["raised_at"] is not None) for each in found]


def backlog(desk: Desk, count: int, authority: str = STOCKPORT, due_on: date = DUE) -> None:
    with desk.intake.transaction(authority) as tx:
        for number in range(count):
            submission = new_submission(f"{due_on} {number}".encode())
            tx.submissions.add(submission)
            tx.deliveries.add(new_delivery(submission))
            tx.reviews.open_next(new_review(submission, due_on))


def test_a_review_is_raised_on_its_day_once_and_not_before(desk: Desk) -> None:
    desk.accept()
    assert desk.raiser(DUE - DAY).raise_due() == 0
    assert reviews(desk) == [("open", False)]
    assert desk.raiser(DUE).raise_due() == 1
    assert reviews(desk) == [("open", True)]
    assert [desk.raiser(DUE + DAY * late).raise_due() for late in (0, 1, 28)] == [0, 0, 0]
    assert actions(desk.database) == ["record_received", "review_raised"]


def test_one_that_was_not_held_is_told_of_once_more(desk: Desk) -> None:
    """Two weeks of window, two more to act, and a day: then another task, and no third."""
    desk.accept()
    assert [desk.raiser(DUE + DAY * late).raise_due() for late in (0, 28, 29, 29, 400)] == [1, 0, 1, 0, 0]
    stages = rows(desk.database, "SELECT channel, stage FROM casework.reminder ORDER BY told_at")
    assert [(each["channel"], each["stage"]) for each in stages] == [("tray", "due"), ("tray", "escalated")]
    tasks = rows(desk.database, "SELECT reference FROM casework.delivery WHERE kind = 'review_task'")
    assert len({each["reference"] for each in tasks}) == 2


def test_what_a_later_stage_has_overtaken_is_not_told_any_more(desk: Desk) -> None:
    desk.accept()
    assert [desk.raiser(DUE + DAY * 42).raise_due() for _ in range(2)] == [1, 0]
    (told,) = rows(desk.database, "SELECT stage FROM casework.reminder")
    assert told["stage"] == "escalated"


@pytest.mark.parametrize(
    ("due_on", "told_on"),
    [
        ("2026-12-13", "2026-12-11"),  # a Sunday
        ("2026-12-28", "2026-12-24"),  # Boxing Day's substitute, after a Friday that is Christmas Day
        ("2027-03-29", "2027-03-25"),  # Easter Monday
        ("2027-01-01", "2026-12-31"),
        ("2026-12-14", "2026-12-14"),
    ],
)
def test_a_reminder_moves_to_an_earlier_working_day_and_the_date_stays(desk: Desk, due_on: str, told_on: str) -> None:
    day = date.fromisoformat(told_on)
    backlog(desk, 1, due_on=date.fromisoformat(due_on))
    assert desk.raiser(day - DAY, ENGLAND).raise_due() == 0
    assert desk.raiser(day, ENGLAND).raise_due() == 1
    assert rows(desk.database, "SELECT due_on::text FROM casework.review") == [{"due_on": due_on}]


@pytest.mark.parametrize(
    ("at", "raised"),
    [
        ("2026-12-14T08:59:59+00:00", 0),
        ("2026-12-14T09:00:00+00:00", 1),
        ("2026-12-14T17:00:00+00:00", 0),
        ("2026-12-19T12:00:00+00:00", 0),  # a Saturday
        ("2026-12-25T12:00:00+00:00", 0),
        ("2027-03-30T07:59:59+00:00", 0),  # summer time: it is a second to nine in London
        ("2027-03-30T08:00:00+00:00", 1),
    ],
)
def test_reminders_are_for_working_hours(desk: Desk, at: str, raised: int) -> None:
    desk.accept()
    raiser = replace(desk.raiser(DUE, ENGLAND), now=lambda: datetime.fromisoformat(at))
    assert raiser.raise_due() == raised


def test_each_authority_has_a_rhythm_of_its_own(desk: Desk) -> None:
    backlog(desk, 1)
    backlog(desk, 1, SALFORD)
    early = Reminders(soon_days=20, channels={Channel.TRAY: (Stage.DUE_SOON,)})
    raiser = replace(desk.raiser(DUE - DAY * 20), reminders={SALFORD: early})
    assert raiser.raise_due() == 1
    (told,) = rows(desk.database, "SELECT authority, stage FROM casework.reminder")
    assert told == {"authority": SALFORD, "stage": "due_soon"}


def test_a_window_begins_no_sooner_than_the_record_came(desk: Desk) -> None:
    """Typed in a year late: due at once, and overdue two weeks after somebody could first have been told."""
    backlog(desk, 1, due_on=date(2025, 12, 14))
    raisers = [desk.raiser(DUE + DAY * late) for late in (0, 28, 29)]
    with desk.database.as_admin() as admin:
        admin.execute("UPDATE casework.review SET known_on = %s", (DUE,))
    assert [each.raise_due() for each in raisers] == [1, 0, 1]


def test_what_a_worker_of_the_version_before_raised_is_not_raised_again(desk: Desk) -> None:
    desk.accept()
    with desk.database.as_admin() as admin:
        admin.execute("UPDATE casework.review SET raised_at = now()")
    assert desk.raiser(DUE).raise_due() == 0
    with desk.database.as_admin() as admin:
        admin.execute("UPDATE casework.review SET raised_at = NULL")


def test_raising_wakes_the_lane_of_the_delivery_it_made(desk: Desk) -> None:
    record = desk.accept()
    desk.raiser(DUE).raise_due()
    (made,) = rows(desk.database, "SELECT * FROM casework.delivery WHERE kind = 'review_task'")
    assert desk.wakeups.lanes == [STOCKPORT, STOCKPORT]
    assert (made["state"], made["authority"], made["attempts"]) == ("ready", STOCKPORT, 0)
    assert made["reference"] != row(desk.database, record)["reference"]
    (review,) = rows(desk.database, "SELECT id FROM casework.review")
    assert made["review_id"] == review["id"]


def test_ten_clocks_striking_at_once_raise_each_review_once(desk: Desk) -> None:
    for number in range(5):
        desk.accept(submission_id=f"S-{number}", young_person__la_child_id=f"STK{number:07}")
    together = threading.Barrier(10)

    def strike(_: int) -> int:
        together.wait(10)
        return desk.raiser(DUE).raise_due()

    with ThreadPoolExecutor(10) as pool:
        raised = list(pool.map(strike, range(10)))
    assert sum(raised) == 5
    assert rows(desk.database, "SELECT count(*) AS n FROM casework.delivery WHERE kind = 'review_task'") == [{"n": 5}]
    assert actions(desk.database).count("review_raised") == 5
    assert reviews(desk) == [("open", True)] * 5


def test_a_clock_that_stops_half_way_has_raised_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.accept()

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("service.store.reviews.ReviewRows.note_told", stop)
        with pytest.raises(KeyboardInterrupt):
            desk.raiser(DUE).raise_due()
    assert reviews(desk) == [("open", False)]
    assert desk.raiser(DUE).raise_due() == 1


@pytest.mark.parametrize("failing", [STOCKPORT, SALFORD])
def test_one_authority_that_fails_keeps_no_other_from_its_turn(desk: Desk, failing: str) -> None:
    backlog(desk, 2)
    backlog(desk, 2, SALFORD)
    with refusing(desk.database, "review", failing), pytest.raises(SomeFailedError) as caught:
        desk.raiser(DUE).raise_due()
    assert list(caught.value.failed) == [failing]
    assert [told for _, told in reviews(desk)].count(True) == 2
    assert desk.raiser(DUE).raise_due() == 2


def test_a_review_that_was_held_is_not_due(desk: Desk) -> None:
    desk.accept()
    desk.accept(submission_id="S-2", completed_on="2026-10-01", review=MISSING)
    assert reviews(desk) == [("done", False), ("open", False)]
    assert desk.raiser(DUE).raise_due() == 0
    assert desk.raiser(date(2027, 1, 1)).raise_due() == 1


def test_a_record_typed_in_late_opens_no_second_clock(desk: Desk) -> None:
    desk.accept()
    desk.accept(submission_id="S-2", completed_on="2026-06-01", review=MISSING)
    assert reviews(desk) == [("superseded", False), ("open", False)]
    assert desk.raiser(DUE + DAY * 400).raise_due() == 1


@pytest.mark.parametrize("status", ["done", "superseded", "paused", "closed"])
def test_only_open_reviews_are_raised(desk: Desk, status: str) -> None:
    desk.accept()
    with desk.database.as_admin() as admin:
        admin.execute("UPDATE casework.review SET status = %s", (status,))
    assert desk.raiser(DUE + DAY * 400).raise_due() == 0


def test_when_involvement_has_ended_there_is_no_next_review(desk: Desk) -> None:
    desk.accept(young_person__involvement_ended_on="2026-09-14")
    assert reviews(desk) == []


def test_each_childs_clock_and_each_instruments_is_its_own(desk: Desk) -> None:
    desk.accept()
    desk.accept(submission_id="S-2", young_person__la_child_id="STK0000500")
    nwg = example("nwg", authority=STOCKPORT, young_person__la_child_id="STK0000417")
    desk.receive(nwg)
    assert [status for status, _ in reviews(desk)] == ["open"] * 3


def test_a_backlog_is_raised_whole(desk: Desk) -> None:
    """More than one helping, in two lanes, some of it long overdue."""
    backlog(desk, 230, due_on=DUE - DAY * 40)
    backlog(desk, 20, SALFORD)
    backlog(desk, 5, SALFORD, due_on=DUE + DAY)
    raiser = desk.raiser(DUE)
    assert [raiser.raise_due() for _ in range(2)] == [250, 0]
    assert reviews(desk) == [("open", True)] * 250 + [("open", False)] * 5


def test_a_task_says_who_and_when_and_no_more(desk: Desk) -> None:
    record = desk.accept()
    desk.deliver(record)
    desk.raiser(DUE).raise_due()
    raised = desk.raised()
    settlement = desk.deliver(raised)
    assert settlement is not None
    assert settlement.state is State.DELIVERED
    kept = row(desk.database, raised)
    (entry,) = desk.place.filed[kept["reference"]]
    assert type(entry.what) is ReviewTask
    assert vars(entry.what) == {
        "reference": kept["reference"],
        "authority": STOCKPORT,
        "child_id": "STK0000417",
        "due_on": DUE,
    }
    assert (kept["record_number"], kept["document_number"]) == ("T2", None)
    assert [call for call, _ in desk.place.calls][-1:] == ["raise_task"]


def test_a_task_with_a_lost_reply_is_looked_up_and_not_raised_again(desk: Desk) -> None:
    desk.accept()
    desk.raiser(DUE).raise_due()
    raised = desk.raised()
    desk.place.tell("raise_task", Told.LOST_REPLY)
    desk.deliver(raised)
    assert desk.again(raised).state is State.DELIVERED
    assert desk.place.called("raise_task") == 1


def test_a_task_does_not_wait_for_its_record(desk: Desk) -> None:
    record = desk.accept()
    desk.place.tell("submit", Told.REFUSED)
    desk.deliver(record)
    desk.raiser(DUE).raise_due()
    settlement = desk.deliver(desk.raised())
    assert settlement is not None
    assert settlement.state is State.DELIVERED


@pytest.mark.parametrize("status", ["done", "superseded", "paused", "closed"])
def test_nobody_is_reminded_of_a_review_that_is_over_by_the_time_of_sending(desk: Desk, status: str) -> None:
    desk.accept()
    desk.raiser(DUE).raise_due()
    with desk.database.as_admin() as admin:
        admin.execute("UPDATE casework.review SET status = %s", (status,))
    settlement = desk.deliver(desk.raised())
    assert settlement is not None
    assert (settlement.state, settlement.reason) == (State.CANCELLED, Reason.NO_LONGER_NEEDED)
    assert desk.place.called("raise_task") == 0


def test_a_task_needs_no_body(desk: Desk) -> None:
    """Whom it is about is sealed with the review itself."""
    desk.deliver(desk.accept())
    desk.raiser(DUE).raise_due()
    raised = desk.raised()
    with desk.database.as_admin() as admin:
        admin.execute("UPDATE casework.payload SET sealed = '\\x00'")
    settlement = desk.deliver(raised)
    assert settlement is not None
    assert settlement.state is State.DELIVERED


ENDED = {"young_person__involvement_ended_on": "2026-10-02"}


def clocks(desk: Desk) -> list[tuple[str, str]]:
    found = rows(desk.database, "SELECT due_on::text, status FROM casework.review ORDER BY due_on")
    return [(each["due_on"], each["status"]) for each in found]


def test_a_clock_runs_on_when_the_record_that_stopped_it_is_withdrawn(desk: Desk) -> None:
    """Else a young person whom another's closing form was sent for would never be looked at again."""
    desk.deliver(desk.accept())
    desk.deliver(desk.accept(submission_id="S-2", completed_on="2026-10-01", review=MISSING, **ENDED))
    assert clocks(desk) == [("2026-12-14", "closed")]
    withdrawal = {"submission_id": "S-3", "supersedes_submission_id": "S-2", "submission_kind": "withdrawal"}
    taken_back = example("wise", **withdrawal) | {"withdrawal": {"reason": "wrong_young_person"}}
    desk.receive(taken_back)
    assert clocks(desk) == [("2026-12-14", "open")]


def test_a_clock_runs_on_when_a_correction_says_that_involvement_goes_on(desk: Desk) -> None:
    """And the record that was wrong about it plans the next review after all."""
    desk.accept()
    desk.accept(submission_id="S-2", completed_on="2026-10-01", review=MISSING, **ENDED)
    correction = {"submission_id": "S-3", "supersedes_submission_id": "S-2", "submission_kind": "correction"}
    desk.accept(completed_on="2026-10-01", review=MISSING, **correction)
    assert clocks(desk) == [("2026-12-14", "done"), ("2027-01-01", "open")]


def test_a_correction_that_ends_involvement_stops_the_clock_and_another_starts_it_again(desk: Desk) -> None:
    desk.accept(submission_id="S-1")
    correction = {"submission_kind": "correction"}
    desk.accept(submission_id="S-2", supersedes_submission_id="S-1", **correction, **ENDED)
    assert clocks(desk) == [("2026-12-14", "closed")]
    desk.accept(submission_id="S-3", supersedes_submission_id="S-2", **correction)
    assert clocks(desk) == [("2026-12-14", "open")]
