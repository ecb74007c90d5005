"""The courier as a process of its own, and the commands a person uses beside it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from service.central.catalogue import read
from service.central.published import Release
from service.cli import main
from tests.central.sending.conftest import Q, publish
from tests.central.sending.http_place import TOKEN, HttpPlace
from tests.support.config import CONFIG
from tests.support.servers import Database
from tests.support.waiting import eventually

EMPTY = Release(Q, "2026", (), ())
"""Read by the shipped catalogue, and without a table: what is in the files is tested elsewhere."""
SHIPPED = read(CONFIG / "catalogue" / "2026.yaml").digest


@pytest.fixture
def environment(database: Database, broker: str, http: HttpPlace, tmp_path: Path) -> dict[str, str]:
    token = tmp_path / "token"
    token.write_text(f"{TOKEN}\n")
    return {
        "WISE_CENTRAL_URL": http.url,
        "WISE_CENTRAL_TOKEN_FILE": str(token),
        "WISE_DATABASE_URL": database.url("wise_courier"),
        "WISE_BROKER_URL": broker,
        "WISE_SWEEP_SECONDS": "3600",
    }


@contextmanager
def courier(environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    words = [sys.executable, "-m", "service", "courier"]
    process = subprocess.Popen(words, env=os.environ | environment, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        assert process.wait(30) == 0


def run(*words: str, **environment: str) -> Result:
    return CliRunner().invoke(main, ["release", *words], env=environment)


def test_it_is_told_through_the_broker_and_sends(
    environment: dict[str, str], database: Database, engine: Callable[[str], Engine], http: HttpPlace
) -> None:
    publish(engine("wise_release"), EMPTY, SHIPPED)
    mine = environment | {"WISE_DATABASE_URL": database.url("wise_release")}
    assert run("sendings", **mine).output.startswith("Nothing is to be sent.")
    with courier(environment):
        eventually(lambda: has_looked(database), seconds=40)
        asked = run("send", Q, "--by", "Ann Example", **mine)
        assert (asked.exit_code, "tables.xlsx" in asked.output) == (0, True)
        eventually(lambda: len(http.files) == 2, seconds=40)
        eventually(lambda: {each["state"] for each in looked(mine)} == {"sent"}, seconds=20)
    assert len(http.puts) == 2


def has_looked(database: Database) -> bool:
    """Its first look is over, and the next but for a message is an hour away."""
    with database.as_admin() as connection:
        wanted = "SELECT FROM pg_stat_activity WHERE usename = 'wise_courier' AND state = 'idle' AND datname = %s"
        return connection.execute(wanted, (database.name,)).fetchone() is not None


def looked(environment: dict[str, str]) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(run("sendings", Q, "--json", **environment).output)
    return found


def test_without_a_broker_it_finds_what_is_due_by_itself(
    environment: dict[str, str], database: Database, engine: Callable[[str], Engine], http: HttpPlace
) -> None:
    publish(engine("wise_release"), EMPTY, SHIPPED)
    mine = environment | {"WISE_DATABASE_URL": database.url("wise_release"), "WISE_BROKER_URL": ""}
    with courier(environment | {"WISE_BROKER_URL": "", "WISE_SWEEP_SECONDS": "0.2"}):
        assert run("send", Q, "--by", "Ann Example", **mine).exit_code == 0
        eventually(lambda: len(http.files) == 2, seconds=40)


def test_what_needs_a_person_is_said_with_an_exit_code(
    environment: dict[str, str], database: Database, engine: Callable[[str], Engine]
) -> None:
    publish(engine("wise_release"), EMPTY, SHIPPED)
    mine = environment | {"WISE_DATABASE_URL": database.url("wise_release"), "WISE_BROKER_URL": ""}
    assert run("send", Q, "--by", "Ann Example", **mine).exit_code == 0
    with database.as_admin() as connection:
        connection.execute("UPDATE central.sending SET state = 'needs_human', reason = 'refused'")
    shown = run("sendings", **mine)
    assert (shown.exit_code, "Ask the central team" in " ".join(shown.output.split())) == (1, True)
    refused = run("send", Q, "--by", "Ann Example", **mine | {"WISE_CENTRAL_URL": ""})
    assert (refused.exit_code, "WISE_CENTRAL_URL" in refused.output) == (2, True)


def test_it_does_not_start_without_its_settings() -> None:
    names = ("WISE_DATABASE_URL", "WISE_CENTRAL_URL")
    done = CliRunner().invoke(main, ["courier"], env=dict.fromkeys(names, ""))
    assert done.exit_code == 2
    assert all(name in done.output for name in names)
