"""The packs' table: one authority's own, handed over once, answered once, whoever asks."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from service.domain.delivery import Reason, State
from service.ports.manual import NewPack, PackState
from service.store.casework import CaseworkStore
from service.store.manual import ConfirmationRows, ManualPackStore, tenant
from tests.store.conftest import Engines
from tests.store.rows import change, record, row, rows
from tests.support.bridge import SALFORD, STOCKPORT
from tests.support.servers import Database
from tests.support.waiting import eventually


def handed_over(intake: CaseworkStore, engines: Engines, reference: str = "WB-1", number: str | None = None) -> NewPack:
    record(intake, reference=reference)
    pack = NewPack(reference, "admin", "record", "WISE", number, "a" * 64)
    ConfirmationRows(engines("wise_delivery"), STOCKPORT).put(pack)
    return pack


def test_it_is_handed_over_once(intake: CaseworkStore, engines: Engines, database: Database) -> None:
    pack = handed_over(intake, engines)
    worker = ConfirmationRows(engines("wise_delivery"), STOCKPORT)
    worker.put(NewPack("WB-1", "other", "record", "Other", None, "b" * 64))
    found = worker.given("WB-1")
    assert found is not None
    assert found.pack == pack
    assert len(rows(database, "SELECT FROM casework.manual_pack")) == 1


def test_another_authority_sees_nothing(intake: CaseworkStore, engines: Engines) -> None:
    handed_over(intake, engines)
    assert ConfirmationRows(engines("wise_delivery"), SALFORD).given("WB-1") is None
    with ManualPackStore(engines("wise_intake")).transaction(SALFORD) as tx:
        assert tx.packs.get("WB-1") is None
        assert tx.packs.page(PackState.OPEN, inbox=None, after=None, limit=9) == []
    with tenant(engines("wise_intake"), SALFORD) as connection:
        assert connection.scalar(text("SELECT count(*) FROM casework.manual_pack")) == 0


def test_an_answer_has_the_delivery_looked_at_now(intake: CaseworkStore, engines: Engines, database: Database) -> None:
    delivery = record(intake, reference="WB-1")
    ConfirmationRows(engines("wise_delivery"), STOCKPORT).put(NewPack("WB-1", "a", "record", "W", None, "a" * 64))
    for state, due in (("unknown", True), ("needs_human", False)):
        change(database, delivery.id, f"state = '{state}', due_at = now() + interval '1 day'")
        with ManualPackStore(engines("wise_intake")).transaction(STOCKPORT) as tx:
            tx.packs.confirm("WB-1", "N-1", None, "x")
        (found,) = rows(database, "SELECT due_at <= now() AS due FROM casework.delivery")
        assert found["due"] is due
        taken_back = "UPDATE casework.manual_pack SET confirmed_at = NULL, confirmed_by = NULL, record_number = NULL"
        with database.as_admin() as admin:
            admin.execute(taken_back)
    assert row(database, delivery.id)["state"] == State.NEEDS_HUMAN


def test_two_answers_at_once_are_one(intake: CaseworkStore, engines: Engines, database: Database) -> None:
    """The second waits until the first is kept, and sees it."""
    handed_over(intake, engines)
    store = ManualPackStore(engines("wise_intake"))

    def seen() -> PackState | None:
        with store.transaction(STOCKPORT) as tx:
            pack = tx.packs.get("WB-1", lock=True)
            return pack.state if pack else None

    def waits() -> bool:
        return bool(rows(database, "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'"))

    with ThreadPoolExecutor(1) as pool:
        with store.transaction(STOCKPORT) as tx:
            assert tx.packs.get("WB-1", lock=True)
            second = pool.submit(seen)
            eventually(lambda: waits() or second.done())
            assert not second.done()
            tx.packs.confirm("WB-1", "N-1", None, "x")
        assert second.result(timeout=10) is PackState.CONFIRMED


def test_what_was_answered_cannot_be_answered_otherwise(intake: CaseworkStore, engines: Engines) -> None:
    handed_over(intake, engines)
    with ManualPackStore(engines("wise_intake")).transaction(STOCKPORT) as tx:
        tx.packs.refuse("WB-1", Reason.DOB_MISMATCH, "x")
        for again in (lambda: tx.packs.confirm("WB-1", "N-1", None, "x"), lambda: tx.packs.take("WB-1", "x")):
            with pytest.raises(LookupError):
                again()


@pytest.mark.parametrize(
    "values",
    [
        "record_number = 'N-1'",
        "confirmed_at = now(), confirmed_by = 'x'",
        "document_number = 'D-1'",
        "refused_at = now()",
        "taken_at = now()",
        "confirmed_at = now(), confirmed_by = 'x', record_number = 'N', refused_at = now(), refused_by = 'x',"
        " refused_reason = 'dob_mismatch'",
    ],
)
def test_half_an_answer_is_none(intake: CaseworkStore, engines: Engines, values: str) -> None:
    handed_over(intake, engines)
    with pytest.raises(DBAPIError, match="ck_manual_pack"), tenant(engines("wise_intake"), STOCKPORT) as connection:
        connection.execute(text(f"UPDATE casework.manual_pack SET {values}"))


def test_a_pack_belongs_to_a_delivery(engines: Engines, database: Database) -> None:
    with pytest.raises(DBAPIError, match="fk_manual_pack_delivery"):
        ConfirmationRows(engines("wise_delivery"), STOCKPORT).put(NewPack("WB-9", "a", "record", "W", None, "a" * 64))


def test_a_number_is_known_again(intake: CaseworkStore, engines: Engines) -> None:
    handed_over(intake, engines)
    with ManualPackStore(engines("wise_intake")).transaction(STOCKPORT) as tx:
        assert not tx.packs.has_number("N-1")
        tx.packs.confirm("WB-1", "N-1", None, "x")
        assert tx.packs.has_number("N-1")
