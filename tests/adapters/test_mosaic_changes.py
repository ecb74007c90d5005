"""Mosaic corrections and withdrawals: what is sent, what is read, and what is there afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from service.adapters.mosaic.content import plan_for, withdrawal_note
from service.adapters.mosaic.rest.client import RestWire
from service.adapters.shared.texts import WITHDRAWN
from service.domain import codes
from service.domain.delivery import Reason
from service.errors import NeedsHuman, NothingSent, OutcomeUnknown
from service.ports import Partial
from tests.adapters.test_mosaic_connector import failing, human
from tests.adapters.test_mosaic_parts import STEP, api, caught, refusal
from tests.conformance.test_mosaic import TARGET, MosaicWorld, simulator, world
from tests.conformance.world import MARKER, file

__all__ = ["simulator", "world"]

NOTE = {
    "noteId": 70012,
    "stepId": 1,
    "externalReference": "WB-9",
    "noteType": "WITHDRAWN",
    "text": MARKER,
    "createdAt": "2026-09-17T08:00:00Z",
}
NOT_NUMBERS = ["", "0", "-1", "007", "1.0", "R1", " 1", "1\n", "9" * 30, "1/notes"]


class TestSending:
    def test_only_a_correction_names_a_step(self, world: MosaicWorld) -> None:
        plain = plan_for(world.filing(), TARGET, documents_here=True).new_step()
        corrected = plan_for(world.filing(replaces="880123"), TARGET, documents_here=True).new_step()
        assert "correctsStepId" not in plain
        assert corrected == {**plain, "correctsStepId": 880123}

    def test_a_note_is_a_sentence_of_ours(self, world: MosaicWorld) -> None:
        assert set(WITHDRAWN) == set(codes.WITHDRAWAL_REASONS)
        for reason, text in WITHDRAWN.items():
            body = withdrawal_note(replace(world.retraction("880123"), reason=reason))
            assert body == {"externalReference": "WB-W001", "noteType": "WITHDRAWN", "text": text}
            assert 0 < len(text) <= 250
        assert len(set(WITHDRAWN.values())) == len(WITHDRAWN)

    @pytest.mark.parametrize("number", NOT_NUMBERS)
    def test_a_number_that_is_no_step_number_is_not_asked_for(self, world: MosaicWorld, number: str) -> None:
        silent = world.unreachable()
        assert human(lambda: file(silent, world.filing(replaces=number))) is Reason.RECORD_NOT_THERE
        assert human(lambda: silent.retract(world.retraction(number))) is Reason.RECORD_NOT_THERE


class TestReading:
    @pytest.mark.parametrize("value", ["gone", None, [], {}, MARKER, 0, True, -1, 1.5, "2026-09-17"], ids=repr)
    @pytest.mark.parametrize("name", sorted(NOTE.keys() - {"text"}))
    def test_a_note_of_another_shape_is_unexpected(self, name: str, value: Any) -> None:
        body = {key: each for key, each in {**NOTE, name: value}.items() if each != "gone"}
        step = api(201, STEP).open_step({})
        if name == "externalReference" and value in (MARKER, "2026-09-17"):
            assert api(201, body).add_note(step, {}).reference == value
            return
        assert isinstance(caught(lambda: api(201, body).add_note(step, {})), OutcomeUnknown)
        assert isinstance(caught(lambda: api(200, {"notes": [body]}).notes("WB-9")), NothingSent)

    def test_a_search_that_ignores_the_reference_is_no_search(self) -> None:
        assert api(200, {"notes": [NOTE]}).notes("WB-9")[0].number == 70012
        assert isinstance(caught(lambda: api(200, {"notes": [NOTE]}).notes("WB-8")), NothingSent)
        assert isinstance(caught(lambda: api(200, {}).notes("WB-9")), NothingSent)

    def test_another_step_than_the_one_asked_for_is_no_answer(self) -> None:
        assert api(200, STEP).step(1).number == 1
        assert isinstance(caught(lambda: api(200, STEP).step(2)), NothingSent)

    def test_refusals(self) -> None:
        gone = caught(lambda: api(404, {"code": "NOT_FOUND"}).step(1))
        withdrawn = refusal(409, {"code": "STEP_WITHDRAWN", "message": MARKER})
        missing = refusal(422, {"code": "INVALID", "errors": [{"field": "correctsStepId", "code": "UNKNOWN_STEP"}]})
        assert (type(gone), gone.reason) == (NeedsHuman, Reason.RECORD_NOT_THERE)
        assert (type(withdrawn), withdrawn.reason) == (NeedsHuman, Reason.ALREADY_WITHDRAWN)
        assert (type(missing), missing.reason) == (NeedsHuman, Reason.RECORD_NOT_THERE)


def filed(world: MosaicWorld) -> str:
    """The number of a record that is there."""
    return world.filed(world.filing()).record_number


class TestCorrections:
    def test_it_is_a_step_of_its_own_that_names_the_other(self, world: MosaicWorld) -> None:
        before = filed(world)
        receipt = file(world.system, world.filing("WB-0002", replaces=before))
        step = world.step("WB-0002")
        assert receipt.record_number == str(step.step_id) != before
        assert receipt.evidence["corrects_step"] == before
        assert (step.corrects_step_id, step.status) == (int(before), "COMPLETED")
        assert world.step().corrected_by_step_id == step.step_id

    def test_a_step_we_began_must_correct_the_same_record(self, world: MosaicWorld) -> None:
        before = filed(world)
        half = world.connected(target={"next_action": 99})
        assert human(lambda: file(half, world.filing("WB-0002", replaces=before))) is Reason.UNKNOWN_CODE
        assert human(lambda: file(half, world.filing("WB-0003"))) is Reason.UNKNOWN_CODE
        assert world.system.look_up("WB-0002") == Partial()
        for reference, replaces in (("WB-0002", None), ("WB-0002", "5"), ("WB-0003", before)):
            other = world.filing(reference, replaces=replaces)
            assert human(lambda other=other: file(world.system, other)) is Reason.CONTRADICTION
        assert file(world.system, world.filing("WB-0002", replaces=before)).evidence["corrects_step"] == before

    def test_a_record_is_corrected_by_one_step_only(self, world: MosaicWorld) -> None:
        before = filed(world)
        file(world.system, world.filing("WB-0002", replaces=before))
        problem = failing(NeedsHuman, lambda: file(world.system, world.filing("WB-0003", replaces=before)))
        assert (problem.reason, problem.note) == (Reason.RECORD_NOT_THERE, "corrected_by_another_step")
        assert world.records("WB-0003") == 0

    def test_another_persons_record_and_a_task_are_not_corrected(self, world: MosaicWorld) -> None:
        astray = replace(world.filing("WB-0002", replaces=filed(world)), person=world.person("estimated"))
        assert human(lambda: file(world.system, astray)) is Reason.RECORD_NOT_THERE
        task = world.system.raise_task(world.task()).record_number
        world.simulator.set_status(int(task), "COMPLETED")
        problem = failing(NeedsHuman, lambda: file(world.system, world.filing("WB-0002", replaces=task)))
        assert (problem.reason, problem.note) == (Reason.RECORD_NOT_THERE, "another_step_type")
        assert world.records("WB-0002") == 0

    def test_what_is_corrected_in_between_is_refused_there(
        self, world: MosaicWorld, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = filed(world)
        earlier = self._as_it_was(world, before)
        file(world.system, world.filing("WB-0002", replaces=before))
        monkeypatch.setattr(RestWire, "step", lambda _self, _number: earlier)
        problem = failing(NeedsHuman, lambda: file(world.system, world.filing("WB-0003", replaces=before)))
        assert (problem.reason, problem.note) == (Reason.RECORD_NOT_THERE, "STEP_NOT_CORRECTABLE")

    @staticmethod
    def _as_it_was(world: MosaicWorld, number: str) -> Any:
        with world.connected()._binding.talk() as wire:
            return wire.step(int(number))


def changes(world: MosaicWorld, number: str) -> tuple[Callable[[], object], Callable[[], object]]:
    """A correction and a withdrawal of one record."""
    correction, retraction = world.filing("WB-0002", replaces=number), world.retraction(number)
    return lambda: file(world.system, correction), lambda: world.system.retract(retraction)


class TestWithdrawals:
    def test_the_note_says_why_and_is_the_proof(self, world: MosaicWorld) -> None:
        number = filed(world)
        receipt = world.system.retract(world.retraction(number))
        (note,) = world.simulator.notes("WB-W001")
        assert (str(note.step_id), note.note_type, note.text) == (number, "WITHDRAWN", WITHDRAWN["wrong_young_person"])
        assert receipt.evidence.keys() == {"note_id", "created_at"}
        assert receipt.evidence["note_id"] == str(note.note_id)

    def test_a_corrected_record_is_withdrawn_on_its_own(self, world: MosaicWorld) -> None:
        """Each step is a record there: whoever withdraws the newest withdraws those before it, too."""
        first = filed(world)
        second = file(world.system, world.filing("WB-0002", replaces=first)).record_number
        assert world.system.retract(world.retraction(second)).record_number == second
        assert world.system.retract(world.retraction(first, "WB-W002")).record_number == first

    def test_a_record_somebody_has_reopened_is_waited_for(self, world: MosaicWorld) -> None:
        number = filed(world)
        world.simulator.set_status(int(number), "REOPENED")
        for call in changes(world, number):
            assert failing(NothingSent, call).reason is Reason.LOCKED
        world.simulator.set_status(int(number), "COMPLETED")
        for call in changes(world, number):
            assert call()

    @pytest.mark.parametrize("status", ["CANCELLED", "STARTED", "INCOMING"])
    def test_a_record_that_is_no_longer_complete_is_not_there(self, world: MosaicWorld, status: str) -> None:
        number = filed(world)
        world.simulator.set_status(int(number), status)
        for call in changes(world, number):
            problem = failing(NeedsHuman, call)
            assert (problem.reason, problem.note) == (Reason.RECORD_NOT_THERE, f"step_{status.lower()}")
        assert (world.records("WB-0002"), world.records("WB-W001")) == (0, 0)

    def test_what_is_withdrawn_in_between_is_refused_there(
        self, world: MosaicWorld, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        number = filed(world)
        world.system.retract(world.retraction(number))
        real = RestWire.step
        monkeypatch.setattr(RestWire, "step", lambda *args: replace(real(*args), withdrawn=False))
        problem = failing(NeedsHuman, lambda: world.system.retract(world.retraction(number, "WB-W002")))
        assert (problem.reason, problem.note) == (Reason.ALREADY_WITHDRAWN, "STEP_WITHDRAWN")

    def test_a_note_of_ours_on_another_record_is_a_contradiction(self, world: MosaicWorld) -> None:
        number = filed(world)
        other = world.filed(world.filing("WB-0002")).record_number
        world.system.retract(world.retraction(number))
        assert human(lambda: world.system.retract(world.retraction(other))) is Reason.CONTRADICTION
        assert len(world.simulator.notes("WB-W001")) == 1

    def test_several_notes_under_one_reference(self, world: MosaicWorld, monkeypatch: pytest.MonkeyPatch) -> None:
        numbers = filed(world), world.filed(world.filing("WB-0002")).record_number
        monkeypatch.setattr(RestWire, "notes", lambda _self, _reference: ())
        for number in numbers:
            world.system.retract(world.retraction(number))
        monkeypatch.undo()
        assert human(lambda: world.system.look_up("WB-W001")) is Reason.CONTRADICTION
        assert human(lambda: world.system.retract(world.retraction(numbers[0]))) is Reason.CONTRADICTION
