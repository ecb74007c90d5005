"""Statements whose plans PostgreSQL has made general must need no more rights, and read no more, than others."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from service.domain.delivery import Reason, State
from service.ports import Casework, Settlement
from service.store.claims import take
from tests.store.rows import RECEIPT, claimed, record, row, sending, settle
from tests.support.bridge import Bridge
from tests.support.servers import Database


@pytest.fixture
def general(database: Database, bridge: Bridge) -> Iterator[Casework]:
    """The worker's store, on connections whose every plan is a general one."""
    with database.as_admin() as admin:
        admin.execute("ALTER ROLE wise_delivery SET plan_cache_mode = force_generic_plan")
        yield bridge.store()
        admin.execute("ALTER ROLE wise_delivery RESET plan_cache_mode")


@pytest.mark.parametrize(
    "settlement",
    [RECEIPT, Settlement(State.NEEDS_HUMAN, Reason.NOT_PERMITTED), Settlement(State.RETRY, Reason.UNREACHABLE)],
    ids=lambda each: each.state.value,
)
def test_a_worker_settles(database: Database, intake: Casework, general: Casework, settlement: Settlement) -> None:
    delivery = record(intake)
    held = claimed(general, delivery.id)
    assert sending(general, held)
    assert settle(general, held, settlement)
    assert row(database, delivery.id)["state"] == settlement.state.value


def test_a_worker_lets_go_what_was_held_for_training(database: Database, intake: Casework, general: Casework) -> None:
    delivery = record(intake, held=Reason.TRAINING_NOT_FOUND)
    with general.transaction("E08000007") as tx:
        assert tx.deliveries.release(delivery.id)
    assert row(database, delivery.id)["state"] == "ready"


@pytest.mark.parametrize("alone", [False, True])
@pytest.mark.parametrize("only_to_look_up", [False, True])
def test_a_claim_reads_what_is_due_first_and_not_all_that_waits(
    database: Database, alone: bool, only_to_look_up: bool
) -> None:
    names: dict[str, int] = {}
    statement = re.sub(
        r"%\((\w+)\)s",
        lambda found: f"${names.setdefault(found[1], len(names) + 1)}",
        str(take(only_to_look_up=only_to_look_up, in_doubt_first=False, alone=alone, this_one=False)),
    )
    with database.as_admin() as admin:
        admin.execute("SET ROLE wise_delivery")
        admin.execute("SET enable_seqscan = off")  # which is best for the few rows of a test
        admin.execute("SET enable_bitmapscan = off")
        plan = "\n".join(row[0] for row in admin.execute(f"EXPLAIN (GENERIC_PLAN) {statement}".encode()))
    assert "Index Scan using ix_delivery_due" in plan
    assert "Sort" not in plan
