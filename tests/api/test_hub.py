"""The Hub's side: a fixed menu, counts that protect, and no way to a record."""

from __future__ import annotations

from datetime import date
from typing import Any

import psycopg
import pytest
from psycopg import errors

from service.central.aggregates import QUARTERS, CentralAggregates
from service.central.catalogue import CATALOGUE
from service.central.protection import HIDDEN, shown
from service.domain.codes import EXPLOITATION, RECORD_TYPES
from service.domain.fact import NOT_ASKED, Fact
from tests.support.bridge import HUB, SALFORD, STOCKPORT, Bridge
from tests.support.records import example

BY_TYPE, BY_STATEMENT = "/v1/aggregates/records-by-type", "/v1/aggregates/exploitation-statement"


def pull(bridge: Bridge, path: str, status: int = 200) -> dict[str, Any]:
    answer = bridge.hub.get(path, headers=bridge.headers(HUB))
    assert answer.status_code == status, answer.text
    body: dict[str, Any] = answer.get_json()
    return body


def quarters(bridge: Bridge) -> list[str]:
    found: list[str] = pull(bridge, "/v1/aggregates")["quarters"]
    return found


def count_in(bridge: Bridge, count: int, *, quarter: str = "", authority: str = STOCKPORT, **codes: str) -> None:
    """Facts as intake hands them over with a record."""
    fact = Fact(
        quarter or quarters(bridge)[0],
        authority,
        codes.get("record_type", "wise_assessment"),
        codes.get("exploitation", "at_risk"),
    )
    store = bridge.store("wise_intake")
    with store.transaction(authority) as tx:
        for _ in range(count):
            tx.facts.hand_over(fact)
    store.close()


def figures(table: dict[str, Any]) -> dict[str, Any]:
    return {row[next(iter(row))]: row["count"] for row in table["rows"]}


def test_the_menu_lists_the_tables_there_are(bridge: Bridge) -> None:
    menu = pull(bridge, "/v1/aggregates")
    assert [each["table"] for each in menu["tables"]] == ["records-by-type", "exploitation-statement"]
    assert {each["unit"] for each in menu["tables"]} == {"assessments"}
    assert all(each["title"] for each in menu["tables"])


def test_the_quarters_are_those_of_the_calendar_whatever_was_received(bridge: Bridge) -> None:
    before = quarters(bridge)
    count_in(bridge, 20, quarter="1999Q1")
    assert quarters(bridge) == before
    assert len(before) == QUARTERS
    assert before == sorted(before, reverse=True)


@pytest.mark.parametrize(
    ("today", "newest", "oldest"),
    [
        (date(2026, 9, 30), "2026Q3", "2024Q4"),
        (date(2026, 10, 1), "2026Q4", "2025Q1"),
        (date(2026, 12, 31), "2026Q4", "2025Q1"),
        (date(2027, 1, 31), "2027Q1", "2025Q2"),
    ],
)
def test_two_years_of_quarters_end_with_todays(today: date, newest: str, oldest: str) -> None:
    found = CentralAggregates(None, lambda: today).quarters()  # type: ignore[arg-type] # no table is asked for
    assert (found[0], found[-1], len(set(found))) == (newest, oldest, 8)


@pytest.mark.parametrize(
    ("count", "figure"),
    [(0, "c"), (1, "c"), (9, "c"), (10, 10), (11, 10), (12, 10), (13, 15), (17, 15), (18, 20), (1_002, 1_000)],
)
def test_under_ten_is_hidden_and_all_else_is_rounded_to_five(count: int, figure: int | str) -> None:
    assert shown(count) == figure


@pytest.mark.parametrize(("count", "figure"), [(9, HIDDEN), (12, 10), (13, 15)])
def test_the_table_shows_protected_counts_and_nothing_else(bridge: Bridge, count: int, figure: int | str) -> None:
    count_in(bridge, count)
    for path, value in ((BY_TYPE, "wise_assessment"), (BY_STATEMENT, "at_risk")):
        table = pull(bridge, path)
        assert figures(table)[value] == figure
        assert {row["status"] for row in table["rows"] if row["count"] == HIDDEN} == {"suppressed"}
        assert {row["status"] for row in table["rows"] if row["count"] != HIDDEN} <= {"rounded"}
        assert set(table) == {"table", "title", "unit", "quarter", "rows", "everything_suppressed", "notes"}


def test_nobody_and_nine_look_the_same(bridge: Bridge) -> None:
    nobody = pull(bridge, BY_TYPE)
    count_in(bridge, 9)
    assert pull(bridge, BY_TYPE) == nobody
    assert set(figures(nobody).values()) == {HIDDEN}


def test_when_everything_is_hidden_that_is_said_in_words(bridge: Bridge) -> None:
    empty = pull(bridge, BY_STATEMENT)
    assert empty["everything_suppressed"] is True
    assert empty["notes"][0].startswith("Everything in this table is suppressed")
    count_in(bridge, 10)
    filled = pull(bridge, BY_STATEMENT)
    assert filled["everything_suppressed"] is False
    assert not any(note.startswith("Everything") for note in filled["notes"])


def test_the_rows_are_every_code_whatever_was_received(bridge: Bridge) -> None:
    expected = {BY_TYPE: list(RECORD_TYPES), BY_STATEMENT: list(EXPLOITATION)}
    assert {path: list(figures(pull(bridge, path))) for path in expected} == expected
    count_in(bridge, 40, record_type="nwg_assessment", exploitation=NOT_ASKED)
    assert {path: list(figures(pull(bridge, path))) for path in expected} == expected
    assert figures(pull(bridge, BY_STATEMENT)) == dict.fromkeys(EXPLOITATION, HIDDEN)


def test_a_quarter_counts_its_own_from_every_authority_together(bridge: Bridge) -> None:
    now, before = quarters(bridge)[:2]
    count_in(bridge, 6, quarter=before)
    count_in(bridge, 6, quarter=before, authority=SALFORD)
    count_in(bridge, 20, quarter=now)
    assert figures(pull(bridge, f"{BY_TYPE}?quarter={before}"))["wise_assessment"] == 10
    assert figures(pull(bridge, BY_TYPE))["wise_assessment"] == 20
    assert pull(bridge, BY_TYPE)["quarter"] == now


def test_an_accepted_record_is_counted_once(bridge: Bridge) -> None:
    for number in range(10):
        for _ in range(2):
            bridge.post(example("wise", submission_id=f"H-{number}"))
    assert figures(pull(bridge, f"{BY_TYPE}?quarter=2026Q3"))["wise_assessment"] == 10


NOT_ANSWERED = {
    f"{BY_TYPE}?quarter=1999Q1": 400,
    f"{BY_TYPE}?quarter=": 400,
    f"{BY_TYPE}?quarter=2026-09-14": 400,
    f"{BY_TYPE}?authority={STOCKPORT}": 400,
    f"{BY_TYPE}?exploitation=at_risk": 400,
    f"{BY_TYPE}?Quarter=2026Q3": 400,
    "/v1/aggregates?quarter=2026Q3": 400,
    "/v1/aggregates/by-school": 404,
    "/v1/aggregates/records-by-type/wise_assessment": 404,
    "/v1/aggregates/fact": 404,
}


def test_no_other_question_is_answered(bridge: Bridge) -> None:
    for path, status in NOT_ANSWERED.items():
        problem = pull(bridge, path, status)
        assert problem["status"] == status
        assert STOCKPORT not in str(problem)


def test_no_table_is_by_authority() -> None:
    assert {each.column.name for each in CATALOGUE} == {"record_type", "exploitation"}


def test_the_hubs_role_reads_facts_and_nothing_of_casework(bridge: Bridge) -> None:
    bridge.post(example("wise"))
    with bridge.database.as_admin() as admin:
        tables = [row[0] for row in admin.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'casework'")]
    assert {"submission", "payload", "review", "delivery", "client", "audit"} <= set(tables)
    url = bridge.database.url("wise_central").replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as hub:
        assert hub.execute("SELECT count(*) FROM central.fact").fetchone() == (1,)
        for table in tables:
            with pytest.raises(errors.InsufficientPrivilege):
                hub.execute(f"SELECT 1 FROM casework.{table}")
        for change in ("INSERT INTO central.fact SELECT * FROM central.fact", "DELETE FROM central.fact"):
            with pytest.raises(errors.InsufficientPrivilege):
                hub.execute(change)


def test_intake_hands_facts_over_and_cannot_read_one_back(bridge: Bridge) -> None:
    count_in(bridge, 1)
    url = bridge.database.url("wise_intake").replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as intake, pytest.raises(errors.InsufficientPrivilege):
        intake.execute("SELECT * FROM central.fact")


def test_a_fact_has_no_column_that_could_order_or_find_it(bridge: Bridge) -> None:
    with bridge.database.as_admin() as admin:
        columns = admin.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = 'central' ORDER BY 1"
        ).fetchall()
    assert [name for (name,) in columns] == ["authority", "exploitation", "quarter", "record_type", "weight"]
