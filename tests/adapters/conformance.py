"""What every connector promises, whatever it is connected to. A connector's test class adds its own world."""

from __future__ import annotations

import time
import traceback
from abc import ABC, abstractmethod
from dataclasses import replace
from datetime import date

import pytest

from service.domain.delivery import Reason
from service.errors import DeliveryProblem, NeedsHuman, NothingSent
from service.ports import (
    Absent,
    Answer,
    Awaiting,
    CaseSystem,
    Document,
    Filing,
    PersonReference,
    Receipt,
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
        """How many records and tasks are there under a reference."""

    @abstractmethod
    def unreachable(self) -> CaseSystem:
        """The same connector to where nobody listens."""

    def filing(self, reference: str = "WB-0001", kind: str = "right") -> Filing:
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
        )

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


def assert_silent(problem: BaseException) -> None:
    """Nothing of the record, in the problem or in anything it drags along."""
    shown = "".join(traceback.format_exception(problem))
    link: BaseException | None = problem
    while link is not None:
        shown += repr(link) + str(link) + repr(vars(link)) + repr(link.args)
        link = link.__cause__ or link.__context__
    assert MARKER not in shown


class Conformance:
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
