"""Many at once: listed first, done as listed, with the mapping that holds then."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from service.domain.delivery import Reason, State
from service.domain.orders import Because
from service.errors import NeedsHuman, NotPossible
from service.ports import Answer, Record
from service.ports.orders import Wanted
from service.usecases.orders.replay_many import list_many, replay_many
from tests.orders.conftest import ANN, Office, because
from tests.store.rows import change, row, rows
from tests.support.bridge import SALFORD, STOCKPORT
from tests.support.fake_case_system import Told
from tests.usecases.desk import assert_conserved

FIXED = because(Because.MAPPING_FIXED)
HELD = Wanted(states=(State.NEEDS_HUMAN,))


def held(office: Office, number: int, reason: Reason = Reason.UNKNOWN_CODE) -> UUID:
    office.work.place.refusal = reason
    office.work.place.tell("verify_person", Told.REFUSED)
    delivery = office.work.accept(submission_id=f"s-{number}", young_person__la_child_id=f"STK00005{number:02}")
    office.work.deliver(delivery)
    return delivery


def test_by_reason_and_by_age(office: Office) -> None:
    codes = [held(office, number) for number in range(3)]
    other = held(office, 9, Reason.PERSON_NOT_FOUND)
    change(office.work.database, codes[0], "state_since = now() - interval '5 hours'")
    of_codes = Wanted(states=HELD.states, reasons=(Reason.UNKNOWN_CODE,))
    old = Wanted(states=HELD.states, older_than=timedelta(hours=4))
    one = Wanted(states=HELD.states, references=(office.reference(other),))
    for wanted, expected in ((HELD, [*codes, other]), (of_codes, codes), (old, codes[:1]), (one, [other])):
        found = list_many(office.orders, STOCKPORT, wanted, 100)
        assert {each.reference for each in found.listed} == {office.reference(each) for each in expected}
        assert {each.leads_to for each in found.listed} == {State.READY}
    assert list_many(office.orders, SALFORD, HELD, 100).listed == []
    assert rows(office.work.database, "SELECT FROM casework.officer_order") == []
    assert row(office.work.database, other)["state"] == "needs_human"


def seen(office: Office, wanted: Wanted = HELD, limit: int = 100) -> str:
    """What an officer looked at now."""
    return list_many(office.orders, STOCKPORT, wanted, limit).digest


def test_it_is_done_to_what_was_listed_or_to_none(office: Office) -> None:
    listed = [held(office, number) for number in range(2)]
    looked_at = seen(office)
    held(office, 3)
    with pytest.raises(NotPossible, match="3 fit by now"):
        replay_many(office.orders, STOCKPORT, HELD, ANN, FIXED, limit=100, expect=looked_at)
    assert {row(office.work.database, each)["state"] for each in listed} == {"needs_human"}
    two = Wanted(states=HELD.states, references=tuple(office.reference(each) for each in listed))
    assert looked_at == seen(office, two)
    done = replay_many(office.orders, STOCKPORT, two, ANN, FIXED, limit=100, expect=looked_at)
    assert {row(office.work.database, each)["state"] for each in listed} == {"ready"}
    orders = rows(office.work.database, "SELECT batch, outcome FROM casework.officer_order")
    assert {(each["batch"], each["outcome"]) for each in orders} == {(done.batch, "ready")}
    assert len(rows(office.work.database, "SELECT FROM casework.audit WHERE action = 'delivery_replayed'")) == 2
    with pytest.raises(NotPossible):
        replay_many(office.orders, STOCKPORT, two, ANN, FIXED, limit=100, expect=looked_at)


def test_as_many_but_others_or_for_another_reason_are_not_what_was_listed(office: Office) -> None:
    one, other = held(office, 1), held(office, 2)
    looked_at = seen(office)
    change(office.work.database, one, "reason = 'person_not_found'")
    with pytest.raises(NotPossible, match="not what was listed"):
        replay_many(office.orders, STOCKPORT, HELD, ANN, FIXED, limit=100, expect=looked_at)
    change(office.work.database, one, "reason = 'unknown_code'")
    change(office.work.database, other, "state = 'ready'")
    held(office, 3)
    with pytest.raises(NotPossible, match="2 fit by now"):
        replay_many(office.orders, STOCKPORT, HELD, ANN, FIXED, limit=100, expect=looked_at)
    assert rows(office.work.database, "SELECT FROM casework.officer_order") == []


def test_no_more_than_the_limit(office: Office) -> None:
    for number in range(3):
        held(office, number)
    found = list_many(office.orders, STOCKPORT, HELD, 2)
    assert (len(found.listed), found.matching) == (2, 3)
    replay_many(office.orders, STOCKPORT, HELD, ANN, FIXED, limit=2, expect=found.digest)
    assert list_many(office.orders, STOCKPORT, HELD, 100).matching == 1


def test_fixed_and_replayed_it_goes_with_the_mapping_that_holds_then(office: Office) -> None:
    """The mapping of the morning has no place for something; the one of the afternoon has."""
    adapter = office.work.lanes[STOCKPORT].adapter
    usual, digest = adapter.answers, adapter.profile_digest

    def incomplete(record: Record, reference: str) -> tuple[Answer, ...]:
        raise NeedsHuman(Reason.MAPPING_INCOMPLETE, "strengths")

    adapter.answers, adapter.profile_digest = incomplete, "0" * 64  # type: ignore[method-assign]
    deliveries = [office.work.accept(submission_id=f"s-{n}", young_person__la_child_id=f"STK00005{n}0") for n in (1, 2)]
    for each in deliveries:
        office.work.deliver(each)
    assert {row(office.work.database, each)["reason"] for each in deliveries} == {"mapping_incomplete"}
    adapter.answers, adapter.profile_digest = usual, digest  # type: ignore[method-assign]
    wanted = Wanted(states=HELD.states, reasons=(Reason.MAPPING_INCOMPLETE,))
    replay_many(office.orders, STOCKPORT, wanted, ANN, FIXED, limit=100, expect=seen(office, wanted))
    for each in deliveries:
        office.work.deliver(each)
        found = row(office.work.database, each)
        assert (found["state"], found["profile_digest"]) == ("delivered", digest)
    assert_conserved(office.work)
