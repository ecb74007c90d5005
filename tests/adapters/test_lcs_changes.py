"""LCS corrections and withdrawals: what the sets say, what the answers tell, and what is there afterwards."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace

import pytest

from service.adapters.lcs.answers import read_acknowledgement
from service.adapters.lcs.manifest import WITHDRAWAL_REASONS, form_set, withdrawal_set
from service.adapters.shared.exchange import FileSet
from service.domain import codes
from service.domain.delivery import Reason
from service.errors import NeedsHuman
from service.ports import Awaiting, Receipt, Retraction
from tests.adapters.test_lcs_files import FILING, MANIFEST, SHA, TARGET, acknowledgement
from tests.conformance.test_lcs import TARGETS, LcsWorld, world
from tests.conformance.world import MARKER, assert_silent, file, reason_given

__all__ = ["world"]

RETRACTION = Retraction("WB-9", "E08000007", "STK0000417", "900417", "entered_twice")
WITHDRAWAL = (
    "<?xml version='1.0' encoding='UTF-8'?>\n"
    '<exchange version="1" kind="withdrawal"><reference>WB-9</reference><authority>E08000007</authority>'
    "<person><person-id>STK0000417</person-id></person>"
    '<withdraw record-id="900417" reason="entered_twice" /></exchange>'
)


class TestSets:
    def test_a_correction_names_its_record_straight_after_the_authority(self) -> None:
        files = form_set(replace(FILING, replaces="900417"), TARGET)
        authority = "<authority>E08000007</authority>"
        expected = MANIFEST.replace(authority, f'{authority}<replaces record-id="900417" />')
        assert files.files["WB-1.xml"].decode() == expected
        assert list(files.files) == ["WB-1.xml", "WB-1.pdf"]
        assert (files.changes, form_set(FILING, TARGET).changes) == ("900417", None)

    def test_a_withdrawal_is_a_manifest_and_its_marker(self) -> None:
        files = withdrawal_set(RETRACTION)
        assert list(files.files) == ["WB-9.xml"]
        assert files.files["WB-9.xml"].decode() == WITHDRAWAL
        assert files.marker.decode() == f"{hashlib.sha256(WITHDRAWAL.encode()).hexdigest()}  WB-9.xml\n"
        assert files.changes == "900417"

    def test_every_reason_of_ours_is_one_of_the_exchange(self) -> None:
        assert set(codes.WITHDRAWAL_REASONS) == WITHDRAWAL_REASONS

    @pytest.mark.parametrize("change", [{"record_number": "9\x0b"}, {"reference": "wb-9"}, {"child_id": "\ud800"}])
    def test_what_the_exchange_cannot_carry_stops_it(self, change: dict[str, str]) -> None:
        assert reason_given(lambda: withdrawal_set(replace(RETRACTION, **change))) is Reason.CONTENT_REFUSED


class TestAnswers:
    def test_a_version_and_a_withdrawal_are_evidence(self) -> None:
        plain = {"manifest_sha256": SHA, "filed_at": "2026-09-16T10:14:02Z"}
        corrected = Receipt("900417", "77812", {**plain, "version": "2"})
        assert read_acknowledgement(acknowledgement(version="2"), "WB-1") == corrected
        gone = acknowledgement(document_id="", withdrawn_at="2026-09-17T08:00:00Z")
        withdrawn = Receipt("900417", None, {**plain, "withdrawn_at": "2026-09-17T08:00:00Z"})
        assert read_acknowledgement(gone, "WB-1") == withdrawn

    @pytest.mark.parametrize(
        "change",
        [
            *({"version": "0"}, {"version": "02"}, {"version": "two"}, {"version": "1" * 10}, {"version": MARKER}),
            *({"withdrawn_at": "today"}, {"withdrawn_at": "2026-09-17"}, {"withdrawn_at": MARKER}),
        ],
    )
    def test_anything_else_is_for_a_person(self, change: dict[str, str]) -> None:
        with pytest.raises(NeedsHuman) as caught:
            read_acknowledgement(acknowledgement(**change), "WB-1")
        assert caught.value.reason is Reason.UNEXPECTED_ANSWER
        assert_silent(caught.value)


class TestThere:
    def test_a_correction_is_the_next_version_of_the_same_record(self, world: LcsWorld) -> None:
        first = world.filed(world.filing())
        for number, reference in enumerate(("WB-0002", "WB-0003"), start=2):
            receipt = world.filed(world.filing(reference, replaces=first.record_number))
            assert (receipt.record_number, receipt.evidence["version"]) == (first.record_number, str(number))
        there = world.instance.versions(first.record_number)
        assert [(each.reference, each.version) for each in there] == [("WB-0001", 1), ("WB-0002", 2), ("WB-0003", 3)]

    def test_a_withdrawal_takes_every_version_with_its_reason(self, world: LcsWorld) -> None:
        first = world.filed(world.filing())
        world.filed(world.filing("WB-0002", replaces=first.record_number))
        receipt = world.retracted(world.retraction(first.record_number))
        (withdrawn,) = world.instance.withdrawals()
        assert (withdrawn.record_id, withdrawn.person_id) == (first.record_number, world.person().child_id)
        assert (withdrawn.reason, withdrawn.withdrawn_at) == ("wrong_young_person", receipt.evidence["withdrawn_at"])
        assert all(each.withdrawal == withdrawn for each in world.instance.versions(first.record_number))

    def test_a_closed_referral_does_not_keep_a_wrong_record_on_the_file(self, world: LcsWorld) -> None:
        filed = world.filed(world.filing())
        someone = world.instance.authority.people[world.person().child_id]
        world.instance.set_person(replace(someone, client=False))
        correction = world.filing("WB-0002", replaces=filed.record_number)
        assert reason_given(lambda: world.filed(correction)) is Reason.NO_OPEN_EPISODE
        assert world.retracted(world.retraction(filed.record_number)).record_number == filed.record_number

    def test_a_withdrawal_that_waits_is_not_sent_again(self, world: LcsWorld) -> None:
        filed = world.filed(world.filing())
        world.instance.paused = True
        retraction = world.retraction(filed.record_number)
        assert world.system.retract(retraction) == world.system.retract(retraction) == Awaiting()
        assert world.system.look_up(retraction.reference) == Awaiting()
        assert world.inbox() == ["WB-W001.done", "WB-W001.xml"]
        world.instance.paused = False
        world.settled(retraction.reference)
        assert world.instance.refusals() == []

    def test_an_answer_about_another_record_is_a_contradiction(self, world: LcsWorld) -> None:
        world.instance.withhold_answers = True
        target, correction = TARGETS["wise_assessment"], world.filing("WB-0002", replaces="900417")
        self._contradicted(world, withdrawal_set(RETRACTION), lambda: world.system.retract(RETRACTION))
        self._contradicted(world, form_set(correction, target), lambda: file(world.system, correction))

    @staticmethod
    def _contradicted(world: LcsWorld, files: FileSet, call: Callable[[], object]) -> None:
        """The right manifest was filed, and the answer names a record nobody meant."""
        assert call() == Awaiting()
        data = acknowledgement(reference=files.reference, manifest_sha256=files.proof["manifest_sha256"], record_id="1")
        (world.instance.root / f"outbox/{files.reference}.ack").write_bytes(data)
        assert reason_given(call) is Reason.CONTRADICTION
