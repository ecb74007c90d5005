"""The LCS over HTTP connector against its simulator: what an earlier attempt left, people, versions and trays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from service.adapters.lcs_rest.system import LcsRestCaseSystem
from service.adapters.shared.link import Link
from service.domain.delivery import Reason
from service.errors import NothingSent
from service.ports import Absent, CaseSystem, Container, Filing, Partial, Receipt
from service.usecases.hand_over import put_on_file
from simulators.lcs_rest import Credentials, LcsRestSimulator, Lock, Task, Withdrawal
from tests.conformance.test_lcs_rest import KEY, LARGEST, OAUTH2, TARGETS, TASK, LcsRestWorld, world
from tests.conformance.world import PDF, assert_silent, file, reason_given

__all__ = ["world"]


def begun(world: LcsRestWorld, filing: Filing | None = None) -> Container:
    """An attempt that ended after the document."""
    container = world.system.open_container(filing or world.filing())
    world.system.file_document(filing or world.filing(), container)
    return container


class TestWhatAnEarlierAttemptLeft:
    def test_a_draft_is_continued_and_its_document_not_added_again(self, world: LcsRestWorld) -> None:
        first = begun(world)
        assert world.system.look_up("WB-0001") == Partial()
        again = begun(world)
        assert again.number == first.number
        receipt = world.filed(world.filing())
        assert (len(world.form().documents), world.form().status) == (1, "COMPLETE")
        assert receipt.record_number == str(world.form().record_id)

    def test_answers_that_are_there_are_not_sent_again(self, world: LcsRestWorld) -> None:
        world.simulator.faults.set("reset", on="/forms/", after=2)  # the document, the answers; then completion breaks
        with pytest.raises(Exception, match="no_clear_answer"):
            file(world.system, world.filing())
        assert (world.form().status, len(world.form().answers)) == ("DRAFT", len(world.answers()))
        world.simulator.faults.set("denied", times=None, on=f"/forms/{world.form().form_id}/answers")
        assert world.filed(world.filing()).record_number

    def test_a_record_that_lies_open_for_want_of_a_flag_is_put_right(self, world: LcsRestWorld) -> None:
        world.simulator.faults.set("reset", on="/forms/", after=2)
        with pytest.raises(Exception, match="no_clear_answer"):
            file(world.system, world.filing())
        world.filed(replace(world.filing(), restricted=True))
        assert world.form().restricted is True

    @pytest.mark.parametrize("restricted", [True, False])
    def test_restricted_is_carried(self, world: LcsRestWorld, restricted: bool) -> None:
        world.filed(replace(world.filing(), restricted=restricted))
        assert world.form().restricted is restricted

    def test_other_content_under_our_reference_is_for_a_person(self, world: LcsRestWorld) -> None:
        filing = world.filing()
        world.filed(filing)
        other = (
            replace(filing, restricted=True),
            replace(filing, answers=filing.answers[:-1]),
            replace(filing, document=replace(filing.document, content=PDF + b"x")),
            replace(filing, person=replace(filing.person, child_id="40216")),
            replace(filing, replaces="900001"),
        )
        for each in other:
            assert reason_given(lambda each=each: file(world.system, each)) is Reason.CONTRADICTION
        otherwise = world.connected(target={"form": "4107"})
        assert reason_given(lambda: file(otherwise, filing)) is Reason.CONTRADICTION
        assert world.records("WB-0001") == 1

    def test_a_draft_of_somebody_else_is_not_touched(self, world: LcsRestWorld) -> None:
        begun(world)
        astray = world.filing()
        astray = replace(astray, person=replace(astray.person, child_id="40216"))
        assert reason_given(lambda: file(world.system, astray)) is Reason.CONTRADICTION
        assert world.form().answers == ()

    def test_what_was_completed_meanwhile_is_found_by_the_next_attempt(self, world: LcsRestWorld) -> None:
        container = begun(world)
        receipt = world.filed(world.filing())
        with pytest.raises(NothingSent) as caught:
            world.system.submit(world.filing(), container, None)
        assert caught.value.reason is Reason.LOCKED
        assert world.filed(world.filing()) == receipt

    def test_a_document_that_is_kept_elsewhere_is_not_missed(self, world: LcsRestWorld) -> None:
        link = Link(world.settings, TARGETS, TASK, documents_here=False)
        elsewhere = LcsRestCaseSystem(link)
        filing = replace(world.filing(), document=replace(world.filing().document, content=PDF + b"x" * LARGEST))
        receipt = put_on_file(filing, elsewhere, None)
        assert isinstance(receipt, Receipt)
        assert (receipt.document_number, world.form().documents) == (None, ())
        assert receipt == elsewhere.look_up("WB-0001")
        assert reason_given(lambda: world.system.look_up("WB-0001")) is Reason.CONTRADICTION


class TestOnTheWay:
    def test_a_person_restricted_or_locked_after_the_opening(self, world: LcsRestWorld) -> None:
        container, person = world.system.open_container(world.filing()), world.simulator.person(40211)
        world.simulator.set_person(replace(person, restricted=True))
        assert reason_given(lambda: self._add(world, container)) is Reason.PERSON_RESTRICTED
        world.simulator.set_person(replace(person, locked=Lock(20199)))
        with pytest.raises(NothingSent) as caught:
            self._add(world, container)
        assert caught.value.reason is Reason.LOCKED
        world.simulator.set_person(person)
        assert world.filed(world.filing()).record_number

    @staticmethod
    def _add(world: LcsRestWorld, container: Container) -> object:
        return world.system.file_document(world.filing(), container)

    def test_a_referral_that_is_not_authorised(self, world: LcsRestWorld) -> None:
        filing = world.filing()
        person = replace(filing.person, child_id="40218", date_of_birth=date(2012, 11, 19), age=None)
        assert reason_given(lambda: world.attempt(replace(filing, person=person))) is Reason.NO_OPEN_EPISODE

    @pytest.mark.parametrize(
        ("target", "reason"),
        [
            ({"form": "1"}, Reason.UNKNOWN_CODE),
            ({"form": "9002"}, Reason.NOT_PERMITTED),
            ({"document_type": "X"}, Reason.UNKNOWN_CODE),
        ],
    )
    def test_a_code_of_the_profile(self, world: LcsRestWorld, target: dict[str, str], reason: Reason) -> None:
        assert reason_given(lambda: file(world.connected(target=target), world.filing())) is reason

    def test_another_authority(self, world: LcsRestWorld) -> None:
        filing = replace(world.filing(), authority="E08000001")
        assert reason_given(lambda: file(world.system, filing)) is Reason.NOT_PERMITTED

    def test_a_document_above_the_profiles_limit_opens_nothing(self, world: LcsRestWorld) -> None:
        small = world.connected(largest_document="10")
        assert reason_given(lambda: file(small, world.filing())) is Reason.DOCUMENT_TOO_LARGE
        assert world.records("WB-0001") == 0

    def test_a_bad_word_in_paths_is_for_the_operator(self, world: LcsRestWorld) -> None:
        system = world.connected(paths="forms=assessments")
        assert reason_given(lambda: system.look_up("WB-0001")) is Reason.UNEXPECTED_ANSWER

    @pytest.mark.parametrize("child_id", ["", "040211", "STK0000417", "40211 ", "-1", "0", "٣", "4" * 19])
    def test_what_is_no_person_number_is_nobody(self, world: LcsRestWorld, child_id: str) -> None:
        person = replace(world.person(), child_id=child_id)
        assert reason_given(lambda: world.system.verify_person(person)) is Reason.PERSON_NOT_FOUND


LEGACY = {**OAUTH2, "child_id": "legacy_id"}


class TestByLegacyId:
    def _filing(self, world: LcsRestWorld, legacy_id: str) -> Filing:
        return replace(world.filing(), person=replace(world.person(), child_id=legacy_id))

    def test_a_record_is_filed_corrected_and_withdrawn(self, world: LcsRestWorld) -> None:
        system, filing = world.connected(**LEGACY), self._filing(world, "STK0000417")
        system.verify_person(filing.person)
        receipt = file(system, filing)
        assert receipt == file(system, filing) == file(world.system, world.filing())
        assert world.form().person_id == 40211
        retraction = replace(world.retraction(world.filed(world.filing()).record_number), child_id="STK0000417")
        assert system.retract(retraction) == system.retract(retraction)
        task = replace(world.task(), child_id="STK0000417")
        assert system.raise_task(task) == system.look_up("WB-T001")

    @pytest.mark.parametrize(
        ("legacy_id", "reason"),
        [
            ("STK0000620", Reason.PERSON_AMBIGUOUS),
            ("STK0009999", Reason.PERSON_NOT_FOUND),
            ("40211", Reason.PERSON_NOT_FOUND),
            ("STK0000611", Reason.PERSON_NOT_FOUND),
            ("", Reason.PERSON_NOT_FOUND),
            ("STK\ud800", Reason.PERSON_NOT_FOUND),
        ],
    )
    def test_nobody_or_several(self, world: LcsRestWorld, legacy_id: str, reason: Reason) -> None:
        system, filing = world.connected(**LEGACY), self._filing(world, legacy_id)
        calls: tuple[Callable[[], object], ...] = (
            lambda: system.verify_person(filing.person),
            lambda: file(system, filing),
            lambda: system.raise_task(replace(world.task(), child_id=legacy_id)),
            lambda: system.retract(replace(world.retraction("5"), child_id=legacy_id)),
        )
        assert [reason_given(call) for call in calls] == [reason] * 4

    @pytest.mark.parametrize(
        ("legacy_id", "reason"), [("STK0000500", Reason.PERSON_MERGED), ("STK0000610", Reason.PERSON_RESTRICTED)]
    )
    def test_merged_or_restricted(self, world: LcsRestWorld, legacy_id: str, reason: Reason) -> None:
        person = replace(world.person(), child_id=legacy_id)
        assert reason_given(lambda: world.connected(**LEGACY).verify_person(person)) is reason


class TestAfterwards:
    def test_a_correction_is_the_next_version_of_the_same_record(self, world: LcsRestWorld) -> None:
        first = world.filed(world.filing())
        second = world.filed(world.filing("WB-0002", replaces=first.record_number))
        assert second.record_number == first.record_number
        assert second.evidence["version"] == "2"
        assert (world.form("WB-0002").replaces, world.form("WB-0002").version) == (int(first.record_number), 2)

    def test_one_withdrawal_takes_every_version(self, world: LcsRestWorld) -> None:
        first = world.filed(world.filing())
        world.filed(world.filing("WB-0002", replaces=first.record_number))
        world.retracted(world.retraction(first.record_number))
        (held,) = world.simulator.records("WB-W001")
        assert isinstance(held, Withdrawal)
        assert (held.record_id, held.person_id, held.reason) == (int(first.record_number), 40211, "wrong_young_person")

    def test_another_record_withdrawn_under_our_reference(self, world: LcsRestWorld) -> None:
        first, second = world.filed(world.filing("WB-A")), world.filed(world.filing("WB-B"))
        world.retracted(world.retraction(first.record_number))
        astray = world.retraction(second.record_number)
        assert reason_given(lambda: world.system.retract(astray)) is Reason.CONTRADICTION
        assert reason_given(lambda: world.system.retract(replace(astray, child_id="40216"))) is Reason.CONTRADICTION

    @pytest.mark.parametrize("number", ["", "-1", "0", "x", "12.5"])
    def test_what_is_no_record_number(self, world: LcsRestWorld, number: str) -> None:
        assert reason_given(lambda: world.system.retract(world.retraction(number))) is Reason.RECORD_NOT_THERE
        correction = world.filing("WB-0002", replaces=number)
        assert reason_given(lambda: file(world.system, correction)) is Reason.RECORD_NOT_THERE


class TestTasks:
    @pytest.mark.parametrize(
        ("tray", "stored"),
        [({"department": "CSAFE"}, ("CSAFE", -1)), ({"worker": 20114}, ("-1", 20114))],
    )
    def test_in_the_tray_of_a_department_or_a_worker(
        self, world: LcsRestWorld, tray: dict[str, str | int], stored: tuple[str, int]
    ) -> None:
        world.connected(task={"type": "REVIEW", **tray}).raise_task(world.task())
        (held,) = world.simulator.records("WB-T001")
        assert isinstance(held, Task)
        assert (held.sent["departmentCode"], held.sent["workerId"]) == stored
        assert (held.sent["dueOn"], held.sent["title"]) == ("2026-12-14", "A review is due.")

    @pytest.mark.parametrize("tray", [{"department": "X"}, {"worker": 1}, {"type": "X", "department": "CSAFE"}])
    def test_an_unknown_tray_or_type(self, world: LcsRestWorld, tray: dict[str, str | int]) -> None:
        system = world.connected(task={"type": "REVIEW", **tray})
        assert reason_given(lambda: system.raise_task(world.task())) is Reason.UNKNOWN_CODE
        assert world.system.look_up("WB-T001") == Absent()

    def test_another_persons_task_under_our_reference(self, world: LcsRestWorld) -> None:
        world.system.raise_task(world.task())
        astray = replace(world.task(), child_id="40216")
        assert reason_given(lambda: world.system.raise_task(astray)) is Reason.CONTRADICTION


class TestSignIn:
    def test_one_token_serves_all_calls(self, world: LcsRestWorld) -> None:
        world.attempt(world.filing())
        world.system.raise_task(world.task())
        assert world.simulator.tokens_issued == 1

    @pytest.mark.parametrize(
        ("fault", "reason"), [("maintenance", Reason.UNAVAILABLE), ("garbage", Reason.UNAVAILABLE)]
    )
    def test_without_a_token_nothing_was_sent(self, world: LcsRestWorld, fault: str, reason: Reason) -> None:
        world.simulator.token_faults.set(fault, times=None)
        with pytest.raises(NothingSent) as caught:
            file(world.system, world.filing())
        assert caught.value.reason is reason
        assert_silent(caught.value)

    def test_a_key_that_is_not_offered(self, tmp_path: Path) -> None:
        with LcsRestSimulator(tmp_path / "lcs", Credentials(api_key=None)) as simulator:
            system: CaseSystem = LcsRestWorld(simulator, **KEY).system
            assert reason_given(lambda: system.look_up("WB-0001")) is Reason.SIGN_IN_REFUSED


class TestRestricted:
    def test_the_document_never_lies_on_an_open_draft(self, world: LcsRestWorld) -> None:
        filing = replace(world.filing(), restricted=True)
        container = world.system.open_container(filing)
        assert (world.form().restricted, len(world.form().documents)) == (True, 0)
        world.system.submit(filing, container, world.system.file_document(filing, container))
        assert (world.form().status, world.form().restricted) == ("COMPLETE", True)

    def test_a_draft_whose_restriction_must_wait_is_not_forgotten(self, world: LcsRestWorld) -> None:
        world.simulator.faults.set("throttled", on="/forms/")
        with pytest.raises(NothingSent) as caught:
            world.system.open_container(replace(world.filing(), restricted=True))
        assert (caught.value.begun, world.form().status) == (True, "DRAFT")


def test_a_look_up_keeps_no_words_of_theirs(world: LcsRestWorld) -> None:
    receipt = world.system.raise_task(world.task())
    assert isinstance(receipt, Receipt)
    assert set(receipt.evidence) == {"created_at"}
