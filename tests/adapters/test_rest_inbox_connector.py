"""What is special about an inbox: everything in one request, once, and perhaps filed later."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from service.adapters.rest_inbox.content import record_item, task_item, withdrawal_item
from service.adapters.rest_inbox.system import RestInbox
from service.adapters.shared.digests import sha256
from service.adapters.shared.link import Link
from service.domain.delivery import Reason
from service.ports import Absent, Awaiting, CaseSystem, Receipt
from simulators.rest_inbox import RestInboxSimulator
from tests.conformance.test_rest_inbox import PEOPLE, SECRET, TARGETS, TASK, RestInboxWorld
from tests.conformance.world import PDF, file, reason_given


@pytest.fixture
def world(tmp_path: Path) -> Iterator[RestInboxWorld]:
    with RestInboxSimulator(tmp_path / "inbox", secret=SECRET) as simulator:
        yield RestInboxWorld(simulator)


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[RestInboxWorld]:
    """Nothing is filed before the simulator is told to."""
    with RestInboxSimulator(tmp_path / "inbox", secret=SECRET, later=math.inf) as simulator:
        yield RestInboxWorld(simulator)


def with_names(world: RestInboxWorld, target: Mapping[str, str], task: Mapping[str, str]) -> CaseSystem:
    """A profile that calls a form, a document type, a task or a team otherwise."""
    targets = {"wise_assessment": {**TARGETS["wise_assessment"], **target}}
    return RestInbox(Link({"base_url": world.simulator.api, "api_key": SECRET}, targets, {**TASK, **task}))


class TestOneRequest:
    def test_all_of_a_record_arrives_with_its_document(self, world: RestInboxWorld) -> None:
        filing = world.filing()
        receipt = world.attempt(filing)
        item = world.item()
        sent = {name: value for name, value in item.sent.items() if name not in {"answers", "document"}}
        assert sent == {
            "kind": "record",
            "reference": "WB-0001",
            "authority": "E08000007",
            "record_type": "wise_assessment",
            "form": "TEST",
            "child_id": PEOPLE["right"],
            "date_of_birth": "2010-05-02",
            "age": 16,
            "age_as_at": "2026-09-14",
            "completed_on": "2026-09-14",
            "restricted": False,
            "replaces": None,
            "content_sha256": receipt.evidence["content_sha256"],
        }
        assert item.sent["answers"] == [each._asdict() for each in filing.answers]
        assert item.sent["document"] == {
            "name": "record.pdf",
            "title": filing.document.title,
            "type": "ASSESS",
            "sha256": sha256(PDF),
        }
        assert item.content == PDF

    def test_a_document_kept_elsewhere_does_not_come_along(self, world: RestInboxWorld) -> None:
        receipt = file(world.connected(documents_here=False), world.filing())
        assert isinstance(receipt, Receipt)
        assert receipt.document_number is None
        assert (world.item().content, world.item().sent["document"]) == (None, None)

    def test_a_tray_gets_the_day_and_fixed_words(self, world: RestInboxWorld) -> None:
        world.system.raise_task(world.task())
        assert world.item("WB-T001").sent == task_item(world.task(), TASK)
        assert (world.item("WB-T001").sent["due_on"], world.item("WB-T001").sent["team"]) == ("2026-12-14", "CSAFE")

    def test_a_withdrawal_names_the_record_in_its_receipt(self, world: RestInboxWorld) -> None:
        retraction = world.retraction(world.filed(world.filing()).record_number)
        sent = withdrawal_item(retraction)
        evidence = {"content_sha256": sent["content_sha256"]}
        assert world.retracted(retraction) == Receipt(retraction.record_number, None, evidence)
        assert world.item("WB-W001").sent == sent

    def test_the_key_goes_into_the_header_of_the_profile(self, tmp_path: Path) -> None:
        with RestInboxSimulator(tmp_path / "inbox", secret=SECRET, key_header="Ocp-Apim-Subscription-Key") as simulator:
            world = RestInboxWorld(simulator)
            assert world.connected(key_header="Ocp-Apim-Subscription-Key").look_up("WB-0001") == Absent()
            assert reason_given(lambda: world.system.look_up("WB-0001")) is Reason.SIGN_IN_REFUSED

    def test_the_digest_is_over_everything_but_itself(self, world: RestInboxWorld) -> None:
        filing, target = world.filing(), TARGETS["wise_assessment"]
        others = [
            replace(filing, completed_on=date(2026, 9, 15)),
            replace(filing, restricted=True),
            replace(filing, replaces="4700"),
            replace(filing, answers=filing.answers[:-1]),
            replace(filing, document=replace(filing.document, content=PDF + b"x")),
        ]
        digests = {record_item(each, target, documents_here=True)["content_sha256"] for each in (filing, *others)}
        assert len(digests) == 1 + len(others)


class TestOurReference:
    def test_other_content_under_it_is_for_a_person(self, world: RestInboxWorld) -> None:
        first = world.filed(world.filing())
        other = replace(world.filing(), completed_on=date(2026, 9, 15))
        assert reason_given(lambda: file(world.system, other)) is Reason.CONTRADICTION
        assert world.system.look_up("WB-0001") == first
        assert world.item().sent["completed_on"] == "2026-09-14"

    def test_another_kind_of_item_under_it_is_for_a_person(self, world: RestInboxWorld) -> None:
        world.filed(world.filing())
        assert reason_given(lambda: world.system.raise_task(world.task("WB-0001"))) is Reason.CONTRADICTION


class TestRefused:
    def test_several_open_episodes(self, world: RestInboxWorld) -> None:
        world.simulator.change_person(PEOPLE["right"], episodes=2)
        assert reason_given(lambda: world.attempt(world.filing())) is Reason.SEVERAL_OPEN_EPISODES
        assert world.records("WB-0001") == 0

    @pytest.mark.parametrize("target", [{"form": "NO_FORM"}, {"document_type": "NO_TYPE"}])
    def test_a_name_that_nobody_knows_there(self, world: RestInboxWorld, target: dict[str, str]) -> None:
        assert reason_given(lambda: file(with_names(world, target, {}), world.filing())) is Reason.UNKNOWN_CODE

    @pytest.mark.parametrize("task", [{"task_kind": "NO_TASK"}, {"team": "NO_TEAM"}])
    def test_a_tray_that_nobody_knows_there(self, world: RestInboxWorld, task: dict[str, str]) -> None:
        assert reason_given(lambda: with_names(world, {}, task).raise_task(world.task())) is Reason.UNKNOWN_CODE

    def test_what_was_refused_at_once_may_be_sent_again(self, world: RestInboxWorld) -> None:
        world.simulator.change_person(PEOPLE["right"], episodes=0)
        assert reason_given(lambda: world.attempt(world.filing())) is Reason.NO_OPEN_EPISODE
        assert world.system.look_up("WB-0001") == Absent()
        world.simulator.change_person(PEOPLE["right"], episodes=1)
        assert world.attempt(world.filing()) == world.system.look_up("WB-0001")


class TestFiledLater:
    def test_what_was_taken_is_awaited_and_then_there(self, slow: RestInboxWorld) -> None:
        assert [file(slow.system, slow.filing()) for _ in range(2)] == [Awaiting()] * 2
        assert slow.system.look_up("WB-0001") == Awaiting()
        slow.simulator.file_waiting()
        receipt = slow.system.look_up("WB-0001")
        assert isinstance(receipt, Receipt)
        assert (receipt.record_number, receipt.document_number) == (slow.item().number, slow.item().document_number)
        assert file(slow.system, slow.filing()) == receipt

    def test_what_is_refused_then_says_why_whenever_it_is_asked_for(self, slow: RestInboxWorld) -> None:
        assert file(slow.system, slow.filing(kind="merged")) == Awaiting()
        slow.simulator.file_waiting()
        for call in (lambda: slow.system.look_up("WB-0001"), lambda: file(slow.system, slow.filing(kind="merged"))):
            assert reason_given(call) is Reason.PERSON_MERGED
        assert slow.records("WB-0001") == 0
