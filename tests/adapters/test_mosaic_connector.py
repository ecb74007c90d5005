"""The Mosaic connector against the simulator over real HTTP."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from service.adapters.mosaic.rest.client import RestWire
from service.domain.delivery import Reason
from service.errors import DeliveryProblem, NeedsHuman, NothingSent, OutcomeUnknown
from service.ports import Answer, Partial, Receipt
from tests.conformance.test_mosaic import LONG, UNKNOWN_CODES, MosaicWorld, simulator, world
from tests.conformance.world import MARKER, PDF, assert_silent, file

__all__ = ["simulator", "world"]


def failing(kind: type[DeliveryProblem], call: Callable[[], object]) -> Any:
    with pytest.raises(kind) as caught:
        call()
    assert type(caught.value) is kind
    assert_silent(caught.value)
    return caught.value


def human(call: Callable[[], object]) -> Reason:
    return failing(NeedsHuman, call).reason


class TestFiling:
    def test_everything_is_there_and_the_next_action_is_raised(self, world: MosaicWorld) -> None:
        receipt = file(world.system, replace(world.filing(), restricted=True))
        step = world.step()
        (document,), (action,) = step.documents, step.next_actions
        assert (step.status, step.restricted, step.person_id, step.team) == ("COMPLETED", True, 40211, "CSAFE")
        assert (document.name, document.content, document.title) == ("WB-0001.pdf", PDF, world.filing().document.title)
        assert (action.action_type_id, action.team, action.incoming_on) == (61, "DUTY", None)
        digests = {"answers_sha256": step.wire()["answersSha256"], "document_sha256": hashlib.sha256(PDF).hexdigest()}
        assert receipt == Receipt(str(step.step_id), str(document.document_id), digests)

    @pytest.mark.parametrize("lost", range(1, 5))
    def test_a_lost_reply_is_unknown_then_found_then_continued(
        self, world: MosaicWorld, lost: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self._lose(monkeypatch, world, lost)
        problem = failing(OutcomeUnknown, lambda: file(world.system, world.filing()))
        monkeypatch.undo()
        assert problem.reason is Reason.NO_CLEAR_ANSWER
        found = world.system.look_up("WB-0001")
        assert isinstance(found, Receipt if lost == 4 else Partial)
        receipt = file(world.system, world.filing())
        assert world.system.look_up("WB-0001") == receipt
        assert (world.records("WB-0001"), len(world.step().documents), len(world.step().next_actions)) == (1, 1, 1)

    @staticmethod
    def _lose(patch: pytest.MonkeyPatch, world: MosaicWorld, which: int) -> None:
        """Let the writes before this one be answered, and this one committed without a reply."""
        begun, ask = 0, RestWire._ask

        def counting(self: RestWire, request: Any, *args: Any, **more: Any) -> Any:
            nonlocal begun
            begun += request.writes
            if begun == which:
                world.simulator.set_knobs(drop_after_commit=1)
            return ask(self, request, *args, **more)

        patch.setattr(RestWire, "_ask", counting)

    def test_a_second_copy_of_the_document_is_not_sent(self, world: MosaicWorld) -> None:
        failing(NeedsHuman, lambda: file(world.connected(target={"next_action": 99}), world.filing()))
        assert len(world.step().documents) == 1
        file(world.system, world.filing())
        assert len(world.step().documents) == 1

    def test_a_mended_mapping_replaces_the_answers_of_a_step_we_began(self, world: MosaicWorld) -> None:
        failing(NeedsHuman, lambda: file(world.connected(target={"next_action": 99}), world.filing()))
        mended = replace(world.filing(), answers=(*world.answers()[:-1], LONG._replace(value="mended")))
        file(world.system, mended)
        assert [a["value"] for a in world.step().answers][-1] == "mended"

    def test_the_restriction_is_put_right_even_if_the_words_are_there(self, world: MosaicWorld) -> None:
        failing(NeedsHuman, lambda: file(world.connected(target={"next_action": 99}), world.filing()))
        file(world.system, replace(world.filing(), restricted=True))
        assert world.step().restricted is True


class TestContradictions:
    @pytest.mark.parametrize(
        ("route", "kind", "reason"),
        [
            ("put_answers", NeedsHuman, Reason.CONTRADICTION),
            ("add_document", NeedsHuman, Reason.CONTRADICTION),
            ("complete", OutcomeUnknown, Reason.UNEXPECTED_ANSWER),
        ],
    )
    def test_an_answer_that_holds_something_else_than_was_sent(
        self,
        world: MosaicWorld,
        monkeypatch: pytest.MonkeyPatch,
        route: str,
        kind: type[DeliveryProblem],
        reason: Reason,
    ) -> None:
        real = getattr(RestWire, route)
        other = {"put_answers": "answers_sha256", "add_document": "sha256", "complete": "status"}[route]
        value = "STARTED" if route == "complete" else "0" * 64
        monkeypatch.setattr(RestWire, route, lambda *args: replace(real(*args), **{other: value}))
        assert failing(kind, lambda: file(world.system, world.filing())).reason is reason
        assert world.step().status == ("COMPLETED" if route == "complete" else "STARTED")

    def test_completed_with_other_content(self, world: MosaicWorld) -> None:
        filing = world.filing()
        file(world.system, filing)
        others = (
            replace(filing, restricted=True),
            replace(filing, answers=filing.answers[:-1]),
            replace(filing, document=replace(filing.document, content=PDF + b"2")),
        )
        for other in others:
            assert human(lambda o=other: file(world.system, o)) is Reason.CONTRADICTION

    def test_another_person_or_step_type_under_our_reference(self, world: MosaicWorld) -> None:
        world.system.raise_task(world.task("WB-0001"))
        assert human(lambda: file(world.system, world.filing())) is Reason.CONTRADICTION
        world.system.raise_task(world.task("WB-0002"))
        other = replace(world.task("WB-0002"), child_id="40215")
        assert human(lambda: world.system.raise_task(other)) is Reason.CONTRADICTION

    def test_several_steps_under_one_reference(self, world: MosaicWorld, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(RestWire, "steps", lambda _self, _reference: ())
        world.system.raise_task(world.task())
        world.system.raise_task(world.task())
        monkeypatch.undo()
        assert human(lambda: world.system.look_up("WB-T001")) is Reason.CONTRADICTION
        assert human(lambda: world.system.raise_task(world.task())) is Reason.CONTRADICTION

    def test_what_somebody_did_at_the_screen(self, world: MosaicWorld) -> None:
        receipt = file(world.system, world.filing())
        number = int(receipt.record_number)
        world.simulator.set_status(number, "REOPENED")
        assert world.system.look_up("WB-0001") == Partial()
        assert human(lambda: file(world.system, world.filing())) is Reason.CONTRADICTION
        for status in ("CANCELLED", "INCOMING"):
            world.simulator.set_status(number, status)
            assert human(lambda: world.system.look_up("WB-0001")) is Reason.CONTRADICTION
            assert human(lambda: file(world.system, world.filing())) is Reason.CONTRADICTION

    def test_a_task_that_the_team_has_taken_up_stays_delivered(self, world: MosaicWorld) -> None:
        number = int(world.system.raise_task(world.task()).record_number)
        for status in ("STARTED", "COMPLETED", "REOPENED"):
            world.simulator.set_status(number, status)
            assert isinstance(world.system.look_up("WB-T001"), Receipt)
            assert isinstance(world.system.raise_task(world.task()), Receipt)
        world.simulator.set_status(number, "CANCELLED")
        assert human(lambda: world.system.look_up("WB-T001")) is Reason.CONTRADICTION


class TestRefusals:
    def test_people_nobody_may_see_or_number(self, world: MosaicWorld) -> None:
        for kind in ("hidden", "unknown"):
            assert human(lambda k=kind: world.system.verify_person(world.person(k))) is Reason.PERSON_NOT_FOUND
        wide = "".join(chr(0xFEE0 + ord(digit)) for digit in "40211")
        for text in ("STK0000417", "040211", "-1", "0", "40211.0", " 40211", wide, "", "9" * 30, "40211/x"):
            person = replace(world.person(), child_id=text)
            assert human(lambda p=person: world.system.verify_person(p)) is Reason.PERSON_NOT_FOUND

    def test_a_person_merged_after_the_check(self, world: MosaicWorld) -> None:
        world.system.verify_person(world.person())
        world.simulator.set_knobs(merge_people={40211: 40215})
        assert human(lambda: file(world.system, world.filing())) is Reason.PERSON_MERGED

    def test_a_wrong_key_and_a_missing_right(self, world: MosaicWorld) -> None:
        assert human(lambda: world.connected(api_key="wrong").look_up("WB-1")) is Reason.SIGN_IN_REFUSED
        forbidden = world.connected(target={"step_type": 9003})
        assert human(lambda: file(forbidden, world.filing())) is Reason.NOT_PERMITTED

    @pytest.mark.parametrize("target", UNKNOWN_CODES)
    def test_a_code_of_the_profile_that_is_unknown_there(self, world: MosaicWorld, target: dict[str, Any]) -> None:
        assert human(lambda: file(world.connected(target=target), world.filing())) is Reason.UNKNOWN_CODE

    @pytest.mark.parametrize(
        ("answer", "code"),
        [
            (Answer("TEST_LOOKUP", None, MARKER), "NOT_IN_LOOKUP"),
            (Answer("TEST_ROWS", None, MARKER), "ROW_REQUIRED"),
            (Answer("TEST_LONG", 1, MARKER), "ROW_NOT_ALLOWED"),
            (Answer("TEST_SHORT", None, "x" * 4001), "TOO_LONG"),
            (Answer("TEST_BOOLEAN", None, MARKER), "WRONG_TYPE"),
        ],
    )
    def test_a_refused_answer(self, world: MosaicWorld, answer: Answer, code: str) -> None:
        kept = tuple(a for a in world.answers() if a.code != answer.code)
        problem = failing(NeedsHuman, lambda: file(world.system, replace(world.filing(), answers=(*kept, answer))))
        assert (problem.reason, problem.note) == (Reason.CONTENT_REFUSED, code)

    def test_an_unfinished_form(self, world: MosaicWorld) -> None:
        short = replace(world.filing(), answers=(LONG,))
        problem = failing(NeedsHuman, lambda: file(world.system, short))
        assert (problem.reason, problem.note) == (Reason.CONTENT_REFUSED, "UNFINISHED")


class TestBadDays:
    def test_a_lock_is_waited_for(self, world: MosaicWorld) -> None:
        world.simulator.set_knobs(lock_step={"externalReference": "WB-0001", "until": "2999-01-01T00:00:00Z"})
        assert failing(NothingSent, lambda: file(world.system, world.filing())).reason is Reason.LOCKED
        world.simulator.set_knobs(lock_step=None)
        assert file(world.system, world.filing()).document_number
        assert world.records("WB-0001") == 1

    def test_a_sign_in_page_is_no_answer(self, world: MosaicWorld) -> None:
        world.simulator.set_knobs(html_instead=True)
        calls = (
            lambda: world.system.look_up("WB-1"),
            lambda: file(world.system, world.filing()),
            lambda: world.system.verify_person(world.person()),
        )
        for call in calls:
            assert failing(NothingSent, call).reason is Reason.UNAVAILABLE

    def test_throttled_and_away_keep_their_wait(self, world: MosaicWorld) -> None:
        for status, reason in ((429, Reason.THROTTLED), (503, Reason.UNAVAILABLE)):
            for given, kept in ((30, 30), (86400, 900)):
                world.simulator.set_knobs(fail_next=[{"status": status, "times": 1, "retryAfter": given}])
                problem = failing(NothingSent, lambda: file(world.system, world.filing()))
                assert (problem.reason, problem.retry_after) == (reason, kept)

    def test_a_hang_ends_at_the_deadline_and_is_looked_up(self, world: MosaicWorld) -> None:
        world.simulator.set_knobs(hang_seconds_on={"documents": 30})
        problem = failing(OutcomeUnknown, lambda: file(world.connected(1.5), world.filing()))
        assert problem.reason is Reason.NO_CLEAR_ANSWER
        world.simulator.set_knobs(hang_seconds_on={})
        assert world.system.look_up("WB-0001") == Partial()


class TestRestricted:
    def test_the_document_never_lies_on_an_open_step(self, world: MosaicWorld) -> None:
        filing = replace(world.filing(), restricted=True)
        container = world.system.open_container(filing)
        assert (world.step().restricted, len(world.step().documents)) == (True, 0)
        world.system.submit(filing, container, world.system.file_document(filing, container))
        assert (world.step().status, world.step().restricted) == ("COMPLETED", True)
