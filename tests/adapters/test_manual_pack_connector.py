"""What is special about records that people type in: what is noted of them, and what is no proof."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from service.adapters.manual_pack.content import pack_of_filing, pack_of_retraction, pack_of_task, receipt_of
from service.adapters.manual_pack.system import ManualPack
from service.adapters.registry import needs, schemas
from service.adapters.shared.link import Link
from service.domain.delivery import Reason
from service.errors import ConfigurationFault, NeedsHuman, NothingSent
from service.ports import (
    Ability,
    Answer,
    Awaiting,
    Document,
    Filing,
    PersonReference,
    Receipt,
    Retraction,
    ReviewTask,
    Standing,
)
from service.ports.manual import REFUSALS, Confirmation, Handed, NewPack

TASK = ReviewTask("WB-T1", "E08000007", "4711", date(2026, 12, 14))
RETRACTION = Retraction("WB-W1", "E08000007", "4711", "N-1", "entered_twice")
GIVEN = Confirmation("N-1", None, "stk-admin-1", datetime(2026, 9, 14, 11, 30, tzinfo=UTC))


class OnePack:
    """`service.ports.manual.Confirmations` that holds one pack."""

    def __init__(self, pack: NewPack, confirmation: Confirmation | None = None, refused: Reason | None = None) -> None:
        self.handed = Handed(pack, confirmation, refused)

    def given(self, reference: str) -> Handed | None:
        return self.handed if reference == self.handed.pack.reference else None

    def put(self, new: NewPack) -> None:
        raise AssertionError("nothing is handed over twice")


def connected(confirmations: OnePack | None = None, inbox: str = "admin") -> ManualPack:
    return ManualPack(Link({"inbox": inbox}, {}, {}), confirmations=confirmations)


@pytest.mark.parametrize("inbox", ["", "a b", "team@council.example", "x" * 65, "-a", "a/b", "a\n"])
def test_an_inbox_has_a_name_and_no_address(inbox: str) -> None:
    with pytest.raises(ConfigurationFault) as caught:
        connected(inbox=inbox)
    assert [fault.field for fault in caught.value.faults] == ["connection.inbox"]
    assert "team" not in str(caught.value)


def test_without_packs_it_can_be_described_and_hands_nothing_over() -> None:
    system = connected()
    assert system.abilities == frozenset(Ability) - {Ability.ASKS_WHO}
    assert {each.standing for each in system.check()} == {Standing.NOT_ASKED}
    for call in (lambda: system.raise_task(TASK), lambda: system.retract(RETRACTION), lambda: system.look_up("WB-1")):
        with pytest.raises(NothingSent):
            call()


def test_what_it_needs_stands_beside_its_settings() -> None:
    assert needs("manual_pack") == ("confirmations",)
    assert all(needs(kind) == () for kind in schemas() if kind != "manual_pack")


def test_a_digest_of_a_task_cannot_tell_a_child_by_trying() -> None:
    other = ReviewTask(TASK.reference, TASK.authority, "4712", TASK.due_on)
    assert pack_of_task(TASK, "admin") == pack_of_task(other, "admin")


def test_nothing_of_a_young_person_is_in_a_pack() -> None:
    for pack in (pack_of_task(TASK, "admin"), pack_of_retraction(RETRACTION, "admin")):
        assert "4711" not in repr(pack)


def test_a_confirmation_is_a_receipt_with_who_said_so_and_when() -> None:
    receipt = receipt_of(pack_of_retraction(RETRACTION, "admin"), GIVEN)
    assert isinstance(receipt, Receipt)
    assert receipt.record_number == "N-1"
    assert receipt.evidence["withdraws"] == "N-1"
    assert receipt.evidence["confirmed_by"] == "stk-admin-1"
    assert receipt.evidence["confirmed_at"] == "2026-09-14T11:30:00+00:00"


def test_what_lies_there_is_not_handed_over_again() -> None:
    assert connected(OnePack(pack_of_task(TASK, "admin"))).raise_task(TASK) == Awaiting()


def test_a_record_that_was_handed_over_is_found_before_anything_is_sent() -> None:
    person = PersonReference("4711", date(2011, 3, 2), 15, date(2026, 9, 14))
    document = Document("WB-1.pdf", "WISE assessment", b"%PDF")
    answers = (Answer("words", 1, "one"),)
    filing = Filing("WB-1", "E08000007", "wise_assessment", person, person.age_as_at, False, answers, document)
    pack = pack_of_filing(filing, "admin", "WISE")
    link = Link({"inbox": "admin"}, {"wise_assessment": {"form": "WISE"}}, {})
    assert ManualPack(link, confirmations=OnePack(pack)).open_container(filing).done == Awaiting()
    assert ManualPack(link, confirmations=OnePack(pack, GIVEN)).open_container(filing).done == receipt_of(pack, GIVEN)


def test_another_thing_under_our_reference_is_for_a_person() -> None:
    same = Retraction(TASK.reference, RETRACTION.authority, RETRACTION.child_id, "N-1", RETRACTION.reason)
    system = connected(OnePack(pack_of_task(TASK, "admin"), GIVEN))
    with pytest.raises(NeedsHuman) as caught:
        system.retract(same)
    assert caught.value.reason is Reason.CONTRADICTION


@pytest.mark.parametrize("reason", REFUSALS)
def test_every_refusal_is_told_as_it_was_given(reason: Reason) -> None:
    system = connected(OnePack(pack_of_task(TASK, "admin"), refused=reason))
    with pytest.raises(NeedsHuman) as caught:
        system.look_up(TASK.reference)
    assert caught.value.reason is reason
