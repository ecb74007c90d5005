"""What a record may meet after it was filed: it is corrected, or withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from service.domain.codes import WITHDRAWAL_REASONS
from service.domain.delivery import Reason
from service.errors import OutcomeUnknown
from service.ports import Absent
from tests.conformance.world import MARKER, NO_SUCH_RECORD, World, assert_silent, file, reason_given


class Afterwards:
    """What a record may meet after it was filed: it is corrected, or withdrawn."""

    def test_a_correction_is_filed_once_and_both_are_found(self, world: World) -> None:
        first = world.filed(world.filing())
        correction = world.filing("WB-0002", replaces=first.record_number)
        second = world.filed(correction)
        assert second == world.filed(correction) == world.filed(correction) == world.system.look_up("WB-0002")
        assert first == world.filed(world.filing()) == world.system.look_up("WB-0001")
        assert (world.records("WB-0001"), world.records("WB-0002")) == (1, 1)
        assert second.document_number not in (None, first.document_number)

    def test_a_correction_says_which_record_it_corrects(self, world: World) -> None:
        first = world.filed(world.filing())
        assert first.record_number not in first.evidence.values()
        second = world.filed(world.filing("WB-0002", replaces=first.record_number))
        assert first.record_number in (second.record_number, *second.evidence.values())
        assert second.evidence.keys() > first.evidence.keys()

    def test_a_correction_can_be_corrected(self, world: World) -> None:
        number = world.filed(world.filing()).record_number
        for reference in ("WB-0002", "WB-0003"):
            number = world.filed(world.filing(reference, replaces=number)).record_number
        assert [world.records(f"WB-000{one}") for one in (1, 2, 3)] == [1, 1, 1]

    def test_a_record_is_withdrawn_once(self, world: World) -> None:
        filed = world.filed(world.filing())
        assert world.system.look_up("WB-W001") == Absent()
        retraction = world.retraction(filed.record_number)
        receipt = world.retracted(retraction)
        assert (receipt.record_number, receipt.document_number) == (filed.record_number, None)
        assert receipt == world.retracted(retraction) == world.retracted(retraction) == world.system.look_up("WB-W001")
        assert world.records("WB-W001") == 1
        assert receipt.evidence
        assert MARKER not in repr(receipt)

    def test_what_was_filed_is_still_found_after_its_withdrawal(self, world: World) -> None:
        first = world.filed(world.filing())
        second = world.filed(world.filing("WB-0002", replaces=first.record_number))
        world.retracted(world.retraction(second.record_number))
        assert second == world.system.look_up("WB-0002")
        assert second == world.filed(world.filing("WB-0002", replaces=first.record_number))
        assert first == world.system.look_up("WB-0001")

    def test_a_correction_whose_reply_was_lost_is_there_once(self, world: World) -> None:
        first = world.filed(world.filing())
        correction = world.filing("WB-0002", replaces=first.record_number)
        self._lost(world, lambda: file(world.system, correction))
        assert world.system.look_up("WB-0002") != Absent()
        receipt = world.filed(correction)
        assert receipt == world.settled("WB-0002")
        assert world.records("WB-0002") == 1

    def test_a_withdrawal_whose_reply_was_lost_is_there_once(self, world: World) -> None:
        filed = world.filed(world.filing())
        retraction = world.retraction(filed.record_number)
        self._lost(world, lambda: world.system.retract(retraction))
        receipt = world.settled("WB-W001")
        assert receipt.record_number == filed.record_number
        assert receipt == world.retracted(retraction)
        assert world.records("WB-W001") == 1

    @staticmethod
    def _lost(world: World, call: Callable[[], object]) -> None:
        with world.losing_the_reply(), pytest.raises(OutcomeUnknown) as caught:
            call()
        assert caught.value.reason is Reason.NO_CLEAR_ANSWER
        assert_silent(caught.value)

    def test_a_record_that_is_not_there_can_be_neither_corrected_nor_withdrawn(self, world: World) -> None:
        world.filed(world.filing())
        correction, retraction = world.filing("WB-0002", replaces=NO_SUCH_RECORD), world.retraction(NO_SUCH_RECORD)
        assert reason_given(lambda: world.filed(correction)) is Reason.RECORD_NOT_THERE
        assert reason_given(lambda: world.retracted(retraction)) is Reason.RECORD_NOT_THERE
        assert (world.records("WB-0002"), world.records("WB-W001")) == (0, 0)

    @pytest.mark.parametrize("kind", ["estimated", "merged"])
    def test_a_record_of_another_young_person_is_not_withdrawn(self, world: World, kind: str) -> None:
        filed = world.filed(world.filing())
        astray = world.retraction(filed.record_number, "WB-W002", kind)
        assert reason_given(lambda: world.retracted(astray)) is Reason.RECORD_NOT_THERE
        assert world.records("WB-W002") == 0
        assert world.retracted(world.retraction(filed.record_number)).record_number == filed.record_number

    def test_what_is_withdrawn_is_neither_withdrawn_again_nor_corrected(self, world: World) -> None:
        filed = world.filed(world.filing())
        world.retracted(world.retraction(filed.record_number))
        again = world.retraction(filed.record_number, "WB-W002")
        correction = world.filing("WB-0002", replaces=filed.record_number)
        assert reason_given(lambda: world.retracted(again)) is Reason.ALREADY_WITHDRAWN
        assert reason_given(lambda: world.filed(correction)) is Reason.ALREADY_WITHDRAWN
        assert (world.records("WB-W002"), world.records("WB-0002")) == (0, 0)

    def test_a_withdrawal_for_no_known_reason_is_for_a_person(self, world: World) -> None:
        filed = world.filed(world.filing())
        retraction = replace(world.retraction(filed.record_number), reason=MARKER)
        assert reason_given(lambda: world.system.retract(retraction)) is Reason.MAPPING_INCOMPLETE
        assert world.records("WB-W001") == 0

    @pytest.mark.parametrize("why", WITHDRAWAL_REASONS)
    def test_every_reason_for_a_withdrawal_is_taken(self, world: World, why: str) -> None:
        filed = world.filed(world.filing())
        assert world.retracted(replace(world.retraction(filed.record_number), reason=why)).evidence
