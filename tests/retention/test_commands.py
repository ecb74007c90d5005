"""`wise-bridge purge …` as an operator runs it, and the keeper's chore."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest
from joserfc import jws
from joserfc.jwk import KeySet

from service.domain.london import LONDON, london_date
from service.keeping import SHRED_LIST, keep_list
from service.usecases.shred_list import NotOurList, read
from tests.retention.conftest import House
from tests.store.rows import rows
from tests.support.bridge import SALFORD, STOCKPORT


def today() -> str:
    return str(datetime.now(LONDON).date())


def test_run_dry_and_then_in_earnest(house: House) -> None:
    receipt = house.delivered()
    house.delivered(submission_id="YOUNG", young_person__la_child_id="STK7000001", days=1)
    dry = house.purge("run", "--dry-run")
    assert (dry.exit_code, "1 bodies would be shredded" in dry.output) == (0, True)
    assert house.has_body(receipt)
    (found,) = json.loads(house.purge("run", "--authority", STOCKPORT, "--json").stdout)
    assert (found["due"], found["shredded"], found["waiting"], found["days"]) == (1, 1, 1, 30)
    assert not house.has_body(receipt)
    again = house.purge("run")
    assert "0 bodies were shredded" in again.output


def test_why_something_stays_is_told_in_words(house: House) -> None:
    receipt = house.delivered()
    house.change("UPDATE casework.review SET raised_at = NULL, sealed_person = NULL WHERE submission_id = %s", receipt)
    told = " ".join(house.purge("run", "--authority", STOCKPORT).output.split())
    assert "1: its review is" in told


def test_an_unknown_authority_is_told(house: House) -> None:
    done = house.purge("run", "--authority", "E99999999")
    assert (done.exit_code, "has no profile" in done.output) == (2, True)


@pytest.mark.parametrize("words", [("run",), ("run", "--dry-run")])
def test_nothing_is_shredded_during_a_restore(house: House, words: tuple[str, ...]) -> None:
    receipt = house.delivered()
    house.change("UPDATE casework.bridge SET mode = 'look_first'")
    done = house.purge(*words)
    assert (done.exit_code, "restore is under way" in done.output) == (2, True)
    assert house.purger.look() == 0
    assert house.has_body(receipt)


def test_the_list_as_a_file(house: House, tmp_path: Path) -> None:
    first, second = house.delivered(), house.delivered("rise")
    assert "No body was shredded yet" in house.purge("list").output
    house.purge("run")
    file = tmp_path / "shredded.json"
    assert "2 entries" in house.purge("list", "--out", str(file)).output
    assert {each.submission_id for each in read(file.read_text())} == {first, second}
    assert oct(file.stat().st_mode)[-3:] == "600"


@pytest.mark.parametrize("change", [lambda text: text[:-40], lambda text: text.replace("window_over", "other")])
def test_a_list_that_was_changed_is_not_applied(house: House, tmp_path: Path, change: object) -> None:
    house.delivered()
    house.purge("run")
    file = tmp_path / "shredded.json"
    house.purge("list", "--out", str(file))
    assert callable(change)
    file.write_text(change(file.read_text()))
    done = house.purge("reapply", str(file))
    assert (done.exit_code, "changed or cut off" in done.output) == (2, True)


def test_the_keepers_list_forgets_nothing(house: House, tmp_path: Path) -> None:
    """What a database that was restored knows nothing of stays in the list."""
    file = tmp_path / SHRED_LIST
    keep_list(house.purger, file)
    assert read(file.read_text()) == []
    first = house.delivered()
    house.run()
    keep_list(house.purger, file)
    house.change("DELETE FROM casework.shredded")
    second = house.delivered(submission_id="SECOND", young_person__la_child_id="STK7000001")
    house.purger.bodies.shred(STOCKPORT, second, 30)
    keep_list(house.purger, file)
    assert [each.submission_id for each in read(file.read_text())] == [first, second]
    file.write_text("{}")
    with pytest.raises(NotOurList):
        keep_list(house.purger, file)


def test_a_certificate_is_signed_and_counts(house: House, keys_dir: Path) -> None:
    receipts = [house.delivered(), house.delivered(submission_id="B", young_person__la_child_id="STK7000001")]
    house.purge("run")
    words = ("certificate", "--authority", STOCKPORT, "--day", today(), "--dir", str(keys_dir))
    made = json.loads(house.purge(*words, "--json").stdout)
    assert (made["bodies"], made["by_reason"], made["windows_in_days"]) == (2, {"window_over": 2}, [30])
    assert {made["first"]["receipt_id"], made["last"]["receipt_id"]} == {str(each) for each in receipts}
    published = house.bridge.casework.get("/.well-known/wise-bridge-receipts.json").get_json()
    opened = jws.deserialize_compact(made.pop("signed"), KeySet.import_key_set(published), algorithms=["Ed25519"])
    assert json.loads(opened.payload) == made
    plain = house.purge(*words).output
    assert "bodies shredded  2" in plain
    assert made["sha256"] in plain


def test_a_certificate_is_of_one_authority_and_day(house: House) -> None:
    house.delivered()
    house.purge("run")
    other = json.loads(house.purge("certificate", "--authority", SALFORD, "--day", today(), "--json").stdout)
    earlier = json.loads(house.purge("certificate", "--authority", STOCKPORT, "--day", "2026-01-01", "--json").stdout)
    assert [(each["bodies"], each["first"], each["signed"]) for each in (other, earlier)] == [(0, None, None)] * 2


def test_its_day_is_londons(house: House) -> None:
    """Half an hour before midnight in Greenwich is the next day in London's summer."""
    house.delivered()
    house.run()
    house.change("UPDATE casework.shredded SET at = '2026-07-31T23:30:00Z'")
    (entry,) = house.purger.bodies.shredded(STOCKPORT, london_date(datetime.fromisoformat("2026-07-31T23:30:00+00:00")))
    assert str(london_date(entry.at)) == "2026-08-01"
    assert rows(house.desk.database, "SELECT FROM casework.shredded") != []
