"""A backup brings bodies back that were shredded since. They are shredded again before the bridge works as usual."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.cli import main
from tests.restore.house import House
from tests.restore.test_restore import BY, TODAY
from tests.store.rows import rows, superuser
from tests.support.bridge import STOCKPORT

BODIES = "SELECT submission_id FROM casework.payload ORDER BY submission_id"


def purge(house: House, *words: str) -> Result:
    environ = {"WISE_DATABASE_URL": house.database.url("wise_purge")}
    return CliRunner().invoke(main, ["purge", *words, "--config", str(house.config_dir)], env=environ)


def long_ago(house: House) -> None:
    """Everything that is delivered was so six weeks ago."""
    for statement in (
        "UPDATE casework.delivery SET delivered_at = delivered_at - interval '42 days',"
        " state_since = state_since - interval '42 days'",
        "UPDATE casework.submission SET received_at = received_at - interval '42 days'",
    ):
        superuser(house.database).execute(statement)


@pytest.fixture
def shredded(house: House, tmp_path: Path) -> tuple[House, Path]:
    """Restored from a backup of before three bodies were shredded; the list of them."""
    assert [house.send(f"OLD-{n}") for n in range(3)] == [201, 201, 201]
    house.deliver()
    house.desk.raiser(TODAY).raise_due()
    house.deliver()
    long_ago(house)
    backup, file = house.dump(), tmp_path / "shredded.json"
    assert "3 bodies were shredded" in purge(house, "run").output
    assert rows(house.database, BODIES) == []
    assert purge(house, "list", "--out", str(file)).exit_code == 0
    house.restore_dump(backup)
    house.desk.deliverer.claim(STOCKPORT, 1)
    assert len(rows(house.database, BODIES)) == 3, "without the list they would be back for good"
    return house, file


def test_what_was_shredded_is_not_brought_back(shredded: tuple[House, Path]) -> None:
    house, file = shredded
    assert "MAY BE BACK" in house.command("status").output
    assert purge(house, "run").exit_code == 2
    assert house.command("look", *BY).exit_code == 0
    refused = house.command("finish", *BY)
    assert (refused.exit_code, "purge reapply" in refused.output) == (2, True)
    done = purge(house, "reapply", str(file))
    assert (done.exit_code, "3 bodies were back" in done.output) == (0, True)
    assert rows(house.database, BODIES) == []
    assert "MAY BE BACK" not in house.command("status").output
    assert house.command("finish", *BY).exit_code == 0
    assert len(rows(house.database, "SELECT FROM casework.shredded")) == 3
    assert "0 bodies were back" in purge(house, "reapply", str(file)).output
    assert house.send("OLD-1") == 200


def test_where_nothing_was_ever_shredded_somebody_says_so(shredded: tuple[House, Path]) -> None:
    house, _ = shredded
    house.command("look", *BY)
    assert house.command("finish", *BY, "--nothing-was-shredded").exit_code == 0


def test_what_is_open_here_is_looked_up_before_its_body_goes(shredded: tuple[House, Path]) -> None:
    house, file = shredded
    superuser(house.database).execute(
        "UPDATE casework.delivery SET state = 'unknown', delivered_at = NULL, record_number = NULL,"
        " document_number = NULL, evidence = NULL WHERE kind = 'record'"
    )
    done = purge(house, "reapply", str(file))
    assert (done.exit_code, done.output.count("stays")) == (1, 3)
    assert len(rows(house.database, BODIES)) == 3
    house.command("look", *BY)
    house.deliver()
    assert purge(house, "reapply", str(file)).exit_code == 0
    assert rows(house.database, BODIES) == []
    assert set(house.there().values()) == {1}


def test_a_list_of_before_another_restore_is_applied_anew(shredded: tuple[House, Path]) -> None:
    """Each restore asks for it again: what the first brought back, the second may bring back too."""
    house, file = shredded
    purge(house, "reapply", str(file))
    assert house.command("begin", *BY, "--reason", "once more").exit_code in (0, 2)
    superuser(house.database).execute("UPDATE casework.bridge SET epoch = epoch + 1")
    house.command("look", *BY)
    assert house.command("finish", *BY).exit_code == 2


def test_an_entry_of_a_record_that_is_not_here_is_kept(shredded: tuple[House, Path]) -> None:
    """A backup from before the record: once it is sent again, it is known that its body was shredded."""
    house, file = shredded
    for table in ("attempt", "delivery", "review", "payload", "third_party", "sketch", "submission"):
        superuser(house.database).execute(f"DELETE FROM casework.{table}")
    assert purge(house, "reapply", str(file)).exit_code == 0
    assert len(rows(house.database, "SELECT FROM casework.shredded")) == 3
