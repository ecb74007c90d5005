"""Whoever looks for alarms sees when nobody purges: by what is due, the last run, or that there never was one."""

from __future__ import annotations

import pytest

from service.domain.alarm_kinds import Kind
from service.domain.alarms import judge_lane
from service.domain.retention import Keep
from service.store.engine import make_engine
from service.store.pulse import PulseRows
from tests.retention.conftest import House
from tests.retention.test_shredding import KEEPING
from tests.store.rows import rows
from tests.support.bridge import SALFORD, STOCKPORT


def told(house: House, role: str = "wise_intake", authority: str = STOCKPORT) -> set[str]:
    """What each alarm of this kind is about."""
    engine = make_engine(house.desk.database.url(role))
    try:
        found = judge_lane(PulseRows(engine).of_lane(authority, in_use=True), workers_here=False)
    finally:
        engine.dispose()
    return {each.subject for each in found if each.kind is Kind.PURGE_NOT_RUN}


@pytest.mark.parametrize("role", ["wise_intake", "wise_delivery"])
def test_where_nobody_ever_purged_the_oldest_record_tells(house: House, role: str) -> None:
    house.delivered(days=90)
    assert told(house, role) == set()
    house.delivered(submission_id="OLD", young_person__la_child_id="STK7000001", days=92)
    assert told(house, role) == {"never"}
    assert told(house, role, SALFORD) == set()
    house.run()
    assert told(house, role) == set()


def test_a_purge_that_does_not_come_any_more(house: House) -> None:
    house.delivered(days=5)
    house.run()
    assert told(house) == set()
    house.change("UPDATE casework.purge_run SET at = at - interval '25 hours'")
    assert told(house) == {"run"}
    house.run()
    assert told(house) == set()


def test_what_is_due_and_does_not_go(house: House) -> None:
    receipt = house.delivered(days=32)
    house.purger.mark(STOCKPORT)
    assert "due" in told(house)
    house.run()
    assert (told(house), house.has_body(receipt)) == (set(), False)


def test_what_has_a_reason_to_stay_raises_nothing(house: House) -> None:
    receipt = house.delivered(days=4000)
    house.change(KEEPING[Keep.LEGAL_HOLD], receipt)
    house.run()
    assert (told(house), house.has_body(receipt)) == (set(), True)


def test_a_run_that_failed_is_none(house: House) -> None:
    house.delivered(days=32)
    house.change("UPDATE casework.bridge SET mode = 'look_first'")
    assert house.purger.look() == 0
    assert rows(house.desk.database, "SELECT FROM casework.purge_run") == []
