"""`wise-bridge deliveries` against the real casework application, over a socket."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from click.testing import CliRunner, Result
from werkzeug.serving import make_server

from service.cli import main
from tests.store.rows import rows, superuser
from tests.support.bridge import SALFORD, STOCKPORT, Bridge
from tests.support.records import example
from tests.support.servers import Database
from tests.support.training import train_the_workers

ACTING = ("deliveries:read", "deliveries:act")
BY = ("--by", "stk-off-1")
HOLD = (*BY, "--because", "asked_for")
Environ = dict[str, str]


@pytest.fixture(scope="module", autouse=True)
def _quiet_service() -> Iterator[None]:
    """It runs in this process: its log must not get into what a command prints."""
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="module")
def running(session_database: Database, broker: str, config_dir: Path, keys_dir: Path) -> Iterator[Bridge]:
    built = Bridge(session_database, broker, config_dir, keys_dir)
    yield built
    built.close()


@pytest.fixture(scope="module")
def address(running: Bridge) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, running.casework.application, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def bridge(running: Bridge, database: Database) -> Bridge:
    train_the_workers(database)
    return running


def client(bridge: Bridge, address: str, *scopes: str) -> Environ:
    client_id, secret = bridge.credentials(STOCKPORT, scopes)
    return {"WISE_URL": address, "WISE_CLIENT_ID": client_id, "WISE_CLIENT_SECRET": secret}


@pytest.fixture
def officer(bridge: Bridge, address: str) -> Environ:
    return client(bridge, address, *ACTING)


def deliveries(environ: Environ, *words: str, answer: str = "") -> Result:
    return CliRunner().invoke(main, ["deliveries", *words], env=environ, input=answer)


def posted(bridge: Bridge, number: int = 1) -> str:
    record = example("wise", submission_id=f"s-{number}", young_person__la_child_id=f"STK00008{number:02}")
    assert bridge.post(record).status_code == 201
    query = "SELECT reference FROM casework.delivery JOIN casework.submission AS s ON s.id = submission_id"
    (found,) = rows(bridge.database, f"{query} WHERE sender_ref = %s", f"s-{number}")
    return str(found["reference"])


def test_held_seen_and_let_go(bridge: Bridge, officer: Environ) -> None:
    reference = posted(bridge)
    held = deliveries(officer, "hold", reference, *HOLD, "--ticket", "SD-9")
    assert (held.exit_code, held.stdout) == (
        0,
        f"{reference} is needs_human: An officer has asked for this to wait.\n",
    )
    listed = deliveries(officer, "list", "--reason", "held_by_officer")
    assert listed.exit_code == 0
    assert "An officer has asked" in listed.stdout
    (as_json,) = json.loads(deliveries(officer, "list", "--json").stdout)
    assert as_json["reference"] == reference
    shown = deliveries(officer, "show", reference)
    assert shown.exit_code == 0, shown.stderr
    for words in ("Attempts", "Orders", "What can be done", "stk-off-1", "nothing was sent"):
        assert words in shown.stdout
    replayed = deliveries(officer, "replay", reference, *BY, "--because", "settled", "--json")
    assert json.loads(replayed.stdout)["state"] == "ready"
    orders = json.loads(deliveries(officer, "orders", "--json").stdout)
    assert [(each["action"], each["ticket"]) for each in orders] == [("hold", "SD-9"), ("replay", None)]


def test_a_refusal_is_exit_code_1_with_the_sentence(bridge: Bridge, officer: Environ) -> None:
    refused = deliveries(officer, "replay", posted(bridge), *BY, "--because", "settled")
    assert (refused.exit_code, refused.stderr) == (
        1,
        "It waits its turn and needs no help. Hold it first, to decide yourself.\n",
    )
    missing = deliveries(officer, "show", "WB-NONE")
    assert (missing.exit_code, missing.stderr) == (1, "There is no such delivery.\n")


def test_what_cannot_be_asked_is_exit_code_2(officer: Environ) -> None:
    nobody = deliveries(officer | {"WISE_URL": "http://127.0.0.1:1"}, "list")
    assert nobody.exit_code == 2
    assert "could not be asked" in nobody.stderr
    assert deliveries(officer | {"WISE_CLIENT_SECRET": "x"}, "list").exit_code == 2
    assert deliveries({}, "pause", *BY, "--because", "maintenance").exit_code == 2
    assert deliveries(officer, "replay", *BY, "--because", "settled").exit_code == 2


def test_a_name_in_place_of_a_reference_is_refused(bridge: Bridge, officer: Environ) -> None:
    named = deliveries(officer, "hold", posted(bridge), "--by", "Nan Biscuit", "--because", "asked_for")
    assert named.exit_code == 1
    assert "/by_ref" in named.stderr
    assert "Biscuit" not in named.stderr


def test_many_are_listed_and_done_when_told(bridge: Bridge, officer: Environ) -> None:
    references = [posted(bridge, number) for number in range(3)]
    for each in references:
        deliveries(officer, "hold", each, *HOLD)
    many = ("replay", "--reason", "held_by_officer", *BY, "--because", "settled")
    listed = deliveries(officer, *many, "--dry-run")
    assert listed.exit_code == 0
    assert "3 listed of 3 that fit." in listed.stdout
    assert all(each in listed.stdout for each in references)
    asked = deliveries(officer, *many, answer="n\n")
    assert (asked.exit_code, asked.stderr) == (1, "Nothing was done.\n")
    assert len(json.loads(deliveries(officer, "list", "--state", "needs_human", "--json").stdout)) == 3
    (digest,) = re.findall(r"digest: ([0-9a-f]{64})$", listed.stdout, re.MULTILINE)
    other = deliveries(officer, *many, "--yes", "--expect", digest[::-1])
    assert (other.exit_code, "not what was listed" in other.stderr) == (1, True)
    done = deliveries(officer, *many, "--yes", "--json", "--expect", digest)
    assert (done.exit_code, json.loads(done.stdout)["listed"]) == (0, 3)
    assert json.loads(deliveries(officer, "list", "--state", "needs_human", "--json").stdout) == []


def test_two_officers_reopen(bridge: Bridge, officer: Environ, address: str) -> None:
    reference = posted(bridge)
    superuser(bridge.database).execute(
        "UPDATE casework.delivery SET state = 'delivered', record_number = 'R1', may_have_arrived = true, fence = 1"
    )
    asked = deliveries(officer, "reopen", reference, *BY, "--because", "not_found_there", "--json")
    order = json.loads(asked.stdout)["order_id"]
    waiting = deliveries(officer, "orders", "--open").stdout
    assert order in waiting
    assert "waits for" in waiting
    assert deliveries(officer, "approve", order, *BY).exit_code == 1
    second = client(bridge, address, "deliveries:approve")
    assert deliveries(second, "approve", order, *BY).exit_code == 1
    approved = deliveries(second, "approve", order, "--by", "stk-off-2")
    assert approved.exit_code == 0, approved.stderr
    assert json.loads(deliveries(officer, "show", reference, "--json").stdout)["state"] == "unknown"


def test_marked_as_delivered_and_cancelled(bridge: Bridge, officer: Environ) -> None:
    first, second = posted(bridge, 1), posted(bridge, 2)
    deliveries(officer, "hold", first, *HOLD)
    seen = ("--seen-by", "stk-admin-1", "--seen-at", "2026-11-20T10:00:00+00:00")
    done = deliveries(officer, "delivered", first, "--number", "R-77", *seen, *BY, "--because", "seen_there")
    assert (done.exit_code, done.stdout) == (0, f"{first} is delivered record R-77\n")
    ended = deliveries(officer, "cancel", second, *BY, "--because", "not_needed")
    assert (ended.exit_code, ended.stdout) == (0, f"{second} is cancelled\n")
    refused = deliveries(officer, "supersede", second, *BY, "--because", "corrected")
    assert refused.exit_code == 1


def test_a_dry_run_shows_codes_and_lengths_and_words_only_if_allowed(
    bridge: Bridge, officer: Environ, address: str
) -> None:
    reference = posted(bridge)
    preview = deliveries(officer, "preview", reference)
    assert preview.exit_code == 0, preview.stderr
    assert "wiseAnalysis" in preview.stdout
    assert example("wise")["analysis_narrative"][:20] not in preview.stdout
    assert deliveries(officer, "preview", reference, "--words", *BY).exit_code == 1
    opener = client(bridge, address, "deliveries:open")
    words = json.loads(deliveries(opener, "preview", reference, "--words", *BY, "--json").stdout)
    assert example("wise")["analysis_narrative"] in {each["now"] for each in words["answers"]}


def test_one_lane_by_its_client_and_all_as_the_owner(bridge: Bridge, officer: Environ) -> None:
    paused = deliveries(officer, "pause", *BY, "--because", "maintenance", "--json")
    assert json.loads(paused.stdout)["hold"] == "paused"
    owner = {"WISE_DATABASE_URL": bridge.database.url("wise_owner")}
    config = ("--config", str(bridge.config_dir))
    stopped = deliveries(owner, "stop", "--all", "--by", "op-1", "--because", "danger", *config, "--json")
    assert stopped.exit_code == 0, stopped.stderr
    assert {each["authority"]: each["hold"] for each in json.loads(stopped.stdout)}.items() >= {
        (STOCKPORT, "stopped"),
        (SALFORD, "stopped"),
    }
    assert len(json.loads(stopped.stdout)) == 10
    assert "stopped" in deliveries(officer, "lanes").stdout
    assert deliveries(owner, "go-on", "--all", "--by", "op-1", "--because", "settled", *config).exit_code == 0
    assert {each["hold"] for each in json.loads(deliveries(owner, "lanes", "--all", *config, "--json").stdout)} == {
        "open"
    }


def test_the_state_table_needs_nobody(tmp_path: Path) -> None:
    printed = CliRunner().invoke(main, ["deliveries", "states"])
    assert printed.exit_code == 0
    assert printed.stdout.startswith("# Delivery states")
    file = tmp_path / "states.md"
    assert CliRunner().invoke(main, ["deliveries", "states", "--write", str(file)]).exit_code == 0
    assert file.read_text() == printed.stdout
