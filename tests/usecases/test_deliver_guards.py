"""What must hold around a delivery: the right body, a complete mapping, no open transaction, connections let go of."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from service.documents import DocumentError, TypstDocuments
from service.domain.delivery import Owner, Reason, State, owner_of
from service.ports import Filing, Record
from service.store.keys import KeyRing
from service.store.vault import KeyedVault
from service.usecases.outcome import KEYS_WAIT
from tests.store.rows import row, rows
from tests.support.bridge import SALFORD, STOCKPORT
from tests.support.fake_case_system import Told
from tests.usecases.desk import Desk

pytestmark = pytest.mark.usefixtures("conserved")


def assert_for_a_person(desk: Desk, delivery_id: UUID, reason: Reason, note: str = "") -> None:
    """And nothing was sent, nor even asked."""
    settlement = desk.deliver(delivery_id)
    assert settlement is not None
    assert (settlement.state, settlement.reason, settlement.note) == (State.NEEDS_HUMAN, reason, note)
    kept = row(desk.database, delivery_id)
    assert (kept["state"], kept["may_have_arrived"]) == ("needs_human", False)
    assert desk.place.calls == []


def test_a_body_that_was_swapped_with_another_authoritys_is_not_sent(desk: Desk) -> None:
    ours, theirs = desk.accept(), desk.accept("rise")
    with desk.database.as_admin() as admin:
        admin.execute(
            "UPDATE casework.payload AS mine SET sealed = other.sealed FROM casework.payload AS other"
            " WHERE mine.authority <> other.authority"
        )
    assert_for_a_person(desk, ours, Reason.BODY_UNREADABLE)
    assert_for_a_person(desk, theirs, Reason.BODY_UNREADABLE)
    assert owner_of(Reason.BODY_UNREADABLE) is Owner.OPERATOR


def test_a_body_of_another_record_of_the_same_authority_is_not_sent(desk: Desk) -> None:
    first = desk.accept()
    desk.accept(submission_id="S-2", young_person__la_child_id="STK0000500")
    with desk.database.as_admin() as admin:
        admin.execute(
            "UPDATE casework.payload AS mine SET sealed = other.sealed FROM casework.payload AS other"
            " WHERE mine.submission_id <> other.submission_id"
        )
    assert_for_a_person(desk, first, Reason.BODY_UNREADABLE)


def test_a_record_that_names_another_authority_is_not_sent(desk: Desk) -> None:
    """Sealed rightly for Stockport, but its words say Salford: the last look before it leaves."""
    wanted = desk.accept()
    subject = row(desk.database, wanted)["submission_id"]
    sealed = desk.bridge.vault.seal(STOCKPORT, str(subject), b'{"authority": "E08000006"}')
    with desk.database.as_admin() as admin:
        admin.execute("UPDATE casework.payload SET sealed = %s", (sealed,))
    assert_for_a_person(desk, wanted, Reason.BODY_UNREADABLE, "authority does not match")


def test_a_record_does_not_leave_through_another_authoritys_adapter(desk: Desk) -> None:
    wanted = desk.accept()
    desk.lanes[STOCKPORT] = replace(desk.lanes[STOCKPORT], adapter=desk.lanes[SALFORD].adapter)
    assert_for_a_person(desk, wanted, Reason.BODY_UNREADABLE, "authority does not match")


def test_what_the_mapping_has_no_place_for_is_for_a_person(desk: Desk) -> None:
    wanted = desk.accept(areas__young_person__unheard_of="something")
    assert_for_a_person(desk, wanted, Reason.MAPPING_INCOMPLETE, "/areas/young_person")


def test_a_record_the_authority_takes_no_more_is_for_a_person(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = desk.accept()
    monkeypatch.setattr(desk.lanes[STOCKPORT].adapter, "_mappings", {})
    assert_for_a_person(desk, wanted, Reason.MAPPING_INCOMPLETE, "wise_assessment")


class NoDocuments:
    """`service.ports.DocumentMaker` whose compiler refuses."""

    def case_file(self, record: Record, *, authority_name: str, reference: str, review_due_on: date | None) -> bytes:
        raise DocumentError("the document could not be made")


def test_a_record_without_a_document_is_for_a_person(desk: Desk) -> None:
    wanted = desk.accept()
    desk.documents = NoDocuments()
    assert_for_a_person(desk, wanted, Reason.DOCUMENT_FAILED)


def test_a_real_document_goes_with_the_record(desk: Desk) -> None:
    wanted = desk.accept()
    desk.documents = TypstDocuments()
    desk.deliver(wanted)
    (entry,) = desk.place.filed[row(desk.database, wanted)["reference"]]
    assert isinstance(entry.what, Filing)
    assert entry.what.document.content.startswith(b"%PDF-1.7")
    assert len(entry.what.document.content) > 10_000


def test_without_the_authoritys_key_the_record_waits(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> None:
    wanted = desk.accept()
    keyless = KeyedVault(KeyRing(tmp_path_factory.mktemp("no-keys")))
    deliverer = desk.deliverer
    (claim,) = deliverer.claim(STOCKPORT, 1)
    settled = replace(deliverer, packer=replace(deliverer.packer, vault=keyless)).work(claim)
    assert settled is not None
    assert (settled.state, settled.reason, settled.due_in) == (State.READY, Reason.WAITING, KEYS_WAIT)
    assert (settled.failures, settled.lapses) == (claim.failures, claim.lapses)
    assert desk.place.calls == []
    assert desk.again(wanted).state is State.DELIVERED


SESSIONS = """
SELECT pid, state, xact_start IS NOT NULL AS in_transaction FROM pg_stat_activity
WHERE application_name = 'wise-bridge' AND datname = current_database()
"""


def test_no_transaction_is_open_while_the_case_system_is_asked(desk: Desk) -> None:
    record = desk.accept()
    looked: dict[str, list[dict[str, Any]]] = {}
    desk.place.during = lambda call: looked.setdefault(call, rows(desk.database, SESSIONS))
    desk.place.tell("submit", Told.LOST_REPLY)
    desk.deliver(record)
    desk.again(record)
    desk.raiser(date(2026, 12, 14)).raise_due()
    desk.deliver(desk.raised())
    assert set(looked) == {"verify_person", "submit", "look_up", "raise_task"}
    for call, sessions in looked.items():
        assert sessions, call
        assert not [each for each in sessions if each["in_transaction"] or each["state"] != "idle"], call


def test_the_look_for_open_transactions_would_see_one(desk: Desk) -> None:
    with desk.casework.transaction(STOCKPORT):
        found = rows(desk.database, SESSIONS)
    assert [each["state"] for each in found if each["in_transaction"]] == ["idle in transaction"]


def test_sending_is_committed_before_a_byte_leaves(desk: Desk) -> None:
    wanted = desk.accept()
    looked: dict[str, tuple[bool, str]] = {}

    def look(call: str) -> None:
        (kept,) = rows(
            desk.database, "SELECT may_have_arrived, phase FROM casework.delivery JOIN casework.attempt ON true"
        )
        looked[call] = (kept["may_have_arrived"], kept["phase"])

    desk.place.during = look
    desk.deliver(wanted)
    assert looked == {"verify_person": (False, "claimed"), "submit": (True, "sending")}


def test_what_the_young_person_said_is_sent_word_for_word(desk: Desk) -> None:
    wanted = desk.accept(areas__young_person__own_words__0__text="“Dw i'n iawn” 😀")
    desk.deliver(wanted)
    (entry,) = desk.place.filed[row(desk.database, wanted)["reference"]]
    assert isinstance(entry.what, Filing)
    assert [answer for answer in entry.what.answers if "“Dw i'n iawn” 😀" in answer.value]
