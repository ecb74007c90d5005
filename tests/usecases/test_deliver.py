"""Delivering: what each answer of the case system makes of the row, and that a doubt never makes a second record."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from service.domain.delivery import Owner, Reason, State, owner_of
from service.ports import Filing, Settlement
from tests.store.rows import actions, attempts, change, row
from tests.support.bridge import STOCKPORT
from tests.support.fake_case_system import Place, Told
from tests.support.records import example
from tests.usecases.desk import PDF, POLL, QUIET, WITHIN, Desk

pytestmark = pytest.mark.usefixtures("conserved")


def seen(settlement: Settlement | None) -> tuple[State, Reason]:
    assert settlement is not None
    return settlement.state, settlement.reason


def waits(desk: Desk, delivery_id: UUID) -> timedelta:
    kept = row(desk.database, delivery_id)
    return kept["due_at"] - kept["changed_at"]


def there(desk: Desk, delivery_id: UUID) -> int:
    return desk.place.records(row(desk.database, delivery_id)["reference"])


def test_a_record_is_delivered_with_its_receipt(desk: Desk) -> None:
    wanted = desk.accept()
    assert seen(desk.deliver(wanted))[0] is State.DELIVERED
    kept = row(desk.database, wanted)
    assert (kept["record_number"], kept["document_number"], kept["attempts"]) == ("R1", "D1", 1)
    assert set(kept["evidence"]) == {"document_sha256"}
    assert (kept["connector"], kept["connector_version"]) == ("mosaic", "1")
    assert kept["profile_digest"] == desk.profiles[STOCKPORT].digest
    assert [call for call, _ in desk.place.calls] == ["verify_person", "submit"]
    assert actions(desk.database) == ["record_received", "delivery_delivered"]
    assert desk.deliver(wanted) is None


def test_what_is_filed_is_the_record(desk: Desk) -> None:
    wanted = desk.accept("oldham")
    desk.deliver(wanted)
    reference = row(desk.database, wanted)["reference"]
    filing = desk.place.filed[reference][0].what
    record = example("oldham")
    assert isinstance(filing, Filing)
    assert (filing.authority, filing.record_type) == (record["authority"], "wise_assessment")
    assert filing.person.child_id == record["young_person"]["la_child_id"]
    assert str(filing.person.date_of_birth) == record["young_person"]["date_of_birth"]
    assert str(filing.completed_on) == record["completed_on"]
    assert filing.document.content == PDF
    assert filing.document.name == f"{reference}.pdf"
    assert len(filing.answers) > 20


def test_what_was_never_accepted_is_not_delivered(desk: Desk) -> None:
    assert desk.deliver(UUID(int=7)) is None
    assert desk.place.calls == []


def test_nothing_sent_is_tried_again_later_and_later(desk: Desk) -> None:
    wanted = desk.accept()
    desk.place.retry_after = 0
    desk.place.tell("verify_person", *[Told.THROTTLED] * 12)
    desk.spread = lambda: 1.0
    for failures in range(1, 13):
        assert seen(desk.again(wanted)) == (State.RETRY, Reason.THROTTLED)
        assert waits(desk, wanted) == timedelta(seconds=min(900, 5 * 2 ** (failures - 1)))
        assert row(desk.database, wanted)["failures"] == failures
        assert desk.deliver(wanted) is None
    assert there(desk, wanted) == 0
    assert seen(desk.again(wanted))[0] is State.DELIVERED


def test_the_wait_is_spread(desk: Desk) -> None:
    found = set()
    for number in range(6):
        wanted = desk.accept(submission_id=f"S-{number}", young_person__la_child_id=f"STK{number:07}")
        desk.place.tell("submit", Told.UNREACHABLE)
        assert seen(desk.again(wanted))[0] is State.RETRY
        found.add(waits(desk, wanted))
    assert len(found) == 6
    assert all(timedelta(0) <= each <= timedelta(seconds=5) for each in found)


@pytest.mark.parametrize(("asked", "least"), [(7, 7), (200, 200), (0, 0), (10**9, 3600)])
def test_a_case_system_that_asks_for_time_gets_it(desk: Desk, asked: int, least: float) -> None:
    wanted = desk.accept()
    desk.place.retry_after = asked
    desk.place.tell("submit", Told.THROTTLED)
    assert seen(desk.deliver(wanted)) == (State.RETRY, Reason.THROTTLED)
    assert least <= waits(desk, wanted).total_seconds() <= max(least, 5)
    assert not row(desk.database, wanted)["may_have_arrived"]


def test_a_lost_reply_is_looked_up_after_a_quiet_period_and_found(desk: Desk) -> None:
    wanted = desk.accept()
    desk.place.tell("submit", Told.LOST_REPLY)
    assert seen(desk.deliver(wanted)) == (State.UNKNOWN, Reason.NO_CLEAR_ANSWER)
    assert waits(desk, wanted).total_seconds() == QUIET
    assert desk.deliver(wanted) is None
    assert seen(desk.again(wanted))[0] is State.DELIVERED
    assert [call for call, _ in desk.place.calls] == ["verify_person", "submit", "look_up"]
    assert there(desk, wanted) == 1
    assert attempts(desk.database, wanted) == [(1, "ended", "unknown"), (2, "ended", "delivered")]


def test_absent_twice_is_sent_again_under_the_same_reference(desk: Desk) -> None:
    wanted = desk.accept()
    desk.place.tell("submit", Told.LOST_REQUEST)
    desk.deliver(wanted)
    assert seen(desk.again(wanted))[0] is State.UNKNOWN
    assert (waits(desk, wanted).total_seconds(), row(desk.database, wanted)["absences"]) == (QUIET, 1)
    assert desk.deliver(wanted) is None
    assert seen(desk.again(wanted))[0] is State.READY
    assert there(desk, wanted) == 0
    assert seen(desk.deliver(wanted))[0] is State.DELIVERED
    assert [call for call, _ in desk.place.calls].count("submit") == 2
    assert {reference for call, reference in desk.place.calls if call == "submit"} == set(desk.place.filed)
    assert there(desk, wanted) == 1


def test_absent_once_and_then_found_is_not_sent_again(desk: Desk) -> None:
    wanted = desk.accept()
    desk.place.tell("submit", Told.SHOWN_LATE)
    desk.deliver(wanted)
    assert seen(desk.again(wanted))[0] is State.UNKNOWN
    assert seen(desk.again(wanted))[0] is State.DELIVERED
    assert desk.place.called("submit") == 1


def test_an_absence_is_not_forgotten_while_nobody_can_be_asked(desk: Desk) -> None:
    wanted = desk.accept()
    desk.place.tell("submit", Told.LOST_REQUEST)
    desk.place.tell("look_up", Told.WELL, Told.UNREACHABLE, Told.THROTTLED)
    desk.deliver(wanted)
    states = [seen(desk.again(wanted))[0] for _ in range(4)]
    assert states == [State.UNKNOWN] * 3 + [State.READY]


def test_what_may_be_there_is_never_sent_while_nobody_can_be_asked(desk: Desk) -> None:
    wanted = desk.accept()
    desk.place.tell("submit", Told.LOST_REPLY)
    desk.place.tell("look_up", *[Told.UNREACHABLE, Told.LOST_REQUEST, Told.THROTTLED] * 2)
    desk.deliver(wanted)
    for _ in range(6):
        assert seen(desk.again(wanted))[0] is State.UNKNOWN
    assert desk.place.called("submit") == 1
    assert seen(desk.again(wanted))[0] is State.DELIVERED


def test_what_was_begun_is_finished(desk: Desk) -> None:
    wanted = desk.accept()
    desk.place.tell("submit", Told.HALF_DONE, Told.HALF_DONE)
    assert seen(desk.deliver(wanted))[0] is State.UNKNOWN
    assert seen(desk.again(wanted))[0] is State.UNKNOWN
    assert seen(desk.again(wanted))[0] is State.DELIVERED
    assert there(desk, wanted) == 1


def test_a_half_done_record_that_cannot_be_continued_is_still_looked_up(desk: Desk) -> None:
    wanted = desk.accept()
    desk.place.tell("submit", Told.HALF_DONE, Told.UNREACHABLE)
    desk.deliver(wanted)
    assert seen(desk.again(wanted)) == (State.UNKNOWN, Reason.UNREACHABLE)
    assert seen(desk.again(wanted))[0] is State.DELIVERED
    assert there(desk, wanted) == 1


def test_a_receipt_that_comes_later_is_asked_for_more_and_more_rarely(desk: Desk) -> None:
    wanted = desk.accept()
    desk.place.rounds = 9
    desk.place.tell("submit", Told.TAKEN_IN)
    assert seen(desk.deliver(wanted)) == (State.UNKNOWN, Reason.AWAITING_RECEIPT)
    found = [waits(desk, wanted).total_seconds()]
    for _ in range(9):
        assert seen(desk.again(wanted)) == (State.UNKNOWN, Reason.AWAITING_RECEIPT)
        found.append(waits(desk, wanted).total_seconds())
    assert found == [1, 2, 4, 8, 16, 32, POLL, POLL, POLL, POLL]
    assert seen(desk.again(wanted))[0] is State.DELIVERED
    assert desk.place.called("submit") == 1


def test_asking_for_a_receipt_in_vain_is_no_change_and_no_entry_in_the_trail(desk: Desk) -> None:
    wanted = desk.accept()
    desk.place.rounds = 3
    desk.place.tell("submit", Told.TAKEN_IN)
    desk.deliver(wanted)
    before, told = row(desk.database, wanted), actions(desk.database)
    for _ in range(3):
        assert seen(desk.again(wanted)) == (State.UNKNOWN, Reason.AWAITING_RECEIPT)
    after = row(desk.database, wanted)
    assert (after["changed_in"], actions(desk.database)) == (before["changed_in"], told)
    assert after["lookups"] == before["lookups"] + 3
    assert seen(desk.again(wanted))[0] is State.DELIVERED
    assert row(desk.database, wanted)["changed_in"] > before["changed_in"]
    assert actions(desk.database) == [*told, "delivery_delivered"]


def test_an_overdue_receipt_gets_an_owner_and_is_still_asked_for(desk: Desk) -> None:
    wanted = desk.accept()
    desk.place.tell("submit", Told.TAKEN_IN)
    desk.deliver(wanted)
    change(desk.database, wanted, f"first_sent_at = now() - interval '{WITHIN - 60} seconds'")
    assert seen(desk.again(wanted))[1] is Reason.AWAITING_RECEIPT
    assert owner_of(Reason.AWAITING_RECEIPT) is Owner.BRIDGE
    change(desk.database, wanted, f"first_sent_at = now() - interval '{WITHIN + 60} seconds'")
    assert seen(desk.again(wanted)) == (State.UNKNOWN, Reason.RECEIPT_OVERDUE)
    assert owner_of(Reason.RECEIPT_OVERDUE) is Owner.AUTHORITY_OFFICER
    assert timedelta(0) < waits(desk, wanted) <= timedelta(seconds=POLL)
    assert seen(desk.again(wanted))[0] is State.DELIVERED


def test_a_refusal_that_is_found_later_is_for_a_person(desk: Desk) -> None:
    wanted = desk.accept()
    desk.place.refusal = Reason.NO_OPEN_EPISODE
    desk.place.tell("submit", Told.REFUSED_LATER)
    desk.deliver(wanted)
    assert seen(desk.again(wanted)) == (State.NEEDS_HUMAN, Reason.NO_OPEN_EPISODE)
    desk.time_passes(wanted)
    assert desk.deliver(wanted) is None


@pytest.mark.parametrize("reason", [Reason.CONTENT_REFUSED, Reason.NOT_PERMITTED])
def test_a_refusal_at_once_is_for_a_person(desk: Desk, reason: Reason) -> None:
    wanted = desk.accept()
    desk.place.refusal = reason
    desk.place.tell("submit", Told.REFUSED)
    assert seen(desk.deliver(wanted)) == (State.NEEDS_HUMAN, reason)
    assert actions(desk.database)[-1] == "delivery_needs_human"


@pytest.mark.parametrize("people", [Reason.PERSON_NOT_FOUND, Reason.DOB_MISMATCH, Reason.PERSON_MERGED])
def test_for_the_wrong_person_nothing_is_filed(desk: Desk, people: Reason) -> None:
    wanted = desk.accept()
    desk.place.refusal = people
    desk.place.tell("verify_person", Told.REFUSED)
    assert seen(desk.deliver(wanted)) == (State.NEEDS_HUMAN, people)
    assert (desk.place.called("submit"), desk.place.filed) == (0, {})
    assert not row(desk.database, wanted)["may_have_arrived"]
    assert attempts(desk.database, wanted) == [(1, "ended", "needs_human")]


def test_a_person_with_neither_birth_nor_age_cannot_be_confirmed(desk: Desk) -> None:
    wanted = desk.accept(young_person__age_at_completion=None)
    assert seen(desk.deliver(wanted)) == (State.NEEDS_HUMAN, Reason.DOB_AND_AGE_MISSING)
    assert desk.place.filed == {}


def test_one_authoritys_trouble_is_not_anothers(desk: Desk) -> None:
    here, abroad = desk.accept(), desk.accept("rise")
    adapter = desk.lanes[STOCKPORT].adapter
    adapter.case_system = Place(reachable=False).connect()
    assert seen(desk.deliver(here))[0] is State.RETRY
    assert seen(desk.deliver(abroad))[0] is State.DELIVERED
    assert (there(desk, here), there(desk, abroad)) == (0, 1)
