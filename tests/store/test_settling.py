"""Sending and settling: only under the newest fence, and never without its audit entry."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError

from service.domain.delivery import MOVES, Reason, State, can_move
from service.ports import AuditEntry, Casework, Settlement
from tests.store.rows import (
    AUDIT,
    RECEIPT,
    actions,
    attempts,
    claim,
    claimed,
    lapse,
    record,
    row,
    rows,
    sending,
    settle,
)
from tests.support.servers import Database

SETTLEMENTS = {
    State.CANCELLED: Settlement(State.CANCELLED, Reason.WITHDRAWN, lapses=1),
    State.DELIVERED: Settlement(
        State.DELIVERED,
        Reason.WAITING,
        may_have_arrived=True,
        record_number="R7",
        document_number="D8",
        evidence={"document_sha256": "ab"},
    ),
    State.RETRY: Settlement(
        State.RETRY, Reason.UNREACHABLE, note="dns", due_in=timedelta(seconds=9), failures=3, lapses=2
    ),
    State.UNKNOWN: Settlement(
        State.UNKNOWN,
        Reason.NO_CLEAR_ANSWER,
        due_in=timedelta(seconds=300),
        may_have_arrived=True,
        lookups=4,
        absences=1,
    ),
    State.NEEDS_HUMAN: Settlement(State.NEEDS_HUMAN, Reason.UNKNOWN_CODE, note="form", may_have_arrived=True),
    State.READY: Settlement(State.READY, Reason.WAITING),
}
KEPT = (
    "note",
    "may_have_arrived",
    "failures",
    "lapses",
    "lookups",
    "absences",
    "record_number",
    "document_number",
    "evidence",
)


def test_every_end_of_an_attempt_is_tried_here() -> None:
    assert set(SETTLEMENTS) == MOVES[State.IN_FLIGHT] - {State.IN_FLIGHT}
    assert all(can_move(State.IN_FLIGHT, state) for state in SETTLEMENTS)


@pytest.mark.parametrize("settlement", SETTLEMENTS.values(), ids=SETTLEMENTS)
def test_a_settlement_is_kept_whole(
    database: Database, intake: Casework, store: Casework, settlement: Settlement
) -> None:
    delivery = record(intake)
    assert settle(store, claimed(store, delivery.id), settlement)
    kept = row(database, delivery.id)
    assert (kept["state"], kept["reason"]) == (settlement.state.value, settlement.reason.value)
    assert {name: kept[name] for name in KEPT} == {name: getattr(settlement, name) for name in KEPT}
    assert kept["due_at"] - kept["changed_at"] == settlement.due_in
    assert kept["lease_until"] is None
    assert (kept["delivered_at"] is not None) == (settlement.state is State.DELIVERED)
    assert attempts(database, delivery.id) == [(1, "ended", settlement.state.value)]
    assert actions(database) == ["settled"]


@pytest.mark.parametrize("state", sorted(set(State) - MOVES[State.IN_FLIGHT]))
def test_an_attempt_has_no_other_ends(database: Database, intake: Casework, store: Casework, state: State) -> None:
    held = claimed(store, record(intake).id)
    with pytest.raises(ValueError, match="cannot become"):
        settle(store, held, Settlement(state, Reason.WAITING))
    assert attempts(database, held.id) == [(1, "claimed", None)]
    assert row(database, held.id)["state"] == "in_flight"


@pytest.mark.parametrize("state", [State.DELIVERED, State.RETRY])
def test_a_settled_delivery_cannot_be_settled_again(
    database: Database, intake: Casework, store: Casework, state: State
) -> None:
    held = claimed(store, record(intake).id)
    assert settle(store, held, SETTLEMENTS[state])
    before = row(database, held.id)
    assert not settle(store, held, SETTLEMENTS[State.NEEDS_HUMAN])
    assert not sending(store, held)
    assert row(database, held.id) == before


def test_nothing_is_delivered_without_a_receipt(database: Database, intake: Casework, store: Casework) -> None:
    held = claimed(store, record(intake).id)
    with pytest.raises(IntegrityError):
        settle(store, held, replace(RECEIPT, record_number=None))
    assert (row(database, held.id)["state"], actions(database)) == ("in_flight", [])


def test_a_late_worker_changes_nothing_and_is_noted_as_late(
    database: Database, intake: Casework, store: Casework
) -> None:
    late = claimed(store, record(intake).id)
    lapse(database, late.id)
    holder = claimed(store, late.id)
    before = row(database, late.id)
    assert not settle(store, late)
    assert row(database, late.id) == before
    assert attempts(database, late.id) == [(1, "ended", "late"), (2, "claimed", None)]
    assert actions(database) == []
    assert settle(store, holder, SETTLEMENTS[State.RETRY])
    assert not settle(store, late)
    assert row(database, late.id)["state"] == "retry"


def test_sending_is_noted_before_it_begins(database: Database, intake: Casework, store: Casework) -> None:
    held = claimed(store, record(intake).id)
    assert sending(store, held)
    kept = row(database, held.id)
    assert (kept["may_have_arrived"], kept["connector"], kept["connector_version"]) == (True, "lcs", "1")
    assert (kept["profile_digest"], kept["state"]) == ("p", "in_flight")
    assert attempts(database, held.id) == [(1, "sending", None)]


def test_the_first_sending_keeps_its_time(database: Database, intake: Casework, store: Casework) -> None:
    held = claimed(store, record(intake).id)
    sending(store, held)
    first = row(database, held.id)["first_sent_at"]
    assert first is not None
    settle(store, held, replace(SETTLEMENTS[State.UNKNOWN], due_in=timedelta(0)))
    sending(store, claimed(store, held.id))
    assert row(database, held.id)["first_sent_at"] == first


def test_nothing_is_sent_after_somebody_took_over(database: Database, intake: Casework, store: Casework) -> None:
    late = claimed(store, record(intake).id)
    lapse(database, late.id)
    claimed(store, late.id)
    assert not sending(store, late)
    kept = row(database, late.id)
    assert (kept["may_have_arrived"], kept["first_sent_at"], kept["connector"]) == (False, None, None)
    assert attempts(database, late.id) == [(1, "claimed", None), (2, "claimed", None)]


def test_what_is_settled_for_later_is_not_claimed_before(database: Database, intake: Casework, store: Casework) -> None:
    held = claimed(store, record(intake).id)
    settle(store, held, SETTLEMENTS[State.UNKNOWN])
    assert claim(store, held.id) is None
    assert row(database, held.id)["attempts"] == 1


def test_without_its_audit_entry_nothing_changes(database: Database, intake: Casework, store: Casework) -> None:
    held = claimed(store, record(intake).id)
    before = row(database, held.id)
    broken = replace(AUDIT, action=cast(Any, None))
    with pytest.raises(IntegrityError):
        settle(store, held, RECEIPT, broken)
    assert row(database, held.id) == before
    assert attempts(database, held.id) == [(1, "claimed", None)]
    assert actions(database) == []
    assert settle(store, held)


def test_an_audit_entry_that_the_database_refuses_undoes_the_change(
    database: Database, intake: Casework, store: Casework
) -> None:
    held = claimed(store, record(intake).id)
    with database.as_admin() as admin:
        admin.execute(
            "CREATE FUNCTION public.no_more() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'no more room'; END $$"
        )
        admin.execute(
            "CREATE TRIGGER no_more BEFORE INSERT ON casework.audit FOR EACH ROW EXECUTE FUNCTION public.no_more()"
        )
        try:
            with pytest.raises(DBAPIError, match="no more room"):
                settle(store, held)
        finally:
            admin.execute("DROP TRIGGER no_more ON casework.audit")
            admin.execute("DROP FUNCTION public.no_more()")
    assert row(database, held.id)["state"] == "in_flight"


def test_the_entry_says_who_did_what(database: Database, intake: Casework, store: Casework) -> None:
    held = claimed(store, record(intake).id)
    settle(store, held, RECEIPT, AuditEntry("delivery", "delivery_delivered", "delivery", str(held.id), {"attempt": 1}))
    (entry,) = rows(database, "SELECT * FROM casework.audit")
    assert (entry["authority"], entry["actor"], entry["subject_id"]) == (held.authority, "delivery", str(held.id))
    assert entry["detail"] == {"attempt": 1}


def test_an_attempt_cannot_end_in_what_only_a_person_decides(intake: Casework, store: Casework) -> None:
    held = claimed(store, record(intake).id)
    with pytest.raises(ValueError, match="cannot become"):
        settle(store, held, Settlement(State.SUPERSEDED, Reason.WAITING))


def test_what_may_have_arrived_is_not_set_aside_by_a_worker(intake: Casework, store: Casework) -> None:
    held = claimed(store, record(intake).id)
    assert sending(store, held)
    with pytest.raises(IntegrityError, match="not set aside unseen"):
        settle(store, held, Settlement(State.CANCELLED, Reason.WITHDRAWN))
