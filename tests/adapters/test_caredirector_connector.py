"""The CareDirector connector against the simulator over real HTTP."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from hashlib import sha256
from typing import Any

import pytest

from service.domain.delivery import Reason
from service.errors import DeliveryProblem, NeedsHuman, NothingSent, OutcomeUnknown
from service.ports import Ability, Absent, Partial, PersonReference, Receipt, Standing
from simulators.caredirector import Case, Task
from tests.conformance.test_caredirector import APART, REVIEW, TEAM, TEST_FORM, CareDirectorWorld, world
from tests.conformance.world import MARKER, PDF, assert_silent, file
from tests.simulators.caredirector_client import LETTER, UNKNOWN, WISE, Caller

__all__ = ["world"]

WRITES = ("the draft", "the document", "the answers", "the completion")


def failing(kind: type[DeliveryProblem], call: Callable[[], object]) -> Any:
    with pytest.raises(kind) as caught:
        call()
    assert type(caught.value) is kind
    assert_silent(caught.value)
    return caught.value


def human(call: Callable[[], object]) -> tuple[Reason, str]:
    problem = failing(NeedsHuman, call)
    return problem.reason, problem.note


def person(number: str, born: date) -> PersonReference:
    return PersonReference(number, born, None, date(2026, 9, 14))


def draft(world: CareDirectorWorld, **changes: Any) -> str:
    """A form somebody opened under our reference."""
    return Caller(world.simulator).open(**{"externalreference": "WB-0001", "documentid": {"id": TEST_FORM}, **changes})


class TestFiling:
    def test_everything_is_there(self, world: CareDirectorWorld) -> None:
        receipt = file(world.system, replace(world.filing(), restricted=True))
        form = world.form()
        (document,) = form.documents
        assert (form.complete, form.restriction_id, form.team_id, form.template_id) == (True, APART, TEAM, TEST_FORM)
        assert (form.case_id, form.start) == (Case("C-500211").id, "2026-09-14")
        assert (document.filename, document.content, document.date) == ("WB-0001.pdf", PDF, "2026-09-14")
        assert document.title == world.filing().document.title
        assert form.answers_sha256 is not None
        digests = {"answers_sha256": form.answers_sha256, "document_sha256": sha256(PDF).hexdigest()}
        assert receipt == Receipt(form.id, document.id, digests)

    def test_rows_and_words_are_text(self, world: CareDirectorWorld) -> None:
        file(world.system, world.filing())
        assert {"questioncode": "test_rows", "row": "2", "value": "two"} in world.form().answers
        assert {"questioncode": "test_short", "row": None, "value": "x"} in world.form().answers

    @pytest.mark.parametrize("lost", range(4), ids=WRITES)
    def test_a_lost_reply_is_unknown_then_found_then_continued(self, world: CareDirectorWorld, lost: int) -> None:
        world.simulator.faults.set("reset_after_commit", times=1, on="write", after=lost)
        assert failing(OutcomeUnknown, lambda: file(world.system, world.filing())).reason is Reason.NO_CLEAR_ANSWER
        assert isinstance(world.system.look_up("WB-0001"), Receipt if lost == 3 else Partial)
        receipt = file(world.system, world.filing())
        assert world.system.look_up("WB-0001") == receipt
        assert (world.records("WB-0001"), len(world.form().documents)) == (1, 1)

    @pytest.mark.parametrize("fault", ["maintenance", "denied", "auth_expired"])
    @pytest.mark.parametrize("after", [3, 5, 6, 7], ids=WRITES)
    def test_what_was_written_and_cannot_be_read_back_is_unknown(
        self, world: CareDirectorWorld, after: int, fault: str
    ) -> None:
        """Reads: the person, our form, the case | our form | the files | the file | the form | the form."""
        world.system.verify_person(world.person())
        world.simulator.faults.set(fault, times=2, on="read", after=after)
        assert failing(OutcomeUnknown, lambda: file(world.system, world.filing())).reason is Reason.NO_CLEAR_ANSWER
        world.clear_faults()
        assert file(world.system, world.filing()) == world.system.look_up("WB-0001")
        assert (world.records("WB-0001"), len(world.form().documents)) == (1, 1)

    @pytest.mark.parametrize("after", [0, 1, 2, 4])
    def test_what_cannot_be_read_before_a_write_had_no_effect(self, world: CareDirectorWorld, after: int) -> None:
        world.system.verify_person(world.person())
        world.simulator.faults.set("maintenance", times=1, on="read", after=after)
        failing(NothingSent, lambda: file(world.system, world.filing()))
        assert world.records("WB-0001") == (after > 3)

    def test_not_even_the_draft_of_a_restricted_record_lies_open(self, world: CareDirectorWorld) -> None:
        world.system.open_container(replace(world.filing(), restricted=True))
        assert (world.form().restriction_id, world.form().complete) == (APART, False)

    def test_a_mended_mapping_replaces_the_answers_of_a_draft(self, world: CareDirectorWorld) -> None:
        form, caller = draft(world), Caller(world.simulator)
        caller.attach(form, PDF, "WB-0001.pdf")
        caller.change(form, answers=[{"questioncode": "test_short", "row": None, "value": "older"}])
        assert world.filed(world.filing()).record_number == form
        assert "older" not in world.stored_words("WB-0001")
        assert MARKER in world.stored_words("WB-0001")
        assert len(world.form().documents) == 1

    def test_of_two_files_of_our_name_ours_is_the_latest(self, world: CareDirectorWorld) -> None:
        Caller(world.simulator).attach(draft(world), b"%PDF-1.7 as it was made before", "WB-0001.pdf")
        receipt = world.filed(world.filing())
        assert receipt.document_number == world.form().documents[1].id
        assert receipt == world.filed(world.filing()) == world.system.look_up("WB-0001")

    def test_answers_that_are_there_are_not_sent_again(self, world: CareDirectorWorld) -> None:
        world.simulator.faults.set("maintenance", times=1, on="write", after=3)
        failing(NothingSent, lambda: file(world.system, world.filing()))
        assert (bool(world.form().answers), world.form().complete) == (True, False)
        world.simulator.faults.set("maintenance", times=1, on="write", after=1)  # for a write after the completion
        assert world.filed(world.filing()) == world.system.look_up("WB-0001")

    def test_a_form_without_its_document_is_not_completed(self, world: CareDirectorWorld) -> None:
        elsewhere = world.connected(documents_here=False)
        container = elsewhere.open_container(world.filing())
        said = human(lambda: elsewhere.submit(world.filing(), container, None))
        assert said == (Reason.CONTENT_REFUSED, "FormIncomplete DocumentRequired")
        assert elsewhere.look_up("WB-0001") == Partial()


class TestContradictions:
    def test_two_under_our_reference(self, world: CareDirectorWorld) -> None:
        for _ in range(2):
            draft(world)
        several = (Reason.CONTRADICTION, "several_under_our_reference")
        assert human(lambda: file(world.system, world.filing())) == several
        assert human(lambda: world.system.look_up("WB-0001")) == several

    @pytest.mark.parametrize(
        ("changes", "note"),
        [
            ({"number": "40213"}, "another_person"),
            ({"documentid": {"id": WISE}}, "another_form_template"),
            ({"datarestrictionid": {"id": APART}}, "another_restriction"),
        ],
    )
    def test_something_else_under_our_reference(
        self, world: CareDirectorWorld, changes: dict[str, Any], note: str
    ) -> None:
        draft(world, **changes)
        assert human(lambda: file(world.system, world.filing())) == (Reason.CONTRADICTION, note)
        assert world.form().answers == ()

    def test_a_restricted_record_is_not_put_into_an_open_draft(self, world: CareDirectorWorld) -> None:
        draft(world)
        said = human(lambda: file(world.system, replace(world.filing(), restricted=True)))
        assert said == (Reason.CONTRADICTION, "another_restriction")
        assert world.form().documents == ()

    def test_a_form_somebody_completed_with_other_words(self, world: CareDirectorWorld) -> None:
        form, caller = draft(world), Caller(world.simulator)
        caller.attach(form, b"%PDF-1.7 theirs", "theirs.pdf")
        words = [{"questioncode": "test_short", "row": None, "value": "theirs"}]
        assert caller.change(form, answers=words, assessmentstatusid={"id": "2"}).status_code == 201
        other = (Reason.CONTRADICTION, "completed_with_other_answers")
        assert human(lambda: file(world.system, world.filing())) == other
        without = (Reason.CONTRADICTION, "completed_without_our_content")
        assert human(lambda: world.system.look_up("WB-0001")) == without


class TestPeople:
    def test_leading_zeros_are_another_person(self, world: CareDirectorWorld) -> None:
        world.system.verify_person(person("0040211", date(2012, 12, 12)))
        file(world.system, replace(world.filing(), person=person("0040211", date(2012, 12, 12))))
        file(world.system, world.filing("WB-0002"))
        assert world.form().person_id != world.form("WB-0002").person_id

    @pytest.mark.parametrize("born", [date(2009, 3, 14), date(2013, 7, 30)])
    def test_nobody_chooses_between_two_people_under_one_number(self, world: CareDirectorWorld, born: date) -> None:
        filing = replace(world.filing(), person=person("40216", born))
        assert human(lambda: world.system.verify_person(filing.person))[0] is Reason.PERSON_AMBIGUOUS
        assert human(lambda: file(world.system, filing))[0] is Reason.PERSON_AMBIGUOUS
        task = replace(world.task(), child_id="40216")
        assert human(lambda: world.system.raise_task(task))[0] is Reason.PERSON_AMBIGUOUS
        assert world.simulator.records() == []

    def test_a_merged_person_whose_other_record_is_hidden(self, world: CareDirectorWorld) -> None:
        world.simulator.change_person("40211", hidden=True)
        assert human(lambda: world.system.verify_person(world.person("merged")))[0] is Reason.PERSON_MERGED

    def test_a_person_without_a_date_of_birth(self, world: CareDirectorWorld) -> None:
        said = human(lambda: world.system.verify_person(person("40220", date(2010, 5, 2))))
        assert said[0] is Reason.DOB_MISMATCH

    @pytest.mark.parametrize("child_id", ["", "40211\n", "40211\ud800", "40211' and id eq '1", "'", "40211 "])
    def test_no_text_is_more_than_a_number_nobody_has(self, world: CareDirectorWorld, child_id: str) -> None:
        said = human(lambda: world.system.verify_person(person(child_id, date(2010, 5, 2))))
        assert said[0] is Reason.PERSON_NOT_FOUND

    def test_who_changed_since_they_were_verified_gets_no_record(self, world: CareDirectorWorld) -> None:
        world.system.verify_person(world.person())
        world.simulator.change_person("40211", date_of_birth="2010-05-03")
        assert human(lambda: file(world.system, world.filing()))[0] is Reason.DOB_MISMATCH
        assert world.records("WB-0001") == 0

    def test_of_two_open_cases_none_is_chosen(self, world: CareDirectorWorld) -> None:
        filing = replace(world.filing(), person=person("40219", date(2011, 9, 9)))
        world.system.verify_person(filing.person)
        assert human(lambda: file(world.system, filing)) == (Reason.SEVERAL_OPEN_EPISODES, "several_open_cases")
        assert world.records("WB-0001") == 0

    def test_a_correction_stays_in_the_case_of_what_it_corrects(self, world: CareDirectorWorld) -> None:
        first = world.filed(world.filing())
        cases = (Case("C-500209"), Case("C-500211"))
        world.simulator.change_person("40211", cases=cases)
        world.filed(world.filing("WB-0002", replaces=first.record_number))
        assert world.form("WB-0002").case_id == world.form().case_id == Case("C-500211").id

    def test_a_correction_goes_to_the_open_case_when_the_other_was_closed(self, world: CareDirectorWorld) -> None:
        first = world.filed(world.filing())
        cases = (Case("C-500209"), Case("C-500211", is_open=False))
        world.simulator.change_person("40211", cases=cases)
        world.filed(world.filing("WB-0002", replaces=first.record_number))
        assert world.form("WB-0002").case_id == Case("C-500209").id


class TestTasks:
    def test_a_task_discloses_nothing(self, world: CareDirectorWorld) -> None:
        receipt = world.system.raise_task(world.task())
        (task,) = world.simulator.records("WB-T001")
        assert isinstance(task, Task)
        assert (task.team_id, task.subject, task.due) == (REVIEW, "A review is due.", "2026-12-14")
        assert receipt == world.system.look_up("WB-T001")

    def test_a_task_needs_no_open_case(self, world: CareDirectorWorld) -> None:
        assert world.system.raise_task(replace(world.task(), child_id="40217"))

    @pytest.mark.parametrize(
        ("number", "reason"),
        [
            *(("40212", Reason.PERSON_MERGED), ("40214", Reason.PERSON_RESTRICTED)),
            *(("40215", Reason.PERSON_NOT_FOUND), ("49999", Reason.PERSON_NOT_FOUND)),
        ],
    )
    def test_people_no_task_is_raised_for(self, world: CareDirectorWorld, number: str, reason: Reason) -> None:
        world.simulator.routes.discard("POST task")  # refused before anything is sent
        assert human(lambda: world.system.raise_task(replace(world.task(), child_id=number)))[0] is reason
        assert world.records("WB-T001") == 0

    def test_a_task_about_somebody_else_under_our_reference(self, world: CareDirectorWorld) -> None:
        Caller(world.simulator).task("40213", externalreference="WB-T001")
        said = human(lambda: world.system.raise_task(world.task()))
        assert said == (Reason.CONTRADICTION, "another_person")


class TestSetUp:
    @pytest.mark.parametrize(
        ("target", "note"),
        [
            ({"team": UNKNOWN}, "UnknownTeam ownerid"),
            ({"form_template": UNKNOWN}, "UnknownForm documentid"),
            ({"document_type": UNKNOWN}, "UnknownDocumentType documenttypeid"),
            ({"document_sub_type": LETTER}, "UnknownDocumentSubType documentsubtypeid"),
        ],
    )
    def test_a_code_of_the_profile_that_is_not_there(
        self, world: CareDirectorWorld, target: dict[str, str], note: str
    ) -> None:
        reason, said = human(lambda: file(world.connected(target=target), world.filing()))
        assert reason is Reason.UNKNOWN_CODE
        assert said == note

    def test_a_restriction_that_is_not_there(self, world: CareDirectorWorld) -> None:
        filing = replace(world.filing(), restricted=True)
        said = human(lambda: file(world.connected(restriction=UNKNOWN), filing))
        assert said[0] is Reason.UNKNOWN_CODE
        assert world.records("WB-0001") == 0

    @pytest.mark.parametrize(
        ("route", "done"),
        [("GET case", 0), ("POST caseform", 0), ("POST caseformattachment", 1), ("PUT caseform", 1)],
    )
    def test_a_route_that_is_not_on_the_list(self, world: CareDirectorWorld, route: str, done: int) -> None:
        world.simulator.routes.discard(route)
        said = human(lambda: file(world.system, world.filing()))
        assert said == (Reason.NOT_PERMITTED, "RouteNotFound")
        assert world.records("WB-0001") == done

    @pytest.mark.parametrize("entity", ["person", "case", "caseform", "caseformattachment", "task", "casenote"])
    def test_a_check_says_which_view_is_missing(self, world: CareDirectorWorld, entity: str) -> None:
        world.simulator.routes.discard(f"GET {entity}")
        wrong = [each for each in world.system.check() if each.standing is Standing.WRONG]
        assert len(wrong) == 1
        assert "(RouteNotFound)" in wrong[0].detail

    def test_what_is_not_in_the_profile_is_not_done(self, world: CareDirectorWorld) -> None:
        system = world.connected(restriction="", withdrawal_note_type="")
        assert frozenset(Ability) - system.abilities == {Ability.RESTRICTS, Ability.RETRACTS}
        restricted = replace(world.filing(), restricted=True)
        assert human(lambda: file(system, restricted))[0] is Reason.RESTRICTION_NOT_CARRIED
        receipt = world.filed(world.filing())
        assert human(lambda: system.retract(world.retraction(receipt.record_number)))[0] is Reason.NOT_SUPPORTED
        world.retracted(world.retraction(receipt.record_number))
        assert system.look_up("WB-W001") == Absent()


class TestSignIn:
    def test_wrong_credentials(self, world: CareDirectorWorld) -> None:
        system = world.connected(client_secret=MARKER)
        said = human(lambda: system.look_up("WB-0001"))
        assert said == (Reason.SIGN_IN_REFUSED, "token_status_401")

    def test_one_sign_in_serves_every_thread(self, world: CareDirectorWorld) -> None:
        world.system.verify_person(world.person())
        world.simulator.faults.set("maintenance", times=None, on="/auth/token")
        references = [f"WB-{number}" for number in range(8)]
        with ThreadPoolExecutor(4) as threads:
            receipts = list(threads.map(lambda each: world.filed(world.filing(each)), references))
        assert len({receipt.record_number for receipt in receipts}) == 8
        failing(NothingSent, lambda: world.connected().look_up("WB-0"))
