"""Nothing of a shredded record is left: no row, no column, and no byte in files that were rewritten."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from tests.retention.conftest import House
from tests.store.rows import rows
from tests.support.records import example
from tests.support.stored import holding

MARK, CHILD = "Qz9canary-of-a-shredded-record", "STK7301947"
KNOWN = b"Vx4plain-of-this-test"


def posted(house: House) -> UUID:
    record = example("wise", young_person__la_child_id=CHILD)
    record["analysis_narrative"] += f" {MARK}"
    assert house.bridge.post(record).status_code == 201
    (found,) = rows(house.desk.database, "SELECT id, submission_id FROM casework.delivery")
    house.desk.deliver(found["id"])
    receipt: UUID = found["submission_id"]
    house.raised(receipt)
    house.pass_days(receipt, 31)
    return receipt


def sealed_bytes(house: House) -> list[bytes]:
    """The beginning of each sealed thing, which is where its own wrapped key lies."""
    found = [
        *rows(house.desk.database, "SELECT sealed FROM casework.payload"),
        *rows(house.desk.database, "SELECT sealed FROM casework.third_party"),
        *rows(house.desk.database, "SELECT sketch AS sealed FROM casework.sketch"),
        *rows(house.desk.database, "SELECT sealed_digest AS sealed FROM casework.submission"),
    ]
    return [bytes(each["sealed"])[:60] for each in found]


def files_with(folder: Path, word: bytes) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and word in path.read_bytes()]


def rewritten(admin: psycopg.Connection) -> None:
    """What an administrator does now and then, and PostgreSQL by itself sooner or later."""
    for table in ("payload", "third_party", "sketch", "submission"):
        admin.execute(f"VACUUM FULL casework.{table}")
    admin.execute("CHECKPOINT")


def test_no_byte_is_left_in_the_tables_files(house: House) -> None:
    with house.desk.database.as_admin() as admin:
        (place,) = admin.execute("SHOW data_directory").fetchone() or ("",)
        (number,) = admin.execute("SELECT oid FROM pg_database WHERE datname = current_database()").fetchone() or (0,)
        folder = Path(place) / "base" / str(number)
        if not folder.is_dir():
            pytest.skip("the server's files are not on this machine")
        posted(house)
        admin.execute("CHECKPOINT")
        sealed = sealed_bytes(house)
        assert len(sealed) == 4
        assert all(files_with(folder, each) for each in sealed), "the search finds what is there"
        assert house.run() == 1
        rewritten(admin)
        admin.execute("CREATE TABLE public.known_words (word bytea)")
        try:
            admin.execute("INSERT INTO public.known_words VALUES (%s)", [KNOWN])
            admin.execute("CHECKPOINT")
            assert files_with(folder, KNOWN)
        finally:
            admin.execute("DROP TABLE public.known_words")
        assert [files_with(folder, each) for each in sealed] == [[]] * 4
        for word in (MARK, CHILD):
            assert files_with(Path(place), word.encode()) == []


def test_no_row_holds_it(house: House) -> None:
    posted(house)
    sealed = sealed_bytes(house)
    assert house.run() == 1
    for word in (MARK, CHILD):
        assert holding(house.desk.database, word) == []
    for table, column in (("payload", "sealed"), ("third_party", "sealed"), ("sketch", "sketch")):
        assert rows(house.desk.database, f"SELECT {column} FROM casework.{table}") == []
    left = "SELECT count(*) AS n FROM casework.submission AS t WHERE position(encode(%s, 'hex') IN t::text) > 0"
    assert all(rows(house.desk.database, left, each)[0]["n"] == 0 for each in sealed)
