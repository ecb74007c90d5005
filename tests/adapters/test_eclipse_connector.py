"""The Eclipse connector against its simulator: people, drafts that were begun, restrictions, locks, checks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from service.adapters.eclipse.checking import require_design
from service.adapters.eclipse.content import Plan, plan_for
from service.adapters.eclipse.filing import add_document, complete
from service.adapters.eclipse.system import EclipseCaseSystem
from service.adapters.eclipse.tasks import new_task
from service.adapters.shared.digests import sha256
from service.domain.delivery import Reason
from service.errors import DeliveryProblem, NeedsHuman, NothingSent, OutcomeUnknown
from service.ports import Ability, Absent, Answer, Filing, Partial, PersonReference, Standing
from simulators.eclipse import EclipseSimulator
from tests.adapters.test_eclipse_parts import ATTACHMENT, FORM, PERSON, TASK, api, listed
from tests.conformance.test_eclipse import DESIGNS, SECRET, TARGET, EclipseWorld, world
from tests.conformance.world import MARKER, PDF, assert_silent, file

__all__ = ["world"]


class Base:
    World = EclipseWorld


def problem(call: Callable[[], object]) -> DeliveryProblem:
    with pytest.raises(DeliveryProblem) as caught:
        call()
    assert_silent(caught.value)
    return caught.value


def human(call: Callable[[], object]) -> tuple[Reason, str]:
    found = problem(call)
    assert isinstance(found, NeedsHuman), found
    return found.reason, found.note


def someone(number: str, born: date | None = date(2010, 5, 2)) -> PersonReference:
    return PersonReference(number, born, None, date(2026, 9, 14))


def of_another(world: EclipseWorld, reference: str = "WB-0001") -> Filing:
    return replace(world.filing(reference), person=someone("40221", date(2010, 12, 30)))


class TestPeople(Base):
    def test_a_winter_birthday_is_the_same_day(self, world: EclipseWorld) -> None:
        world.system.verify_person(someone("40221", date(2010, 12, 30)))
        world.system.verify_person(someone("40211", date(2010, 5, 2)))
        assert human(lambda: world.system.verify_person(someone("40211", date(2010, 5, 1))))[0] is Reason.DOB_MISMATCH

    def test_by_the_number_of_the_product_before(self, world: EclipseWorld) -> None:
        world.filed(replace(world.filing(), person=someone("7001", date(2010, 12, 30))))
        assert world.form().person_id == 40221

    @pytest.mark.parametrize("number", ["40213", "40219"])
    def test_only_a_month_or_a_year_is_known(self, world: EclipseWorld, number: str) -> None:
        aged = replace(someone(number), date_of_birth=None, age=15)
        assert human(lambda: world.system.verify_person(aged))[0] is Reason.DOB_ESTIMATED

    def test_nothing_is_known(self, world: EclipseWorld) -> None:
        aged = replace(someone("40220"), date_of_birth=None, age=15)
        assert human(lambda: world.system.verify_person(aged))[0] is Reason.DOB_MISMATCH

    @pytest.mark.parametrize("number", ["40212", "40222"])
    def test_a_duplicate_with_and_without_its_survivor(self, world: EclipseWorld, number: str) -> None:
        assert human(lambda: world.system.verify_person(someone(number)))[0] is Reason.PERSON_MERGED

    @pytest.mark.parametrize("number", ["4021", "040211"])
    def test_part_of_a_number_or_another_spelling_finds_nobody(self, world: EclipseWorld, number: str) -> None:
        assert human(lambda: world.system.verify_person(someone(number)))[0] is Reason.PERSON_NOT_FOUND

    def test_nobody_is_looked_for_by_name(self, world: EclipseWorld) -> None:
        found = human(lambda: world.unreachable().verify_person(someone("Sample")))
        assert found == (Reason.PERSON_NOT_FOUND, "not_a_person_number")

    def test_a_task_is_for_one_person_who_is_there(self, world: EclipseWorld) -> None:
        """Known before anything is written."""
        world.simulator.faults.set("denied", times=None, on="write")
        expected = {"40212": Reason.PERSON_MERGED, "40215": Reason.PERSON_RESTRICTED}
        expected |= {"40216": Reason.PERSON_AMBIGUOUS, "99999": Reason.PERSON_NOT_FOUND}
        for number, reason in expected.items():
            task = replace(world.task(), child_id=number)
            assert human(lambda task=task: world.system.raise_task(task))[0] is reason
        assert world.records("WB-T001") == 0

    def test_a_task_under_our_reference_about_somebody_else(self, world: EclipseWorld) -> None:
        world.system.raise_task(world.task())
        other = replace(world.task(), child_id="40221")
        assert human(lambda: world.system.raise_task(other)) == (Reason.CONTRADICTION, "another_person")


class TestStoredOtherwise(Base):
    """Answers that the simulator never gives: what was stored is not what was sent."""

    def plan(self, world: EclipseWorld) -> Plan:
        return plan_for(world.filing(), TARGET, documents_here=True)

    def test_answers(self, world: EclipseWorld) -> None:
        form = api(200, FORM).form(1)
        assert human(lambda: complete(api(200, FORM), form, self.plan(world)))[1] == "answers_stored_differently"

    def test_a_state(self, world: EclipseWorld) -> None:
        held = {**FORM, "answersSha256": self.plan(world).answers_sha256}
        found = problem(lambda: complete(api(200, held), api(200, held).form(1), self.plan(world)))
        assert (type(found), found.note) == (OutcomeUnknown, "form_not_completed")

    @pytest.mark.parametrize("change", [{}, {"formInstanceId": 2, "sha256": sha256(PDF)}])
    def test_a_document(self, world: EclipseWorld, change: dict[str, Any]) -> None:
        stored = api(201, {**ATTACHMENT, **change})
        form = api(200, {**FORM, "attachments": []}).form(1)
        assert human(lambda: add_document(stored, form, self.plan(world)))[1] == "document_stored_differently"

    def test_the_day_of_a_task(self, world: EclipseWorld) -> None:
        person = api(200, listed(PERSON)).people("40211")[0]
        found = human(lambda: new_task(api(201, TASK), person, world.task(), TASK))
        assert found == (Reason.CONTRADICTION, "due_on_another_day")

    def test_a_form_design(self) -> None:
        design = {"_type": "FormDesign", "designGuid": f"{DESIGNS}3120", "attachmentRequired": True}
        found = human(lambda: require_design(api(200, design), TARGET, documents_here=True))
        assert found == (Reason.CONTRADICTION, "another_form_design")


class TestBegun(Base):
    def test_a_draft_is_continued(self, world: EclipseWorld) -> None:
        container = world.system.open_container(world.filing())
        assert world.system.look_up("WB-0001") == Partial()
        world.system.file_document(world.filing(), container)
        world.system.file_document(world.filing(), world.system.open_container(world.filing()))
        receipt = world.filed(world.filing())
        assert (receipt.record_number, len(world.form().attachments)) == (container.number, 1)
        assert world.records("WB-0001") == 1

    def test_a_document_that_was_stored_twice_is_the_same_one_ever_after(self, world: EclipseWorld) -> None:
        container = world.system.open_container(world.filing())
        for _ in range(2):
            world.system.file_document(world.filing(), container)
        receipt = world.filed(world.filing())
        assert len(world.form().attachments) == 2
        assert receipt == world.filed(world.filing()) == world.system.look_up("WB-0001")

    @pytest.mark.parametrize("writes", range(4))
    def test_whichever_reply_was_lost(self, world: EclipseWorld, writes: int) -> None:
        world.simulator.faults.set("reset_after_commit", times=1, on="write", after=writes)
        assert isinstance(problem(lambda: file(world.system, world.filing())), OutcomeUnknown)
        assert world.system.look_up("WB-0001") != Absent()
        receipt = world.filed(world.filing())
        assert (world.records("WB-0001"), len(world.form().attachments)) == (1, 1)
        assert world.system.look_up("WB-0001") == receipt

    def test_a_draft_that_changed_since_it_was_read(self, world: EclipseWorld) -> None:
        filing = world.filing()
        early = world.system.open_container(filing)
        world.system.file_document(filing, early)
        other = replace(filing, answers=(*filing.answers[:-1], Answer("Test_Long", None, "x")))
        late = world.system.open_container(other)
        world.simulator.faults.set("denied", times=None, on=f"/formInstance/{late.number}/state")
        problem(lambda: world.system.submit(other, late, None))
        world.clear_faults()
        stale = problem(lambda: world.system.submit(filing, early, None))
        assert (type(stale), stale.reason, stale.note) == (NothingSent, Reason.LOCKED, "STALE_VERSION")
        world.filed(filing)
        assert MARKER in world.stored_words("WB-0001")

    @pytest.mark.parametrize(
        ("change", "note"),
        [
            ({"person": someone("40221", date(2010, 12, 30))}, "another_person"),
            ({"restricted": True}, "completed_with_other_answers"),
            ({"answers": ()}, "completed_with_other_answers"),
            ({"replaces": "1"}, "another_form_corrected"),
        ],
    )
    def test_something_else_stands_under_our_reference(
        self, world: EclipseWorld, change: dict[str, Any], note: str
    ) -> None:
        world.filed(world.filing())
        assert human(lambda: file(world.system, replace(world.filing(), **change))) == (Reason.CONTRADICTION, note)

    def test_another_document_than_the_one_that_was_completed(self, world: EclipseWorld) -> None:
        filing = world.filing()
        world.filed(filing)
        other = replace(filing, document=replace(filing.document, content=PDF + b"x"))
        assert human(lambda: file(world.system, other)) == (Reason.CONTRADICTION, "completed_without_our_content")

    def test_another_form_under_our_reference(self, world: EclipseWorld) -> None:
        world.filed(world.filing())
        other = world.connected(target={"design_guid": f"{DESIGNS}3120"})
        assert human(lambda: file(other, world.filing())) == (Reason.CONTRADICTION, "another_form_design")

    def test_two_under_our_reference_are_for_a_person(self, world: EclipseWorld) -> None:
        world.filed(world.filing())
        (form,) = world.simulator.records("WB-0001")
        hidden = replace(form, reference="WB-0001", id=form.id + 1000)
        world.simulator._world.put(hidden)  # what a person there, or two bridges, might do
        assert human(lambda: world.system.look_up("WB-0001"))[1] == "several_under_our_reference"
        assert human(lambda: file(world.system, world.filing()))[1] == "several_under_our_reference"

    def test_documents_kept_elsewhere(self, world: EclipseWorld) -> None:
        """The design asks for an attachment, so such a profile can never complete a form; the check says so."""
        elsewhere = world.connected(documents_here=False)
        (finding,) = [each for each in elsewhere.check() if each.standing is Standing.WRONG]
        assert finding.detail.endswith("(attachment_required)")
        container = elsewhere.open_container(world.filing())
        found = human(lambda: elsewhere.submit(world.filing(), container, None))
        assert found == (Reason.CONTENT_REFUSED, "UNFINISHED attachments")


class TestRestricted(Base):
    def test_the_document_never_lies_on_an_open_draft(self, world: EclipseWorld) -> None:
        filing = replace(world.filing(), restricted=True)
        container = world.system.open_container(filing)
        assert (world.form().restricted, len(world.form().attachments)) == (True, 0)
        world.system.submit(filing, container, world.system.file_document(filing, container))
        assert world.form().restricted
        assert world.filed(filing) == world.system.look_up("WB-0001")

    def test_an_open_record_is_not_restricted(self, world: EclipseWorld) -> None:
        world.filed(world.filing())
        assert not world.form().restricted

    def test_a_draft_that_others_restricted_is_not_opened_up(self, world: EclipseWorld) -> None:
        world.system.open_container(replace(world.filing(), restricted=True))
        assert human(lambda: file(world.system, world.filing())) == (Reason.CONTRADICTION, "another_restriction")
        assert world.form().restricted

    def test_it_can_do_everything(self, world: EclipseWorld) -> None:
        assert world.system.abilities == frozenset(Ability)


class TestAfterwards(Base):
    def test_a_correction_names_a_complete_form_of_the_same_person_and_design(self, world: EclipseWorld) -> None:
        draft = world.system.open_container(world.filing("WB-D"))
        first = world.filed(world.filing())
        assert human(lambda: world.filed(world.filing("WB-2", replaces=draft.number)))[1] == "form_not_complete"
        theirs = replace(of_another(world, "WB-2"), replaces=first.record_number)
        assert human(lambda: world.filed(theirs)) == (Reason.RECORD_NOT_THERE, "another_person")
        other = world.connected(target={"design_guid": f"{DESIGNS}3120"})
        corrected = world.filing("WB-2", replaces=first.record_number)
        assert human(lambda: file(other, corrected)) == (Reason.RECORD_NOT_THERE, "another_form_design")
        world.filed(corrected)
        again = world.filing("WB-3", replaces=first.record_number)
        assert human(lambda: world.filed(again)) == (Reason.RECORD_NOT_THERE, "corrected_by_another_form")

    def test_a_withdrawal_is_for_a_complete_form(self, world: EclipseWorld) -> None:
        draft = world.system.open_container(world.filing())
        retraction = world.retraction(draft.number)
        assert human(lambda: world.system.retract(retraction)) == (Reason.RECORD_NOT_THERE, "form_not_complete")

    def test_the_note_is_ours_and_says_nothing_else(self, world: EclipseWorld) -> None:
        world.system.retract(world.retraction(world.filed(world.filing()).record_number))
        assert world.form().withdrawn
        (note,) = world.simulator.records("WB-W001")
        assert note.wire()["note"] == "<p>Withdrawn: this record is about another young person.</p>"

    def test_a_withdrawal_of_another_record_under_our_reference(self, world: EclipseWorld) -> None:
        first, second = (world.filed(world.filing(each)).record_number for each in ("WB-0001", "WB-0002"))
        world.system.retract(world.retraction(first))
        found = human(lambda: world.system.retract(world.retraction(second)))
        assert found == (Reason.CONTRADICTION, "another_form_withdrawn")
        assert not world.form("WB-0002").withdrawn

    def test_a_note_that_withdrew_nothing_is_no_proof(self, world: EclipseWorld) -> None:
        world.system.retract(world.retraction(world.filed(world.filing()).record_number))
        world.simulator._world.put(replace(world.form(), withdrawn=False))
        for call in (lambda: world.system.look_up("WB-W001"), lambda: world.system.retract(world.retraction("1"))):
            assert human(call)[0] is Reason.CONTRADICTION

    def test_a_withdrawal_that_cannot_be_read_back_is_unknown(self, world: EclipseWorld) -> None:
        number = world.filed(world.filing()).record_number
        world.simulator.faults.set("denied", times=None, on=f"/formInstance/{number}", after=1)
        assert isinstance(problem(lambda: world.system.retract(world.retraction(number))), OutcomeUnknown)
        world.clear_faults()
        assert world.system.retract(world.retraction(number)) == world.system.look_up("WB-W001")
        assert world.records("WB-W001") == 1

    def test_a_person_who_was_joined_to_another_meanwhile(self, world: EclipseWorld) -> None:
        filing = of_another(world)
        receipt = world.filed(filing)
        world.simulator.merge(40221, into=40211)
        assert human(lambda: file(world.system, filing))[0] is Reason.PERSON_MERGED
        assert world.system.look_up("WB-0001") == receipt
        moved = replace(world.retraction(receipt.record_number), child_id="40221")
        assert human(lambda: world.system.retract(moved)) == (Reason.RECORD_NOT_THERE, "another_person")
        assert world.system.retract(world.retraction(receipt.record_number)).record_number == receipt.record_number


class TestProfile(Base):
    @pytest.mark.parametrize(
        "target",
        [
            {"design_guid": "00000000-0000-4000-8000-000000000001"},
            {"team": "NO-TEAM"},
            {"attachment_type": "NO-TYPE"},
            {"attachment_sub_type": "NO-TYPE"},
        ],
    )
    def test_what_this_eclipse_does_not_know(self, world: EclipseWorld, target: dict[str, str]) -> None:
        found = human(lambda: file(world.connected(target=target), world.filing()))
        assert found[0] is Reason.UNKNOWN_CODE
        assert found[1].split()[0].startswith("UNKNOWN_")

    def test_a_design_guid_in_capitals(self, world: EclipseWorld) -> None:
        capitals = world.connected(target={"design_guid": f"{DESIGNS}9001".upper()})
        assert file(capitals, world.filing()) == world.system.look_up("WB-0001")

    def test_a_design_that_may_not_be_added(self, world: EclipseWorld) -> None:
        seen = world.connected(target={"design_guid": f"{DESIGNS}9003"})
        assert human(lambda: file(seen, world.filing()))[0] is Reason.NOT_PERMITTED

    def test_a_check_names_what_is_wrong(self, world: EclipseWorld) -> None:
        wrong = world.connected(target={"design_guid": "00000000-0000-4000-8000-000000000001"})
        findings = [each for each in wrong.check() if each.standing is Standing.WRONG]
        assert [each.what for each in findings] == ["form design of wise_assessment"]

    def test_a_check_changes_nothing_and_asks_for_nobody(self, world: EclipseWorld) -> None:
        world.simulator.faults.set("denied", times=None, on="write")
        world.simulator.faults.set("denied", times=None, on="/person")
        assert Standing.WRONG not in {each.standing for each in world.system.check()}

    def test_a_sign_in_with_too_little(self, tmp_path: Any) -> None:
        few = ("person.VIEW", "formInstance.VIEW", "formInstance.ADD", "caseNoteEntry.VIEW", "workListTask.VIEW")
        with EclipseSimulator(tmp_path / "few", SECRET, permissions=few) as simulator:
            system: EclipseCaseSystem = EclipseWorld(simulator).connected()
            (finding,) = [each for each in system.check() if each.standing is Standing.WRONG]
            assert finding.what == "sign-in and permissions"
            assert "formInstance.UPDATE formInstance.COMPLETE attachment.ADD" in finding.detail
            found = human(lambda: file(system, EclipseWorld(simulator).filing()))
            assert found == (Reason.NOT_PERMITTED, "NOT_PERMITTED attachment.ADD")
