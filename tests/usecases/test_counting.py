"""Each young person counted once: whatever order records come in, are corrected or withdrawn in, or at once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict
from itertools import permutations
from typing import Any

import pytest

from service.domain.fact import FIELDS, NARROW
from service.ports import Record
from service.store.engine import short_lived_engine
from service.store.pulse import PulseRows
from tests.store.rows import rows, superuser
from tests.support.bridge import STOCKPORT
from tests.support.facts import a_fact
from tests.support.records import MISSING, example
from tests.usecases.desk import Desk
from tests.usecases.test_versions import taken_back

JUNE, SEPTEMBER, DECEMBER = "2026-06-14", "2026-09-10", "2026-12-12"
SEEN = ("quarter", "exploitation", "exploitation_before", "review_timeliness", "succeeded_in")


def look(day: str, category: str = "at_risk", **changes: Any) -> Record:
    """A WISE review of one day, whose id is that day. The example gives no date for the review after it."""
    return example(
        "wise",
        submission_id=f"SK-{day}",
        completed_on=day,
        exploitation__category=category,
        review__due_on=MISSING,
        **changes,
    )


def counted(desk: Desk, *names: str) -> list[tuple[str, ...]]:
    """What the central side can count now: a row for each fact that was not taken back, in order."""
    listed = ", ".join(names or SEEN)
    found = rows(
        desk.database,
        f"SELECT {listed}, sum(weight)::int AS n FROM central.fact GROUP BY {', '.join(FIELDS)} ORDER BY 1",
    )
    assert all(each["n"] >= 0 for each in found), "taken back what was never here"
    return [tuple(each[name] for name in names or SEEN) for each in found for _ in range(each["n"])]


def kept(desk: Desk) -> list[dict[str, Any]]:
    stands = "superseded_by IS NULL AND withdrawn_by IS NULL AND kind <> 'withdrawal'"
    return rows(desk.database, f"SELECT id, fact FROM casework.submission WHERE {stands} ORDER BY completed_on")


def kept_is_what_crossed(desk: Desk) -> bool:
    facts = [tuple(each["fact"][name] for name in FIELDS) for each in kept(desk) if each["fact"]]
    return sorted(facts) == sorted(counted(desk, *FIELDS))


THREE = [
    ("2026Q2", "experiencing", "not_recorded", "not_recorded", "2026Q3"),
    ("2026Q3", "at_risk", "experiencing", "on_time", "2026Q4"),
    ("2026Q4", "no_known_risk_or_manageable", "at_risk", "on_time", "not_yet"),
]
RECORDS = {
    JUNE: look(JUNE, "experiencing"),
    SEPTEMBER: look(SEPTEMBER),
    DECEMBER: look(DECEMBER, "no_known_risk_or_manageable"),
}


@pytest.mark.parametrize("order", [*permutations(RECORDS)], ids=" ".join)
def test_records_count_as_if_they_had_come_in_order(desk: Desk, order: tuple[str, ...]) -> None:
    for day in order:
        desk.receive(RECORDS[day])
    assert counted(desk) == THREE
    assert kept_is_what_crossed(desk)


def test_a_first_record_is_left_alone(desk: Desk) -> None:
    desk.receive(RECORDS[JUNE])
    desk.receive(look(SEPTEMBER, young_person__la_child_id="STK0000418"))
    facts = rows(desk.database, "SELECT succeeded_in, weight FROM central.fact")
    assert [tuple(each.values()) for each in facts] == [("not_yet", 1)] * 2


def test_a_record_of_another_kind_succeeds_too_and_keeps_the_statement(desk: Desk) -> None:
    desk.receive(RECORDS[JUNE])
    nwg = example("nwg", authority=STOCKPORT, completed_on=SEPTEMBER, young_person__la_child_id="STK0000417")
    desk.receive(nwg)
    desk.receive(RECORDS[DECEMBER])
    assert counted(desk, "quarter", "record_type", "first_or_review", "exploitation_before", "succeeded_in") == [
        ("2026Q2", "wise_assessment", "review", "not_recorded", "2026Q3"),
        ("2026Q3", "nwg_assessment", "review", "not_asked", "2026Q4"),
        ("2026Q4", "wise_assessment", "review", "experiencing", "not_yet"),
    ]


@pytest.mark.parametrize("day", RECORDS)
def test_a_withdrawal_leaves_the_others_as_if_it_had_never_come(desk: Desk, day: str) -> None:
    for record in RECORDS.values():
        desk.receive(record)
    desk.receive(taken_back(f"SK-{day}"))
    left = [each for each in RECORDS if each != day]
    found = counted(desk, "quarter", "succeeded_in")
    quarters = {JUNE: "2026Q2", SEPTEMBER: "2026Q3", DECEMBER: "2026Q4"}
    assert found == [(quarters[left[0]], quarters[left[1]]), (quarters[left[1]], "not_yet")]
    assert kept_is_what_crossed(desk)


def test_when_all_is_withdrawn_nothing_is_counted(desk: Desk) -> None:
    for record in RECORDS.values():
        desk.receive(record)
    for number, day in enumerate(RECORDS):
        desk.receive(taken_back(f"SK-{day}", f"W-{number}"))
    assert counted(desk) == []


def correction(of: str, day: str, category: str) -> Record:
    change = {"submission_kind": "correction", "supersedes_submission_id": of}
    return look(day, category) | change | {"submission_id": f"C-{of}"}


def test_a_correction_of_the_day_moves_the_record_in_the_line(desk: Desk) -> None:
    """The clock still runs from the day that was sent first; the order is that of the days that hold now."""
    for record in RECORDS.values():
        desk.receive(record)
    desk.receive(correction(f"SK-{JUNE}", "2026-10-01", "experiencing"))
    assert {*counted(desk, "quarter", "exploitation", "exploitation_before", "succeeded_in")} == {
        ("2026Q3", "at_risk", "not_recorded", "2026Q4"),
        ("2026Q4", "experiencing", "at_risk", "2026Q4"),
        ("2026Q4", "no_known_risk_or_manageable", "experiencing", "not_yet"),
    }
    assert kept_is_what_crossed(desk)


def test_a_correction_changes_what_the_next_is_compared_with(desk: Desk) -> None:
    for record in RECORDS.values():
        desk.receive(record)
    desk.receive(correction(f"SK-{SEPTEMBER}", SEPTEMBER, "experiencing"))
    assert counted(desk, "quarter", "exploitation", "exploitation_before")[1:] == [
        ("2026Q3", "experiencing", "experiencing"),
        ("2026Q4", "no_known_risk_or_manageable", "experiencing"),
    ]


def test_after_involvement_has_ended_no_review_was_due(desk: Desk) -> None:
    desk.receive(RECORDS[JUNE])
    desk.receive(look(SEPTEMBER, young_person__involvement_ended_on=SEPTEMBER))
    desk.receive(RECORDS[DECEMBER])
    timely = dict(counted(desk, "quarter", "review_timeliness"))
    assert timely == {"2026Q2": "not_recorded", "2026Q3": "on_time", "2026Q4": "not_recorded"}


def test_of_many_at_once_one_stands(desk: Desk) -> None:
    days = [f"2026-{month:02}-{day:02}" for month in (4, 5, 7, 8, 10) for day in (3, 17)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(desk.receive, [look(day) for day in days]))
    found = counted(desk, "quarter", "succeeded_in")
    assert len(found) == len(days)
    assert [succeeded for _, succeeded in found].count("not_yet") == 1
    assert kept_is_what_crossed(desk)


def refusals(desk: Desk) -> list[tuple[str, str]]:
    query = "SELECT subject_id, detail ->> 'fields' AS fields FROM casework.audit WHERE action = 'fact_refused'"
    return [tuple(each.values()) for each in rows(desk.database, query)]


def test_a_fact_that_is_refused_never_delays_the_record(desk: Desk) -> None:
    desk.receive(RECORDS[JUNE])
    received = desk.receive(look(SEPTEMBER, young_person__ethnicity="ZZZZ"))
    settlement = desk.deliver(desk.delivery_of(received.receipt_id))
    assert settlement is None  # behind the earlier one, as any other
    assert refusals(desk) == [(str(received.receipt_id), "ethnic_group")]
    assert counted(desk, "quarter", "succeeded_in") == [("2026Q2", "not_yet")]
    assert [each["fact"] is None for each in kept(desk)] == [False, True]


def test_a_record_that_is_not_counted_raises_an_alarm_until_it_is_corrected(desk: Desk) -> None:
    def uncounted() -> int:
        with short_lived_engine(desk.database.url("wise_delivery")) as engine:
            lane = PulseRows(engine).of_lane(STOCKPORT, in_use=True)
        assert (lane.uncounted_since is None) is (lane.uncounted == 0)
        return lane.uncounted

    desk.receive(look(JUNE, young_person__ethnicity="ZZZZ"))
    assert uncounted() == 1
    desk.receive(correction(f"SK-{JUNE}", JUNE, "at_risk"))
    assert uncounted() == 0
    assert counted(desk, "quarter", "succeeded_in") == [("2026Q2", "not_yet")]


@contextmanager
def a_narrower_table(desk: Desk) -> Iterator[None]:
    """A table that refuses what the code lets through."""
    admin = superuser(desk.database)
    (words,) = rows(
        desk.database, "SELECT pg_get_constraintdef(oid) AS said FROM pg_constraint WHERE conname = 'ck_fact_sex'"
    )
    admin.execute("ALTER TABLE central.fact DROP CONSTRAINT ck_fact_sex, ADD CONSTRAINT ck_fact_sex CHECK (sex = 'M')")
    try:
        yield
    finally:
        admin.execute("TRUNCATE central.fact")
        admin.execute(
            f"ALTER TABLE central.fact DROP CONSTRAINT ck_fact_sex, ADD CONSTRAINT ck_fact_sex {words['said']}"
        )


def test_a_fact_that_the_table_refuses_never_delays_the_record(desk: Desk) -> None:
    with a_narrower_table(desk):
        first = desk.receive(RECORDS[JUNE])
        second = desk.receive(RECORDS[SEPTEMBER])
        assert {*refusals(desk)} == {(str(each.receipt_id), "sex") for each in (first, second)}
        desk.receive(look(DECEMBER, young_person__sex="M"))
        assert counted(desk, "quarter", "sex", "succeeded_in") == [("2026Q4", "M", "not_yet")]
        assert len(rows(desk.database, "SELECT FROM casework.delivery WHERE kind = 'record'")) == 3


def test_a_correction_whose_fact_is_refused_leaves_what_is_counted_to_the_next(desk: Desk) -> None:
    with a_narrower_table(desk):
        desk.receive(look(JUNE, young_person__sex="M"))
        desk.receive(correction(f"SK-{JUNE}", JUNE, "at_risk"))
        assert counted(desk, "quarter", "sex", "succeeded_in") == [("2026Q2", "M", "not_yet")]
        again = correction(f"C-SK-{JUNE}", JUNE, "at_risk")
        desk.receive(again | {"young_person": again["young_person"] | {"sex": "M"}})
        assert counted(desk, "quarter", "sex", "succeeded_in") == [("2026Q2", "M", "not_yet")]
        desk.receive(taken_back(f"C-C-SK-{JUNE}"))
        assert counted(desk, "quarter", "sex", "succeeded_in") == []


def test_a_fact_of_four_fields_is_taken_back_to_the_letter(desk: Desk) -> None:
    """One from before, and its row with the table's own defaults."""
    received = desk.receive(RECORDS[JUNE])
    admin, narrow = superuser(desk.database), {name: asdict(a_fact())[name] for name in NARROW} | {"quarter": "2026Q2"}
    admin.execute("TRUNCATE central.fact")
    admin.execute(
        f"INSERT INTO central.fact ({', '.join(narrow)}) VALUES (%s, %s, %s, %s)".encode(), [*narrow.values()]
    )
    change = "UPDATE casework.submission SET fact = %s WHERE id = %s"
    admin.execute(change, (json.dumps(narrow), received.receipt_id))
    desk.receive(RECORDS[SEPTEMBER])
    assert counted(desk, "quarter", "own_words", "exploitation_before", "succeeded_in") == [
        ("2026Q2", "not_asked", "first", "2026Q3"),
        ("2026Q3", "yes", "at_risk", "not_yet"),
    ]
    assert kept_is_what_crossed(desk)
    desk.receive(taken_back(f"SK-{JUNE}"))
    assert counted(desk, "quarter", "succeeded_in") == [("2026Q3", "not_yet")]
