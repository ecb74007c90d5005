"""Corrections and withdrawals: what becomes of the record, its delivery, its review clock and its count."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from service.domain.delivery import Reason, State
from service.errors import Conflict
from service.ports import Ability, Filing, Record, Retraction
from tests.store.rows import row, rows
from tests.support.bridge import STOCKPORT
from tests.support.fake_case_system import Place, Told
from tests.support.records import example
from tests.usecases.desk import Desk


def corrected(earlier: str, new: str = "C-1", **changes: Any) -> Record:
    return example(
        "wise",
        submission_id=new,
        submission_kind="correction",
        supersedes_submission_id=earlier,
        analysis_narrative="Fictional, and put right.",
        **changes,
    )


def taken_back(earlier: str, new: str = "W-1", child: str = "STK0000417") -> Record:
    return {
        "schema_version": "1.0",
        "record_type": "wise_assessment",
        "authority": STOCKPORT,
        "submission_id": new,
        "submission_kind": "withdrawal",
        "supersedes_submission_id": earlier,
        "young_person": {"la_child_id": child},
        "withdrawal": {"reason": "wrong_young_person", "decided_by_ref": "stk-sw-21"},
    }


def counted(desk: Desk) -> int:
    (found,) = rows(desk.database, "SELECT coalesce(sum(weight), 0) AS n FROM central.fact")
    return int(found["n"])


def clocks(desk: Desk) -> list[str]:
    query = "SELECT status FROM casework.review JOIN casework.submission s ON s.id = submission_id"
    return [each["status"] for each in rows(desk.database, f"{query} ORDER BY received_at")]


def retractions(desk: Desk) -> list[UUID]:
    query = "SELECT id FROM casework.delivery WHERE kind = 'retraction' ORDER BY seq"
    return [each["id"] for each in rows(desk.database, query)]


def filed(desk: Desk) -> list[Any]:
    return [entry.what for entries in desk.place.filed.values() for entry in entries]


@pytest.fixture(params=["lcs", "mosaic"])
def any_desk(desk: Desk, request: pytest.FixtureRequest) -> Desk:
    """Where a correction is a new version, and where it is a record beside the first."""
    desk.place.kind = request.param
    return desk


FIRST = "SK-2026-000041"


def test_a_correction_of_what_was_never_sent_takes_its_place(desk: Desk) -> None:
    first = desk.accept()
    second = desk.delivery_of(desk.receive(corrected(FIRST)).receipt_id)
    assert row(desk.database, first)["state"] == "superseded"
    assert desk.deliver(first) is None
    settlement = desk.deliver(second)
    assert settlement and settlement.state is State.DELIVERED
    (only,) = filed(desk)
    assert isinstance(only, Filing) and only.replaces is None


def test_a_correction_of_what_was_delivered_names_its_number(any_desk: Desk) -> None:
    first = any_desk.accept()
    before = any_desk.deliver(first)
    after = any_desk.deliver(any_desk.delivery_of(any_desk.receive(corrected(FIRST)).receipt_id))
    assert before and after and after.state is State.DELIVERED
    assert [each.replaces for each in filed(any_desk)] == [None, before.record_number]


def test_a_correction_waits_until_it_is_known_what_became_of_the_first(desk: Desk) -> None:
    first = desk.accept()
    desk.place.tell("submit", Told.LOST_REPLY)
    desk.deliver(first)
    second = desk.delivery_of(desk.receive(corrected(FIRST)).receipt_id)
    assert desk.deliver(second) is None
    found = desk.again(first)
    settlement = desk.deliver(second)
    assert settlement and filed(desk)[-1].replaces == found.record_number


def test_a_correction_counts_once_and_leaves_the_clock_alone(desk: Desk) -> None:
    desk.accept()
    before = rows(desk.database, "SELECT * FROM casework.review")
    desk.receive(corrected(FIRST, completed_on="2026-06-30"))
    assert rows(desk.database, "SELECT * FROM casework.review") == before
    facts = rows(desk.database, "SELECT quarter, sum(weight)::int AS n FROM central.fact GROUP BY 1 ORDER BY 1")
    assert [tuple(each.values()) for each in facts] == [("2026Q2", 1), ("2026Q3", 0)]


def test_versions_are_chained(desk: Desk) -> None:
    first = desk.receive(example("wise"))
    second = desk.receive(corrected(FIRST))
    third = desk.receive(corrected("C-1", "C-2"))
    assert [each.version for each in (first, second, third)] == [1, 2, 3]
    with desk.intake.transaction(STOCKPORT) as tx:
        assert tx.submissions.versions(third.receipt_id) == [each.receipt_id for each in (first, second, third)]
        found = tx.submissions.get(first.receipt_id)
    assert found and found.superseded_by == second.receipt_id


def test_of_two_corrections_of_one_record_the_second_is_told_to_look_again(desk: Desk) -> None:
    desk.accept()
    desk.receive(corrected(FIRST))
    with pytest.raises(Conflict):
        desk.receive(corrected(FIRST, "C-2"))


def test_a_correction_sent_again_is_a_replay(desk: Desk) -> None:
    desk.accept()
    once, twice = desk.receive(corrected(FIRST)), desk.receive(corrected(FIRST))
    assert (once.receipt_id, twice.replayed) == (twice.receipt_id, True)


def test_another_young_persons_record_is_not_taken_back(desk: Desk) -> None:
    desk.accept()
    with pytest.raises(Conflict):
        desk.receive(taken_back(FIRST, child="STK0000418"))


def test_a_withdrawn_record_that_was_never_sent_never_is(desk: Desk) -> None:
    first = desk.accept()
    desk.receive(taken_back(FIRST))
    assert row(desk.database, first)["state"] == "cancelled"
    assert retractions(desk) == []
    assert (counted(desk), clocks(desk), filed(desk)) == (0, ["closed"], [])


def test_a_withdrawal_travels_to_the_case_system_and_is_proven_there(any_desk: Desk) -> None:
    before = any_desk.deliver(any_desk.accept())
    any_desk.receive(taken_back(FIRST))
    (retraction,) = retractions(any_desk)
    settlement = any_desk.deliver(retraction)
    assert before and settlement and settlement.state is State.DELIVERED
    assert settlement.record_number == before.record_number
    assert settlement.evidence
    assert any_desk.place.withdrawn() == {before.record_number}
    assert counted(any_desk) == 0


def test_every_version_is_taken_off_the_file(any_desk: Desk) -> None:
    any_desk.deliver(any_desk.accept())
    any_desk.deliver(any_desk.delivery_of(any_desk.receive(corrected(FIRST)).receipt_id))
    any_desk.receive(taken_back("C-1"))
    outcomes = [any_desk.deliver(each) for each in retractions(any_desk)]
    assert all(each and each.state is State.DELIVERED for each in outcomes)
    standing = {entry.record for entries in any_desk.place.filed.values() for entry in entries}
    assert any_desk.place.withdrawn() == standing
    assert counted(any_desk) == 0


def test_a_withdrawal_waits_for_a_record_that_is_on_its_way(desk: Desk) -> None:
    first = desk.accept()
    desk.place.tell("submit", Told.LOST_REPLY)
    desk.deliver(first)
    desk.receive(taken_back(FIRST))
    (retraction,) = retractions(desk)
    assert desk.deliver(retraction) is None
    found = desk.again(first)
    settlement = desk.deliver(retraction)
    assert settlement and settlement.record_number == found.record_number


def test_a_lost_answer_to_a_withdrawal_is_looked_up_and_not_sent_again(desk: Desk) -> None:
    desk.deliver(desk.accept())
    desk.receive(taken_back(FIRST))
    (retraction,) = retractions(desk)
    desk.place.tell("retract", Told.LOST_REPLY)
    first = desk.deliver(retraction)
    assert first and first.state is State.UNKNOWN
    assert desk.again(retraction).state is State.DELIVERED
    assert sum(isinstance(each, Retraction) for each in filed(desk)) == 1


def test_a_withdrawal_gives_the_young_person_their_own_clock_back(desk: Desk) -> None:
    desk.receive(example("wise", submission_id="A", completed_on="2026-06-01"))
    desk.receive(example("wise", submission_id="B", completed_on="2026-09-14"))
    assert clocks(desk) == ["done", "open"]
    desk.receive(taken_back("B"))
    assert clocks(desk) == ["open", "closed"]


def test_a_withdrawal_of_an_older_record_leaves_the_running_clock(desk: Desk) -> None:
    desk.receive(example("wise", submission_id="A", completed_on="2026-06-01"))
    desk.receive(example("wise", submission_id="B", completed_on="2026-09-14"))
    desk.receive(taken_back("A"))
    assert clocks(desk) == ["done", "open"]


def test_third_parties_reach_the_case_file_and_nothing_else(desk: Desk) -> None:
    desk.deliver(desk.accept())
    (only,) = filed(desk)
    assert "older group seen near the interchange" in [answer.value for answer in only.answers]


def test_a_restricted_record_is_not_sent_where_it_would_lie_open(desk: Desk) -> None:
    desk.place.abilities -= {Ability.RESTRICTS}
    settlement = desk.deliver(desk.accept(young_person__restricted_record=True))
    assert settlement and settlement.reason is Reason.RESTRICTION_NOT_CARRIED
    assert settlement.state is State.NEEDS_HUMAN
    assert desk.place.called("submit") == 0


def test_an_unrestricted_record_goes_there_all_the_same(desk: Desk) -> None:
    desk.use(Place(abilities=frozenset(Ability) - {Ability.RESTRICTS}))
    settlement = desk.deliver(desk.accept())
    assert settlement and settlement.state is State.DELIVERED


@pytest.mark.parametrize("lost", [False, True])
def test_a_document_kept_elsewhere_is_for_a_person_to_take_out(desk: Desk, lost: bool) -> None:
    """Withdrawn in the case system, and said so with its proof; the other system has no way to be told."""
    desk.deliver(desk.accept(submission_id=FIRST))
    desk.lanes[STOCKPORT].adapter.documents = Place().connect()
    desk.receive(taken_back(FIRST))
    (wanted,) = retractions(desk)
    if lost:
        desk.place.tell("retract", Told.LOST_REPLY)
        desk.deliver(wanted)
    settlement = desk.again(wanted)
    assert (settlement.state, settlement.reason) == (State.NEEDS_HUMAN, Reason.DOCUMENT_LEFT)
    assert settlement.record_number == "R1"
    assert desk.place.withdrawn() == {"R1"}


@pytest.mark.parametrize("told", [Told.UNREACHABLE, Told.LOST_REQUEST])
def test_what_was_withdrawn_while_under_way_and_never_arrived_is_not_sent_any_more(any_desk: Desk, told: Told) -> None:
    """Hours later it would be a new record on the wrong young person's file."""
    desk = any_desk
    first = desk.accept()
    desk.place.tell("verify_person" if told is Told.UNREACHABLE else "submit", told)
    desk.place.during = lambda _call: _withdraw_once(desk)
    desk.deliver(first)
    for _ in range(4):
        if row(desk.database, first)["state"] != "cancelled":
            desk.again(first)
    assert (row(desk.database, first)["state"], row(desk.database, first)["reason"]) == ("cancelled", "withdrawn")
    (retraction,) = retractions(desk)
    settlement = desk.again(retraction)
    assert (settlement.state, settlement.reason) == (State.CANCELLED, Reason.WITHDRAWN)
    assert filed(desk) == []


def _withdraw_once(desk: Desk) -> None:
    desk.place.during = lambda _call: None
    desk.receive(taken_back(FIRST))
