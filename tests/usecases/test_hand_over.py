"""What a link cannot do is for a person, and said before anything is sent; what it can is done in the right order."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from service.domain.delivery import Reason, State
from service.ports import Ability, Container, FiledDocument, Filing, Receipt
from service.usecases.hand_over import put_on_file
from tests.store.rows import row
from tests.support.bridge import STOCKPORT
from tests.support.fake_case_system import FakeCaseSystem, Place, Told
from tests.usecases.desk import Desk

ALL = frozenset(Ability)


def without(*missing: Ability) -> Place:
    return Place(abilities=ALL - set(missing))


def test_a_review_is_raised_by_hand_where_the_link_raises_none(desk: Desk) -> None:
    desk.deliver(desk.accept())
    desk.use(without(Ability.RAISES_TASKS))
    desk.raiser(date(2026, 12, 14)).raise_due()
    settlement = desk.deliver(desk.raised())
    assert settlement
    assert (settlement.state, settlement.reason) == (State.NEEDS_HUMAN, Reason.NOT_SUPPORTED)
    assert desk.place.called("raise_task") == 0


def test_an_unclear_outcome_is_for_a_person_where_nobody_can_be_asked(desk: Desk) -> None:
    wanted = desk.accept()
    desk.use(without(Ability.LOOKS_UP))
    desk.place.tell("submit", Told.LOST_REPLY)
    desk.deliver(wanted)
    settlement = desk.again(wanted)
    assert (settlement.state, settlement.reason) == (State.NEEDS_HUMAN, Reason.NOT_SUPPORTED)
    assert (desk.place.called("submit"), desk.place.called("look_up")) == (1, 0)


def test_a_link_without_answers_files_the_document_alone(desk: Desk) -> None:
    desk.use(without(Ability.TAKES_ANSWERS))
    wanted = desk.accept()
    settlement = desk.deliver(wanted)
    assert settlement and settlement.state is State.DELIVERED
    (entry,) = (entry for there in desk.place.filed.values() for entry in there)
    assert isinstance(entry.what, Filing)
    assert (entry.what.answers, bool(entry.what.document.content)) == ((), True)


class Watched(FakeCaseSystem):
    """Notes the order of the calls."""

    def __init__(self, done: Receipt | None = None) -> None:
        super().__init__(Place())
        self.order: list[str] = []
        self.done = done

    def open_container(self, filing: Filing) -> Container:
        self.order.append("open_container")
        return Container("7", done=self.done)

    def file_document(self, filing: Filing, container: Container) -> FiledDocument:
        self.order.append("file_document")
        return super().file_document(filing, container)

    def submit(self, filing: Filing, container: Container, document: FiledDocument | None) -> Receipt:
        self.order.append(f"submit {'with' if document else 'without'} a document")
        return Receipt(container.number, None, {})


@pytest.fixture
def filing(desk: Desk) -> Filing:
    desk.deliver(desk.accept())
    (entry,) = (entry for there in desk.place.filed.values() for entry in there)
    assert isinstance(entry.what, Filing)
    return entry.what


def test_the_record_is_finished_last(filing: Filing) -> None:
    system = Watched()
    put_on_file(filing, system, system)
    assert system.order == ["open_container", "file_document", "submit with a document"]


def test_a_document_may_be_kept_elsewhere_or_nowhere(filing: Filing) -> None:
    system, elsewhere = Watched(), Watched()
    put_on_file(filing, system, elsewhere)
    put_on_file(filing, system, None)
    assert elsewhere.order == ["file_document"]
    assert system.order == ["open_container", "submit with a document", "open_container", "submit without a document"]


def test_what_an_earlier_attempt_finished_is_left_alone(filing: Filing) -> None:
    system = Watched(done=Receipt("7", "8", {}))
    assert put_on_file(filing, system, system) == Receipt("7", "8", {})
    assert system.order == ["open_container"]


class Opened(FakeCaseSystem):
    """Opens a draft with a number of its own, and takes the document into it."""

    def open_container(self, filing: Filing) -> Container:
        return Container("7")


def opening(desk: Desk) -> None:
    for lane in desk.lanes.values():
        lane.adapter.case_system = lane.adapter.documents = Opened(desk.place)  # type: ignore[misc]


def test_a_draft_that_was_begun_is_not_forgotten_when_the_rest_of_it_must_wait(desk: Desk) -> None:
    wanted = desk.accept()
    opening(desk)
    desk.place.tell("submit", Told.THROTTLED)
    settlement = desk.deliver(wanted)
    assert settlement
    assert (settlement.state, settlement.reason) == (State.UNKNOWN, Reason.THROTTLED)
    assert (settlement.may_have_arrived, settlement.failures) == (True, 1)
    with desk.casework.transaction(STOCKPORT) as tx:
        assert not tx.deliveries.set_aside(wanted, State.CANCELLED)


def test_what_was_never_opened_may_be_set_aside(desk: Desk) -> None:
    wanted = desk.accept()
    desk.place.tell("submit", Told.THROTTLED)
    settlement = desk.deliver(wanted)
    assert settlement and (settlement.state, settlement.may_have_arrived) == (State.RETRY, False)


def test_a_worker_that_lost_the_delivery_takes_no_further_step(desk: Desk) -> None:
    wanted = desk.accept()
    system = Losing(desk, wanted)
    for lane in desk.lanes.values():
        lane.adapter.case_system = lane.adapter.documents = system  # type: ignore[misc]
    assert desk.deliver(wanted) is None
    assert (system.place.called("submit"), row(desk.database, wanted)["state"]) == (0, "in_flight")


class Losing(FakeCaseSystem):
    """So slow at opening that another worker takes the delivery over meanwhile."""

    def __init__(self, desk: Desk, wanted: UUID) -> None:
        super().__init__(desk.place)
        self.place, self._desk, self._wanted = desk.place, desk, wanted

    def open_container(self, filing: Filing) -> Container:
        self._desk.later += 60
        self._desk.time_passes(self._wanted)
        assert self._desk.claim(self._wanted, filing.authority)
        return super().open_container(filing)


def test_the_lease_is_taken_anew_before_every_step(desk: Desk) -> None:
    wanted, left = desk.accept(), []

    def look(call: str) -> None:
        if call == "submit":
            kept = row(desk.database, wanted)
            left.append(kept["lease_until"] - kept["changed_at"])

    desk.place.during = look
    desk.deliver(wanted)
    assert left[0] > desk.lease  # `changed_at` is when it was claimed


def test_after_a_change_of_system_not_there_is_no_proof(desk: Desk) -> None:
    """It went to the one before: filed here too, it would be on two files."""
    wanted, before = desk.accept(), desk.place
    desk.place.tell("submit", Told.LOST_REPLY)
    desk.deliver(wanted)
    desk.use(Place(kind="lcs"))
    settlement = desk.again(wanted)
    assert (settlement.state, settlement.reason) == (State.NEEDS_HUMAN, Reason.NOT_SUPPORTED)
    assert (settlement.note, settlement.may_have_arrived) == ("sent_through_another_link", True)
    assert (len(before.filed), desk.place.calls) == (1, [])
