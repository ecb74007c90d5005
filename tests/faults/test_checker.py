"""The checker sees each way in which a record can be lost, doubled or lied about; and so does conservation."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import psycopg
import pytest
from sqlalchemy import make_url

from tests.faults.checker import Stand, judge
from tests.faults.conservation import faults
from tests.faults.journal import Arrived
from tests.faults.ledger import Accepted
from tests.faults.papers import Paper

PAPER = Paper("E08999901", "S-1", "F1")
FINE = Stand(Accepted(PAPER, "receipt", 0, 0), "delivered", "WB-1", "there-1", owner=None)


def there(*numbers: str, opened: int = 1) -> Arrived:
    return Arrived(opened=Counter({"WB-1": opened}), finished={PAPER.key: set(numbers)} if numbers else {})


def test_delivered_and_there_once_is_sound() -> None:
    verdict = judge([FINE], there("there-1"), [PAPER.key])
    assert verdict.sound
    assert (verdict.told, verdict.unknown, verdict.open) == ("", 0, 0)


def test_delivered_and_not_there_is_lost_and_a_lie() -> None:
    verdict = judge([FINE], there(opened=0), [PAPER.key])
    assert (verdict.lost, verdict.false_delivered) == ([PAPER.key], [PAPER.key])


def test_delivered_under_another_number_is_a_lie() -> None:
    verdict = judge([FINE], there("there-2"), [PAPER.key])
    assert (verdict.lost, verdict.false_delivered) == ([], [PAPER.key])


def test_what_the_api_does_not_know_is_lost() -> None:
    assert judge([Stand(FINE.accepted, "")], there(opened=0), [PAPER.key]).lost == [PAPER.key]


def test_open_without_an_owner_is_lost_and_with_one_it_is_listed() -> None:
    held = replace(FINE, state="needs_human", record_number=None)
    assert judge([held], there(opened=0), [PAPER.key]).lost == [PAPER.key]
    owned = judge([replace(held, owner="operator")], there(opened=0), [PAPER.key])
    assert (owned.lost, owned.unknown) == ([], 1)


@pytest.mark.parametrize("opened", [1, 2])
def test_two_finished_are_one_too_many(opened: int) -> None:
    """Under the same reference, or under another."""
    verdict = judge([FINE], there("there-1", "there-2", opened=opened), [PAPER.key])
    assert verdict.doubled == [PAPER.key]


def test_a_second_draft_is_a_double_too() -> None:
    assert judge([FINE], there("there-1", opened=2), [PAPER.key]).doubled == [PAPER.key]


def test_what_nobody_sent_is_a_stranger() -> None:
    verdict = judge([], there("there-1"), [])
    assert verdict.strangers == [PAPER.key]
    assert not verdict.sound


BARE = """
    CREATE SCHEMA casework;
    CREATE TABLE casework.submission (id int PRIMARY KEY, authority text, received_at timestamptz DEFAULT now());
    CREATE TABLE casework.delivery (submission_id int, authority text, kind text DEFAULT 'record', state text,
                                    child_key text DEFAULT 'k', record_number text);
"""
"""What conservation reads, without the constraints that make the faults impossible."""


class Books:
    """Two bare tables, and what may be entered in them."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection = connection
        connection.execute(BARE.encode())

    def keep(self, number: int, *states: str, record: str | None = None) -> None:
        self.connection.execute("INSERT INTO casework.submission VALUES (%s, 'E08999901')", (number,))
        for state in states:
            self.connection.execute(
                "INSERT INTO casework.delivery (submission_id, authority, state, record_number)"
                " VALUES (%s, 'E08999901', %s, %s)",
                (number, state, record),
            )

    def faults(self, *, promised: int) -> list[str]:
        return faults(self.connection, promised)


@pytest.fixture
def books(postgres: str) -> Iterator[Books]:
    name, admin = f"books_{secrets.token_hex(4)}", make_url(postgres).set(drivername="postgresql")
    with psycopg.connect(admin.render_as_string(hide_password=False), autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"'.encode())
        with psycopg.connect(admin.set(database=name).render_as_string(hide_password=False), autocommit=True) as own:
            yield Books(own)
        server.execute(f'DROP DATABASE "{name}"'.encode())


def test_what_adds_up_has_no_faults(books: Books) -> None:
    books.keep(1, "delivered", record="1")
    books.keep(2, "ready")
    assert books.faults(promised=2) == []


def test_a_record_without_its_delivery_is_seen(books: Books) -> None:
    books.keep(1)
    (told,) = books.faults(promised=1)
    assert "1 accepted, 0 accounted for" in told


def test_a_state_that_nobody_knows_is_seen(books: Books) -> None:
    books.keep(1, "misplaced")
    (told,) = books.faults(promised=1)
    assert "1 accepted, 0 accounted for" in told


def test_a_second_delivery_of_a_record_is_seen(books: Books) -> None:
    books.keep(1, "delivered", "ready", record="1")
    (told,) = books.faults(promised=1)
    assert "1 accepted, 2 accounted for" in told


def test_an_acknowledgement_without_its_record_is_seen(books: Books) -> None:
    books.keep(1, "ready")
    assert books.faults(promised=2) == ["2 acknowledged, 1 in the database"]


def test_delivered_without_a_number_is_seen(books: Books) -> None:
    books.keep(1, "delivered")
    assert books.faults(promised=1) == ["1 delivered without a number of the case system"]


def test_two_on_the_way_for_one_young_person_are_seen(books: Books) -> None:
    books.keep(1, "in_flight")
    books.keep(2, "in_flight")
    (told,) = books.faults(promised=2)
    assert "2 records of one young person" in told
