"""CareDirector corrections and withdrawals: what is looked at first, and what is there afterwards."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.adapters.shared.texts import WITHDRAWN as WORDS
from service.domain.codes import WITHDRAWAL_REASONS
from service.domain.delivery import Reason
from service.errors import NothingSent, OutcomeUnknown
from service.ports import Absent
from simulators.caredirector import CaseNote
from tests.adapters.test_caredirector_connector import draft, failing, human, person
from tests.conformance.test_caredirector import WITHDRAWN, CareDirectorWorld, world
from tests.conformance.world import file
from tests.simulators.caredirector_client import UNKNOWN, Caller

__all__ = ["world"]

NOT_IDS = [
    "",
    "1",
    "99999999",
    UNKNOWN[:-1],
    f"{UNKNOWN}0",
    f"{UNKNOWN}\n",
    f"{{{UNKNOWN}}}",
    f"{UNKNOWN}' or id eq '1",
]
TEST_TARGET = {"form_template": "f0400000-0000-4000-8000-000000000001"}


class TestCorrections:
    @pytest.mark.parametrize("number", NOT_IDS)
    def test_a_number_that_is_no_id_is_not_asked_for(self, world: CareDirectorWorld, number: str) -> None:
        said = human(lambda: file(world.unreachable(), world.filing(replaces=number)))
        assert said == (Reason.RECORD_NOT_THERE, "not_a_form_id")

    def test_a_record_number_is_taken_in_any_case(self, world: CareDirectorWorld) -> None:
        first = world.filed(world.filing())
        second = world.filed(world.filing("WB-0002", replaces=first.record_number.upper()))
        assert second.evidence["corrects_form"] == first.record_number

    def test_the_evidence_names_the_form_corrected(self, world: CareDirectorWorld) -> None:
        first = world.filed(world.filing())
        world.filed(world.filing("WB-0002", replaces=first.record_number))
        assert world.form("WB-0002").corrects == first.record_number
        assert world.form().corrected_by == world.form("WB-0002").id

    def test_a_form_that_is_not_complete(self, world: CareDirectorWorld) -> None:
        number = draft(world, externalreference="WB-OTHER")
        said = human(lambda: file(world.system, world.filing(replaces=number)))
        assert said == (Reason.RECORD_NOT_THERE, "form_not_complete")

    def test_a_form_that_another_form_corrects(self, world: CareDirectorWorld) -> None:
        first = world.filed(world.filing())
        world.filed(world.filing("WB-0002", replaces=first.record_number))
        said = human(lambda: file(world.system, world.filing("WB-0003", replaces=first.record_number)))
        assert said == (Reason.RECORD_NOT_THERE, "corrected_by_another_form")
        assert world.records("WB-0003") == 0

    def test_a_form_of_another_template(self, world: CareDirectorWorld) -> None:
        first = world.filed(world.filing())
        other = world.connected(target=TEST_TARGET)
        said = human(lambda: file(other, world.filing("WB-0002", replaces=first.record_number)))
        assert said == (Reason.RECORD_NOT_THERE, "another_form_template")

    def test_a_form_of_another_person(self, world: CareDirectorWorld) -> None:
        """Also when it was withdrawn: nothing is said of a record of somebody else."""
        first = world.filed(world.filing())
        world.retracted(world.retraction(first.record_number))
        for number, born in (("0040211", "2012-12-12"), ("40300", "2010-01-14")):
            world.simulator.change_person(number, date_of_birth=born)
            about = person(number, type(world.filing().completed_on).fromisoformat(born))
            correction = replace(world.filing("WB-0002", replaces=first.record_number), person=about)
            said = human(lambda filing=correction: file(world.system, filing))
            assert said == (Reason.RECORD_NOT_THERE, "another_person")

    def test_a_form_under_our_reference_that_corrects_another(self, world: CareDirectorWorld) -> None:
        first, second = world.filed(world.filing()), world.filed(world.filing("WB-0002"))
        world.filed(world.filing("WB-0003", replaces=first.record_number))
        astray = (Reason.CONTRADICTION, "another_form_corrected")
        assert human(lambda: file(world.system, world.filing("WB-0003", replaces=second.record_number))) == astray
        assert human(lambda: file(world.system, world.filing("WB-0003"))) == astray


class TestWithdrawals:
    @pytest.mark.parametrize("why", WITHDRAWAL_REASONS)
    def test_a_note_is_a_sentence_of_ours(self, world: CareDirectorWorld, why: str) -> None:
        number = world.filed(world.filing()).record_number
        receipt = world.retracted(replace(world.retraction(number), reason=why))
        (note,) = world.simulator.records("WB-W001")
        assert isinstance(note, CaseNote)
        assert (note.form_id, note.type_id, note.notes) == (number, WITHDRAWN, WORDS[why])
        assert receipt.evidence == {"case_note": note.id, "created_on": note.created}
        assert world.form().withdrawn

    @pytest.mark.parametrize("number", NOT_IDS)
    def test_a_number_that_is_no_id(self, world: CareDirectorWorld, number: str) -> None:
        said = human(lambda: world.system.retract(world.retraction(number)))
        assert said == (Reason.RECORD_NOT_THERE, "not_a_form_id")

    def test_a_draft_is_not_withdrawn(self, world: CareDirectorWorld) -> None:
        number = draft(world)
        said = human(lambda: world.system.retract(world.retraction(number)))
        assert said == (Reason.RECORD_NOT_THERE, "form_not_complete")

    def test_one_reference_withdraws_one_record(self, world: CareDirectorWorld) -> None:
        first, second = world.filed(world.filing()), world.filed(world.filing("WB-0002"))
        world.retracted(world.retraction(first.record_number))
        said = human(lambda: world.system.retract(world.retraction(second.record_number)))
        assert said == (Reason.CONTRADICTION, "another_form_withdrawn")
        assert not world.form("WB-0002").withdrawn

    def test_a_note_of_another_type_is_no_withdrawal(self, world: CareDirectorWorld) -> None:
        number = world.filed(world.filing()).record_number
        world.retracted(world.retraction(number))
        other = world.connected(withdrawal_note_type=UNKNOWN)
        strange = (Reason.CONTRADICTION, "another_note_type")
        assert human(lambda: other.retract(world.retraction(number))) == strange
        assert human(lambda: other.look_up("WB-W001")) == strange

    def test_a_note_type_that_is_not_there(self, world: CareDirectorWorld) -> None:
        number = world.filed(world.filing()).record_number
        said = human(lambda: world.connected(withdrawal_note_type=UNKNOWN).retract(world.retraction(number)))
        assert said[0] is Reason.UNKNOWN_CODE
        assert world.system.look_up("WB-W001") == Absent()

    @pytest.mark.parametrize("after", [2, 3])
    def test_a_withdrawal_that_cannot_be_read_back_is_unknown(self, world: CareDirectorWorld, after: int) -> None:
        """Reads: our note, the form | our note, the form."""
        retraction = world.retraction(world.filed(world.filing()).record_number)
        world.simulator.faults.set("maintenance", times=1, on="read", after=after)
        failing(OutcomeUnknown, lambda: world.system.retract(retraction))
        assert world.retracted(retraction) == world.system.look_up("WB-W001")
        assert world.records("WB-W001") == 1

    def test_a_person_whose_record_is_open_elsewhere(self, world: CareDirectorWorld) -> None:
        retraction = world.retraction(world.filed(world.filing()).record_number)
        with world.locked():
            assert failing(NothingSent, lambda: world.system.retract(retraction)).reason is Reason.LOCKED
        assert world.retracted(retraction)

    def test_somebody_there_withdrew_it(self, world: CareDirectorWorld) -> None:
        number = world.filed(world.filing()).record_number
        assert Caller(world.simulator).withdraw(number).status_code == 201
        said = human(lambda: world.system.retract(world.retraction(number)))
        assert said == (Reason.ALREADY_WITHDRAWN, "form_withdrawn")
