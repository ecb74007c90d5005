"""A record held for training: kept, shown, and let go by a late registration or by somebody who answers for it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from service.domain.delivery import State
from service.domain.faults import Fault, Findings
from service.usecases import recheck
from service.usecases.each import SomeFailedError
from service.usecases.release_hold import HoldReleaser
from tests.store.rows import row, rows, superuser
from tests.support.bridge import SALFORD, STOCKPORT
from tests.support.records import example
from tests.support.refusing import refusing
from tests.support.training import register
from tests.usecases.desk import Desk

HELD = Findings(holds=(Fault("/assessor/professional_ref", "T1", "Held.", "Register it."),))
WORKER = "stk-sw-99"


@pytest.fixture
def held(desk: Desk) -> UUID:
    """The delivery of a record by a worker the register does not know."""
    record = example("wise", assessor__professional_ref=WORKER)
    return desk.delivery_of(desk.receive(record, HELD).receipt_id)


def holds(desk: Desk) -> list[str | None]:
    return [each["released_by"] for each in rows(desk.database, "SELECT released_by FROM casework.hold")]


def test_a_held_record_is_kept_and_waits_for_a_person(desk: Desk, held: UUID) -> None:
    found = row(desk.database, held)
    assert (found["state"], found["reason"]) == ("needs_human", "training_not_found")
    assert desk.deliver(held) is None
    assert (desk.rechecker().look(), desk.due()) == (0, set())
    assert holds(desk) == [None]


def test_a_late_registration_lets_it_go_on(desk: Desk, held: UUID) -> None:
    register(desk.database, STOCKPORT, WORKER, "wise_core", date(2026, 9, 13))
    assert (desk.rechecker().look(), desk.due()) == (1, {held})
    settlement = desk.deliver(held)
    assert settlement and settlement.state is State.DELIVERED
    assert holds(desk) == ["training register"]


@pytest.mark.parametrize(
    ("worker", "course", "attended_on"),
    [
        (WORKER, "wise_core", date(2026, 9, 14)),
        (WORKER, "nwg_advanced", date(2026, 3, 1)),
        ("stk-sw-98", "wise_core", date(2026, 3, 1)),
    ],
    ids=["on the day itself", "another course", "another worker"],
)
def test_what_would_not_have_counted_does_not_count_late(
    desk: Desk, held: UUID, worker: str, course: str, attended_on: date
) -> None:
    register(desk.database, STOCKPORT, worker, course, attended_on)
    assert (desk.rechecker().look(), desk.due()) == (0, set())
    assert row(desk.database, held)["state"] == "needs_human"


def test_another_authoritys_register_settles_nothing(desk: Desk, held: UUID) -> None:
    register(desk.database, "E08000006", WORKER, "wise_core", date(2026, 3, 1))
    assert (desk.rechecker().look(), desk.due()) == (0, set())
    assert row(desk.database, held)["state"] == "needs_human"


def test_somebody_may_answer_for_it_once(desk: Desk, held: UUID) -> None:
    (found,) = rows(desk.database, "SELECT id FROM casework.hold")
    releaser = HoldReleaser(desk.intake, desk.wakeups)
    assert releaser.release(STOCKPORT, found["id"], by="stk-tm-1", actor="client:test")
    assert not releaser.release(STOCKPORT, found["id"], by="stk-tm-2", actor="client:test")
    assert desk.wakeups.lanes[-1] == STOCKPORT
    settlement = desk.deliver(held)
    assert settlement and settlement.state is State.DELIVERED


def test_many_that_never_settle_do_not_hide_one_that_does(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recheck, "BATCH", 2)
    for number in range(5):
        child = f"STK000{number:04}"
        desk.receive(
            example("wise", submission_id=f"H{number}", assessor__professional_ref=f"stk-sw-9{number}",
                    young_person__la_child_id=child), HELD)  # fmt: skip
    register(desk.database, STOCKPORT, "stk-sw-94", "wise_core", date(2026, 3, 1))
    rechecker = desk.rechecker()
    assert sum(rechecker.look() for _ in range(3)) == 1
    released = "SELECT count(*) AS n FROM casework.hold WHERE released_by IS NOT NULL"
    assert rows(desk.database, released) == [{"n": 1}]


@pytest.mark.parametrize("failing", [STOCKPORT, SALFORD])
def test_one_authority_that_fails_keeps_no_others_holds(desk: Desk, held: UUID, failing: str) -> None:
    abroad = desk.delivery_of(desk.receive(example("rise", data_capture_by__professional_ref=WORKER), HELD).receipt_id)
    for authority in (STOCKPORT, SALFORD):
        register(desk.database, authority, WORKER, "wise_core", date(2026, 3, 1))
    with refusing(desk.database, "hold", failing), pytest.raises(SomeFailedError) as caught:
        desk.rechecker().look()
    assert list(caught.value.failed) == [failing]
    assert desk.due() == {abroad if failing == STOCKPORT else held}


def test_a_correction_ends_what_was_held(desk: Desk, held: UUID) -> None:
    changes = {"submission_id": "C", "submission_kind": "correction", "supersedes_submission_id": "SK-2026-000041"}
    desk.receive(example("wise", **changes))
    assert row(desk.database, held)["state"] == "superseded"


def test_a_body_nobody_can_open_stays_held(desk: Desk, held: UUID) -> None:
    superuser(desk.database).execute("UPDATE casework.payload SET sealed = 'x'")
    register(desk.database, STOCKPORT, WORKER, "wise_core", date(2026, 3, 1))
    assert (desk.rechecker().look(), desk.due()) == (0, set())
    assert row(desk.database, held)["state"] == "needs_human"
