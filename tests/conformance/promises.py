"""What every connector promises, whatever it is connected to. A connector's test class adds its own world."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.domain.delivery import Reason
from service.errors import DeliveryProblem, NeedsHuman, NothingSent
from service.ports import Ability, Absent, Answer, Awaiting, Receipt, Standing
from tests.conformance.afterwards import Afterwards
from tests.conformance.world import MARKER, REFUSALS, World, assert_silent, file


class Conformance(Afterwards):
    """The promises of `CaseSystem`. The fixture `world` stands in the connector's own module."""

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
            world.attempt(world.filing(kind=kind))
        assert caught.value.reason is REFUSALS[kind]
        assert world.records("WB-0001") == 0
        assert_silent(caught.value)

    def test_a_record_type_without_a_target_is_for_a_person(self, world: World) -> None:
        with pytest.raises(NeedsHuman) as caught:
            file(world.system, replace(world.filing(), record_type="nwg_assessment"))
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
            lambda: file(system, world.filing()),
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
        broken = (*filing.answers[:-1], filing.answers[-1]._replace(value=f"{MARKER}\ud800"))
        with pytest.raises(NeedsHuman) as caught:
            file(world.system, replace(filing, answers=broken))
        assert caught.value.reason is Reason.CONTENT_REFUSED
        assert world.records("WB-0001") == 0
        assert_silent(caught.value)

    def test_nothing_prints_its_secrets(self, world: World) -> None:
        assert "key" not in repr(world.system).lower()
        assert MARKER not in repr(world.filing())

    def test_what_it_can_do_is_declared(self, world: World) -> None:
        assert world.system.version
        assert world.system.abilities <= frozenset(Ability)
        assert Ability.TAKES_DOCUMENTS in world.system.abilities

    def test_a_check_on_a_good_day_finds_nothing_wrong(self, world: World) -> None:
        findings = world.system.check()
        assert [each.standing for each in findings].count(Standing.GOOD) >= 1
        assert Standing.WRONG not in [each.standing for each in findings]
        assert all(each.detail for each in findings if each.standing is Standing.NOT_ASKED)

    def test_a_check_says_that_nobody_is_there(self, world: World) -> None:
        findings = world.unreachable().check()
        assert Standing.WRONG in [each.standing for each in findings]
        assert all(each.detail for each in findings if each.standing is not Standing.GOOD)

    def test_words_of_every_script_arrive_unchanged(self, world: World) -> None:
        filing = world.filing()
        words = "“Dw i'n iawn” نعم ਹਾਂ 你好 😀 <b>&amp; ]]>"
        changed = (*filing.answers[:-1], filing.answers[-1]._replace(value=words))
        world.filed(replace(filing, answers=changed))
        assert words in world.stored_words("WB-0001")

    def test_every_answer_arrives_once(self, world: World) -> None:
        filing = world.filing()
        world.filed(filing)
        assert sorted(world.stored_words("WB-0001")) == sorted(each.value for each in filing.answers)

    @pytest.mark.parametrize("restricted", [True, False])
    def test_a_restriction_arrives_and_none_is_made_up(self, world: World, restricted: bool) -> None:
        """One who cannot carry it leaves `RESTRICTS` out of its abilities, and is never given such a record."""
        filing = replace(world.filing(), restricted=restricted and Ability.RESTRICTS in world.system.abilities)
        receipt = world.filed(filing)
        assert world.stored_restriction("WB-0001") == filing.restricted
        assert world.filed(filing) == receipt

    def test_every_problem_of_a_call_is_one_of_ours(self, world: World) -> None:
        with pytest.raises(DeliveryProblem):
            world.unreachable().look_up("WB-0001")
