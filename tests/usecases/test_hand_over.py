"""What a link cannot do is for a person, and said before anything is sent; what it can is done in the right order."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from service.domain.delivery import Reason, State
from service.ports import Ability, Container, FiledDocument, Filing, Receipt
from service.usecases.hand_over import put_on_file
from tests.support.fake_case_system import FakeCaseSystem, Place, Told
from tests.usecases.desk import Desk

ALL = frozenset(Ability)


def without(*missing: Ability) -> Place:
    return Place(abilities=ALL - set(missing))


def test_a_review_is_raised_by_hand_where_the_link_raises_none(desk: Desk) -> None:
    desk.deliver(desk.accept())
    desk.use(without(Ability.RAISES_TASKS))
    desk.raiser(date(2026, 12, 14)).raise_due()
    settlement = desk.deliver(UUID(desk.wakeups.ids[-1]))
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
