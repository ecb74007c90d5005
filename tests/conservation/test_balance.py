"""The books: what was accepted is all accounted for, and whatever was lost or doubled is seen, on its day."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, create_engine, text

from service.commands.conservation import conservation
from service.domain.delivery import State
from service.store.conservation import Balance, ConservationRows, balances, difference
from tests.store.rows import let_go, rows, superuser
from tests.support.bridge import SALFORD, STOCKPORT, Bridge
from tests.support.records import example
from tests.usecases.desk import Desk

TODAY = datetime.now(ZoneInfo("Europe/London")).date()
EMPTY = {"delivered": 0, "superseded": 0, "cancelled": 0, "open": 0, "missing": 0, "unasked": 0}


@pytest.fixture(scope="session", autouse=True)
def _let_go() -> Iterator[None]:
    yield
    let_go()


@pytest.fixture
def owner(bridge: Bridge) -> Iterator[Engine]:
    engine = create_engine(bridge.database.url("wise_owner"))
    yield engine
    engine.dispose()


@pytest.fixture
def desk(bridge: Bridge) -> Desk:
    from service.configuration import profiles

    return Desk(bridge, profiles(bridge.config_dir))


def today(owner: Engine, authority: str = STOCKPORT) -> Balance:
    (found,) = balances(owner, [authority])
    return found


def numbers(balance: Balance) -> tuple[int, dict[str, int]]:
    return balance.accepted, {name: value for name in EMPTY if (value := getattr(balance, name))}


def accept(desk: Desk, name: str) -> None:
    desk.accept("wise", submission_id=name, young_person__la_child_id=f"CHILD-{name}")


def test_each_state_is_counted(desk: Desk, owner: Engine) -> None:
    for state in State:
        accept(desk, f"S-{state}")
        values = {"delivered": "record_number = 'R1'", "in_flight": "lease_until = now()"}
        superuser(desk.database).execute(
            f"UPDATE casework.delivery SET state = %s, {values.get(state, 'note = note')}"
            " WHERE submission_id = (SELECT id FROM casework.submission WHERE sender_ref = %s)",
            (state.value, f"S-{state}"),
        )
    found = today(owner)
    assert numbers(found) == (8, {"delivered": 1, "superseded": 1, "cancelled": 1, "open": 5})
    assert (found.authority, found.day, found.difference) == (STOCKPORT, TODAY, 0)


def test_deliveries_reviews_corrections_and_withdrawals_balance(desk: Desk, owner: Engine) -> None:
    first = desk.receive(example("wise"))
    desk.deliver(desk.delivery_of(first.receipt_id))
    assert desk.raiser(TODAY + timedelta(days=400)).raise_due() == 1
    desk.receive(
        example(
            "wise", submission_id="FIX", submission_kind="correction",
            supersedes_submission_id=example("wise")["submission_id"],
        )
    )  # fmt: skip
    desk.receive(withdrawal("GONE", "FIX"))
    accept(desk, "OTHER")
    desk.receive(withdrawal("NEVER", "OTHER", "CHILD-OTHER"))
    found = today(owner)
    states = {each["state"]: each["n"] for each in rows(desk.database, COUNTED)}
    assert found.difference == 0
    assert found.accepted == sum(states.values()) == 5
    assert numbers(found)[1] == {"delivered": 1, "cancelled": 2, "open": 2}


COUNTED = "SELECT state, count(*) AS n FROM casework.delivery GROUP BY state"


def withdrawal(name: str, of: str, child: str | None = None) -> dict[str, object]:
    record = example("wise")
    person = {"la_child_id": child or record["young_person"]["la_child_id"]}
    return {
        "schema_version": record["schema_version"],
        "record_type": "wise_assessment",
        "submission_id": name,
        "submission_kind": "withdrawal",
        "supersedes_submission_id": of,
        "authority": record["authority"],
        "withdrawal": {"reason": "wrong_young_person", "decided_by_ref": "stk-sw-21"},
        "young_person": person,
    }


LOSSES = {
    "a delivery": "DELETE FROM casework.delivery WHERE submission_id = %(id)s",
    "the body": "DELETE FROM casework.payload WHERE submission_id = %(id)s",
    "everything": "DELETE FROM casework.delivery WHERE submission_id = %(id)s;"
    " DELETE FROM casework.payload WHERE submission_id = %(id)s; DELETE FROM casework.sketch"
    " WHERE submission_id = %(id)s; DELETE FROM casework.review WHERE submission_id = %(id)s;"
    " DELETE FROM casework.submission WHERE id = %(id)s",
}
DOUBLES = {
    "a second delivery": "INSERT INTO casework.delivery (id, authority, kind, submission_id, reference, child_key,"
    " state, reason) SELECT gen_random_uuid(), authority, kind, submission_id, 'WB-AGAIN', child_key, 'superseded',"
    " reason FROM casework.delivery WHERE submission_id = %(id)s",
    "a record that nobody accepted": "ALTER TABLE casework.audit DISABLE TRIGGER audit_is_append_only;"
    " DELETE FROM casework.audit WHERE subject_id = %(id)s::text;"
    " ALTER TABLE casework.audit ENABLE TRIGGER audit_is_append_only",
}


@pytest.fixture
def change(desk: Desk) -> Callable[[str, str], None]:
    """Something that no process of ours does, by a superuser, to a record by its sender's id."""

    def to(name: str, statements: str) -> None:
        (found,) = rows(desk.database, "SELECT id FROM casework.submission WHERE sender_ref = %s", name)
        for statement in statements.split(";"):
            superuser(desk.database).execute(statement.replace("%(id)s", f"'{found['id']}'"))

    return to


@pytest.mark.parametrize("what", LOSSES)
def test_a_loss_is_seen(desk: Desk, owner: Engine, change: Callable[[str, str], None], what: str) -> None:
    accept(desk, "A")
    accept(desk, "B")
    change("A", LOSSES[what])
    assert (today(owner).accepted, today(owner).missing, today(owner).unasked) == (2, 1, 0)
    assert difference(owner, STOCKPORT) == 1


@pytest.mark.parametrize("what", DOUBLES)
def test_what_is_there_once_too_often_is_seen(
    desk: Desk, owner: Engine, change: Callable[[str, str], None], what: str
) -> None:
    accept(desk, "A")
    accept(desk, "B")
    change("B", DOUBLES[what])
    assert (today(owner).missing, today(owner).unasked) == (0, 1)


def test_a_loss_and_a_double_do_not_make_up_for_each_other(
    desk: Desk, owner: Engine, change: Callable[[str, str], None]
) -> None:
    accept(desk, "A")
    accept(desk, "B")
    change("B", DOUBLES["a second delivery"])
    change("A", LOSSES["a delivery"])
    found = today(owner)
    assert found.accepted == found.superseded + found.open == 2
    assert (found.missing, found.unasked, found.difference) == (1, 1, 2)


def test_a_body_is_not_missed_when_nothing_is_open(
    desk: Desk, owner: Engine, change: Callable[[str, str], None]
) -> None:
    """What was delivered may be purged."""
    accept(desk, "A")
    change("A", "UPDATE casework.delivery SET state = 'delivered', record_number = 'R1' WHERE submission_id = %(id)s")
    change("A", LOSSES["the body"])
    assert today(owner).difference == 0


def test_a_review_task_that_is_gone_is_seen(desk: Desk, owner: Engine) -> None:
    accept(desk, "A")
    desk.raiser(TODAY + timedelta(days=400)).raise_due()
    assert today(owner).accepted == 2
    superuser(desk.database).execute("DELETE FROM casework.delivery WHERE kind = 'review_task'")
    assert (today(owner).missing, today(owner).unasked) == (1, 0)


def test_a_withdrawal_that_is_gone_is_seen_though_it_owed_nothing(
    desk: Desk, owner: Engine, change: Callable[[str, str], None]
) -> None:
    accept(desk, "A")
    desk.receive(withdrawal("W", "A", "CHILD-A"))
    assert (today(owner).accepted, today(owner).difference) == (1, 0)
    superuser(desk.database).execute("UPDATE casework.submission SET withdrawn_by = NULL, superseded_by = NULL")
    change("W", LOSSES["everything"])
    assert (today(owner).accepted, today(owner).missing) == (1, 1)


def test_the_day_is_londons_and_older_ones_are_left_out(
    desk: Desk, owner: Engine, change: Callable[[str, str], None]
) -> None:
    moments = {
        "BEFORE": "2026-07-30 22:59:59.9+00",
        "FIRST": "2026-07-30 23:00+00",  # summer time: 31 July has begun
        "LAST": "2026-07-31 22:59+00",
        "AFTER": "2026-07-31 23:00+00",
    }
    for name, moment in moments.items():
        accept(desk, name)
        change(name, f"UPDATE casework.submission SET received_at = '{moment}' WHERE id = %(id)s")
        change(
            name,
            "ALTER TABLE casework.audit DISABLE TRIGGER audit_is_append_only; UPDATE casework.audit"
            f" SET at = timestamptz '{moment}' + interval '2 seconds' WHERE subject_id = %(id)s::text;"
            " ALTER TABLE casework.audit ENABLE TRIGGER audit_is_append_only",
        )
    found = balances(owner, [STOCKPORT], date(2026, 7, 31))
    assert [(each.day, each.accepted, each.difference) for each in found] == [
        (date(2026, 7, 31), 2, 0),
        (date(2026, 8, 1), 1, 0),
    ]
    assert balances(owner, [STOCKPORT]) == []


@pytest.mark.parametrize("role", ["wise_intake", "wise_delivery", "wise_owner"])
def test_each_role_sees_its_authoritys_books_only(desk: Desk, role: str) -> None:
    accept(desk, "A")
    superuser(desk.database).execute("DELETE FROM casework.delivery")
    engine = create_engine(desk.database.url(role))
    with engine.begin() as connection:
        assert ConservationRows(connection).broken() == []
        connection.execute(text(f"SELECT set_config('wise.authority', '{SALFORD}', true)"))
        assert ConservationRows(connection).table() == []
        connection.execute(text(f"SELECT set_config('wise.authority', '{STOCKPORT}', true)"))
        assert ConservationRows(connection).broken() == [(STOCKPORT, TODAY, 1)]
    engine.dispose()


def test_the_command_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WISE_DATABASE_URL", desk.database.url("wise_owner"))
    run = CliRunner().invoke
    accept(desk, "A")
    good = run(conservation, [])
    assert (good.exit_code, "The books balance." in good.output) == (0, True)
    superuser(desk.database).execute("DELETE FROM casework.delivery")
    bad = run(conservation, [])
    assert bad.exit_code == 1
    assert "1 accepted and not accounted for" in bad.output
    assert run(conservation, ["--authority", SALFORD]).exit_code == 0
    listed = run(conservation, ["--authority", STOCKPORT, "--since", TODAY.isoformat(), "--json"])
    assert [(each["day"], each["difference"]) for each in json.loads(listed.output)] == [(TODAY.isoformat(), 1)]
    assert run(conservation, ["--authority", "E08000099"]).exit_code == 2
