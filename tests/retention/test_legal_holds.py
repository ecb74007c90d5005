"""A legal hold forbids shredding from the moment it is asked for until a second person has said that it is lifted."""

from __future__ import annotations

import json
import threading
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from click.testing import Result
from sqlalchemy import text

from service.store.legal_holds import HOLDS_STAND
from service.store.tenant import act_for
from tests.retention.conftest import House
from tests.store.rows import rows
from tests.support.bridge import OLDHAM, STOCKPORT
from tests.support.waiting import eventually

PLACE = ("place", "--because", "court", "--ticket", "LEGAL/2026-14", "--by", "stk-law-1")


def hold(house: House, *words: str, authority: str = STOCKPORT) -> Result:
    return house.command("legal-hold", *words, "--authority", authority)


def placed(house: House, *words: str) -> str:
    done = hold(house, *PLACE, *words, "--json")
    assert done.exit_code == 0, done.output
    return str(json.loads(done.stdout)["hold"])


def listed(house: House, *words: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(hold(house, "list", "--json", *words).stdout)
    return found


def test_it_holds_before_anybody_has_approved(house: House) -> None:
    receipt = house.delivered()
    number = placed(house, "--receipt", str(receipt))
    assert house.run() == 0
    assert house.has_body(receipt)
    assert hold(house, "approve", number, "--by", "stk-law-2").exit_code == 0
    assert house.run() == 0
    assert [each["event"] for each in listed(house)[0]["events"]] == ["asked", "approved"]


def test_it_takes_two_people_to_lift_it(house: House) -> None:
    receipt = house.delivered()
    number = placed(house, "--receipt", str(receipt))
    assert hold(house, "lift", number, "--because", "ended", "--by", "stk-law-2").exit_code == 0
    assert house.run() == 0
    alone = hold(house, "approve", number, "--by", " STK-LAW-2 ")
    assert (alone.exit_code, "Another person" in alone.output) == (2, True)
    assert hold(house, "approve", number, "--by", "stk-law-3").output.startswith("The hold is lifted")
    assert (listed(house), len(listed(house, "--all"))) == ([], 1)
    assert house.run() == 1
    assert not house.has_body(receipt)


@pytest.mark.parametrize(
    ("words", "stays"), [((), {0}), (("--young-person",), {0, 1})], ids=["the record", "the young person"]
)
def test_what_it_is_about(house: House, words: tuple[str, ...], stays: set[int]) -> None:
    receipts = [
        house.delivered(),
        house.delivered(submission_id="SAME-PERSON"),
        house.delivered(submission_id="OTHER", young_person__la_child_id="STK7000001"),
    ]
    placed(house, "--receipt", str(receipts[0]), *words)
    house.run()
    assert {number for number, each in enumerate(receipts) if house.has_body(each)} == stays


def test_a_whole_authority_and_no_other(house: House) -> None:
    mine, other = house.delivered(), house.delivered("rise")
    placed(house)
    house.purger.look()
    assert (house.has_body(mine), house.has_body(other)) == (True, False)


def test_nobody_approves_what_they_asked_for(house: House) -> None:
    number = placed(house)
    refused = hold(house, "approve", number, "--by", "stk-law-1")
    assert (refused.exit_code, "Who asked for it cannot approve" in refused.output) == (2, True)
    assert [each["event"] for each in listed(house)[0]["events"]] == ["asked"]


@pytest.mark.parametrize("event", ["approved", "lifted"])
def test_the_database_refuses_one_person_too(house: House, event: str) -> None:
    number = placed(house)
    hold(house, "lift", number, "--because", "mistaken", "--by", "stk-law-1")
    with psycopg.connect(house.desk.database.url("wise_purge").replace("+psycopg", "")) as connection:
        connection.execute("SELECT set_config('wise.authority', %s, true)", [STOCKPORT])
        said = "INSERT INTO casework.legal_hold (hold, event, authority, by) VALUES (%s, %s, %s, 'STK-law-1 ')"
        with pytest.raises(psycopg.errors.CheckViolation, match="another person says yes"):
            connection.execute(said, [number, event, STOCKPORT])


@pytest.mark.parametrize("words", [("lift", "--because", "ended"), ("approve",)])
def test_what_was_lifted_is_over(house: House, words: tuple[str, ...]) -> None:
    number = placed(house)
    hold(house, "lift", number, "--because", "ended", "--by", "stk-law-2")
    hold(house, "approve", number, "--by", "stk-law-3")
    done = hold(house, words[0], number, *words[1:], "--by", "stk-law-4")
    assert (done.exit_code, "was lifted before" in done.output) == (2, True)


def test_a_receipt_of_another_authority_is_not_there(house: House) -> None:
    receipt = house.delivered()
    for known, authority in ((receipt, OLDHAM), (uuid4(), STOCKPORT)):
        done = hold(house, *PLACE, "--receipt", str(known), authority=authority)
        assert (done.exit_code, done.output) == (2, "There is no such receipt of this authority.\n")
    assert rows(house.desk.database, "SELECT FROM casework.legal_hold") == []


def test_another_authoritys_hold_is_not_there(house: House) -> None:
    number = placed(house)
    assert hold(house, "approve", number, "--by", "old-law-1", authority=OLDHAM).exit_code == 2
    assert json.loads(hold(house, "list", "--json", authority=OLDHAM).stdout) == []


def test_the_trail_says_who_and_names_nobody(house: House) -> None:
    receipt = house.delivered()
    number = placed(house, "--receipt", str(receipt), "--young-person")
    hold(house, "lift", number, "--because", "ended", "--by", "stk-law-2")
    hold(house, "approve", number, "--by", "stk-law-3")
    told = rows(house.desk.database, "SELECT * FROM casework.audit WHERE subject_type = 'legal_hold' ORDER BY id")
    assert [(each["action"], each["actor"]) for each in told] == [
        ("legal_hold_asked", "officer:stk-law-1"),
        ("legal_hold_lift_asked", "officer:stk-law-2"),
        ("legal_hold_lifted", "officer:stk-law-3"),
    ]
    asked = {"scope": "young_person", "reason": "court", "ticket": "LEGAL/2026-14", "by": "stk-law-1"}
    assert told[0]["detail"] == asked


def test_a_ticket_is_no_sentence(house: House) -> None:
    done = house.command("legal-hold", "place", "--because", "court", "--ticket", "about J. Doe", "--by", "x")
    assert done.exit_code == 2
    assert "J. Doe" not in done.output


def test_metrics_count_what_is_in_force(house: House) -> None:
    def counted() -> str:
        told = house.bridge.casework.get("/metrics").text
        return next(each for each in told.splitlines() if each.startswith(f'{NAME}{{authority="{STOCKPORT}"}}'))

    placed(house)
    number = placed(house)
    assert counted().endswith(" 2")
    hold(house, "lift", number, "--because", "ended", "--by", "stk-law-2")
    hold(house, "approve", number, "--by", "stk-law-3")
    house.bridge.casework.application.extensions["wise_bridge"].health.kept_seconds = 0
    assert counted().endswith(" 1")


NAME = "wise_bridge_legal_holds"


def test_whoever_asks_waits_for_what_is_being_shredded(house: House) -> None:
    """Once it is in force nothing goes on past it: a shredding that began before is over when the hold stands."""
    receipt = house.delivered()
    asked: list[UUID] = []
    thread = threading.Thread(target=lambda: asked.append(UUID(placed(house, "--receipt", str(receipt)))))
    with house.engine.begin() as connection:
        act_for(connection, STOCKPORT)
        connection.execute(HOLDS_STAND, {"authority": STOCKPORT})
        thread.start()
        waiting = "SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        eventually(lambda: bool(rows(house.desk.database, waiting)))
        assert rows(house.desk.database, "SELECT FROM casework.legal_hold") == []
        connection.execute(text("SELECT 1"))
    thread.join()
    assert len(asked) == 1
    assert house.run() == 0
    assert house.has_body(receipt)
