"""The database refuses whatever is not in the table of moves, whoever asks: tried against the real trigger."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from psycopg.errors import CheckViolation, UniqueViolation

from service.domain.delivery import CLAIMABLE, MOVES, State, can_move
from service.ports import Casework
from tests.store.rows import change, record, row, task
from tests.support.servers import Database

PAIRS = [(before, after) for before in State for after in State]
RESTORED = {(State.READY, State.UNKNOWN), (State.RETRY, State.UNKNOWN)}
"""Only after a restore: nothing was sent, so there is nothing to look up."""
REOPENED = (State.DELIVERED, State.UNKNOWN)
"""Only when two people ask."""
SCENE = {
    State.IN_FLIGHT: "lease_until = now() + interval '1 minute', fence = 1",
    State.UNKNOWN: "may_have_arrived = true",
    State.DELIVERED: "record_number = 'R1', may_have_arrived = true, delivered_at = now()",
}
WITH = {
    State.READY: "may_have_arrived = false, lease_until = NULL",
    State.RETRY: "may_have_arrived = false, lease_until = NULL",
    State.IN_FLIGHT: "lease_until = now() + interval '1 minute', fence = fence + 1",
    State.UNKNOWN: "may_have_arrived = true, lease_until = NULL",
    State.NEEDS_HUMAN: "lease_until = NULL",
    State.DELIVERED: "record_number = 'R1', may_have_arrived = true, delivered_at = now(), lease_until = NULL",
    State.SUPERSEDED: "lease_until = NULL",
    State.CANCELLED: "lease_until = NULL",
}


@pytest.fixture
def owner(database: Database) -> Iterator[psycopg.Connection]:
    """A superuser, whom row security does not bind and the trigger does. Later rules about orders rest here."""
    with database.as_admin() as connection:
        (others,) = connection.execute(
            "SELECT coalesce(array_agg(tgname::text), '{}') FROM pg_trigger WHERE NOT tgisinternal"
            " AND tgrelid = 'casework.delivery'::regclass AND tgname <> 'delivery_keeps_to_the_table'"
        ).fetchone() or ((),)
        for other in others:
            connection.execute(f'ALTER TABLE casework.delivery DISABLE TRIGGER "{other}"')
        try:
            yield connection
        finally:
            for other in others:
                connection.execute(f'ALTER TABLE casework.delivery ENABLE TRIGGER "{other}"')


def tries(owner: psycopg.Connection, delivery_id: object, assignments: str) -> str | None:
    """What the database says against it, if anything."""
    try:
        done = owner.execute(f"UPDATE casework.delivery SET {assignments} WHERE id = %s", (delivery_id,))  # type: ignore[arg-type]
    except CheckViolation as refused:
        return str(refused.diag.message_primary)
    assert done.rowcount == 1
    return None


def test_there_are_sixty_four_pairs() -> None:
    assert len(PAIRS) == 64


@pytest.mark.parametrize(("before", "after"), PAIRS, ids=[f"{before}-{after}" for before, after in PAIRS])
def test_the_database_moves_as_the_table_says(
    database: Database, intake: Casework, owner: psycopg.Connection, before: State, after: State
) -> None:
    wanted = record(intake).id
    if before is not State.READY:
        change(database, wanted, ", ".join(filter(None, (f"state = '{before.value}'", SCENE.get(before)))))
    said = tries(owner, wanted, f"state = '{after.value}', {WITH[after]}")
    if before is after and after is not State.IN_FLIGHT:
        assert said is None  # no move: something else of the row is written
    elif (before, after) in RESTORED:
        assert said == "nothing was sent, so there is nothing to look up"
    elif (before, after) == REOPENED:
        assert said == "two people have to ask for what was delivered to be looked up again"
    elif before is State.UNKNOWN and after in (State.SUPERSEDED, State.CANCELLED):
        assert said == f"a delivery cannot go from {before} to {after}"
    elif can_move(before, after):
        assert said is None
    else:
        assert said == f"a delivery cannot go from {before} to {after}"
    assert row(database, wanted)["state"] == (after if said is None else before).value


@pytest.mark.parametrize("mode", ["reconcile_first", "look_first"])
@pytest.mark.parametrize("before", [State.READY, State.RETRY])
def test_after_a_restore_whatever_is_open_may_be_looked_up(
    database: Database, intake: Casework, owner: psycopg.Connection, mode: str, before: State
) -> None:
    wanted = record(intake).id
    change(database, wanted, f"state = '{before.value}'")
    owner.execute("UPDATE casework.bridge SET mode = %s", (mode,))
    assert tries(owner, wanted, "state = 'unknown', may_have_arrived = true") is None


@pytest.mark.parametrize("asked", [False, True])
def test_what_was_delivered_is_reopened_when_two_people_asked(
    database: Database, intake: Casework, owner: psycopg.Connection, asked: bool
) -> None:
    wanted = record(intake).id
    change(database, wanted, f"state = 'delivered', {SCENE[State.DELIVERED]}")
    with owner.transaction(force_rollback=True):
        owner.execute(
            "CREATE OR REPLACE FUNCTION casework.may_reopen(_authority text, _delivery uuid) RETURNS boolean"
            f" LANGUAGE sql STABLE AS $$ SELECT {asked} AND _authority = 'E08000007' AND _delivery = '{wanted}' $$"
        )
        if asked:
            assert tries(owner, wanted, "state = 'unknown', delivered_at = NULL") is None
        else:
            with pytest.raises(CheckViolation, match="two people"):
                owner.execute("UPDATE casework.delivery SET state = 'unknown' WHERE id = %s", (wanted,))


@pytest.mark.parametrize("after", [State.SUPERSEDED, State.CANCELLED])
@pytest.mark.parametrize("before", [State.READY, State.RETRY, State.NEEDS_HUMAN])
def test_what_may_have_arrived_is_set_aside_by_a_person_only(
    database: Database, intake: Casework, owner: psycopg.Connection, before: State, after: State
) -> None:
    wanted = record(intake).id
    change(database, wanted, f"state = '{before.value}'")
    if before is State.NEEDS_HUMAN:
        change(database, wanted, "may_have_arrived = true")
    assert tries(owner, wanted, f"state = '{after.value}'") is None


@pytest.mark.parametrize("state", [State.READY, State.RETRY])
def test_what_may_have_arrived_never_waits_to_be_simply_sent(
    database: Database, intake: Casework, owner: psycopg.Connection, state: State
) -> None:
    wanted = record(intake).id
    change(database, wanted, f"state = '{state.value}'")
    assert "ck_delivery_arrived" in str(tries(owner, wanted, "may_have_arrived = true"))


@pytest.mark.parametrize("after", [State.READY, State.RETRY])
def test_what_is_in_flight_and_may_have_arrived_is_not_put_back_as_if_nothing_had_been(
    database: Database, intake: Casework, owner: psycopg.Connection, after: State
) -> None:
    wanted = record(intake).id
    change(database, wanted, f"state = 'in_flight', may_have_arrived = true, {SCENE[State.IN_FLIGHT]}")
    assert "ck_delivery_arrived" in str(tries(owner, wanted, f"state = '{after.value}', lease_until = NULL"))


def test_a_lease_is_there_exactly_while_it_is_in_flight(
    database: Database, intake: Casework, owner: psycopg.Connection
) -> None:
    wanted = record(intake).id
    assert "ck_delivery_lease" in str(tries(owner, wanted, "lease_until = now()"))
    assert "ck_delivery_lease" in str(tries(owner, wanted, "state = 'in_flight', fence = 1"))
    change(database, wanted, f"state = 'in_flight', {SCENE[State.IN_FLIGHT]}")
    assert "ck_delivery_lease" in str(tries(owner, wanted, "lease_until = NULL"))


IMMUTABLE = {
    "id": "gen_random_uuid()",
    "authority": "'E08000006'",
    "kind": "'retraction'",
    "submission_id": "gen_random_uuid()",
    "reference": "'WB-OTHER'",
    "child_key": "'another'::bytea",
    "created_at": "now() - interval '1 day'",
}


@pytest.mark.parametrize("column", IMMUTABLE)
def test_what_a_delivery_is_about_never_changes(intake: Casework, owner: psycopg.Connection, column: str) -> None:
    wanted = record(intake).id
    assert tries(owner, wanted, f"{column} = {IMMUTABLE[column]}") == "what a delivery is about never changes"


def test_its_place_in_the_order_never_changes(intake: Casework, owner: psycopg.Connection) -> None:
    wanted = record(intake).id
    with pytest.raises(psycopg.Error, match="seq"):
        owner.execute("UPDATE casework.delivery SET seq = 1000 WHERE id = %s", (wanted,))
    assert tries(owner, wanted, "seq = DEFAULT") == "what a delivery is about never changes"


@pytest.mark.parametrize("state", sorted(CLAIMABLE))
def test_a_claim_without_a_new_fence_is_refused(
    database: Database, intake: Casework, owner: psycopg.Connection, state: State
) -> None:
    wanted = record(intake).id
    change(database, wanted, f"state = '{state.value}', fence = 4")
    lease = "state = 'in_flight', lease_until = now()"
    grows = "a fence only grows, and grows with every claim"
    assert tries(owner, wanted, lease) == grows
    assert tries(owner, wanted, f"{lease}, fence = 3") == grows
    assert tries(owner, wanted, f"{lease}, fence = 5") is None
    assert tries(owner, wanted, "fence = 4") == grows


def test_another_holder_needs_a_new_fence(database: Database, intake: Casework, owner: psycopg.Connection) -> None:
    wanted = record(intake).id
    change(database, wanted, f"state = 'in_flight', held_by = gen_random_uuid(), {SCENE[State.IN_FLIGHT]}")
    assert tries(owner, wanted, "held_by = gen_random_uuid()") == "a fence only grows, and grows with every claim"
    assert tries(owner, wanted, "lease_until = now() + interval '5 minutes'") is None
    assert tries(owner, wanted, "held_by = gen_random_uuid(), fence = fence + 1") is None


@pytest.mark.parametrize("state", sorted(set(State) - {State.IN_FLIGHT}))
def test_only_a_claim_moves_the_fence(
    database: Database, intake: Casework, owner: psycopg.Connection, state: State
) -> None:
    wanted = record(intake).id
    change(database, wanted, ", ".join(filter(None, (f"state = '{state.value}'", SCENE.get(state)))))
    assert tries(owner, wanted, "fence = fence + 1") == "only a claim moves the fence"


def test_one_record_of_a_young_person_is_in_flight_at_a_time(
    intake: Casework, store: Casework, owner: psycopg.Connection
) -> None:
    first, second, besides = record(intake).id, record(intake).id, task(intake, store).id
    claim = f"state = 'in_flight', {WITH[State.IN_FLIGHT]}"
    assert tries(owner, first, claim) is None
    assert tries(owner, besides, claim) is None
    with pytest.raises(UniqueViolation, match="uq_delivery_one_at_a_time"):
        tries(owner, second, claim)


def test_the_time_in_a_state_begins_with_the_state(
    database: Database, intake: Casework, owner: psycopg.Connection
) -> None:
    wanted = record(intake).id
    change(database, wanted, "state_since = now() - interval '1 day', changed_in = 0")
    tries(owner, wanted, "note = 'x', due_at = now()")
    kept = row(database, wanted)
    assert ((kept["changed_at"] - kept["state_since"]).total_seconds() > 80_000, kept["changed_in"]) == (True, 0)
    tries(owner, wanted, "state = 'needs_human', reason = 'held_by_officer'")
    kept = row(database, wanted)
    assert abs((kept["state_since"] - kept["changed_at"]).total_seconds()) < 60
    assert kept["changed_in"] > 0


def test_the_databases_list_is_the_tables(database: Database, owner: psycopg.Connection) -> None:
    """Read from the function itself, so that neither can grow alone."""
    (body,) = owner.execute("SELECT prosrc FROM pg_proc WHERE proname = 'keep_to_the_table'").fetchone() or ("",)
    listed = {tuple(pair.split()) for pair in body.split("ARRAY[")[1].split("]")[0].replace("'", " ").split(",")}
    moves = {(before.value, after.value) for before in State for after in MOVES[before] if before is not after}
    assert listed == moves
