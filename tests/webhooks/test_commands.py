"""The owner's commands, and what an authority sees of its webhooks."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from service.commands.webhooks import webhooks
from service.store.casework import CaseworkStore
from service.store.manual import tenant
from service.usecases.webhooks.tell import Teller
from tests.store.rows import actions, claimed, record, rows, settle
from tests.support.bridge import SALFORD, STOCKPORT, Bridge
from tests.support.servers import Database
from tests.support.waiting import eventually
from tests.webhooks.conftest import Engines
from tests.webhooks.receiver import Receiver
from tests.webhooks.scene import Scene

BY = ("--by", "stk-int-1")


@pytest.fixture
def owner(database: Database, keys_dir: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("WISE_DATABASE_URL", database.url("wise_owner"))
    monkeypatch.setenv("WISE_KEYS_DIR", str(keys_dir))
    return CliRunner()


def made(owner: CliRunner, receiver: Receiver, authority: str = STOCKPORT) -> Result:
    return run(owner, "make", authority, "--url", receiver.url, "--name", "forms server", *BY, "--json")


def run(owner: CliRunner, *arguments: str) -> Result:
    return owner.invoke(webhooks, [*arguments])


def everything(database: Database) -> str:
    """All that is in the tables, as a dump would have it."""
    return "\n".join(
        str(each["it"])
        for table in ("webhook", "webhook_message", "audit")
        for each in rows(database, f"SELECT t::text || encode(t::text::bytea, 'escape') AS it FROM casework.{table} t")
    )


def test_made_listed_told_and_removed(
    owner: CliRunner, receiver: Receiver, intake: CaseworkStore, store: CaseworkStore, teller: Teller
) -> None:
    secret = json.loads(made(owner, receiver).output)["secret"]
    settle(store, claimed(store, record(intake).id))
    teller.look()
    (heard,) = receiver.heard
    assert heard.signed_by(secret)
    (listed,) = json.loads(run(owner, "list", STOCKPORT, "--json").output)
    assert (listed["number"], listed["state"], listed["waiting"], listed["alarm"]) == (1, "on", 0, False)
    assert run(owner, "remove", STOCKPORT, "1", *BY).exit_code == 0
    assert "No webhooks." in run(owner, "list").output


def test_the_secret_is_shown_once_and_neither_it_nor_the_path_lies_in_the_database(
    owner: CliRunner, receiver: Receiver, database: Database
) -> None:
    first = json.loads(made(owner, receiver).output)["secret"]
    second = json.loads(run(owner, "rotate", STOCKPORT, "1", *BY, "--json").output)["secret"]
    assert first != second
    for shown in (run(owner, "list").output, run(owner, "list", "--json").output, everything(database)):
        assert "whsec" not in shown
        assert "in-the-address" not in shown
        assert "hooks/" not in shown
    assert actions(database) == ["webhook_made", "webhook_secret_changed"]


def test_a_fourth_is_refused_and_a_number_that_is_free_is_used_again(owner: CliRunner, receiver: Receiver) -> None:
    numbers = [json.loads(made(owner, receiver).output)["number"] for _ in range(3)]
    assert numbers == [1, 2, 3]
    refused = made(owner, receiver)
    assert (refused.exit_code, "as many as it may" in refused.output) == (2, True)
    run(owner, "remove", STOCKPORT, "2", *BY)
    assert json.loads(made(owner, receiver).output)["number"] == 2
    assert json.loads(made(owner, receiver, SALFORD).output)["number"] == 1


def test_the_database_itself_keeps_to_three(scene: Scene, engines: Engines) -> None:
    for number in (0, 4, 1):
        with pytest.raises(DBAPIError, match=r"ck_webhook_number|uq_webhook_number"):
            copy(engines, number)


def copy(engines: Engines, number: int) -> None:
    with tenant(engines("wise_owner"), STOCKPORT) as connection:
        connection.execute(
            text(
                "INSERT INTO casework.webhook (id, authority, number, name, host, networks, sealed, made_by, history,"
                " changed_in, changed_id) SELECT gen_random_uuid(), authority, :number, name, host, networks, sealed,"
                " made_by, history, changed_in, changed_id FROM casework.webhook"
            ),
            {"number": number},
        )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("make", "E08000099", "--url", "https://hooks.example/", "--name", "x"), "There is no profile for E08000099"),
        (("make", STOCKPORT, "--url", "http://hooks.example/", "--name", "x"), "is without TLS"),
        (("make", STOCKPORT, "--url", "https://169.254.169.254/", "--name", "x"), "never called"),
        (("rotate", STOCKPORT, "1"), "has no webhook 1"),
        (("pause", STOCKPORT, "1", "--reason", "x"), "has no webhook 1"),
        (("resume", STOCKPORT, "1"), "has no webhook 1"),
        (("remove", STOCKPORT, "1"), "has no webhook 1"),
        (("test", STOCKPORT, "1", "--wait", "0"), "has no webhook 1"),
    ],
)
def test_what_cannot_be_done_is_told(owner: CliRunner, arguments: tuple[str, ...], words: str) -> None:
    refused = run(owner, *arguments, *BY)
    assert refused.exit_code == 2
    assert words in refused.output
    assert "Traceback" not in refused.output


def test_without_keys_nothing_is_made(
    owner: CliRunner, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, database: Database
) -> None:
    monkeypatch.delenv("WISE_KEYS_DIR")
    assert "WISE_KEYS_DIR" in made(owner, receiver).output
    assert rows(database, "SELECT FROM casework.webhook") == []


def test_a_test_message_goes_the_way_of_all_messages(owner: CliRunner, receiver: Receiver, teller: Teller) -> None:
    made(owner, receiver)
    for status, code, words in ((200, 0, "was taken: 200"), (500, 1, "was not taken: 500")):
        receiver.says(status)
        worker = threading.Thread(target=lambda: eventually(teller.look))
        worker.start()
        tried = run(owner, "test", STOCKPORT, "1", *BY, "--wait", "20")
        worker.join()
        assert (tried.exit_code, words in tried.output) == (code, True), tried.output
    assert {kind for kind, _ in receiver.messages} == {"webhook.test"}


def test_a_test_without_a_worker_says_so(owner: CliRunner, receiver: Receiver) -> None:
    made(owner, receiver)
    tried = run(owner, "test", STOCKPORT, "1", *BY, "--wait", "0.3")
    assert (tried.exit_code, "Is a worker running?" in tried.output) == (2, True)


def test_an_authority_sees_its_own_and_why_it_is_paused(scene: Scene, bridge: Bridge) -> None:
    scene.receiver.says(410)
    scene.delivered()
    scene.teller.look()
    headers = bridge.headers(STOCKPORT, "webhooks:read")
    (listed,) = bridge.casework.get("/v1/admin/webhooks", headers=headers).get_json()["webhooks"]
    assert listed["host"] == f"http://127.0.0.1:{scene.receiver.port}"
    assert (listed["state"], listed["alarm"], listed["reason"]) == ("paused", True, "gone")
    assert listed["explanation"].startswith("It answered 410")
    assert (listed["waiting"], listed["paused_by"]) == (1, "bridge")
    assert "whsec" not in json.dumps(listed)
    other = bridge.casework.get("/v1/admin/webhooks", headers=bridge.headers(SALFORD, "webhooks:read"))
    assert other.get_json() == {"webhooks": []}


def test_seeing_them_needs_a_scope_of_its_own(bridge: Bridge) -> None:
    assert bridge.get("/v1/admin/webhooks", STOCKPORT).status_code == 403


def test_the_web_process_cannot_read_what_is_sealed(scene: Scene, engines: Engines) -> None:
    for column in ("sealed", "networks"):
        with (
            pytest.raises(DBAPIError, match="permission denied"),
            tenant(engines("wise_intake"), STOCKPORT) as connection,
        ):
            connection.execute(text(f"SELECT {column} FROM casework.webhook"))


def test_no_process_deletes_a_message_or_changes_an_address(scene: Scene, engines: Engines) -> None:
    for statement in (
        "DELETE FROM casework.webhook_message",
        "DELETE FROM casework.webhook",
        "UPDATE casework.webhook SET sealed = ''",
        "UPDATE casework.webhook_message SET body = ''",
        "INSERT INTO casework.webhook DEFAULT VALUES",
    ):
        for role in ("wise_intake", "wise_delivery"):
            with (
                pytest.raises(DBAPIError, match="permission denied"),
                tenant(engines(role), STOCKPORT) as connection,
            ):
                connection.execute(text(statement))
