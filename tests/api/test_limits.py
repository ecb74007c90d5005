"""One client that runs wild is told to wait, others are not, and no receipt is ever hidden."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service import wiring
from service.api.limits import BURST_SECONDS, CLIENTS_MAX, Limiter
from tests.support.bridge import SALFORD, STOCKPORT, Bridge
from tests.support.records import example
from tests.support.servers import Database
from tests.support.training import train_the_workers

PER_SECOND = 1
AT_ONCE = PER_SECOND * BURST_SECONDS
RECORD = "wise"


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Narrow(Bridge):
    """With doors that let hardly anybody in, and a clock of its own."""

    def settings(self, role: str) -> Any:
        return replace(super().settings(role), requests_per_second=PER_SECOND, security_contact="mailto:a@b.example")


@pytest.fixture
def narrow(database: Database, broker: str, config_dir: Path, keys_dir: Path) -> Iterator[Narrow]:
    train_the_workers(database)
    built = Narrow(database, broker, config_dir, keys_dir)
    built.casework.application.extensions["wise_bridge_limiter"] = Limiter(PER_SECOND, now=Clock())
    yield built
    built.close()


def use_up(bridge: Bridge, authority: str) -> TestResponse:
    """Asks until it is refused, which it is after as many as there may be."""
    for _ in range(AT_ONCE + 1):
        answer = bridge.get("/v1/reviews", authority)
        if answer.status_code != 200:
            return answer
    raise AssertionError("never refused")


def test_a_quiet_client_may_ask_a_few_times_at_once_and_then_in_its_rhythm() -> None:
    clock = Clock()
    limiter = Limiter(2, now=clock)

    assert [limiter.take("a") for _ in range(2 * BURST_SECONDS)] == [0.0] * 2 * BURST_SECONDS
    assert limiter.take("a") == pytest.approx(0.5)
    clock.now = 0.5
    assert (limiter.take("a"), limiter.take("a")) == (0.0, pytest.approx(0.5))


def test_a_large_batch_is_granted_once_and_waited_for_afterwards() -> None:
    limiter = Limiter(1, now=Clock())

    assert limiter.take("a") == 0.0
    limiter.charge("a", 500)

    assert limiter.take("a") == pytest.approx(500 + 2 - BURST_SECONDS)


def test_nothing_is_limited_by_none() -> None:
    limiter = Limiter(0, now=Clock())

    limiter.charge("a", 10**9)
    assert {limiter.take("a") for _ in range(1000)} == {0.0}


def test_it_remembers_no_more_clients_than_it_has_room_for() -> None:
    limiter = Limiter(0.25, now=Clock())

    for number in range(CLIENTS_MAX + 1):
        assert limiter.take(str(number)) == 0.0

    assert limiter.take("0") == 0.0
    assert limiter.take(str(CLIENTS_MAX)) > 0


def test_who_asks_too_often_is_told_when_to_come_back(narrow: Narrow) -> None:
    answer = use_up(narrow, STOCKPORT)

    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "1"
    assert answer.get_json()["type"].endswith("/too-many-requests")


def test_another_client_does_not_notice(narrow: Narrow) -> None:
    use_up(narrow, STOCKPORT)

    assert narrow.get("/v1/reviews", SALFORD).status_code == 200


def test_a_receipt_is_never_hidden(narrow: Narrow) -> None:
    record = example(RECORD)
    first = narrow.post(record)
    use_up(narrow, STOCKPORT)

    again, shown = narrow.post(record), narrow.get(first.get_json()["status_url"], STOCKPORT)

    assert (first.status_code, again.status_code, shown.status_code) == (201, 200, 200)
    assert again.get_json()["receipt_id"] == first.get_json()["receipt_id"]


def test_a_new_record_of_a_busy_client_is_not_kept(narrow: Narrow, database: Database) -> None:
    use_up(narrow, STOCKPORT)

    assert narrow.post(example(RECORD)).status_code == 429
    with database.as_admin() as connection:
        assert connection.execute("SELECT count(*) FROM casework.submission").fetchone() == (0,)


def test_the_same_id_with_other_content_tells_nothing_when_asked_too_often(narrow: Narrow) -> None:
    record = example(RECORD)
    narrow.post(record)
    use_up(narrow, STOCKPORT)

    assert narrow.post(record | {"completed_on": "2026-01-05"}).status_code == 429


def test_each_item_of_a_batch_counts_and_what_is_known_is_answered_in_it(narrow: Narrow) -> None:
    known = example(RECORD)
    narrow.post(known)
    headers = narrow.headers(STOCKPORT)
    batch = {"items": [known] * (2 * AT_ONCE)}

    first = narrow.casework.post("/v1/batches", json=batch, headers=headers).get_json()
    assert first["counts"] == {"received": 0, "replayed": 2 * AT_ONCE, "refused": 0}

    other = known | {"submission_id": "another-one"}
    second = narrow.casework.post("/v1/batches", json={"items": [known, other]}, headers=headers).get_json()
    assert [item["status"] for item in second["items"]] == [200, 429]


@pytest.mark.parametrize("side", ["casework", "hub"])
def test_both_sides_say_whom_to_tell_of_a_weakness(narrow: Narrow, side: str) -> None:
    answer = getattr(narrow, side).get("/.well-known/security.txt")

    assert answer.mimetype == "text/plain"
    assert answer.text.splitlines()[0] == "Contact: mailto:a@b.example"
    assert answer.text.splitlines()[1].startswith("Expires: 20")


def test_without_a_contact_there_is_no_such_file(bridge: Bridge) -> None:
    assert bridge.casework.get("/.well-known/security.txt").status_code == 404


def test_the_hubs_side_is_limited_as_well(database: Database, broker: str, config_dir: Path, keys_dir: Path) -> None:
    narrow = Narrow(database, broker, config_dir, keys_dir)
    app = wiring.hub_app(narrow.settings("wise_central"))
    app.extensions["wise_bridge_limiter"] = Limiter(PER_SECOND, now=Clock())
    client: FlaskClient = app.test_client()
    headers = narrow.headers("hub")
    try:
        answers = [client.get("/v1/aggregates", headers=headers).status_code for _ in range(AT_ONCE + 1)]
    finally:
        app.extensions["wise_bridge_close"]()
        narrow.close()

    assert answers == [200] * AT_ONCE + [429]
