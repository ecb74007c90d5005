"""What every connector promises, whatever it is connected to. A connector's test class adds its own world."""

from __future__ import annotations

import time
import traceback
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date

import pytest

from service.domain.codes import WITHDRAWAL_REASONS
from service.domain.delivery import Reason
from service.errors import DeliveryProblem, NeedsHuman, NothingSent, OutcomeUnknown
from service.ports import (
    Absent,
    Answer,
    Awaiting,
    CaseSystem,
    Document,
    Filing,
    PersonReference,
    Receipt,
    Retraction,
    ReviewTask,
)

MARKER = "Quetzalcoatlus-marker"
PDF = b"%PDF-1.7\n" + MARKER.encode() + b"\n%%EOF\n"
REFUSALS = {
    "unknown": Reason.PERSON_NOT_FOUND,
    "merged": Reason.PERSON_MERGED,
    "estimated": Reason.DOB_ESTIMATED,
    "other_birth": Reason.DOB_MISMATCH,
    "other_age": Reason.DOB_MISMATCH,
    "neither": Reason.DOB_AND_AGE_MISSING,
}
NO_SUCH_RECORD = "99999999"


class World(ABC):
    """A simulator, a connector to it, and a look at what really arrived."""

    system: CaseSystem
    authority = "E08000007"

    @abstractmethod
    def answers(self) -> tuple[Answer, ...]:
        """Answers its form takes, with the marker in one of them."""

    @abstractmethod
    def person(self, kind: str = "right") -> PersonReference:
        """A person of this kind: `right`, or a key of REFUSALS."""

    @abstractmethod
    def records(self, reference: str) -> int:
        """How many records, tasks and withdrawals are there under a reference."""

    @abstractmethod
    def unreachable(self) -> CaseSystem:
        """The same connector to where nobody listens."""

    @abstractmethod
    def losing_the_reply(self) -> AbstractContextManager[None]:
        """What is sent in here arrives; the reply to its first change there is lost."""

    def filing(self, reference: str = "WB-0001", kind: str = "right", replaces: str | None = None) -> Filing:
        """A record whose words all carry the marker."""
        return Filing(
            reference=reference,
            authority=self.authority,
            record_type="wise_assessment",
            person=self.person(kind),
            completed_on=date(2026, 9, 14),
            restricted=False,
            answers=self.answers(),
            document=Document("record.pdf", f"WISE assessment {MARKER}", PDF),
            replaces=replaces,
        )

    def retraction(self, record_number: str, reference: str = "WB-W001", kind: str = "right") -> Retraction:
        """A record that should not be on the file of this kind of person."""
        child_id = self.person(kind).child_id
        return Retraction(reference, self.authority, child_id, record_number, "wrong_young_person")

    def task(self, reference: str = "WB-T001") -> ReviewTask:
        """A review that is due."""
        return ReviewTask(reference, self.authority, self.person().child_id, date(2026, 12, 14))

    def settled(self, reference: str, seconds: float = 10.0) -> Receipt:
        """The receipt, asked for until it comes."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = self.system.look_up(reference)
            if isinstance(found, Receipt):
                return found
            time.sleep(0.02)
        raise AssertionError("no receipt came")

    def filed(self, filing: Filing) -> Receipt:
        """File and wait for the receipt where it comes later."""
        outcome = self.system.file(filing)
        return outcome if isinstance(outcome, Receipt) else self.settled(filing.reference)

    def retracted(self, retraction: Retraction) -> Receipt:
        """Withdraw and wait for the receipt where it comes later."""
        outcome = self.system.retract(retraction)
        return outcome if isinstance(outcome, Receipt) else self.settled(retraction.reference)


def assert_silent(problem: BaseException) -> None:
    """Nothing of the record, in the problem or in anything it drags along."""
    shown = "".join(traceback.format_exception(problem))
    link: BaseException | None = problem
    while link is not None:
        shown += repr(link) + str(link) + repr(vars(link)) + repr(link.args)
        link = link.__cause__ or link.__context__
    assert MARKER not in shown


def reason_given(call: Callable[[], object]) -> Reason:
    """Why a person is asked."""
    with pytest.raises(NeedsHuman) as caught:
        call()
    assert_silent(caught.value)
    return caught.value.reason


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
        self._lost(world, lambda: world.system.file(correction))
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


class Conformance(Afterwards):
    """The promises of `CaseSystem`."""

    @pytest.fixture
    def world(self) -> World:
        """Given by the connector's own class."""
        raise NotImplementedError

    def test_a_record_is_filed_once(self, world: World) -> None:
        receipt = world.filed(world.filing())
        assert receipt.record_number
        assert receipt.document_number
        assert world.records("WB-0001") == 1

    def test_filing_again_makes_no_second_record(self, world: World) -> None:
        first = world.filed(world.filing())
        assert world.filed(world.filing()) == first
        assert world.filed(world.filing()) == first
        assert world.records("WB-0001") == 1

    def test_two_references_make_two_records(self, world: World) -> None:
        first, second = world.filed(world.filing("WB-A")), world.filed(world.filing("WB-B"))
        assert first.record_number != second.record_number

    def test_look_up_says_absent_before_and_gives_the_receipt_after(self, world: World) -> None:
        assert world.system.look_up("WB-0001") == Absent()
        receipt = world.filed(world.filing())
        assert world.system.look_up("WB-0001") == receipt
        assert world.system.look_up("WB-0001") == receipt
        assert world.system.look_up("WB-0002") == Absent()

    def test_a_receipt_has_evidence_and_no_words(self, world: World) -> None:
        receipt = world.filed(world.filing())
        assert any(name.endswith("_sha256") for name in receipt.evidence)
        assert MARKER not in repr(receipt)

    def test_a_task_is_raised_once(self, world: World) -> None:
        for _ in range(3):
            assert isinstance(world.system.raise_task(world.task()), Receipt | Awaiting)
        receipt = world.settled("WB-T001")
        assert receipt.document_number is None
        assert world.records("WB-T001") == 1

    def test_the_right_person_is_confirmed_by_birth_or_age(self, world: World) -> None:
        right = world.person()
        world.system.verify_person(right)
        world.system.verify_person(replace(right, age=None))
        world.system.verify_person(replace(right, date_of_birth=None))

    @pytest.mark.parametrize("kind", REFUSALS)
    def test_a_wrong_person_is_refused(self, world: World, kind: str) -> None:
        with pytest.raises(NeedsHuman) as caught:
            self._try(world, world.filing(kind=kind))
        assert caught.value.reason is REFUSALS[kind]
        assert world.records("WB-0001") == 0
        assert_silent(caught.value)

    @staticmethod
    def _try(world: World, filing: Filing) -> None:
        world.system.verify_person(filing.person)
        world.filed(filing)

    def test_a_record_type_without_a_target_is_for_a_person(self, world: World) -> None:
        with pytest.raises(NeedsHuman) as caught:
            world.system.file(replace(world.filing(), record_type="nwg_assessment"))
        assert caught.value.reason is Reason.MAPPING_INCOMPLETE

    def test_an_unknown_code_is_for_a_person(self, world: World) -> None:
        filing = world.filing()
        unknown = (*filing.answers, Answer("NO_SUCH_QUESTION", None, MARKER))
        with pytest.raises(NeedsHuman) as caught:
            world.filed(replace(filing, answers=unknown))
        assert caught.value.reason is Reason.UNKNOWN_CODE
        assert_silent(caught.value)

    def test_an_empty_document_is_refused(self, world: World) -> None:
        filing = world.filing()
        with pytest.raises(NeedsHuman) as caught:
            world.filed(replace(filing, document=replace(filing.document, content=b"")))
        assert caught.value.reason is Reason.DOCUMENT_REFUSED
        assert_silent(caught.value)

    def test_nobody_there_means_nothing_sent(self, world: World) -> None:
        system = world.unreachable()
        calls = (
            lambda: system.file(world.filing()),
            lambda: system.raise_task(world.task()),
            lambda: system.retract(world.retraction("1")),
            lambda: system.look_up("WB-0001"),
        )
        for call in calls:
            with pytest.raises(NothingSent) as caught:
                call()
            assert caught.value.reason is Reason.UNREACHABLE
            assert_silent(caught.value)

    def test_a_half_character_never_leaves(self, world: World) -> None:
        filing = world.filing()
        broken = (*filing.answers[:-1], replace(filing.answers[-1], value=f"{MARKER}\ud800"))
        with pytest.raises(NeedsHuman) as caught:
            world.system.file(replace(filing, answers=broken))
        assert caught.value.reason is Reason.CONTENT_REFUSED
        assert world.records("WB-0001") == 0
        assert_silent(caught.value)

    def test_nothing_prints_its_secrets(self, world: World) -> None:
        assert "key" not in repr(world.system).lower()
        assert world.system.kind in ("lcs", "mosaic")
        assert world.system.version == "1"
        assert world.system.marks_restricted is True

    def test_words_of_every_script_arrive_unchanged(self, world: World) -> None:
        filing = world.filing()
        words = "“Dw i'n iawn” نعم ਹਾਂ 你好 😀 <b>&amp; ]]>"
        changed = (*filing.answers[:-1], replace(filing.answers[-1], value=words))
        world.filed(replace(filing, answers=changed))
        assert words in self.stored_words(world, "WB-0001")

    def stored_words(self, world: World, reference: str) -> list[str]:
        """The answers as the simulator holds them."""
        raise NotImplementedError

    def test_closing_is_harmless(self, world: World) -> None:
        world.system.close()
        world.system.close()
        assert world.system.look_up("WB-0001") == Absent()

    def test_every_problem_of_a_call_is_one_of_ours(self, world: World) -> None:
        with pytest.raises(DeliveryProblem):
            world.unreachable().look_up("WB-0001")
