"""Saying "look now": at once, whatever the broker does; what is said of one lane within a breath is said once."""

from __future__ import annotations

import base64
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from celery import Celery
from redis import Redis

from service.embedded import EmbeddedValkey
from service.tasks.broker import LOOK, QUEUE, make_celery
from service.tasks.wakeup import CeleryWakeup, Found, NoWakeup
from tests.support.waiting import eventually

AT_ONCE = 20.0
"""Seconds for 400 wake-ups. Were each to wait for the broker, it would be minutes."""
LANES = [f"E0800000{number}" for number in range(1, 9)]


@contextmanager
def to(broker_url: str) -> Iterator[CeleryWakeup]:
    app: Celery = make_celery(broker_url, sweep_seconds=1)
    yield CeleryWakeup(app)
    app.close()


@pytest.fixture
def nobody() -> Iterator[str]:
    """A broker's address where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"redis://127.0.0.1:{taken.getsockname()[1]}/0"


@pytest.fixture
def deaf() -> Iterator[str]:
    """A broker's address where somebody listens and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"redis://127.0.0.1:{listener.getsockname()[1]}/0"


@pytest.fixture
def babbling() -> Iterator[str]:
    """A broker's address where something else answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def babble() -> None:
            while True:
                try:
                    talker, _ = listener.accept()
                    with talker:
                        talker.sendall(b"HTTP/1.1 200 OK\r\n\r\n<html>")
                        talker.recv(65536)
                except OSError:
                    return

        threading.Thread(target=babble, daemon=True).start()
        yield f"redis://127.0.0.1:{listener.getsockname()[1]}/0"
        listener.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def amqp_nobody(nobody: str) -> str:
    return nobody.replace("redis://", "amqp://").removesuffix("/0")


AWAY = ("nobody", "deaf", "babbling", "amqp_nobody")


@pytest.fixture
def queue(broker: str) -> Iterator[Redis]:
    """What lies in the broker; nothing at first."""
    with Redis.from_url(broker) as connection:
        connection.delete(QUEUE)
        yield connection
        connection.delete(QUEUE)


def said(queue: Redis) -> list[str]:
    """Which lanes are named in the messages, in order."""
    headers = [json.loads(each) for each in reversed(queue.lrange(QUEUE, 0, -1))]
    return [lane for each in headers for lane in json.loads(_body(each))[0]]


def _body(message: dict[str, str]) -> bytes:
    return base64.b64decode(message["body"])


@pytest.mark.timeout(60)
@pytest.mark.parametrize("away", AWAY)
def test_a_broker_that_is_away_holds_nobody_up(
    request: pytest.FixtureRequest, capfd: pytest.CaptureFixture[str], away: str
) -> None:
    with to(request.getfixturevalue(away)) as wakeup:
        began = time.monotonic()
        for _ in range(50):
            for lane in LANES:
                wakeup.look_now(lane)
        assert time.monotonic() - began < AT_ONCE
        eventually(lambda: wakeup.failed, seconds=20)
        time.sleep(0.2)
        for lane in LANES:
            wakeup.look_now(lane)
        time.sleep(0.5)
        assert wakeup.failed == 1
    told = capfd.readouterr()
    assert (told.out + told.err).count("wakeup_failed") == 1
    assert "Traceback" not in told.out + told.err


@pytest.mark.timeout(90)
def test_the_same_wakeup_speaks_again_when_the_broker_is_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.tasks.wakeup._QUIET_SECONDS", 0.5)
    with EmbeddedValkey(tmp_path / "valkey") as server, to(server.url) as wakeup:
        with Redis.from_url(server.url) as queue:
            wakeup.look_now(LANES[0])
            eventually(lambda: said(queue) == LANES[:1])
        server.stop()
        wakeup.look_now(LANES[1])
        eventually(lambda: wakeup.failed)
        server.start()
        with Redis.from_url(server.url) as queue:
            eventually(lambda: wakeup.look_now(LANES[2]) or LANES[2] in said(queue))


def test_what_is_said_of_a_lane_within_a_breath_is_said_once(queue: Redis, broker: str) -> None:
    with to(broker) as wakeup:
        wakeup.look_now(LANES[0])
        eventually(lambda: said(queue) == LANES[:1])
        for _ in range(500):
            for lane in LANES:
                wakeup.look_now(lane)
        eventually(lambda: set(said(queue)) == set(LANES))
        time.sleep(0.3)
        assert queue.llen(QUEUE) <= 5
        assert wakeup.failed == 0


def test_a_message_names_a_lane_and_nothing_else(queue: Redis, broker: str) -> None:
    with to(broker) as wakeup:
        wakeup.look_now(LANES[0])
        eventually(lambda: said(queue))
    (message,) = [json.loads(each) for each in queue.lrange(QUEUE, 0, -1)]
    assert message["headers"]["task"] == LOOK
    assert json.loads(_body(message))[:2] == [[LANES[0]], {}]
    assert (message["headers"]["argsrepr"], message["headers"]["kwargsrepr"]) == ("(ids)", "{}")
    assert (message["headers"]["eta"], message["headers"]["expires"]) == (None, None)


def test_many_threads_may_say_it(queue: Redis, broker: str) -> None:
    with to(broker) as wakeup:
        threads = [threading.Thread(target=wakeup.look_now, args=(lane,)) for lane in LANES * 20]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        eventually(lambda: set(said(queue)) == set(LANES))


def test_without_a_broker_nobody_is_told(queue: Redis) -> None:
    NoWakeup().look_now(str(uuid4()))
    assert said(queue) == []


def test_inside_a_worker_its_own_dispatcher_is_told() -> None:
    told: list[str] = []
    found = Found()
    found.look_now(LANES[0])  # nobody listens yet
    found.tell = told.append
    found.look_now(LANES[1])
    assert told == [LANES[1]]
